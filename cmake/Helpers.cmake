# alike_folder(), alike_test_folder(), alike_fuzz(): the only three ways a target is made;
# alike_test_program() and alike_test_web() add tests without one.

add_library(alike_warnings INTERFACE)
# GCC 12 takes `"text" + string` for overlapping memory (its bug 105651).
target_compile_options(alike_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_compile_options(alike_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wcast-align $<$<BOOL:${ALIKE_WERROR}>:-Werror>)
if(ALIKE_SANITIZE)
  add_compile_options(-fsanitize=${ALIKE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ALIKE_SANITIZE})
endif()

# Sanitized trees read common headers once for each target. The others read them in each file, so that a
# file without an include of its own fails to build there.
function(alike_common_headers target)
  if(NOT ALIKE_SANITIZE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE <algorithm> <array> <atomic> <chrono> <cmath> <filesystem>
    <functional> <map> <memory> <mutex> <numeric> <optional> <span> <sstream> <string> <thread>
    <unordered_map> <variant> <vector> ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)  # for ccache
  endif()
endfunction()

# One folder of alike/, with its subfolders, as a static library that links the folders that alike/FOLDERS
# gives it and nothing else, so that an include in the wrong direction also fails to link. Files named *_avx2.cpp, *_avx512.cpp and
# *_avx512_popcount.cpp get those instructions; nothing else does.
function(alike_folder name)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  if(NOT name IN_LIST ALIKE_FOLDERS)
    message(FATAL_ERROR "alike/FOLDERS has no line for alike/${name}")
  endif()
  set(used ${ALIKE_FOLDERS_OF_${name}})
  string(REPLACE "/" "_" target alike_${name})
  list(TRANSFORM used REPLACE "/" "_")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  list(TRANSFORM used PREPEND alike_)
  target_link_libraries(${target} PUBLIC ${used} PRIVATE ${arg_LIBRARIES} alike_warnings)
  set(avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -mfma -mf16c -mprefer-vector-width=512)
  foreach(source IN LISTS sources)
    if(source MATCHES "_avx2\\.cpp$")
      set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma;-mf16c")
    elseif(source MATCHES "_avx512\\.cpp$")
      set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${avx512}")
    elseif(source MATCHES "_avx512_popcount\\.cpp$")
      set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${avx512};-mavx512vpopcntdq")
    endif()
    if(source MATCHES "_avx[0-9a-z_]*\\.cpp$")
      set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    endif()
  endforeach()
  alike_common_headers(${target})
endfunction()

# A format that alike_image reads where `found` is true: alike/image/codecs/<file>*.cpp and the libraries.
function(alike_format file found)
  string(TOUPPER ${file} name)
  if(ALIKE_${name} AND found)
    target_compile_definitions(alike_image PRIVATE ALIKE_${name})
    target_link_libraries(alike_image PRIVATE ${ARGN})
  else()
    message(STATUS "No ${name}: its library was not found, or ALIKE_${name} is off")
    get_target_property(sources alike_image SOURCES)
    list(FILTER sources EXCLUDE REGEX "/codecs/${file}[a-z_]*\\.cpp$")
    set_property(TARGET alike_image PROPERTY SOURCES ${sources})
  endif()
endfunction()

# COST: the longer a test takes, the earlier it begins, so that none runs alone at the end. CTest knows the real
# times from the second run on.

# tests/<name>/*_test.cpp become the program test_<name>; *_slow_test.cpp become test_<name>_slow,
# with tests that carry the label "slow" and are not part of the fast suite.
function(alike_test_folder name)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  file(GLOB_RECURSE fast CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*_test.cpp)
  file(GLOB_RECURSE slow CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*_slow_test.cpp)
  if(slow)
    list(REMOVE_ITEM fast ${slow})
  endif()
  # tests/<name>/ tests alike/<name>/ or, where that is no folder of its own, all folders in it.
  set(tested ${ALIKE_FOLDERS})
  list(FILTER tested INCLUDE REGEX "^${name}(/|$)")
  list(TRANSFORM tested REPLACE "/" "_")
  list(TRANSFORM tested PREPEND alike_)
  foreach(label fast slow)
    if(NOT ${label})
      continue()
    endif()
    set(target test_${name})
    if("${label}" STREQUAL "slow")
      set(target test_${name}_slow)
    endif()
    add_executable(${target} ${${label}})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} PRIVATE
      ${tested} ${arg_LIBRARIES} GTest::gtest_main alike_warnings)
    target_precompile_headers(${target} PRIVATE <gtest/gtest.h>)
    alike_common_headers(${target})
    # Tests that compute little are built in half the time. FORTIFY wants some optimising.
    if(NOT name MATCHES "^(image|index|map|measure)$")
      if(ALIKE_SANITIZE)
        target_compile_options(${target} PRIVATE -O0)
      else()
        target_compile_options(${target} PRIVATE -O1 $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
      endif()
    endif()
    if(ALIKE_SANITIZE MATCHES address)
      # Loading a sanitized program takes as long as many of its tests: a few processes for all of them.
      foreach(shard RANGE 3)
        add_test(NAME ${name}.${label}_part${shard} COMMAND ${target})
        set_tests_properties(${name}.${label}_part${shard} PROPERTIES LABELS ${label} TIMEOUT 7200
          ENVIRONMENT "GTEST_TOTAL_SHARDS=4;GTEST_SHARD_INDEX=${shard};GTEST_BRIEF=1")
      endforeach()
    else()
      # DISCOVERY at test time: a cross-checked build never runs a program of another level.
      gtest_discover_tests(${target} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
        PROPERTIES LABELS ${label} TIMEOUT 900)
    endif()
  endforeach()
endfunction()

# fuzz/<name>_fuzz.cpp becomes the libFuzzer program fuzz_<name>.
function(alike_fuzz name)
  cmake_parse_arguments(arg "" "" "FOLDERS;LIBRARIES" ${ARGN})
  list(TRANSFORM arg_FOLDERS REPLACE "/" "_")
  list(TRANSFORM arg_FOLDERS PREPEND alike_)
  add_executable(fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/${name}_fuzz.cpp)
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(fuzz_${name} PRIVATE ${arg_FOLDERS} ${arg_LIBRARIES})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endfunction()

# tests/<name>/*_test.py are run against the built program, each as one test <name>.<file>;
# *_slow_test.py are slow; *_deep_test.py are fast, but where ALIKE_DEPTH is "all". They are told of the
# program and of write_samples by the environment. Those about bytes from outside are labelled "bytes" and
# the others "program", which the gate leaves out of the sanitized suite.
function(alike_test_program name)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*_test.py)
  foreach(script IN LISTS scripts)
    get_filename_component(test ${script} NAME_WE)
    set(label fast)
    set(timeout 300)
    if(test MATCHES "_slow_test$")
      set(label slow)
      set(timeout 7200)
    elseif(test MATCHES "_deep_test$")
      set(timeout 14400)
    endif()
    if(test MATCHES "^hostile")
      set(timeout 7200)  # in full depth, every verb of every hostile folder
    elseif(ALIKE_SANITIZE)
      math(EXPR timeout "10 * ${timeout}")
    endif()
    set(about program)
    if(test MATCHES "^(bad_input|attacks|uploads|stop|traps|hostile)")
      set(about bytes)
    endif()
    string(REGEX REPLACE "_test$" "" test ${test})
    add_test(NAME ${name}.${test} COMMAND /usr/bin/python3 ${script})
    set_tests_properties(${name}.${test} PROPERTIES LABELS "${label};${about}" TIMEOUT ${timeout} COST 20 ENVIRONMENT
      "ALIKE_PROGRAM=$<TARGET_FILE:alike_program>;ALIKE_SAMPLES=$<TARGET_FILE:write_samples>;ALIKE_WEB=${ALIKE_WEB}")
  endforeach()
