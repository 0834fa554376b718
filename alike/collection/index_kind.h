// Which index answers queries on a space.
#pragma once

#include <cstdint>
#include <string_view>

namespace alike::collection {

enum class IndexKind {
  automatic,  ///< `coded` for a space of `kCodedRows` rows or more, else `flat`.
  flat,       ///< Every row is read.
  coded,      ///< Small codes are read, and the rows which they leave open.
};

/// From here on codes answer faster than the rows themselves (docs/results.md).
inline constexpr std::uint64_t kCodedRows = 20'000;

std::string_view name_of(IndexKind kind) noexcept;  ///< "auto", "flat", "coded".
IndexKind index_kind_from(std::string_view name);   ///< Throws `invalid_argument`.

/// Whether a space of `rows` rows is to have codes.
constexpr bool wants_codes(IndexKind kind, std::uint64_t rows) {
  return kind == IndexKind::coded || (kind == IndexKind::automatic && rows >= kCodedRows);
}

}  // namespace alike::collection
