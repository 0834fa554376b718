#include "alike/cli/parser.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <type_traits>

#include "alike/base/human.h"
#include "alike/base/text.h"
#include "alike/cli/help.h"
#include "alike/cli/typed_words.h"

namespace alike::cli {
namespace {

/// The checks of an option's values.
void add_checks(CLI::Option& added, const Option& option) {
  std::visit(
      [&](auto to) {
        using Number = std::remove_pointer_t<decltype(to)>;
        if constexpr (std::is_arithmetic_v<Number> && !std::is_same_v<Number, bool>) {
          if (!option.rules.range) return;
          added.check(CLI::Range(static_cast<Number>(option.rules.range->least),
                                 static_cast<Number>(option.rules.range->most))
                          .description(""));
        }
      },
      option.to);
  if (!option.type.values.empty() && option.rules.checks.empty()) {
    added.check(CLI::IsMember(option.type.values).description(""));
  }
  for (const Check check : option.rules.checks) {
    added.check(CLI::Validator([check](std::string& value) { return check(value); }, ""));
  }
  if (option.rules.at_once != nullptr) added.each(option.rules.at_once)->trigger_on_parse();
}

struct Adder {
  CLI::App& app;
  const Option& option;

  CLI::Option* operator()(std::monostate) const { return nullptr; }  // CLI11 has them
  CLI::Option* operator()(bool* to) const {
    return app.add_flag((option.rules.sets ? "" : "!") + option.name, *to);
  }
  CLI::Option* operator()(auto* to) const { return app.add_option(option.name, *to); }
};

/// Null for options that CLI11 adds by itself.
CLI::Option* add_option(CLI::App& app, const Option& option) {
  CLI::Option* added = std::visit(Adder{app, option}, option.to);
  if (!takes_value(option)) return added;
  added->type_name(option.type.shown);
  added->required(option.rules.required);
  if (option.rules.comma) {
    added->delimiter(',');
  } else if (takes_many(option) && !is_word(option)) {
    added->allow_extra_args(false);  // a word that follows the value is no second one
  }
  add_checks(*added, option);
  return added;
}

void add_verb(CLI::App& app, const Verb& verb) {
  if (!verb.parts.empty()) app.require_subcommand(verb.run ? 0 : 1, 1);
  std::vector<CLI::Option*> added;
  for (const Option& option : verb.options) added.push_back(add_option(app, option));
  for (std::size_t i = 0; i < added.size(); ++i) {
    for (const auto& other : verb.options[i].rules.needs) added[i]->needs(app.get_option(other));
    for (const auto& other : verb.options[i].rules.excludes)
      added[i]->excludes(app.get_option(other));
  }
  for (const Verb& part : verb.parts) add_verb(*app.add_subcommand(part.name), part);
}

Path path_of(const CLI::App& app, const Verb& program) {
  Path path{&program};
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    path.push_back(find_part(*path.back(), at->get_name()));
  }
  return path;
}

/// "; did you mean 'a'?" or "".
std::string near(const std::string& word, const std::vector<std::string>& names) {
  const auto nearest = nearest_names(word, names, 1);
  return nearest.empty() ? "" : suggestion(word, nearest);
}

std::string unexpected(const Path& path, const std::string& word) {
  const std::string verb = "'" + full_name(path) + "'";
  const std::string shown = "'" + printable(word) + "'";
  if (word.starts_with('-')) {
    const std::string option = word.substr(0, word.find('='));
    return verb + " has no option '" + printable(option) + "'" + near(option, option_names(path));
  }
  const auto parts = part_names(*path.back());
  if (parts.empty()) return verb + " has no use for " + shown;
  return verb + " has no verb " + shown + near(word, parts);
}

std::string complaint(const CLI::App& app, const Path& path, const CLI::ParseError& error) {
  const auto remaining = app.remaining(true);
  for (const auto& each : remaining) {
    const std::string word = unprotect(each);
    // A word behind an unknown option may be its value.
    const bool option_first = unprotect(remaining.front()).starts_with('-');
    if (word != "--" && (word.starts_with('-') || !option_first)) return unexpected(path, word);
  }
  const bool none = path.size() == 1 && dynamic_cast<const CLI::RequiredError*>(&error);
  return none ? "a verb is missing, such as 'index' or 'search'" : error.what();
}

}  // namespace

Request parse(const Verb& program, std::vector<std::string> words) {
  CLI::App app("", program.name);
  app.set_version_flag("--version", "");
  app.fallthrough();
  add_verb(app, program);
  std::ranges::reverse(words);  // the order of CLI11
  Request request;
  try {
    app.parse(words);
  } catch (const CLI::CallForVersion&) {
    request.kind = Request::Kind::version;
  } catch (const CLI::CallForHelp&) {
    request.kind = Request::Kind::help;
  } catch (const CLI::ParseError& error) {
    request.kind = Request::Kind::wrong;
    request.complaint = complaint(app, path_of(app, program), error) + "\nSee '" +
                        full_name(path_of(app, program)) + " --help'";
  }
  request.path = path_of(app, program);
  return request;
}

}  // namespace alike::cli
