// A scan of small codes that rereads in full only the rows which their error bound cannot exclude.
#pragma once

#include <memory>
#include <vector>

#include "alike/index/codes/rabitq.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// Codes that go with the rows of a `RowSource`. Read from several threads at once.
class CodeSource {
 public:
  virtual ~CodeSource() = default;
  virtual const Rabitq& coding() const = 0;
  /// Codes of the first rows of block `i`, checked: of fewer than all where they are missing or
  /// damaged.
  virtual CodeBlock block(std::size_t i) const = 0;
};

/// Codes in memory.
class Codes final : public CodeSource {
 public:
  /// Makes the codes of all rows of `source`, of so many bits per number (`Rabitq`), on `threads`
  /// threads, which they do not depend on.
  Codes(const RowSource& source, Metric metric, int threads, std::size_t bits = 1);

  const Rabitq& coding() const override { return coding_; }
  CodeBlock block(std::size_t i) const override;

 private:
  struct Block {
    std::size_t rows = 0;
    Encoded codes;
  };
  Rabitq coding_;
  std::vector<Block> blocks_;
};

/// Answers as `Flat` does, to the last bit, unless an estimate is off by more than `kDeviations` of
/// a normal distribution: rarer than one neighbour in 30,000. Rows without codes are read in full.
/// Where codes have more than one bit, the others are read of those rows that the first leaves
/// open, so that fewer are read in full.
class RabitqIndex final : public VectorIndex {
 public:
  static constexpr double kDeviations = 4;

  /// `codes` must be those of `rows`.
  RabitqIndex(std::shared_ptr<const RowSource> rows, std::shared_ptr<const CodeSource> codes);

  std::size_t width() const override;
  std::uint64_t size() const override;
  SearchResult search(std::span<const float> query, const SearchOptions& options) const override;
  std::vector<SearchResult> search_batch(MatrixView queries,
                                         const SearchOptions& options) const override;

 private:
  std::shared_ptr<const RowSource> rows_;
  std::shared_ptr<const CodeSource> codes_;
};

}  // namespace alike::index
