// faiss's index files: how rows come in from and go out to programs that use faiss.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/replacing_file.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// The rows of an index file.
struct FaissRows {
  Matrix rows;                    ///< In the order of `ids`, else as they were added.
  std::vector<std::int64_t> ids;  ///< (rows) ascending; none where the file holds none.
  Metric metric = Metric::l2;     ///< `l2` or `inner_product`: faiss has no cosine.
  std::string kind;               ///< For people: "Flat", "IDMap of PQ".
  bool lossy = false;             ///< Decoded from codes: near the rows added, not the same.
};

/// Whether the file begins as faiss's index files do. Throws `not_found`, `io`.
bool is_faiss(const std::filesystem::path& file);

/// Reads the kinds Flat, IDMap and IDMap2, IVF-Flat, HNSW-Flat and PQ, with inner product or L2, as
/// faiss 1.15 and older write them; of graph and lists only the rows. Throws `corrupt` for damage,
/// `unsupported` for another kind or metric (said by name, with the line of Python that writes a
/// .npy instead), `invalid_argument` for NaN or infinity with row and column.
FaissRows read_faiss(const std::filesystem::path& file);
/// As above, from the bytes of a file; `what` names it in sentences.
FaissRows read_faiss(std::span<const std::byte> bytes, const std::string& what);

/// Writes a Flat index row by row, into FILE.new until `finish`. One thread at a time.
class FaissWriter {
 public:
  /// `append` gives the rows. A cosine index is one of inner product over rows of length 1.
  FaissWriter(const std::filesystem::path& file, std::size_t width, Metric metric);
  /// Adds a row. Throws `invalid_argument` for another width, `io`.
  void append(std::span<const float> row);
  /// Writes the head with the true number of rows, syncs, and takes the name of `file`.
  void finish();

 private:
  std::string head() const;

  ReplacingFile file_;
  std::size_t width_;
  Metric metric_;
  std::uint64_t rows_ = 0;
};

}  // namespace alike::index
