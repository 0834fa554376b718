// The page and the description of the interface, as they are built into the program.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alike/serve/router.h"

namespace alike::serve {

/// One file of the page.
struct Asset {
  std::string_view path;  ///< "/assets/index-CmW_puyd.js"
  std::string_view type;
  std::string_view plain, gzip;  ///< Its bytes; `gzip` is empty where it does not pay.
  std::string_view tag;          ///< Changes with the bytes.
};

/// All of them; cmake/Web.cmake writes the definition.
std::span<const Asset> assets();
/// The description of the interface as JSON, made from docs/openapi.yaml by cmake/Web.cmake.
std::string_view openapi_json();

/// Answers from the assets; "/" is index.html, everything else that is none of them is 404.
Response answer_from_assets(const Call& call);

}  // namespace alike::serve
