# macOS: Postnook.app with Qt inside, a launch agent, a .pkg and a .dmg. Only runs on a Mac.
set(POSTNOOK_APP Postnook.app/Contents)
configure_file(${CMAKE_CURRENT_LIST_DIR}/Info.plist.in Info.plist @ONLY)
install(TARGETS postnook RUNTIME DESTINATION ${POSTNOOK_APP}/MacOS)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/Info.plist DESTINATION ${POSTNOOK_APP})
install(FILES ${CMAKE_CURRENT_LIST_DIR}/postnook.plist DESTINATION ${POSTNOOK_APP}/Resources)
install(PROGRAMS ${CMAKE_CURRENT_LIST_DIR}/autostart DESTINATION ${POSTNOOK_APP}/Resources)
find_program(MACDEPLOYQT macdeployqt HINTS ${QT6_INSTALL_PREFIX}/bin)
install(CODE "
  if(\"${MACDEPLOYQT}\" STREQUAL \"MACDEPLOYQT-NOTFOUND\")
    message(FATAL_ERROR \"macdeployqt, which comes with Qt, is needed for Postnook.app\")
  endif()
  execute_process(COMMAND \"${MACDEPLOYQT}\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/Postnook.app\"
    COMMAND_ERROR_IS_FATAL ANY)")

set(CPACK_GENERATOR "productbuild;DragNDrop")
set(CPACK_PACKAGE_FILE_NAME "Postnook-${PROJECT_VERSION}-macos-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_PACKAGING_INSTALL_PREFIX /Applications)
# Into the home folder of whoever installs it, without an administrator's password; or for all.
set(CPACK_PRODUCTBUILD_IDENTIFIER org.postnook)
set(CPACK_PRODUCTBUILD_DOMAINS ON)
set(CPACK_PRODUCTBUILD_DOMAINS_USER ON)
set(CPACK_PRODUCTBUILD_DOMAINS_ROOT ON)
set(CPACK_POSTFLIGHT_UNSPECIFIED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/postinstall")
set(CPACK_DMG_VOLUME_NAME Postnook)
