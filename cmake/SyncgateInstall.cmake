# Where an installed syncgate stands: the front in bin, the steps out of PATH's sight in libexec/syncgate (ImageMagick also has
# a `compare`), docs and schemas in share/doc/syncgate. And the .deb that CPack makes of it (ci/package deb).
#
# The front finds the steps by ../libexec/syncgate, from wherever it stands: the tree can be moved as a whole.
include(GNUInstallDirs)
set(SYNCGATE_STEP_DIR "libexec/syncgate")

install(TARGETS syncgate_front RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
file(GLOB folders RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/steps/*/CMakeLists.txt")
foreach(folder ${folders})
  get_filename_component(folder "${folder}" DIRECTORY)
  get_property(targets DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  list(FILTER targets INCLUDE REGEX "^step_")
  if(targets)
    install(TARGETS ${targets} RUNTIME DESTINATION "${SYNCGATE_STEP_DIR}")
  endif()
  if(EXISTS "${PROJECT_SOURCE_DIR}/${folder}/README.md")
    file(GLOB pages "${PROJECT_SOURCE_DIR}/${folder}/*.md")
    install(FILES ${pages} DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}")
  endif()
endforeach()
install(FILES README.md README.zh-CN.md ARCHITECTURE.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES cmake/copyright DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DOCDIR}" FILES_MATCHING PATTERN "*.md")
# Gathered by ci/package: of what is compiled in from headers.
install(DIRECTORY "${PROJECT_BINARY_DIR}/licenses" DESTINATION "${CMAKE_INSTALL_DOCDIR}" OPTIONAL)
install(DIRECTORY schemas DESTINATION "${CMAKE_INSTALL_DOCDIR}" FILES_MATCHING PATTERN "*.schema.json" PATTERN "*.md")

set(CPACK_GENERATOR "DEB")
set(CPACK_PACKAGE_NAME "syncgate")
set(CPACK_PACKAGE_VENDOR "syncgate")
set(CPACK_PACKAGE_CONTACT "syncgate maintainers <maintainers@syncgate.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "moves approved changes of rows and configuration to production nodes")
set(CPACK_PACKAGING_INSTALL_PREFIX "/usr")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME "DEB-DEFAULT")
set(CPACK_DEBIAN_PACKAGE_SECTION "database")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "syncgate moves a known set of changes, table rows and configuration keys, from a\n source MySQL or MariaDB database to production nodes, one node at a time, with\n a person's approval in between. It never locks a table, refuses to overwrite\n what somebody else changed, and takes back what it did.")
# Which libraries, and how new, is what dpkg-shlibdeps reads from the binaries.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
