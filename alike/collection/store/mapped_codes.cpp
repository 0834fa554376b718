#include "alike/collection/store/mapped_codes.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/collection/index_kind.h"

namespace alike::collection {

namespace {

/// 0 for codes of another version.
std::size_t bits_of_source(std::uint64_t source) {
  for (const IndexKind kind : kIndexKinds) {
    if (bits_of(kind) > 0 && source == center_source(bits_of(kind))) return bits_of(kind);
  }
  return 0;
}

/// The groups at `offset` of `bytes`; nullopt when they are not of the rows `of`.
std::optional<CodeGroups> groups_for(const Group& of, std::span<const std::byte> bytes,
                                     std::uint64_t offset, const CodeFile& file) {
  const auto fits = [&](const Group& group, std::size_t width) {
    return group.source == of.sum && group.rows == of.rows && group.width == width;
  };
  CodeGroups groups{read_group(bytes, offset, GroupType::codes), std::nullopt};
  const std::size_t width = file.center.size();
  if (of.width != width || !fits(groups.codes, width)) return std::nullopt;
  if (file.bits == 1) return groups;
  groups.fine = read_group(bytes, offset + groups.codes.size, GroupType::fine);
  if (!fits(*groups.fine, index::Rabitq::fine_bytes_per_row(width, file.bits))) return std::nullopt;
  return groups;
}

}  // namespace

std::string codes_name(std::int64_t segment) {
  std::string digits = std::to_string(segment);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return "codes-" + digits + ".seg";
}

std::uint64_t center_source(std::size_t bits) {
  return index::kCodingVersion | std::uint64_t{bits - 1} << 32;
}

bool undamaged(std::span<const std::byte> file, const CodeGroups& groups) {
  const auto good = [&](const Group& group) {
    return damaged_block(file, group, 0, group.payload_size) < 0;
  };
  return good(groups.codes) && (!groups.fine || good(*groups.fine));
}

std::optional<CodeFile> read_code_file(const Folder& folder, const std::string& name,
                                       const std::vector<Group>& rows) {
  CodeFile codes;
  try {
    codes.file = MappedFile(folder.open(name, File::Mode::read));
    const auto bytes = codes.file.bytes();
    const Group center = read_group(bytes, 0, GroupType::center);
    codes.bits = bits_of_source(center.source);
    if (codes.bits == 0) return std::nullopt;
    if (damaged_block(bytes, center, 0, center.payload_size) >= 0) return std::nullopt;
    const float* values = values_of(bytes, center);
    codes.center.assign(values, values + center.width);
    std::uint64_t offset = center.size;
    while (offset < bytes.size() && codes.groups.size() < rows.size()) {
      const auto groups = groups_for(rows[codes.groups.size()], bytes, offset, codes);
      if (!groups) return codes;
      codes.groups.push_back(*groups);
      offset += groups->codes.size + (groups->fine ? groups->fine->size : 0);
    }
    codes.whole = offset == bytes.size();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::io) throw;
    if (codes.center.empty()) return std::nullopt;
  }
  return codes;
}

std::shared_ptr<const MappedCodes> MappedCodes::open(const Folder& folder, const std::string& space,
                                                     std::shared_ptr<const MappedRows> rows,
                                                     index::Metric metric) {
  std::vector<float> center;
  std::size_t bits = 0;
  std::map<std::int64_t, Segment> segments;
  for (const std::int64_t number : rows->segments()) {
    auto codes = read_code_file(folder, space + "/" + codes_name(number), rows->groups(number));
    if (!codes || codes->groups.empty()) continue;
    if (center.empty()) {
      center = codes->center;
      bits = codes->bits;
    }
    if (codes->center != center || codes->bits != bits) continue;
    const std::size_t count = codes->groups.size();
    segments.emplace(number, Segment{std::move(*codes), std::vector<std::atomic<State>>(count)});
  }
  if (segments.empty()) return nullptr;
  return std::shared_ptr<const MappedCodes>(new MappedCodes(
      std::move(rows), index::Rabitq(metric, std::move(center), bits), std::move(segments)));
}

MappedCodes::MappedCodes(std::shared_ptr<const MappedRows> rows, index::Rabitq coding,
                         std::map<std::int64_t, Segment> segments)
    : rows_(std::move(rows)), coding_(std::move(coding)), segments_(std::move(segments)) {}

index::CodeBlock MappedCodes::block(std::size_t i) const {
  const auto [number, number_of_group, first] = rows_->place(i);
  const auto found = segments_.find(number);
  if (found == segments_.end() || number_of_group >= found->second.codes.groups.size()) return {};
  const Segment& segment = found->second;
  const CodeGroups& groups = segment.codes.groups[number_of_group];
  const auto bytes = segment.codes.file.bytes();
  std::atomic<State>& state = segment.states[number_of_group];
  if (state.load(std::memory_order_acquire) == State::unchecked) {
    state.store(undamaged(bytes, groups) ? State::good : State::damaged, std::memory_order_release);
  }
  if (state.load(std::memory_order_acquire) == State::damaged) return {};
  const std::byte* fine = groups.fine ? codes_of(bytes, *groups.fine) : nullptr;
  return coding_.view(codes_of(bytes, groups.codes), fine, groups.codes.rows, first,
                      rows_->block_rows(i));
}

void MappedCodes::check_whole() const {
  for (const auto& [number, segment] : segments_) segment.codes.file.check_no_page_lost();
}

std::uint64_t MappedCodes::rows() const {
  std::uint64_t rows = 0;
  for (const auto& [number, segment] : segments_) {
    for (const CodeGroups& groups : segment.codes.groups) rows += groups.codes.rows;
  }
  return rows;
}

}  // namespace alike::collection
