// An even sample of another source's rows, without a copy.
#pragma once

#include <memory>

#include "alike/index/flat.h"

namespace alike::index {

/// `count` rows, one per block, spread evenly over `source`; always the same ones. Where `source`
/// has fewer, rows come several times. Dead rows stay dead. Reads only blocks that hold a row of
/// the sample.
class SampledRows final : public RowSource {
 public:
  SampledRows(std::shared_ptr<const RowSource> source, std::size_t count);

  std::size_t width() const override;
  std::size_t block_count() const override;
  RowBlock block(std::size_t i) const override;

 private:
  std::shared_ptr<const RowSource> source_;
  std::size_t count_;
};

}  // namespace alike::index
