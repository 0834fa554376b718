#include "alike/base/sentence.h"

#include <utility>

#include "alike/base/text.h"

namespace alike {

std::string command_of(const Remedy& remedy, const std::string& options) {
  std::string text = "alike" + options + " " + remedy.verb;
  for (const auto& word : remedy.arguments) text += " " + shell_word(word);
  return text;
}

std::string with_command(std::string text, const std::optional<Remedy>& remedy,
                         const std::string& options) {
  if (!remedy) return text;
  text += text.ends_with('?') ? " " : "; ";  // a question ends by itself
  return std::move(text) + remedy->purpose + ": " + command_of(*remedy, options);
}

std::string sentence_of(const std::exception& error) {
  const auto* known = dynamic_cast<const Error*>(&error);
  return known == nullptr ? error.what() : with_command(error.what(), known->remedy());
}

}  // namespace alike
