// Rows → codes of one bit per number, and of more for a second look, from which distances are
// estimated with a known error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/index/codes/rotation.h"
#include "alike/index/rows/rows.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// Codes of another version mean something else: it changes with the rotation and the factors.
inline constexpr std::uint64_t kCodingVersion = 1;

/// A view of the codes of some rows (in memory or a mapped file).
struct CodeBlock {
  std::size_t rows = 0;
  const float* along = nullptr;          ///< (rows) product with the direction of the centre.
  const float* square = nullptr;         ///< (rows) l2: squared distance from the centre; else 0.
  const float* scale = nullptr;          ///< (rows) the factor of a product of signs.
  const float* error = nullptr;          ///< (rows) deviation of the estimate per length of query.
  const std::uint64_t* signs = nullptr;  ///< (rows, words)
  /// Of the second look; null where codes have one bit.
  const float* fine_scale = nullptr;    ///< (rows) as `scale`.
  const float* fine_error = nullptr;    ///< (rows) as `error`.
  const std::uint64_t* rest = nullptr;  ///< (rows, words, bits − 1) see `PackedRows`.
};

/// A query as it meets codes.
struct QueryCode {
  std::vector<std::uint64_t> planes;  ///< See `BitDot`.
  float unit = 0;                     ///< The value of a 1 in the planes.
  float half_sum = 0;                 ///< Half the sum of all numbers of the query.
  float base = 0, slope = 0;          ///< The known part of a key: base + slope · along.
  float weight = 0;                   ///< Of the estimated product in a key.
  float size = 0;                     ///< Of the products that cancel out in a key, at least.
  float reach = 0;                    ///< The factor of `CodeBlock::error`.
  /// Of the second look; none where codes have one bit.
  std::vector<std::int8_t> levels;  ///< (64 · words) the query of `PackedDot`.
  std::int64_t level_sum = 0;       ///< Of all of them.
  float level_unit = 0;             ///< The value of level 1.
  float fine_reach = 0;             ///< The factor of `CodeBlock::fine_error`.
  float fine_lost = 0;  ///< The factor of `CodeBlock::fine_scale`, for the error of levels.
};

/// Codes as they are kept.
struct Encoded {
  std::vector<std::byte> codes;  ///< Of one bit per number.
  std::vector<std::byte> fine;   ///< The further part for the second look; may be empty.
};

/// RaBitQ (Gao & Long, arXiv 2405.12497) with one bit per number. A row o and a query q are split
/// along the direction of a centre; the rests, r and p, are rotated at random and
///
///   ⟨r, p⟩ ≈ ⟨s, p⟩ · |r|² / ⟨s, r⟩     where sᵢ = ±½, the sign of rᵢ.
///
/// The estimate is unbiased, and since the part of s across r points anywhere, its error is nearly
/// normal with deviation |r| |p| √(|s|² |r|² / ⟨s, r⟩² − 1) / √(n − 1).
///
/// With more bits per number (Gao et al., arXiv 2409.09913) the signs stay the same and a second
/// look has sᵢ = ±½, ±1½, …, the middle of the step that rᵢ is in: the same formulas.
///
/// Estimates are of a key that grows with the distance: −⟨o, q⟩ for inner products and for cosine
/// (of rows and queries of length 1), |o − q|² for l2. Safe from several threads.
class Rabitq {
 public:
  /// `center` (width) is best the mean of the rows; any finite one is right. `bits`: of a number, 1
  /// or 2 to 8 of which the first is the sign.
  Rabitq(Metric metric, std::vector<float> center, std::size_t bits = 1);

  Metric metric() const { return metric_; }
  std::size_t bits() const { return bits_; }
  std::size_t width() const { return center_.size(); }
  std::span<const float> center() const { return center_; }
  /// 64-bit words of signs in a code.
  std::size_t words() const { return rotation_.padded() / 64; }
  /// Bytes of a row in `Encoded::codes`: a multiple of 8.
  static std::size_t bytes_per_row(std::size_t width);
  /// Bytes of a row in `Encoded::fine`: a multiple of 8; 0 for one bit.
  static std::size_t fine_bytes_per_row(std::size_t width, std::size_t bits);
  /// The codes of `count` rows as they are kept; rows of any length, zeros and overflow included.
  Encoded encode(const float* rows, std::size_t count) const;
  /// Rows [first, first + count) of the codes that `encode` made of `rows` rows; 8-byte aligned.
  /// `fine` is not read where codes have one bit.
  CodeBlock view(const std::byte* codes, const std::byte* fine, std::size_t rows, std::size_t first,
                 std::size_t count) const;

  /// `query` as `Distances::queries` holds it. The true key is within the bounds of one pair but
  /// for `deviations` of a normal distribution.
  QueryCode query(std::span<const float> query, double deviations) const;
  /// Sets `lower` and `upper` (rows) to the bounds of the key of each row; `products` (rows) are
  /// those of `bit_dot`. A row that cannot be bounded gets (−∞, ∞).
  static void bound(const QueryCode& query, const CodeBlock& codes, const std::int32_t* products,
                    float* lower, float* upper);
  /// Narrows the bounds of the rows `which` by a second look; `products` are those of `packed_dot`.
  void refine(const QueryCode& query, const CodeBlock& codes, std::span<const std::uint32_t> which,
              const std::int32_t* products, float* lower, float* upper) const;

 private:
  void add_levels(std::span<const float> rest, double deviations, QueryCode& code) const;

  Metric metric_;
  std::size_t bits_;
  std::vector<float> center_;
  std::vector<float> direction_;  // of the centre, length 1 or all 0
  double center_length_ = 0;
  Rotation rotation_;
};

/// The mean of the first few thousand rows that are not dead: a centre for `Rabitq`. Zeros for
/// inner product rows that overflow, and where there are no rows.
std::vector<float> center_of(const RowSource& rows, Metric metric);

}  // namespace alike::index
