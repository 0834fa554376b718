// The expressions of `--where`, turned into one SQL condition with bound values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alike::collection {

/// A condition on the table `items`. `sql` holds one '?' per entry of `values`; no text of the user
/// ever gets into `sql`.
struct Filter {
  std::string sql;
  std::vector<std::variant<std::int64_t, double, std::string>> values;
};

/// Parses for example `label = "animals" and width > 800`, `not (label in ("a", "b") or path like
/// "2019/%")`, `added >= "2026-01-31"`. Fields: id, path, label, width, height, size, added (a date
/// or date and time, UTC), modified. `label = "animals"` also holds for folders below it; `==` is
/// exact. Operators: = == != < <= > >= like in and or not ( ). Throws `invalid_argument` with the
/// position, the word found there, the words expected there, and near field names.
Filter parse_filter(std::string_view expression);

}  // namespace alike::collection
