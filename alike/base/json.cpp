#include "alike/base/json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike {
namespace {

/// The shortest text that reads back as the same number, as a float if the value is one:
/// 0.48307341, not 0.4830734133720398 and not 4.8307341E-1. JSON has no NaN and no infinity.
std::string print_number(double number) {
  if (!std::isfinite(number)) return "null";
  if (number == 0) return "0";
  const double size = std::abs(number);
  const auto format =
      size >= 1e-5 && size < 1e15 ? std::chars_format::fixed : std::chars_format::scientific;
  char text[64];
  const auto narrow = static_cast<float>(number);
  const auto end = static_cast<double>(narrow) == number
                       ? std::to_chars(text, text + sizeof text, narrow, format)
                       : std::to_chars(text, text + sizeof text, number, format);
  return {text, end.ptr};
}

/// `depth`: of two spaces each; -1 writes everything in one line.
void print(const json::value& value, int depth, std::string& out) {
  const int inner = depth < 0 ? depth : depth + 1;
  const auto line = [&](int levels) {
    if (levels < 0) return;
    out += '\n';
    out.append(static_cast<std::size_t>(levels) * 2, ' ');
  };
  if (value.is_object() && !value.get_object().empty()) {
    const char* separator = "{";
    for (const auto& item : value.get_object()) {
      out += separator;
      separator = ",";
      line(inner);
      out += json::serialize(item.key());
      out += depth < 0 ? ":" : ": ";
      print(item.value(), inner, out);
    }
    line(depth);
    out += '}';
  } else if (value.is_array() && !value.get_array().empty()) {
    const char* separator = "[";
    for (const auto& item : value.get_array()) {
      out += separator;
      separator = ",";
      line(inner);
      print(item, inner, out);
    }
    line(depth);
    out += ']';
  } else if (value.is_double()) {
    out += print_number(value.get_double());
  } else {
    out += json::serialize(value);
  }
}

/// Builds values from the parser's events. Boost 1.81 itself reads numbers of 17 digits to a
/// neighbour at times, so they are read again from their text.
class Builder {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();  // NOLINT: Boost's names
  static constexpr std::size_t max_array_size = json::array::max_size();    // NOLINT
  static constexpr std::size_t max_key_size = json::string::max_size();     // NOLINT
  static constexpr std::size_t max_string_size = json::string::max_size();  // NOLINT

  using Text = json::string_view;
  using Code = boost::system::error_code;

  json::value release() { return stack_.release(); }

  bool on_document_begin(Code& /*error*/) { return true; }
  bool on_document_end(Code& /*error*/) { return true; }
  bool on_object_begin(Code& /*error*/) { return true; }
  bool on_object_end(std::size_t count, Code& /*error*/) { return stack_.push_object(count), true; }
  bool on_array_begin(Code& /*error*/) { return true; }
  bool on_array_end(std::size_t count, Code& /*error*/) { return stack_.push_array(count), true; }
  bool on_key_part(Text text, std::size_t /*size*/, Code& /*error*/) {
    return stack_.push_chars(text), true;
  }
  bool on_key(Text text, std::size_t /*size*/, Code& /*error*/) {
    return stack_.push_key(text), true;
  }
  bool on_string_part(Text text, std::size_t /*size*/, Code& /*error*/) {
    return stack_.push_chars(text), true;
  }
  bool on_string(Text text, std::size_t /*size*/, Code& /*error*/) {
    return stack_.push_string(text), true;
  }
  bool on_number_part(Text /*text*/, Code& /*error*/) { return true; }
  bool on_int64(std::int64_t number, Text /*text*/, Code& /*error*/) {
    return stack_.push_int64(number), true;
  }
  bool on_uint64(std::uint64_t number, Text /*text*/, Code& /*error*/) {
    return stack_.push_uint64(number), true;
  }
  bool on_double(double number, Text text, Code& /*error*/) {
    std::from_chars(text.data(), text.data() + text.size(), number);  // stays where out of range
    return stack_.push_double(number), true;
  }
  bool on_bool(bool value, Code& /*error*/) { return stack_.push_bool(value), true; }
  bool on_null(Code& /*error*/) { return stack_.push_null(), true; }
  bool on_comment_part(Text /*text*/, Code& /*error*/) { return true; }
  bool on_comment(Text /*text*/, Code& /*error*/) { return true; }

 private:
  json::value_stack stack_;
};

[[noreturn]] void throw_wrong_kind(std::string_view key, std::string_view kind,
                                   std::string_view what) {
  throw Error(ErrorCode::corrupt,
              std::string(what) + ": '" + std::string(key) + "' is not " + std::string(kind));
}

}  // namespace

json::value parse_json(std::string_view text, std::string_view what) {
  json::parse_options options;
  options.max_depth = 64;
  json::basic_parser<Builder> parser(options);
  boost::system::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (error) {
    throw Error(ErrorCode::corrupt, std::string(what) + " is not JSON: " + error.message());
  }
  return parser.handler().release();
}

std::string print_json(const json::value& value) {
  std::string out;
  print(value, 0, out);
  out += '\n';
  return out;
}

std::string print_json_line(const json::value& value) {
  std::string out;
  print(value, -1, out);
  out += '\n';
  return out;
}

json::string json_text(std::string_view bytes) {
  const std::string text = valid_utf8(bytes);
  return json::string(text);
}

const json::value& member(const json::value& object, std::string_view key, std::string_view what) {
  const json::object* fields = object.if_object();
  const json::value* found = fields == nullptr ? nullptr : fields->if_contains(key);
  if (found == nullptr) {
    throw Error(ErrorCode::corrupt, std::string(what) + ": '" + std::string(key) + "' is missing");
  }
  return *found;
}

std::string text_member(const json::value& object, std::string_view key, std::string_view what) {
  const json::string* text = member(object, key, what).if_string();
  if (text == nullptr) throw_wrong_kind(key, "a string", what);
  return {text->data(), text->size()};
}

double number_member(const json::value& object, std::string_view key, std::string_view what) {
  boost::system::error_code error;
  const double number = member(object, key, what).to_number<double>(error);
  if (error) throw_wrong_kind(key, "a number", what);
  return number;
}

std::int64_t integer_member(const json::value& object, std::string_view key,
                            std::string_view what) {
  boost::system::error_code error;
  const auto number = member(object, key, what).to_number<std::int64_t>(error);
  if (error) throw_wrong_kind(key, "a whole number", what);
  return number;
}

}  // namespace alike
