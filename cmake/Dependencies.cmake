# Every third-party library and where it comes from: Debian packages (script/bootstrap lists them),
# and OpenVINO from its wheel, unpacked by script/bootstrap into the cache folder.

set(ALIKE_OPENVINO_VERSION 2026.4.1)
if(DEFINED ENV{ALIKE_CACHE})
  set(_alike_cache "$ENV{ALIKE_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(_alike_cache "$ENV{XDG_CACHE_HOME}/alike")
else()
  set(_alike_cache "$ENV{HOME}/.cache/alike")
endif()
set(OpenVINO_DIR "${_alike_cache}/openvino-${ALIKE_OPENVINO_VERSION}/openvino/cmake"
    CACHE PATH "Folder of OpenVINOConfig.cmake; set it to use a system copy")

find_package(Threads REQUIRED)
find_package(OpenVINO REQUIRED COMPONENTS Runtime)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(CLI11 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED)
find_package(Freetype REQUIRED)

find_package(PkgConfig REQUIRED)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp libwebpdemux)
pkg_check_modules(LCMS REQUIRED IMPORTED_TARGET lcms2)
pkg_check_modules(SIXEL REQUIRED IMPORTED_TARGET libsixel)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)

# Formats whose libraries may be missing: a build without one skips such pictures, with that reason.
option(ALIKE_GIF "Read GIF, where giflib is found" ON)
option(ALIKE_TIFF "Read TIFF, where libtiff 4.5 is found" ON)
option(ALIKE_HEIF "Read HEIC and AVIF, where libheif 1.15 and libde265 are found" ON)
find_package(GIF 5.1)
pkg_check_modules(TIFF IMPORTED_TARGET libtiff-4>=4.5)
pkg_check_modules(HEIF IMPORTED_TARGET libheif>=1.15 libde265)

if(ALIKE_TESTS)
  find_package(GTest REQUIRED)
endif()
