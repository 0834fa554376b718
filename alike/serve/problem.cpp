#include "alike/serve/problem.h"

#include <map>

#include "alike/base/json.h"
#include "alike/collection/catalog/trust.h"
#include "alike/search/bad_example.h"

namespace alike::serve {
namespace {

/// Short, and the same for every problem of a code.
std::string title_of(std::string_view code) {
  static const std::map<std::string_view, std::string> k_titles{
      {"invalid_argument", "The request does not fit"},
      {"not_found", "Not there"},
      {"io", "The system refused"},
      {"no_space", "The disk is full"},
      {"corrupt", "Damaged"},
      {"unsupported", "Not handled"},
      {"busy", "In use"},
      {"interrupted", "Stopped"},
      {"conflict", "Not as it is now"},
      {"payload_too_large", "Too large"},
      {"unsupported_media_type", "Wrong kind of body"},
      {"method_not_allowed", "Not a method of this address"},
      {"forbidden", "Not allowed from there"},
      {"untrusted", "Not allowed yet"},
      {"misdirected", "Another host is meant"},
      {"unauthorized", "A key is required"},
      {"too_many_requests", "Too many tries"},
      {"overloaded", "Too much at once"},
      {"timeout", "Too slow"},
      {"range", "No such part"},
      {"malformed", "Not HTTP"}};
  const auto found = k_titles.find(code);
  return found == k_titles.end() ? "Something went wrong here" : found->second;
}

}  // namespace

std::string code_of(const std::exception& error) {
  if (const auto* http = dynamic_cast<const HttpError*>(&error)) return http->code();
  if (dynamic_cast<const collection::UntrustedPictures*>(&error) != nullptr) return "untrusted";
  if (const auto* known = dynamic_cast<const Error*>(&error)) {
    return std::string(name_of(known->code()));
  }
  return "internal";
}

int status_of(const Error& error) {
  switch (error.code()) {
    case ErrorCode::invalid_argument: return 400;
    case ErrorCode::not_found: return 404;
    case ErrorCode::busy: return 409;
    case ErrorCode::unsupported: return 415;
    case ErrorCode::corrupt:
      return dynamic_cast<const search::BadExample*>(&error) != nullptr ? 422 : 500;
    case ErrorCode::interrupted: return 503;
    case ErrorCode::no_space: return 507;
    case ErrorCode::io: break;
  }
  return 500;
}

Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view request, const std::optional<Remedy>& remedy) {
  json::object document{{"type", "about:blank"},
                        {"title", title_of(code)},
                        {"status", status},
                        {"detail", json_text(detail)},
                        {"code", code}};
  if (!request.empty()) document["request"] = request;
  if (remedy) {
    json::array arguments;
    for (const auto& word : remedy->arguments) arguments.push_back(json_text(word));
    document["remedy"] = json::object{
        {"verb", remedy->verb}, {"arguments", std::move(arguments)}, {"purpose", remedy->purpose}};
  }
  Response response = content("application/problem+json", print_json_line(document));
  response.status = status;
  return response;
}

Response problem_of(const std::exception& error, std::string_view request) {
  if (const auto* http = dynamic_cast<const HttpError*>(&error)) {
    Response response = problem(http->status(), http->code(), http->what(), request);
    response.headers.insert(http->headers().begin(), http->headers().end());
    return response;
  }
  if (const auto* known = dynamic_cast<const Error*>(&error)) {
    const bool untrusted = dynamic_cast<const collection::UntrustedPictures*>(known) != nullptr;
    return problem(untrusted ? 403 : status_of(*known), code_of(error), known->what(), request,
                   known->remedy());
  }
  return problem(
      500, "internal",
      "the server made a mistake; its log tells more under request " + std::string(request),
      request);
}

}  // namespace alike::serve
