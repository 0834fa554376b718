#include "alike/base/json.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike {
namespace {

void print(const json::value& value, int depth, std::string& out) {
  const auto line = [&](int levels) {
    out += '\n';
    out.append(static_cast<std::size_t>(levels) * 2, ' ');
  };
  if (value.is_object() && !value.get_object().empty()) {
    out += '{';
    const char* separator = "";
    for (const auto& item : value.get_object()) {
      out += separator;
      separator = ",";
      line(depth + 1);
      out += json::serialize(item.key());
      out += ": ";
      print(item.value(), depth + 1, out);
    }
    line(depth);
    out += '}';
  } else if (value.is_array() && !value.get_array().empty()) {
    out += '[';
    const char* separator = "";
    for (const auto& item : value.get_array()) {
      out += separator;
      separator = ",";
      line(depth + 1);
      print(item, depth + 1, out);
    }
    line(depth);
    out += ']';
  } else {
    out += json::serialize(value);
  }
}

[[noreturn]] void throw_wrong_kind(std::string_view key, std::string_view kind,
                                   std::string_view what) {
  throw Error(ErrorCode::corrupt,
              std::string(what) + ": '" + std::string(key) + "' is not " + std::string(kind));
}

}  // namespace

json::value parse_json(std::string_view text, std::string_view what) {
  json::parse_options options;
  options.max_depth = 64;
  boost::system::error_code error;
  auto value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) {
    throw Error(ErrorCode::corrupt, std::string(what) + " is not JSON: " + error.message());
  }
  return value;
}

std::string print_json(const json::value& value) {
  std::string out;
  print(value, 0, out);
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
