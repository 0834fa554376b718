// Small helpers for text that people read.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alike {

/// `bytes` with every sequence that is not UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view bytes);
/// `text` in Unicode's normal form C (UAX 15), so that equal characters are equal bytes; a
/// text that is not UTF-8 stays as it is.
std::string composed(std::string_view text);
/// With small letters for A to Z; all other bytes as they are.
std::string small_letters(std::string_view text);
/// The up to `count` names nearest to `wanted` by edit distance, nearest first; only those close
/// enough to be a likely slip.
std::vector<std::string> nearest_names(std::string_view wanted, std::span<const std::string> names,
                                       std::size_t count = 3);
/// "; did you mean 'a' or 'b'?" from `nearest_names`, or the full list when nothing is near, or
/// "" when there are no names.
std::string suggestion(std::string_view wanted, std::span<const std::string> names);

/// `text` as one word for a shell.
std::string shell_word(const std::string& text);

}  // namespace alike
