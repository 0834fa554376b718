// The rows of a space as an index reads them: mapped segments, each block checked when first read.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "alike/base/file.h"
#include "alike/base/folder.h"
#include "alike/collection/store/segment.h"
#include "alike/index/rows/rows.h"

namespace alike::collection {

/// A segment as the catalog described it at one moment.
struct SegmentView {
  std::int64_t number = 0;
  std::string file;                 ///< Below the folder of the collection.
  std::uint64_t bytes = 0;          ///< That count; the file may be longer.
  std::vector<std::uint64_t> dead;  ///< Rows that do not count, ascending.

  friend bool operator==(const SegmentView&, const SegmentView&) = default;
};

/// Holds the files mapped, also after a writer has removed them. Safe from several threads.
class MappedRows final : public index::RowSource {
 public:
  /// Maps the files in `folder` and reads the heads of their groups. Throws `not_found` when a file
  /// is gone, `corrupt` naming file, offset and remedy.
  MappedRows(std::size_t width, const std::vector<SegmentView>& segments, const Folder& folder);

  std::size_t width() const override { return width_; }
  std::size_t block_count() const override { return blocks_.size(); }
  std::size_t block_rows(std::size_t i) const override { return blocks_[i].rows; }
  index::RowBlock block(std::size_t i) const override;
  index::RowBlock keys(std::size_t i) const override;
  /// Checks the 4-KiB blocks that the row lies in, unless all of block `i` is known to be good.
  const float* values(std::size_t i, std::size_t r) const override;
  void check_whole() const override;

  /// Where block `i` lies: in which segment, which group of it, and from which row of that on.
  struct Place {
    std::int64_t segment = 0;
    std::size_t group = 0;
    std::uint32_t first = 0;
  };
  Place place(std::size_t i) const;
  /// Rows in all segments, dead ones too.
  std::uint64_t row_count() const;
  /// The segments, in order, and the groups of each.
  std::vector<std::int64_t> segments() const;
  const std::vector<Group>& groups(std::int64_t segment) const;
  /// Gives the memory of one of them back; its rows are read again when next looked at.
  void forget(std::int64_t segment, std::size_t group) const;

  /// Row `row` of segment `number`, which must be that of `id`. Throws `corrupt`.
  std::span<const float> row(std::int64_t number, std::uint64_t row, std::int64_t id) const;

 private:
  struct Segment {
    std::int64_t number = 0;
    std::filesystem::path path;
    MappedFile file;
    std::vector<Group> groups;
    std::vector<std::uint8_t> dead;  ///< Empty, or one byte per row.
  };
  struct Block {
    std::size_t segment = 0;
    std::size_t group = 0;
    std::uint64_t first_in_segment = 0;
    std::uint32_t first_in_group = 0;
    std::uint32_t rows = 0;
  };
  void add_segment(const SegmentView& view, const Folder& folder);
  index::RowBlock unchecked(const Block& block) const;
  void check_ids(const Block& block) const;
  void check_values(const Block& block, std::uint64_t begin, std::uint64_t end) const;
  void check(const Block& block, std::uint64_t begin, std::uint64_t end) const;

  std::size_t width_;
  std::vector<Segment> segments_;
  std::vector<Block> blocks_;
  mutable std::vector<std::atomic<bool>> checked_;      // all of the block
  mutable std::vector<std::atomic<bool>> ids_checked_;  // its ids
};

}  // namespace alike::collection
