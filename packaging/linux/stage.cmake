# Run by CPack between installing into its own folder and packing that.
cmake_minimum_required(VERSION 3.22)

function(gzip file as)
  execute_process(COMMAND gzip -9nc "${file}" OUTPUT_FILE "${as}" COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE "${file}")
endfunction()

# Debian's policy, chapter 12: compressed, the licence in a form of its own.
if(CPACK_GENERATOR STREQUAL "DEB")
  set(root "${CPACK_TEMPORARY_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}/share")
  set(doc "${root}/doc/postnook")
  gzip("${root}/man/man1/postnook.1" "${root}/man/man1/postnook.1.gz")
  gzip("${doc}/CHANGELOG.md" "${doc}/changelog.gz")
  file(REMOVE "${doc}/LICENSE")
  configure_file("${CPACK_POSTNOOK_SOURCE_DIR}/packaging/linux/debian/lintian-overrides"
    "${root}/lintian/overrides/postnook" COPYONLY)
  configure_file("${CPACK_POSTNOOK_SOURCE_DIR}/packaging/linux/debian/copyright" "${doc}/copyright" COPYONLY)
  string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
  file(WRITE "${doc}/changelog.Debian" "postnook (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) \
unstable; urgency=medium\n\n  * What is new for users is in changelog.gz.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${now}\n")
  gzip("${doc}/changelog.Debian" "${doc}/changelog.Debian.gz")
endif()

# The tarball brings all libraries but the C library along, for people who may install none.
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(root "${CPACK_TEMPORARY_DIRECTORY}")
  set(own "${root}/lib/postnook")
  file(MAKE_DIRECTORY "${own}/plugins/tls")
  file(RENAME "${root}/bin/postnook" "${own}/postnook")
  file(WRITE "${own}/qt.conf" "[Paths]\nPlugins=plugins\n")
  file(COPY "${CPACK_POSTNOOK_TLS_PLUGIN}" DESTINATION "${own}/plugins/tls")
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES "${own}/postnook" LIBRARIES "${CPACK_POSTNOOK_TLS_PLUGIN}"
    RESOLVED_DEPENDENCIES_VAR libraries
    PRE_EXCLUDE_REGEXES "^(libc|libm|libresolv|libpthread|libdl|librt|ld-linux.*)\\.so")
  foreach(library IN LISTS libraries)
    file(COPY "${library}" DESTINATION "${own}" FOLLOW_SYMLINK_CHAIN)
    # Qt opens it by name, so that nothing shows that it is needed.
    if(library MATCHES "(.*)/libcrypto(\\.so.*)$")
      file(COPY "${CMAKE_MATCH_1}/libssl${CMAKE_MATCH_2}" DESTINATION "${own}" FOLLOW_SYMLINK_CHAIN)
    endif()
  endforeach()
  set(scripts "${CPACK_POSTNOOK_SOURCE_DIR}/packaging/linux/tarball")
  file(COPY "${scripts}/postnook" DESTINATION "${root}/bin")
  file(COPY "${scripts}/install" "${scripts}/uninstall" DESTINATION "${root}")
endif()
