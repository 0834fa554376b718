#include "alike/serve/assets.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/serve/api.h"

namespace alike::serve {

Response answer_from_assets(const Call& call) {
  std::string path = path_of(call.request.target);
  if (path == "/") path = "/index.html";
  const auto all = assets();
  const auto found = std::ranges::find(all, path, &Asset::path);
  if (found == all.end()) {
    throw Error(ErrorCode::not_found, "there is nothing at '" + path.substr(0, 200) + "'");
  }
  Response response = content(std::string(found->type), "");
  const bool zip = !found->gzip.empty() &&
                   call.request.header("accept-encoding").find("gzip") != std::string_view::npos;
  const std::string tag = std::string(found->tag) + (zip ? "-gzip" : "");
  if (is_known(call.request, tag, response)) return response;
  response.headers["vary"] = "accept-encoding";
  // The name of an asset changes with its content.
  if (path.starts_with("/assets/")) {
    response.headers["cache-control"] = "private, max-age=31536000, immutable";
  }
  if (zip) response.headers["content-encoding"] = "gzip";
  response.body = zip ? found->gzip : found->plain;
  return response;
}

}  // namespace alike::serve
