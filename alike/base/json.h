// JSON text: Boost.JSON's values, alike's errors. Not part of the installed library.
#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <string_view>

namespace alike {

namespace json = boost::json;

/// Parses one JSON document of at most 64 levels. `what` names it in the `corrupt` error.
json::value parse_json(std::string_view text, std::string_view what);
/// Two-space indented text with a newline at the end.
std::string print_json(const json::value& value);
/// The same in one line, for documents that follow each other.
std::string print_json_line(const json::value& value);
/// `bytes` as a JSON string: invalid UTF-8 (file names may be anything) becomes U+FFFD.
json::string json_text(std::string_view bytes);

/// Typed access to the members of an object read from outside. Each names the member and `what` in
/// a `corrupt` error when it is missing or of another kind.
const json::value& member(const json::value& object, std::string_view key, std::string_view what);
std::string text_member(const json::value& object, std::string_view key, std::string_view what);
double number_member(const json::value& object, std::string_view key, std::string_view what);
std::int64_t integer_member(const json::value& object, std::string_view key, std::string_view what);

}  // namespace alike