endfunction()

# tests/<name>/*_test.mjs drive the page of the built program in Chromium, each as one test
# <name>.<file>. They need Node and the packages of web/, which the build of the page fetches.
function(alike_test_web name)
  find_program(ALIKE_NODE_PROGRAM node HINTS $ENV{ALIKE_NODE}/bin)
  find_program(ALIKE_CHROMIUM NAMES chromium chromium-browser google-chrome)
  if(NOT ALIKE_WEB OR NOT ALIKE_NODE_PROGRAM OR NOT ALIKE_CHROMIUM)
    message(STATUS "No tests of the page: they need ALIKE_WEB, Node and Chromium")
    return()
  endif()
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*_test.mjs)
  foreach(script IN LISTS scripts)
    get_filename_component(test ${script} NAME_WE)
    string(REGEX REPLACE "_test$" "" test ${test})
    add_test(NAME ${name}.${test} COMMAND ${ALIKE_NODE_PROGRAM} --test ${script})
    set_tests_properties(${name}.${test} PROPERTIES LABELS "fast;program" TIMEOUT 300 ENVIRONMENT
      "ALIKE_PROGRAM=$<TARGET_FILE:alike_program>;ALIKE_SAMPLES=$<TARGET_FILE:write_samples>;ALIKE_CHROMIUM=${ALIKE_CHROMIUM}")
  endforeach()
endfunction()
