# Walls of the house: includes run app -> core -> storage only, SQLite stays in its folder, and
# nothing in the server waits or nests an event loop.
cmake_minimum_required(VERSION 3.22)

set(faults "")

# forbid(REGEX REASON FOLDERS... [EXCEPT REGEX]): no line of the sources there may match.
function(forbid regex reason)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "EXCEPT" "")
  foreach(folder IN LISTS arg_UNPARSED_ARGUMENTS)
    file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/${folder}/*.h" "${ROOT}/${folder}/*.cpp")
    foreach(file IN LISTS files)
      if(arg_EXCEPT AND file MATCHES "${arg_EXCEPT}")
        continue()
      endif()
      file(STRINGS "${ROOT}/${file}" lines REGEX "${regex}")
      foreach(line IN LISTS lines)
        string(STRIP "${line}" line)
        string(APPEND faults "${file}: ${reason}: ${line}\n")
      endforeach()
    endforeach()
  endforeach()
  set(faults "${faults}" PARENT_SCOPE)
endfunction()

forbid("#include \"(app|core|tests)/" "storage includes only storage" storage)
forbid("#include \"(app|tests)/" "core includes only core and storage" core)
forbid("#include \"app/commands/" "commands use the rest, and not the other way round"
  app/control app/deliver app/export app/import app/mirror app/server app/settings app/setup app/terminal)
forbid("#include \"tests/" "the program does not include its tests" app)
forbid("#include \"storage/(sqlite|executor)/" "the seam is storage/store.h" app core)
forbid("#include [<\"]sqlite3" "sqlite3.h is for storage/sqlite only" app core storage
  EXCEPT "^storage/sqlite/")
forbid("#include [<\"]zlib" "zlib.h is for core/wire only" app core storage EXCEPT "^core/wire/")
# While a command asks another process, nothing else minds Ctrl-C.
forbid("QEventLoop|processEvents" "no nested event loops" app core storage
  EXCEPT "^app/commands/transferrun\\.cpp$")
# A command that asks a running server, or runs another program, has no event loop to hold up; import,
# export, deliver and mirror have a thread of their own.
forbid("waitFor(Connected|Encrypted|ReadyRead|BytesWritten|Disconnected|NewConnection|Finished)\\("
  "the event loop never waits" app core storage
  EXCEPT "^app/(commands/trustcommand|control/(controlclient|localimap)|mirror/(imapconnection|localaccount|remoteserver))\\.cpp$")

if(faults)
  message(FATAL_ERROR "\n${faults}")
endif()
