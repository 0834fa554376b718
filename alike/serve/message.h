// A request and its response, apart from sockets.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alike/base/file.h"

namespace alike::serve {

/// Names of headers in small letters, each once.
using Headers = std::map<std::string, std::string, std::less<>>;

struct Request {
  std::string method;  ///< "GET"
  std::string target;  ///< As sent: "/v1/collections?x=y".
  Headers headers;
  std::string body;
  std::string peer;  ///< Address of the client: "127.0.0.1".
  std::string id;    ///< Names the request in the log and in problems.

  /// The value of a header, "" where it is not there.
  std::string_view header(std::string_view name) const;
  /// The type of the body in small letters, without its parameters: "multipart/form-data".
  std::string media_type() const;
};

/// A part of a file, as the body of an answer.
struct FilePart {
  std::shared_ptr<const File> file;
  std::uint64_t begin = 0, size = 0;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::shared_ptr<const std::string> shared;  ///< In the place of `body`, where it is not null.
  std::optional<FilePart> part;               ///< In the place of both.
  bool events = false;  ///< The connection becomes a stream of events (`EventHub`).
};

/// A body of a type, and status 200.
Response content(std::string type, std::string body);

/// The path of a target, its percent signs undone. Throws `invalid_argument` for one that is no
/// path: not beginning with a slash, a bad percent sign, a NUL, bytes that are no UTF-8, "." and
/// ".." as parts.
std::string path_of(std::string_view target);
/// The parameters behind the question mark, undone likewise. A name given twice is
/// `invalid_argument`.
std::map<std::string, std::string, std::less<>> parameters_of(std::string_view target);

}  // namespace alike::serve
