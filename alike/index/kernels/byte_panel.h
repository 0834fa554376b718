// Products of rows with many queries at once, both as bytes: four times as many a cycle as floats.
#pragma once

#include <cstddef>
#include <cstdint>

namespace alike::index {

/// A row as bytes: number i is about `unit` · byte i.
struct ByteRow {
  float norm = 0;  ///< Σ xᵢ², in float32, summed in any order.
  float unit = 0;  ///< 0 where the numbers are all zero, or too large or too small for bytes.
  float error = 0;  ///< Σ (xᵢ − unit · byteᵢ)², likewise; NaN where `unit` is 0 but the row is not.
  std::int32_t sum = 0;  ///< Of the bytes.
};

/// Numbers that lie together in a panel.
inline constexpr std::size_t kByteGroup = 4;
/// The offset of a query's bytes above their value.
inline constexpr int kByteShift = 128;

/// How one level of SIMD turns rows into bytes and multiplies them. May be called by any number of
/// threads.
struct BytePanel {
  /// Sets `bytes` (width) to those of a row, −127 to 127.
  ByteRow (*bytes_of)(const float* row, std::size_t width, std::int8_t* bytes);
  /// out[r · kPanelQueries + q] = Σ (byteᵢ of query q + kByteShift) · byteᵢ of row r, exact. The
  /// panel has number i of query q at [(i / 4) · 4 · kPanelQueries + 4 q + i % 4] and is aligned to
  /// 64 bytes; `stride`, that of the rows, is a multiple of `kByteGroup` up to 65,536.
  void (*dot)(const std::uint8_t* panel, const std::int8_t* rows, std::size_t row_count,
              std::size_t stride, std::int32_t* out);
};

/// Null where the level in use multiplies bytes no faster than floats: below AVX-512 with VNNI.
const BytePanel* byte_panel();
/// Call only where `Simd::avx512` is.
const BytePanel& byte_panel_avx512();

}  // namespace alike::index
