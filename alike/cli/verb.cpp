#include "alike/cli/verb.h"

#include <algorithm>
#include <sstream>

namespace alike::cli {

namespace {

/// The present value in its place.
std::string text_in(const Target& place) {
  std::ostringstream text;
  const auto print = [&text](auto at) {
    if constexpr (requires { text << *at; }) text << *at;
  };
  std::visit(print, place);
  return text.str();
}

}  // namespace

ValueType one_of(std::vector<std::string> values) {
  ValueType type("");
  for (const auto& value : values) type.shown += (type.shown.empty() ? "" : "|") + value;
  type.values = std::move(values);
  return type;
}

Option::Option(std::string called, Target place, ValueType value, std::string text, Rules more)
    : name(std::move(called)),
      to(place),
      type(std::move(value)),
      help(std::move(text)),
      rules(std::move(more)),
      standard(rules.shows_default ? text_in(to) : "") {}

Option::Option(std::string called, bool* place, std::string text, Rules more)
    : Option(std::move(called), place, "", std::move(text), std::move(more)) {}

std::vector<Option> joined(const std::vector<std::vector<Option>>& lists) {
  std::vector<Option> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

std::vector<std::string> names_of(const Option& option) {
  if (is_word(option)) return {};
  const std::size_t comma = option.name.find(',');
  if (comma == std::string::npos) return {option.name};
  return {option.name.substr(0, comma), option.name.substr(comma + 1)};
}

bool is_word(const Option& option) { return !option.name.starts_with('-'); }

bool takes_value(const Option& option) {
  return !std::holds_alternative<bool*>(option.to) &&
         !std::holds_alternative<std::monostate>(option.to);
}

bool takes_many(const Option& option) {
  return std::holds_alternative<std::vector<std::string>*>(option.to) ||
         std::holds_alternative<std::vector<std::filesystem::path>*>(option.to);
}

std::vector<const Option*> options_of(const Path& path) {
  std::vector<const Option*> all{&path.front()->options.front()};
  for (auto verb = path.rbegin(); verb != path.rend(); ++verb) {
    for (const Option& option : (*verb)->options) {
      if (&option != all.front()) all.push_back(&option);
    }
  }
  return all;
}

const Option* find_option(const Path& path, const std::string& name) {
  for (const Option* option : options_of(path)) {
    if (std::ranges::count(names_of(*option), name) > 0) return option;
  }
  return nullptr;
}

std::vector<std::string> option_names(const Path& path) {
  std::vector<std::string> all;
  for (const Option* option : options_of(path)) {
    for (const auto& name : names_of(*option)) all.push_back(name);
  }
  return all;
}

const Verb* find_part(const Verb& verb, const std::string& name) {
  const auto found = std::ranges::find(verb.parts, name, &Verb::name);
  return found == verb.parts.end() ? nullptr : &*found;
}

std::vector<std::string> part_names(const Verb& verb) {
  std::vector<std::string> names;
  for (const Verb& part : verb.parts) names.push_back(part.name);
  return names;
}

}  // namespace alike::cli
