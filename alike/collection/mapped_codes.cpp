#include "alike/collection/mapped_codes.h"

#include <algorithm>

#include "alike/base/error.h"

namespace alike::collection {

std::string codes_name(std::int64_t segment) {
  std::string digits = std::to_string(segment);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return "codes-" + digits + ".seg";
}

std::optional<CodeFile> read_code_file(const std::filesystem::path& file,
                                       const std::vector<Group>& rows) {
  CodeFile codes;
  try {
    codes.file = MappedFile(file);
    const auto bytes = codes.file.bytes();
    const Group center = read_group(bytes, 0, GroupType::center);
    if (center.source != index::kCodingVersion) return std::nullopt;
    if (damaged_block(bytes, center, 0, center.payload_size) >= 0) return std::nullopt;
    const float* values = values_of(bytes, center);
    codes.center.assign(values, values + center.width);
    std::uint64_t offset = center.size;
    while (offset < bytes.size() && codes.groups.size() < rows.size()) {
      const Group group = read_group(bytes, offset, GroupType::codes);
      const Group& of = rows[codes.groups.size()];
      const bool fits = group.source == of.sum && group.rows == of.rows &&
                        group.width == of.width && group.width == center.width;
      if (!fits) return codes;
      codes.groups.push_back(group);
      offset += group.size;
    }
    codes.whole = offset == bytes.size();
  } catch (const Error& error) {
    if (codes.center.empty()) return std::nullopt;
  }
  return codes;
}

std::shared_ptr<const MappedCodes> MappedCodes::open(const std::filesystem::path& folder,
                                                     std::shared_ptr<const MappedRows> rows,
                                                     index::Metric metric) {
  std::vector<float> center;
  std::map<std::int64_t, Segment> segments;
  for (const std::int64_t number : rows->segments()) {
    auto codes = read_code_file(folder / codes_name(number), rows->groups(number));
    if (!codes || codes->groups.empty()) continue;
    if (center.empty()) center = codes->center;
    if (codes->center != center) continue;
    const std::size_t count = codes->groups.size();
    segments.emplace(number, Segment{std::move(*codes), std::vector<std::atomic<State>>(count)});
  }
  if (segments.empty()) return nullptr;
  return std::shared_ptr<const MappedCodes>(new MappedCodes(
      std::move(rows), index::Coding(metric, std::move(center)), std::move(segments)));
}

MappedCodes::MappedCodes(std::shared_ptr<const MappedRows> rows, index::Coding coding,
                         std::map<std::int64_t, Segment> segments)
    : rows_(std::move(rows)), coding_(std::move(coding)), segments_(std::move(segments)) {}

index::CodeBlock MappedCodes::block(std::size_t i) const {
  const auto [number, number_of_group, first] = rows_->place(i);
  const auto found = segments_.find(number);
  if (found == segments_.end() || number_of_group >= found->second.codes.groups.size()) return {};
  const Segment& segment = found->second;
  const Group& group = segment.codes.groups[number_of_group];
  const auto bytes = segment.codes.file.bytes();
  std::atomic<State>& state = segment.states[number_of_group];
  if (state.load(std::memory_order_acquire) == State::unchecked) {
    const bool good = damaged_block(bytes, group, 0, group.payload_size) < 0;
    state.store(good ? State::good : State::damaged, std::memory_order_release);
  }
  if (state.load(std::memory_order_acquire) == State::damaged) return {};
  return coding_.view(codes_of(bytes, group), group.rows, first, rows_->block_rows(i));
}

std::uint64_t MappedCodes::rows() const {
  std::uint64_t rows = 0;
  for (const auto& [number, segment] : segments_) {
    for (const Group& group : segment.codes.groups) rows += group.rows;
  }
  return rows;
}

}  // namespace alike::collection
