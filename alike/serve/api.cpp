#include "alike/serve/api.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/text.h"
#include "alike/collection/catalog/trust.h"
#include "alike/serve/assets.h"

namespace alike::serve {

Job start_job(Api& api, const std::shared_ptr<const OpenCollection>& open, const std::string& kind,
              const std::string& title, JobWork work) {
  return api.jobs.start(kind, open->id(), title,
                        [open, work = std::move(work)](const Watcher& watcher) {
                          const std::shared_ptr<const void> at_end(
                              nullptr, [&](const void*) { open->forget_status(); });
                          return work(watcher);
                        });
}

Response json_content(const json::value& document, int status) {
  Response response = content("application/json", print_json_line(document));
  response.status = status;
  return response;
}

json::object body_of(const std::string& text) {
  try {
    json::value value = parse_json(text, "the body");
    if (value.is_object()) return std::move(value.as_object());
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument, error.what());
  }
  throw Error(ErrorCode::invalid_argument, "the body is not a JSON object");
}

void allow_only(const json::object& object, std::initializer_list<std::string_view> names) {
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (std::ranges::count(names, key) > 0) continue;
    throw Error(ErrorCode::invalid_argument,
                "there is no member '" + valid_utf8(key.substr(0, 100)) + "' here");
  }
}

void check_where(std::string_view where) {
  constexpr std::size_t kMost = 4000;
  if (where.size() <= kMost) return;
  throw Error(ErrorCode::invalid_argument, "'where' has more than 4,000 letters");
}

bool optional_flag(const json::object& object, std::string_view name, bool otherwise) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return otherwise;
  if (!value->is_bool()) {
    throw Error(ErrorCode::invalid_argument, "'" + std::string(name) + "' must be true or false");
  }
  return value->as_bool();
}

std::string optional_text(const json::object& object, std::string_view name, std::size_t most) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return "";
  if (!value->is_string()) {
    throw Error(ErrorCode::invalid_argument, "'" + std::string(name) + "' must be a text");
  }
  if (value->as_string().size() > most) {
    throw Error(ErrorCode::invalid_argument,
                "'" + std::string(name) + "' has more than " + std::to_string(most) + " bytes");
  }
  return std::string(value->as_string());
}

ItemText::ItemText(const collection::Collection& collection, bool local) {
  if (!local) return;
  try {
    pictures_ = collection.readable_pictures();
  } catch (const Error&) {
    // Files that are not opened here are not named to others either.
  }
}

json::object ItemText::operator()(const collection::Item& item) const {
  json::object text{{"id", item.id},
                    {"path", json_text(item.path)},
                    {"label", json_text(item.label)},
                    {"width", item.width},
                    {"height", item.height},
                    {"size", item.size},
                    {"modified", item.modified_ns / 1'000'000},
                    {"added", item.added_ms}};
  if (!pictures_ || item.path.empty()) return text;
  try {
    collection::check_item_path(item.path);
    text["file"] = json_text((*pictures_ / item.path).native());
  } catch (const Error&) {
    // One that leads out is not named.
  }
  return text;
}

bool is_known(const Request& request, const std::string& etag, Response& response) {
  const std::string quoted = "\"" + etag + "\"";
  response.headers["etag"] = quoted;
  response.headers["cache-control"] = "private, no-cache";
  const std::string_view known = request.header("if-none-match");
  if (known.find(quoted) == std::string_view::npos && known != "*") return false;
  response.status = 304;
  response.body.clear();
  response.shared.reset();
  response.part.reset();
  return true;
}

void add_server_routes(Router& router, Api& api) {
  router.add({"GET", "/healthz", [](const Call&) { return content("text/plain", "ok\n"); },
              Lane::at_once});
  router.add({"GET", "/readyz",
              [&api](const Call&) {
                Response response = content("text/plain", api.ready ? "ready\n" : "stopping\n");
                if (!api.ready) response.status = 503;
                return response;
              },
              Lane::at_once});
  router.add({"GET", "/v1/openapi.json",
              [](const Call& call) {
                const std::string_view text = openapi_json();
                Response response = content("application/json", std::string(text));
                is_known(call.request, std::to_string(checksum(std::as_bytes(std::span(text)))),
                         response);
                return response;
              },
              Lane::light});
}

}  // namespace alike::serve
