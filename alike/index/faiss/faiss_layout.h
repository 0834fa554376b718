// Where in a faiss index file its rows lie. The format is described in docs/file-formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alike/index/vector_index.h"

namespace alike::index {

/// The metrics in the head of an index, and the value of two fields of it that mean nothing.
inline constexpr std::int32_t kFaissInnerProduct = 0;
inline constexpr std::int32_t kFaissL2 = 1;
inline constexpr std::uint64_t kFaissFiller = 1 << 20;

/// How the rows of `FaissLayout` are coded.
struct FaissProduct {
  std::size_t parts = 0;                 ///< Pieces that a row is cut into, equally wide.
  unsigned bits = 0;                     ///< Of the number that names the centroid of a piece.
  std::span<const std::byte> centroids;  ///< (parts, 2^bits, width / parts) float32.
};

/// The parsed bytes of an index; points into them.
struct FaissLayout {
  std::string kind;  ///< "Flat", "IDMap2 of IVF-Flat".
  Metric metric = Metric::l2;
  std::size_t width = 0;
  std::vector<const std::byte*> rows;  ///< Where each begins: float32 unless `product` says else.
  std::vector<std::int64_t> ids;       ///< One a row, or none.
  FaissProduct product;                ///< `parts` is 0 where rows are kept as they came.
};

/// Whether four letters are like those that begin every index.
bool is_faiss_code(std::span<const char, 4> letters);

/// Reads all of `bytes` and no value of a row. `what` names the file in sentences. Throws `corrupt`
/// for damage and bytes too many, `unsupported` for a kind or metric that cannot be read.
FaissLayout read_faiss_layout(std::span<const std::byte> bytes, const std::string& what);

}  // namespace alike::index
