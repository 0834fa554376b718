// First lines and headers: from Beast to `Request`, from `Response` to bytes. Private to the
// server.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <cstdint>
#include <string>

#include "alike/serve/message.h"

namespace alike::serve {

/// The request without its body. Throws `HttpError` for a head that no honest client sends.
Request request_of(const boost::beast::http::request_header<>& head);

/// All up to the empty line. `size`: bytes of the body.
std::string head_of(const Response& response, std::uint64_t size, bool keep_alive);

}  // namespace alike::serve
