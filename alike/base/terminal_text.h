// Text for a terminal, which takes some characters for commands.
#pragma once

#include <string>
#include <string_view>

namespace alike {

/// `text` as one line for a terminal: control characters, marks that turn the direction of writing
/// (U+202E and its kind) and broken UTF-8 are shown, not sent. `printable` is the same.
std::string line_for_terminal(std::string_view text);
/// As `line_for_terminal`, for a text of several lines, whose line feeds and tabs stay; what is
/// shown is an escape of JSON.
std::string for_terminal(std::string_view text);

}  // namespace alike
