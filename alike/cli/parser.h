// From typed words to values in their places and the verb that is asked for.
#pragma once

#include <string>
#include <vector>

#include "alike/cli/verb.h"

namespace alike::cli {

/// What words ask for.
struct Request {
  enum class Kind { run, help, version, wrong };
  Kind kind = Kind::run;
  Path path{};              ///< From the program to the innermost verb that was understood.
  std::string complaint{};  ///< Of wrong words: what is wrong, what may have been meant, who helps.
};

/// Reads `words` into the places of the options of `program` and its verbs, and runs nothing.
/// Throws what `at_once` of an option throws.
Request parse(const Verb& program, std::vector<std::string> words);

}  // namespace alike::cli
