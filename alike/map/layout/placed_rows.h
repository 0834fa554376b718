// Rows known by their places among the living ones.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "alike/index/rows/rows.h"

namespace alike::map {

/// Another source's rows, with ids 0, 1, 2, … for those that are not dead. Keeps no values.
class PlacedRows final : public index::RowSource {
 public:
  explicit PlacedRows(std::shared_ptr<const index::RowSource> source);

  std::size_t width() const override { return source_->width(); }
  std::size_t block_count() const override { return source_->block_count(); }
  std::size_t block_rows(std::size_t i) const override { return source_->block_rows(i); }
  index::RowBlock block(std::size_t i) const override { return placed(i, source_->block(i)); }
  index::RowBlock keys(std::size_t i) const override { return placed(i, source_->keys(i)); }
  const float* values(std::size_t i, std::size_t r) const override { return source_->values(i, r); }
  void check_whole() const override { source_->check_whole(); }
  /// Rows that are not dead.
  std::size_t living() const { return living_.size(); }
  /// The row at place `i` of them, (width).
  std::span<const float> row(std::size_t i) const {
    return {source_->values(living_[i].block, living_[i].row), width()};
  }
  /// Its id in the source.
  std::int64_t source_id(std::size_t i) const {
    return source_->keys(living_[i].block).ids[living_[i].row];
  }

 private:
  struct Where {
    std::uint32_t block, row;
  };

  index::RowBlock placed(std::size_t i, index::RowBlock block) const {
    block.ids = ids_[i].data();
    return block;
  }

  std::shared_ptr<const index::RowSource> source_;
  std::vector<std::vector<std::int64_t>> ids_;  // of each block
  std::vector<Where> living_;
};

}  // namespace alike::map
