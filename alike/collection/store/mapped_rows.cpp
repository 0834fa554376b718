#include "alike/collection/store/mapped_rows.h"

#include <algorithm>

#include "alike/base/error.h"

namespace alike::collection {
namespace {

/// Small enough to stay in cache between the check and the scan.
constexpr std::size_t kBlockBytes = 256 << 10;

[[noreturn]] void throw_damage(const std::filesystem::path& file, const std::string& what) {
  throw Error(ErrorCode::corrupt, "'" + file.native() + "', " + what, repair_remedy());
}

}  // namespace

MappedRows::MappedRows(std::size_t width, const std::vector<SegmentView>& segments,
                       const Folder& folder)
    : width_(width) {
  if (width < 1 || width > kMaxWidth) {
    throw Error(ErrorCode::corrupt,
                "the catalog says that rows have " + std::to_string(width) + " numbers",
                repair_remedy());
  }
  for (const auto& view : segments) add_segment(view, folder);
  checked_ = std::vector<std::atomic<bool>>(blocks_.size());
  ids_checked_ = std::vector<std::atomic<bool>>(blocks_.size());
}

index::RowBlock MappedRows::block(std::size_t i) const {
  const Block& block = blocks_[i];
  if (!checked_[i].load(std::memory_order_acquire)) {
    check_ids(block);
    check_values(block, 0, block.rows);
    checked_[i].store(true, std::memory_order_release);
  }
  return unchecked(block);
}

index::RowBlock MappedRows::keys(std::size_t i) const {
  const Block& block = blocks_[i];
  if (!ids_checked_[i].load(std::memory_order_acquire)) {
    check_ids(block);
    ids_checked_[i].store(true, std::memory_order_release);
  }
  index::RowBlock rows = unchecked(block);
  rows.values = nullptr;
  return rows;
}

const float* MappedRows::values(std::size_t i, std::size_t r) const {
  const Block& block = blocks_[i];
  if (!checked_[i].load(std::memory_order_acquire)) check_values(block, r, r + 1);
  return unchecked(block).values + r * width_;
}

void MappedRows::check_whole() const {
  for (const Segment& segment : segments_) segment.file.check_no_page_lost();
}

MappedRows::Place MappedRows::place(std::size_t i) const {
  const Block& block = blocks_[i];
  return {segments_[block.segment].number, block.group, block.first_in_group};
}

std::uint64_t MappedRows::row_count() const {
  std::uint64_t rows = 0;
  for (const Block& block : blocks_) rows += block.rows;
  return rows;
}

std::vector<std::int64_t> MappedRows::segments() const {
  std::vector<std::int64_t> numbers;
  for (const Segment& segment : segments_) numbers.push_back(segment.number);
  return numbers;
}

const std::vector<Group>& MappedRows::groups(std::int64_t segment) const {
  return std::ranges::find(segments_, segment, &Segment::number)->groups;
}

void MappedRows::forget(std::int64_t segment, std::size_t group) const {
  const auto found = std::ranges::find(segments_, segment, &Segment::number);
  found->file.forget(found->groups[group].offset, found->groups[group].size);
}

std::span<const float> MappedRows::row(std::int64_t number, std::uint64_t row,
                                       std::int64_t id) const {
  // Blocks are in the order of segments, which have ascending numbers, and of rows.
  const auto after = std::ranges::partition_point(blocks_, [&](const Block& block) {
    const std::int64_t of = segments_[block.segment].number;
    return of < number || (of == number && block.first_in_segment <= row);
  });
  if (after != blocks_.begin()) {
    const auto i = static_cast<std::size_t>(after - blocks_.begin()) - 1;
    const Block& block = blocks_[i];
    const std::uint64_t place = row - block.first_in_segment;
    if (segments_[block.segment].number == number && place < block.rows &&
        keys(i).ids[place] == id) {
      return {values(i, place), width_};
    }
  }
  throw Error(ErrorCode::corrupt,
              "row " + std::to_string(row) + " of segment " + std::to_string(number) +
                  " is not that of item " + std::to_string(id),
              repair_remedy());
}

void MappedRows::add_segment(const SegmentView& view, const Folder& folder) {
  Segment segment;
  segment.number = view.number;
  segment.path = folder.path() / view.file;
  segment.file = MappedFile(folder.open(view.file, File::Mode::read));
  if (segment.file.bytes().size() < view.bytes) {
    throw_damage(segment.path, "offset " + std::to_string(segment.file.bytes().size()) +
                                   ": the file is cut short, it had " + std::to_string(view.bytes) +
                                   " bytes");
  }
  const auto bytes = segment.file.bytes().first(view.bytes);
  const auto most = std::max<std::size_t>(1, kBlockBytes / (width_ * sizeof(float)));
  std::uint64_t row = 0;
  std::uint64_t before = 0;  // where the last group begins
  for (std::uint64_t offset = 0; offset < bytes.size();) {
    Group group;
    try {
      group = read_group(bytes, offset);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::corrupt) throw_damage(segment.path, error.what());
      throw;
    }
    if (group.width != width_) {
      throw_damage(segment.path, "offset " + std::to_string(offset) + ": rows of width " +
                                     std::to_string(group.width) + " in a space of width " +
                                     std::to_string(width_));
    }
    for (std::uint32_t first = 0; first < group.rows;) {
      const auto rows = static_cast<std::uint32_t>(std::min<std::size_t>(most, group.rows - first));
      blocks_.push_back({segments_.size(), segment.groups.size(), row, first, rows});
      first += rows;
      row += rows;
    }
    segment.groups.push_back(group);
    // The system maps pages around a head as well, which would be a good part of the file.
    segment.file.forget(before, offset + group.size - before);
    before = offset;
    offset += group.size;
  }
  if (!view.dead.empty()) {
    segment.dead.resize(row);
    for (const std::uint64_t dead : view.dead) {
      if (dead < row) segment.dead[dead] = 1;
    }
  }
  segments_.push_back(std::move(segment));
}

index::RowBlock MappedRows::unchecked(const Block& block) const {
  const Segment& segment = segments_[block.segment];
  const Group& group = segment.groups[block.group];
  index::RowBlock rows;
  rows.ids = ids_of(segment.file.bytes(), group) + block.first_in_group;
  rows.values = values_of(segment.file.bytes(), group) + block.first_in_group * width_;
  rows.rows = block.rows;
  if (!segment.dead.empty()) rows.dead = segment.dead.data() + block.first_in_segment;
  return rows;
}

void MappedRows::check_ids(const Block& block) const {
  const std::uint64_t first = block.first_in_group;
  check(block, first * sizeof(std::int64_t), (first + block.rows) * sizeof(std::int64_t));
}

void MappedRows::check_values(const Block& block, std::uint64_t begin, std::uint64_t end) const {
  const std::uint64_t row_bytes = width_ * sizeof(float);
  const std::uint64_t values =
      segments_[block.segment].groups[block.group].values_offset + block.first_in_group * row_bytes;
  check(block, values + begin * row_bytes, values + end * row_bytes);
}

/// Bytes [begin, end) of the payload of the group that `block` is in.
void MappedRows::check(const Block& block, std::uint64_t begin, std::uint64_t end) const {
  const Segment& segment = segments_[block.segment];
  const Group& group = segment.groups[block.group];
  const std::int64_t damaged = damaged_block(segment.file.bytes(), group, begin, end);
  if (damaged < 0) return;
  const auto offset = group.payload_offset + static_cast<std::uint64_t>(damaged) * kBlockSize;
  throw_damage(segment.path,
               "offset " + std::to_string(offset) + ": the block does not have its checksum");
}

}  // namespace alike::collection
