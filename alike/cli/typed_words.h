// Words typed by people.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "alike/image/image.h"

namespace alike::cli {

/// The command line of a search with words like `-b.jpg` and `-id:7`, which mean "less like this",
/// marked so that they are not taken for options; `unprotect` takes the mark away. `with_value`:
/// the options that a value follows, which is never an example; one that begins with '-' is joined
/// to its option by '='.
std::vector<std::string> protect_examples(std::vector<std::string> words,
                                          const std::vector<std::string>& with_value = {});
std::string unprotect(const std::string& word);

/// "x,y,w,h" → a box. Throws `invalid_argument`.
image::Box parse_box(const std::string& text);
/// "123.7,116.3,103.5" or one number for all three. Throws `invalid_argument` naming `option`.
std::array<float, 3> parse_triple(const std::string& option, const std::string& text);

}  // namespace alike::cli
