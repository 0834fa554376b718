# Flags that make a mistake in memory end the program instead of running foreign code, and that keep
# the folder of the build out of its bytes (tests/package/hardening_test.py, script/reproducible).
# Sanitized builds go without: they check more than this does.
if(ALIKE_SANITIZE)
  return()
endif()
include(CheckPIESupported)
check_pie_supported()

add_compile_options(-fstack-protector-strong -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options(-fcf-protection=full)
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL Debug)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)  # needs a build that optimises
endif()
# The table of functions is filled and made read-only at the start; no page is both data and code.
add_link_options(LINKER:-z,relro,-z,now,-z,noexecstack,-z,separate-code)
