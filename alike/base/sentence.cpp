#include "alike/base/sentence.h"

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike {

std::string sentence_of(const std::exception& error) {
  std::string text = error.what();
  const auto* known = dynamic_cast<const Error*>(&error);
  if (known == nullptr || !known->remedy()) return text;
  text += "; " + known->remedy()->purpose + ": alike " + known->remedy()->verb;
  for (const auto& word : known->remedy()->arguments) text += " " + shell_word(word);
  return text;
}

}  // namespace alike
