# find_package(alike) for other projects: one shared library, the headers, and the OpenVINO runtime that
# comes from a wheel and that no package manager of the target machine provides.
include(CMakePackageConfigHelpers)

install(TARGETS alike EXPORT alikeTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
# By install(TARGETS), CMake would end the library path of built files with an empty name to make room
# for that of installed ones. The loader takes an empty name for the current folder: a libjpeg.so.62
# among the pictures would run.
set_target_properties(alike PROPERTIES BUILD_WITH_INSTALL_RPATH ON)
install(PROGRAMS $<TARGET_FILE:alike_program> DESTINATION ${CMAKE_INSTALL_BINDIR})
set(program "\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/alike")
# The headers that are promised: alike.h and those it includes. None of them needs another library.
set(waiting alike/alike.h)
set(promised)
while(waiting)
  list(POP_FRONT waiting header)
  if(header IN_LIST promised)
    continue()
  endif()
  list(APPEND promised ${header})
  file(STRINGS ${PROJECT_SOURCE_DIR}/${header} lines REGEX "^#include \"alike/")
  list(TRANSFORM lines REPLACE "^#include \"(.*)\"$" "\\1")
  list(APPEND waiting ${lines})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${header})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder})
endwhile()
install(FILES LICENSE SECURITY.md packaging/alike.service DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Its parts, and their licences: from the records of Debian, of the wheel and of npm.
find_program(ALIKE_DPKG_QUERY dpkg-query)
if(ALIKE_DPKG_QUERY AND ALIKE_BUNDLE_OPENVINO AND NOT ALIKE_SANITIZE)
  set(bill ${CMAKE_CURRENT_BINARY_DIR}/bill)
  add_custom_command(OUTPUT ${bill}/alike.spdx.json ${bill}/THIRD_PARTY_NOTICES
    COMMAND /usr/bin/python3 ${PROJECT_SOURCE_DIR}/script/sbom ${CMAKE_BINARY_DIR} ${bill}
    DEPENDS alike alike_program ${PROJECT_SOURCE_DIR}/script/sbom ${PROJECT_SOURCE_DIR}/web/package-lock.json VERBATIM)
  add_custom_target(alike_bill ALL DEPENDS ${bill}/alike.spdx.json ${bill}/THIRD_PARTY_NOTICES)
  install(FILES ${bill}/alike.spdx.json ${bill}/THIRD_PARTY_NOTICES DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()

# The manual and the completions, as the program prints them.
if(NOT ALIKE_SANITIZE)
  set(printed ${CMAKE_CURRENT_BINARY_DIR}/printed)
  file(MAKE_DIRECTORY ${printed})
  add_custom_command(OUTPUT ${printed}/alike.1 ${printed}/alike ${printed}/_alike ${printed}/alike.fish
    COMMAND ./alike man > ${printed}/alike.1
    COMMAND env "PATH=." alike completion bash > ${printed}/alike
    COMMAND env "PATH=." alike completion zsh > ${printed}/_alike
    COMMAND env "PATH=." alike completion fish > ${printed}/alike.fish
    WORKING_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} DEPENDS alike_program VERBATIM)
  add_custom_target(alike_printed ALL
    DEPENDS ${printed}/alike.1 ${printed}/alike ${printed}/_alike ${printed}/alike.fish)
  install(FILES ${printed}/alike.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${printed}/alike DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${printed}/_alike DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  install(FILES ${printed}/alike.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

install(EXPORT alikeTargets NAMESPACE alike:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/alike)

configure_package_config_file(cmake/alikeConfig.cmake.in alikeConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/alike)
write_basic_package_version_file(alikeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/alikeConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/alikeConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/alike)

if(ALIKE_BUNDLE_OPENVINO)
  get_filename_component(openvino_libraries ${OpenVINO_DIR}/../libs ABSOLUTE)
  install(DIRECTORY ${openvino_libraries}/ DESTINATION ${CMAKE_INSTALL_LIBDIR}/alike
    FILES_MATCHING PATTERN "libopenvino.so*" PATTERN "libopenvino_intel_cpu_plugin.so"
                   PATTERN "libopenvino_onnx_frontend.so*" PATTERN "libopenvino_ir_frontend.so*"
                   PATTERN "libtbb*.so*")
  set_target_properties(alike PROPERTIES INSTALL_RPATH "$ORIGIN/alike")
  set_target_properties(alike_program PROPERTIES
    BUILD_RPATH "${openvino_libraries}/../libs")  # the same once more: room for the next one
  install(CODE "file(RPATH_SET FILE \"${program}\"
    NEW_RPATH \"\\$ORIGIN/../${CMAKE_INSTALL_LIBDIR}:\\$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/alike\")")
else()
  install(CODE "file(RPATH_REMOVE FILE \"${program}\")")
endif()
