#include "alike/cli/help.h"

namespace alike::cli {
namespace {

constexpr std::size_t kOptionColumn = 28;
constexpr std::size_t kVerbColumn = 30;

/// `text` begins in `column`, in a line of its own where `head` is too long.
std::string line(const std::string& head, const std::string& text, std::size_t column) {
  std::string start = "  " + head;
  if (start.size() >= column) start += "\n" + std::string(column, ' ');
  if (start.size() < column) start.resize(column, ' ');
  return start + text + "\n";
}

std::string section(const std::string& heading, const std::string& lines) {
  return lines.empty() ? "" : "\n" + heading + ":\n" + lines;
}

}  // namespace

std::string full_name(const Path& path) {
  std::string name;
  for (const Verb* verb : path) name += (name.empty() ? "" : " ") + verb->name;
  return name;
}

std::string synopsis(const Path& path) {
  const Verb& verb = *path.back();
  std::string words;
  std::string options;
  for (const Option& option : verb.options) {
    if (is_word(option)) {
      const std::string name = option.name + (takes_many(option) ? "..." : "");
      words += option.rules.required ? " " + name : " [" + name + "]";
    } else if (option.rules.required) {
      options += " " + head_of(option);
    }
  }
  const std::string verbs = verb.parts.empty() ? "" : path.size() == 1 ? " VERB" : " [VERB]";
  return full_name(path) + verbs + words + options + " [options]";
}

std::string head_of(const Option& option) {
  if (is_word(option)) return option.name;
  std::string head;
  for (const auto& name : names_of(option)) head += (head.empty() ? "" : ", ") + name;
  return takes_value(option) ? head + " " + option.type.shown : head;
}

std::string description_of(const Option& option) {
  return option.help + (option.standard.empty() ? "" : " (otherwise " + option.standard + ")");
}

std::string help_of(const Path& path) {
  const Verb& verb = *path.back();
  const bool program = path.size() == 1;
  std::string words;
  std::string options;
  std::string parts;
  if (!program) {
    const Option& help = path.front()->options.front();
    options = line(head_of(help), description_of(help), kOptionColumn);
  }
  for (const Option& option : verb.options) {
    (is_word(option) ? words : options) +=
        line(head_of(option), description_of(option), kOptionColumn);
  }
  for (const Verb& part : verb.parts) parts += line(part.name, part.about, kVerbColumn);
  std::string text = verb.about + "\nUsage: " + synopsis(path) + "\n" + section("Words", words) +
                     section("Options", options) +
                     section(program ? "Verbs" : "Subcommands", parts) + "\n";
  if (!verb.notes.empty()) text += verb.notes + "\n";
  if (program) return text;
  return text + (verb.notes.empty() ? "" : "\n") +
         "-C, --collection, --json, --quiet, --threads and --max-pixels may stand anywhere: 'alike "
         "--help'\n";
}

}  // namespace alike::cli
