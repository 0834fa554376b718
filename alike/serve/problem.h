// Errors as RFC 9457 problem documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "alike/base/error.h"
#include "alike/serve/message.h"

namespace alike::serve {

/// An answer that HTTP itself has a word for and `ErrorCode` has not.
class HttpError : public std::runtime_error {
 public:
  /// `code`: "payload_too_large", "forbidden", …
  HttpError(int status, std::string code, const std::string& sentence, Headers headers = {})
      : std::runtime_error(sentence),
        status_(status),
        code_(std::move(code)),
        headers_(std::move(headers)) {}

  int status() const { return status_; }
  const std::string& code() const { return code_; }
  const Headers& headers() const { return headers_; }

 private:
  int status_;
  std::string code_;
  Headers headers_;
};

/// 503: there is too much of something at the moment.
class Overload : public HttpError {
 public:
  /// `reason`: the exhausted resource, as /metrics counts it: "connections", "searches".
  Overload(std::string reason, const std::string& sentence)
      : HttpError(503, "overloaded", sentence, {{"retry-after", "1"}}),
        reason_(std::move(reason)) {}

  const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

/// The code of the problem document: that of `HttpError` or `Error`, "untrusted" for
/// `collection::UntrustedPictures`, otherwise "internal".
std::string code_of(const std::exception& error);

/// 400 for `invalid_argument`, 404, 409 for `busy`, 415 for `unsupported`, 507 for `no_space`, 500
/// for `io`, 503 for `interrupted`; for `corrupt` 422 where it is of a picture that was sent
/// (`search::BadExample`), and 500 where it is of the server's own data.
int status_of(const Error& error);

/// The document; `request` names it in the log.
Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view request, const std::optional<Remedy>& remedy = std::nullopt);
/// The answer to an exception. Anything but `Error` and `HttpError` reveals nothing of itself.
Response problem_of(const std::exception& error, std::string_view request);

}  // namespace alike::serve
