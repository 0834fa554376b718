#include "alike/cli/help.h"

#include <sstream>

#include "alike/base/human.h"
#include "alike/base/text.h"
#include "alike/cli/options.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

constexpr std::size_t kColumn = 28;

std::string full_name(const CLI::App& app) {
  const std::string before = app.get_parent() == nullptr ? "" : full_name(*app.get_parent()) + " ";
  return before + app.get_name();
}

/// The innermost verb that was understood.
const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

/// "; did you mean 'a'?" or "".
std::string near(const std::string& word, const std::vector<std::string>& names) {
  const auto nearest = nearest_names(word, names, 1);
  return nearest.empty() ? "" : suggestion(word, nearest);
}

std::string unexpected(const CLI::App& verb, const std::string& word) {
  const std::string shown = "'" + printable(word) + "'";
  if (word.starts_with("-")) {
    const std::string option = word.substr(0, word.find('='));
    return "'" + full_name(verb) + "' has no option '" + printable(option) + "'" +
           near(option, option_names(verb));
  }
  const auto verbs = verb_names(verb);
  if (verbs.empty()) return "'" + full_name(verb) + "' has no use for " + shown;
  return "'" + full_name(verb) + "' has no verb " + shown + near(word, verbs);
}

std::string complaint(const CLI::App& app, const CLI::App& verb, const CLI::ParseError& error) {
  const auto remaining = app.remaining(true);
  for (const auto& each : remaining) {
    const std::string word = unprotect(each);
    // What follows an option that does not exist may be its value.
    const bool option_first = unprotect(remaining.front()).starts_with("-");
    if (word != "--" && (word.starts_with("-") || !option_first)) return unexpected(verb, word);
  }
  const bool none = verb.get_parent() == nullptr && dynamic_cast<const CLI::RequiredError*>(&error);
  return none ? "a verb is missing, such as 'index' or 'search'" : error.what();
}

}  // namespace

std::string synopsis(const CLI::App& verb) {
  std::string words;
  std::string options;
  for (const CLI::Option* option : verb.get_options()) {
    if (option->get_positional()) {
      const bool many = option->get_expected_max() >= CLI::detail::expected_max_vector_size;
      const std::string name = option->get_name(true, false) + (many ? "..." : "");
      words += option->get_required() ? " " + name : " [" + name + "]";
    } else if (option->get_required()) {
      options += " " + head_of(*option);
    }
  }
  const bool inner = !verb_names(verb).empty();
  const std::string verbs = !inner ? "" : verb.get_parent() == nullptr ? " VERB" : " [VERB]";
  return full_name(verb) + verbs + words + options + " [options]";
}

std::string head_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true, false);
  std::string head = CLI::detail::join(names_of(option), ", ");
  return takes_value(option) ? head + " " + option.get_type_name() : head;
}

std::string description_of(const CLI::Option& option) {
  const std::string standard = option.get_default_str();
  return option.get_description() + (standard.empty() ? "" : " (otherwise " + standard + ")");
}

Help::Help() { label("Positionals", "Words"); }

std::string Help::make_usage(const CLI::App* app, std::string) const {
  return "Usage: " + synopsis(*app) + "\n";
}

std::string Help::make_option(const CLI::Option* option, bool) const {
  std::ostringstream out;
  CLI::detail::format_help(out, head_of(*option), description_of(*option), kColumn);
  return out.str();
}

std::string Help::make_footer(const CLI::App* app) const {
  std::string footer = app->get_footer();
  if (!footer.empty()) footer += "\n";
  if (app->get_parent() == nullptr) return footer;
  return footer + (footer.empty() ? "" : "\n") +
         "-C, --collection, --json, --quiet and --threads may stand anywhere: 'alike --help'\n";
}

std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& verb = innermost(app);
  return complaint(app, verb, error) + "\nSee '" + full_name(verb) + " --help'";
}

}  // namespace alike::cli
