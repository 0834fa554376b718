// An even sample of another source's rows, without a copy.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "alike/index/rows/rows.h"

namespace alike::index {

/// `count` rows, one per block, spread evenly over `source`; always the same ones. Where `source`
/// has fewer, rows come several times. Dead rows stay dead. Only rows of the sample are read.
class SampledRows final : public RowSource {
 public:
  SampledRows(std::shared_ptr<const RowSource> source, std::size_t count);

  std::size_t width() const override;
  std::size_t block_count() const override;
  std::size_t block_rows(std::size_t i) const override;
  RowBlock block(std::size_t i) const override;
  /// Rows of the source, dead ones too.
  std::uint64_t source_rows() const { return source_rows_; }

 private:
  struct Place {
    std::size_t block;
    std::size_t row;  // in the block
  };

  std::shared_ptr<const RowSource> source_;
  std::uint64_t source_rows_ = 0;
  std::vector<Place> places_;
};

}  // namespace alike::index
