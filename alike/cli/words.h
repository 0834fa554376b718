// Words typed by people and words shown to them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
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

/// "640 bytes", "1.4 MB".
std::string human_bytes(std::uint64_t bytes);
/// "20 ms", "3.1 s", "2 min 10 s", "1 h 5 min".
std::string human_duration(double seconds);
/// 12345 → "12,345".
std::string human_count(std::uint64_t count);
/// "1 picture", "12 pictures".
std::string counted(std::uint64_t count, const std::string& noun);

/// Rows of text in columns, two spaces apart. `align`: one letter a column, 'l' or 'r'.
std::string columns(const std::vector<std::vector<std::string>>& rows, std::string_view align);

/// `text` as one line for a terminal: control characters and broken UTF-8 are shown, not sent.
std::string printable(std::string_view text);

}  // namespace alike::cli
