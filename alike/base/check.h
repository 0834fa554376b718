// Checks of arguments that several folders make.
#pragma once

#include <cstddef>
#include <string>

namespace alike {

/// Throws `invalid_argument` with `sentence` unless `holds`.
void require(bool holds, const std::string& sentence);

/// Throws `invalid_argument` unless there are as many `things` ("labels") as rows: "3 labels are
/// given for 5 rows; give one for each".
void require_for_each_row(std::size_t count, const std::string& things, std::size_t rows);
/// As `require_for_each_row`, where there may also be none.
void require_for_each_row_or_none(std::size_t count, const std::string& things, std::size_t rows);

}  // namespace alike
