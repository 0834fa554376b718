// multipart/form-data (RFC 7578): the format of pictures sent by a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alike::serve {

struct Part {
  std::string name;
  std::string_view body;  ///< Within the text that was parsed.
};

inline constexpr std::size_t kMostParts = 16;

/// The parts of `body`, in order. `content_type` is the header of the request, with its boundary.
/// Throws `invalid_argument` for any other body, parts without a name, more than
/// `kMostParts`.
std::vector<Part> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace alike::serve
