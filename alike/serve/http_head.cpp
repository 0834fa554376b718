#include "alike/serve/http_head.h"

#include <string_view>

#include "alike/base/text.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kMostFields = 100;

/// Headers that a second of would shadow.
constexpr http::field kOnce[] = {http::field::host,           http::field::origin,
                                 http::field::authorization,  http::field::content_type,
                                 http::field::content_length, http::field::transfer_encoding,
                                 http::field::expect};

[[noreturn]] void refuse(const std::string& sentence) {
  throw HttpError(400, "malformed", sentence);
}

Headers headers_of(const http::request_header<>& head) {
  Headers headers;
  std::size_t fields = 0;
  for (const auto& field : head) {
    if (++fields > kMostFields)
      throw HttpError(431, "malformed", "the request has too many headers");
    const std::string name = small_letters(field.name_string());
    const auto [at, fresh] = headers.emplace(name, std::string(field.value()));
    if (fresh) continue;
    for (const http::field once : kOnce) {
      if (field.name() == once) refuse("the header '" + name + "' is given twice");
    }
    at->second += ", " + std::string(field.value());
  }
  return headers;
}

const char* phrase(int status) {
  return http::obsolete_reason(static_cast<http::status>(status)).data();
}

}  // namespace

Request request_of(const http::request_header<>& head) {
  Request request;
  request.method = head.method_string();
  request.target = head.target();
  request.headers = headers_of(head);
  // Another server on the way could read these otherwise than this one.
  const std::string_view coding = request.header("transfer-encoding");
  if (request.headers.contains("transfer-encoding") &&
      (small_letters(coding) != "chunked" || head.version() < 11)) {
    refuse("the only transfer-encoding is 'chunked', of HTTP/1.1");
  }
  const std::string_view length = request.header("content-length");
  if (length.find_first_not_of("0123456789") != std::string_view::npos) {
    refuse("the header 'content-length' is not a number");
  }
  if (head.version() >= 11 && !request.headers.contains("host")) {
    refuse("the header 'host' is missing");
  }
  return request;
}

std::string head_of(const Response& response, std::uint64_t size, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " + phrase(response.status) +
                     "\r\nserver: alike\r\n";
  for (const auto& [name, value] : response.headers) {
    head += name + ": ";
    for (const char letter : value) {
      head += static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f ? ' ' : letter;
    }
    head += "\r\n";
  }
  if (!response.events && response.status != 304) {
    head += "content-length: " + std::to_string(size) + "\r\n";
  }
  return head + (keep_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n");
}

}  // namespace alike::serve
