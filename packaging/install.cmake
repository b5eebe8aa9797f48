# What `cmake --install` puts where, and how CPack packs it.
include(GNUInstallDirs)
if(WIN32) # programs and libraries have to lie together
  set(CMAKE_INSTALL_BINDIR .)
  set(CMAKE_INSTALL_DOCDIR doc)
endif()

if(APPLE) # all in one folder, which is dragged where it shall be
  set(CMAKE_INSTALL_DOCDIR Postnook.app/Contents/Resources/doc)
  set(CMAKE_INSTALL_MANDIR Postnook.app/Contents/Resources/man)
else()
  install(TARGETS postnook RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/GUIDE.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  ${PROJECT_SOURCE_DIR}/SECURITY.md ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/doc DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET texts)
  get_target_property(texts_dir texts BINARY_DIR)
  install(FILES ${texts_dir}/postnook.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${texts_dir}/postnook.ini DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
endif()

# Releases are signed by whoever makes them; this address reaches nobody.
set(POSTNOOK_MAINTAINER "Postnook maintainers <maintainers@postnook.invalid>" CACHE STRING
  "Name and address in packages")

set(CPACK_PACKAGE_NAME postnook)
set(CPACK_PACKAGE_VENDOR "The Postnook authors")
set(CPACK_PACKAGE_CONTACT "${POSTNOOK_MAINTAINER}")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "personal mail server (IMAP) for the desktop")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  include(${CMAKE_CURRENT_LIST_DIR}/linux/linux.cmake)
elseif(APPLE)
  include(${CMAKE_CURRENT_LIST_DIR}/macos/macos.cmake)
elseif(WIN32)
  install(TARGETS postnook-background RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

include(CPack)
