// From typed words to values in their places and the requested verb.
#pragma once

#include <string>
#include <vector>

#include "alike/cli/verb.h"

namespace alike::cli {

/// The request behind typed words.
struct Request {
  enum class Kind { run, help, version, wrong };
  Kind kind = Kind::run;
  Path path{};              ///< From the program to the innermost known verb.
  std::string complaint{};  ///< Of wrong words: the fault, a near word, where to find help.
};

/// Reads `words` into the places of the options of `program` and its verbs, and runs nothing.
/// Passes on exceptions of an option's `at_once`.
Request parse(const Verb& program, std::vector<std::string> words);

}  // namespace alike::cli
