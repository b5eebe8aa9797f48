# Linux: a unit for the service manager of each user, and the .deb.

# Below share/ it is found under /usr, /usr/local and ~/.local alike (systemd.unit(5)).
set(POSTNOOK_UNIT_DIR ${CMAKE_INSTALL_DATADIR}/systemd/user)
set(POSTNOOK_PROGRAM postnook) # systemd looks into /usr/bin and /usr/local/bin by itself
configure_file(${CMAKE_CURRENT_LIST_DIR}/postnook.service.in postnook.service @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/postnook.service DESTINATION ${POSTNOOK_UNIT_DIR})
# Anywhere else it has to be told where the program is.
install(CODE "
  set(prefix \"\${CMAKE_INSTALL_PREFIX}\")
  if(NOT prefix MATCHES \"^/usr(/local)?/?$\" AND NOT prefix MATCHES \"_CPack_Packages\")
    set(POSTNOOK_PROGRAM \"\${prefix}/${CMAKE_INSTALL_BINDIR}/postnook\")
    configure_file(\"${CMAKE_CURRENT_LIST_DIR}/postnook.service.in\"
      \"\$ENV{DESTDIR}\${prefix}/${POSTNOOK_UNIT_DIR}/postnook.service\" @ONLY)
  endif()")

set(CPACK_GENERATOR DEB)
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/cpack.cmake")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS systemd) # runs it in the background
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Postnook keeps the mail of a person or a household on their own disk and
serves it to every mail program: Thunderbird, Apple Mail, Outlook, a phone.
It imports mail from files and folders, finds any part of any word, and runs
as a service of the user who wants it, without rights of an administrator.
.
It receives and keeps mail; it does not send any.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CMAKE_CURRENT_LIST_DIR}/debian/postinst;${CMAKE_CURRENT_LIST_DIR}/debian/postrm")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/stage.cmake")
# What stage.cmake needs to know.
set(CPACK_POSTNOOK_SOURCE_DIR "${PROJECT_SOURCE_DIR}")
set(CPACK_POSTNOOK_ARCHITECTURE "${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_POSTNOOK_TLS_PLUGIN "${QT6_INSTALL_PREFIX}/${QT6_INSTALL_PLUGINS}/tls/libqopensslbackend.so")
