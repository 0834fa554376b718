#include "alike/collection/store/rewrite.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/collection/store/segment.h"

namespace alike::collection {
namespace {

/// A group and where its first row stands in the segment.
struct PlacedGroup {
  Group group;
  std::uint64_t first_row = 0;
};

/// The groups with a whole head and a sure place: counted from the start up to the first damaged
/// head, and from the end back to the last one.
std::vector<PlacedGroup> placed_groups(std::span<const std::byte> bytes, std::uint64_t rows) {
  std::vector<PlacedGroup> groups;
  std::size_t after_gap = 0;
  bool gap = false;
  std::uint64_t row = 0;
  for (std::uint64_t offset = 0; offset < bytes.size();) {
    try {
      const Group group = read_group(bytes, offset);
      groups.push_back({group, row});
      row += group.rows;
      offset += group.size;
    } catch (const Error&) {
      if (gap) groups.resize(after_gap);
      after_gap = groups.size();
      gap = true;
      offset = find_group(bytes, offset + 1);
    }
  }
  if (!gap) return groups;
  for (std::size_t i = groups.size(); i > after_gap; --i) {
    rows -= std::min<std::uint64_t>(rows, groups[i - 1].group.rows);
    groups[i - 1].first_row = rows;
  }
  return groups;
}

bool whole(std::span<const std::byte> bytes, const Group& group, std::uint64_t row) {
  const std::uint64_t id = row * sizeof(std::int64_t);
  const std::uint64_t size = std::uint64_t{group.width} * sizeof(float);
  const std::uint64_t values = group.values_offset + row * size;
  return damaged_block(bytes, group, id, id + sizeof(std::int64_t)) < 0 &&
         damaged_block(bytes, group, values, values + size) < 0;
}

class Rewrite {
 public:
  Rewrite(Writer& writer, std::int64_t space, DamagedRows damaged)
      : writer_(writer), space_(space), damaged_(damaged) {}

  void copy(const SegmentEntry& entry) {
    const Folder& folder = writer_.folder();
    const std::string name = writer_.space_folder(space_) + "/" + segment_name(entry.number);
    if (folder.size_of(name).value_or(0) == 0 && damaged_ == DamagedRows::drop) return;
    const MappedFile file(folder.open(name, File::Mode::read));
    const auto bytes =
        file.bytes().first(std::min({entry.bytes, file.bytes().size(), kMostSegmentBytes}));
    const auto dead = writer_.catalog().dead_rows(space_, entry.number);
    for (const auto& placed : placed_groups(bytes, entry.rows))
      copy(bytes, placed, dead, folder.path() / name);
    file.check_no_page_lost();
  }

  /// Writes the remaining rows and points the catalog to them.
  void flush() {
    if (ids_.empty()) return;
    const MatrixView rows{values_.data(), ids_.size(), values_.size() / ids_.size()};
    const auto places = writer_.append(space_, ids_, rows);
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      writer_.catalog().move_row(space_, ids_[i], places[i]);
    }
    ids_.clear();
    values_.clear();
  }

 private:
  void copy(std::span<const std::byte> bytes, const PlacedGroup& placed,
            const std::vector<std::uint64_t>& dead, const std::filesystem::path& path) {
    const Group& group = placed.group;
    const bool all_whole = damaged_block(bytes, group, 0, group.payload_size) < 0;
    if (!all_whole && damaged_ == DamagedRows::refuse) {
      throw Error(ErrorCode::corrupt,
                  "'" + path.native() + "', offset " + std::to_string(group.offset) +
                      ": the rows are damaged",
                  repair_remedy());
    }
    for (std::uint64_t i = 0; i < group.rows; ++i) {
      if (std::ranges::binary_search(dead, placed.first_row + i)) continue;
      if (!all_whole && !whole(bytes, group, i)) continue;
      const float* row = values_of(bytes, group) + i * group.width;
      ids_.push_back(ids_of(bytes, group)[i]);
      values_.insert(values_.end(), row, row + group.width);
      if (ids_.size() == rows_per_group(group.width)) flush();
    }
  }

  Writer& writer_;
  std::int64_t space_;
  DamagedRows damaged_;
  std::vector<ItemId> ids_;
  std::vector<float> values_;
};

}  // namespace

std::uint64_t rewrite_segments(Writer& writer, std::int64_t space,
                               const std::vector<SegmentEntry>& segments, DamagedRows damaged,
                               const Watcher& watcher) {
  if (segments.empty()) return 0;
  Transaction transaction(writer.database(), true);
  writer.begin_segment(space);
  Rewrite rewrite(writer, space, damaged);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped; the collection is as it was");
    }
    watcher.tell({i, segments.size(), 0});
    rewrite.copy(segments[i]);
  }
  rewrite.flush();
  std::uint64_t lost = 0;
  for (const auto& entry : segments) {
    lost += writer.catalog().forget_rows(space, entry.number);
    writer.catalog().remove_segment(space, entry.number);
  }
  writer.commit(transaction);
  writer.remove_leftovers();
  return lost;
}

}  // namespace alike::collection
