# models/*.json as string literals in a generated source file of the target.
function(alike_known_models target)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/models/*.json)
  list(SORT files)
  set(literals "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND literals "    R\"json(${text})json\",\n")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/known_models.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [=[
#include "alike/encode/package/known_models.h"

#include <array>

namespace alike::encode {
namespace {

constexpr auto kManifests = std::to_array<std::string_view>({
@literals@});

}  // namespace

std::span<const std::string_view> known_models() { return kManifests; }

}  // namespace alike::encode
]=])
  target_sources(${target} PRIVATE ${source})
endfunction()
