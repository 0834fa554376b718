#include "alike/collection/store/segment.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <string>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/index/codes/rabitq.h"

namespace alike::collection {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

constexpr std::uint64_t kMagic = 0x776F7265'6B696C61;  // "alikerow"
constexpr std::uint32_t kVersion = 1;
constexpr std::uint64_t kAlignment = 64;

struct Head {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t type;
  std::uint32_t width;
  std::uint32_t rows;
  std::uint64_t size;      ///< Of the whole group.
  std::uint64_t checksum;  ///< XXH3 of head (this field as zero) and table.
  std::uint64_t source;
  std::uint64_t reserved[2];
};
static_assert(sizeof(Head) == kAlignment);

constexpr std::uint64_t aligned(std::uint64_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

constexpr std::uint64_t blocks_of(std::uint64_t payload_size) {
  return (payload_size + kBlockSize - 1) / kBlockSize;
}

std::uint64_t values_size(GroupType type, std::uint64_t rows, std::uint64_t width) {
  if (type == GroupType::codes) return rows * index::Rabitq::bytes_per_row(width);
  const bool bytes = type == GroupType::graph || type == GroupType::cover ||
                     type == GroupType::map || type == GroupType::fine;
  if (bytes) return rows * width;
  return rows * width * sizeof(float);
}

/// Where the parts of a group lie.
Group layout(std::uint64_t offset, GroupType type, std::uint32_t rows, std::uint32_t width) {
  Group group;
  group.type = type;
  group.offset = offset;
  group.rows = rows;
  group.width = width;
  if (type == GroupType::rows) {
    group.values_offset = aligned(std::uint64_t{rows} * sizeof(std::int64_t));
  }
  group.payload_size = group.values_offset + aligned(values_size(type, rows, width));
  const std::uint64_t table = aligned(blocks_of(group.payload_size) * sizeof(std::uint64_t));
  group.payload_offset = offset + sizeof(Head) + table;
  group.size = sizeof(Head) + table + group.payload_size;
  return group;
}

Group layout(std::uint64_t offset, const Head& head) {
  return layout(offset, static_cast<GroupType>(head.type), head.rows, head.width);
}

std::uint64_t head_checksum(Head head, std::span<const std::byte> table) {
  head.checksum = 0;
  const auto bytes = bytes_of(head);
  std::vector<std::byte> all(bytes.begin(), bytes.end());
  all.insert(all.end(), table.begin(), table.end());
  return checksum(all);
}

std::span<const std::byte> payload_block(std::span<const std::byte> segment, const Group& group,
                                         std::uint64_t block) {
  const std::uint64_t begin = block * kBlockSize;
  return segment.subspan(group.payload_offset + begin,
                         std::min<std::uint64_t>(kBlockSize, group.payload_size - begin));
}

/// The bytes of a group laid out at 0.
std::vector<std::byte> finished(const Group& group, std::span<const std::byte> ids,
                                std::span<const std::byte> values) {
  std::vector<std::byte> bytes(group.size);
  const auto payload = std::span(bytes).subspan(group.payload_offset);
  std::ranges::copy(ids, payload.begin());
  std::ranges::copy(values, payload.subspan(group.values_offset).begin());
  for (std::uint64_t block = 0; block < blocks_of(group.payload_size); ++block) {
    const std::uint64_t sum = checksum(payload_block(bytes, group, block));
    std::memcpy(bytes.data() + sizeof(Head) + block * sizeof sum, &sum, sizeof sum);
  }
  Head head{kMagic,      kVersion,     static_cast<std::uint32_t>(group.type),
            group.width, group.rows,   group.size,
            0,           group.source, {}};
  const auto table = std::span(bytes).first(group.payload_offset).subspan(sizeof head);
  head.checksum = head_checksum(head, table);
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

[[noreturn]] void damaged(std::uint64_t offset, const std::string& what) {
  throw Error(ErrorCode::corrupt, "offset " + std::to_string(offset) + ": " + what);
}

}  // namespace

std::vector<std::byte> make_group(std::span<const std::int64_t> ids,
                                  std::span<const float> values) {
  const auto rows = static_cast<std::uint32_t>(ids.size());
  const auto width = static_cast<std::uint32_t>(values.size() / ids.size());
  return finished(layout(0, GroupType::rows, rows, width), std::as_bytes(ids),
                  std::as_bytes(values));
}

std::vector<std::byte> make_group(const Group& wanted, std::span<const std::byte> values) {
  Group group = layout(0, wanted.type, wanted.rows, wanted.width);
  group.source = wanted.source;
  return finished(group, {}, values);
}

Group read_group(std::span<const std::byte> segment, std::uint64_t offset, GroupType type) {
  if (offset % kAlignment != 0 || offset > segment.size() ||
      segment.size() - offset < sizeof(Head)) {
    damaged(offset, "the head of a group is cut off");
  }
  Head head{};
  std::memcpy(&head, segment.data() + offset, sizeof head);
  if (head.magic != kMagic) damaged(offset, "no group starts here");
  if (head.rows == 0 || head.rows > kMaxRows || head.width == 0 || head.width > kMaxWidth) {
    damaged(offset, "the head of the group is damaged");
  }
  Group group = layout(offset, head);
  if (head.size != group.size || group.size > segment.size() - offset) {
    damaged(offset, "the head of the group is damaged, or the group is cut off");
  }
  const auto head_and_table = segment.subspan(offset, group.payload_offset - offset);
  if (head_checksum(head, head_and_table.subspan(sizeof head)) != head.checksum) {
    damaged(offset, "the head of the group is damaged");
  }
  if (head.version != kVersion || group.type != type) {
    throw Error(ErrorCode::unsupported, "offset " + std::to_string(offset) + ": rows of version " +
                                            std::to_string(head.version) + ", type " +
                                            std::to_string(head.type) + " come from a newer alike");
  }
  group.sum = head.checksum;
  group.source = head.source;
  return group;
}

std::int64_t damaged_block(std::span<const std::byte> segment, const Group& group,
                           std::uint64_t begin, std::uint64_t end) {
  if (begin >= end) return -1;
  for (std::uint64_t block = begin / kBlockSize; block <= (end - 1) / kBlockSize; ++block) {
    if (checksum(payload_block(segment, group, block)) != block_checksum(segment, group, block)) {
      return static_cast<std::int64_t>(block);
    }
  }
  return -1;
}

std::uint64_t block_checksum(std::span<const std::byte> segment, const Group& group,
                             std::uint64_t block) {
  std::uint64_t sum = 0;
  std::memcpy(&sum, segment.data() + group.offset + sizeof(Head) + block * sizeof sum, sizeof sum);
  return sum;
}

std::uint64_t find_group(std::span<const std::byte> segment, std::uint64_t offset) {
  for (offset = aligned(offset); offset + sizeof(Head) <= segment.size(); offset += kAlignment) {
    std::uint64_t magic = 0;
    std::memcpy(&magic, segment.data() + offset, sizeof magic);
    if (magic != kMagic) continue;
    try {
      read_group(segment, offset);
      return offset;
    } catch (const Error&) {
      // A row may hold these eight bytes by chance; only a whole head counts.
    }
  }
  return segment.size();
}

bool mend_head(std::span<std::byte> segment, std::uint64_t offset) {
  if (segment.size() - offset < sizeof(Head)) return false;
  Head head{};
  std::memcpy(&head, segment.data() + offset, sizeof head);
  std::uint64_t size = sizeof head;
  const bool plausible = head.rows <= kMaxRows && head.width <= kMaxWidth;
  if (plausible) size = layout(offset, head).payload_offset - offset;
  size = std::min(size, segment.size() - offset);
  for (std::uint64_t i = 0; i < size * 8; ++i) {
    std::byte& byte = segment[offset + i / 8];
    const auto bit = std::byte{1} << static_cast<int>(i % 8);
    byte ^= bit;
    try {
      read_group(segment, offset);
      return true;
    } catch (const Error&) {
      byte ^= bit;
    }
  }
  return false;
}

const std::int64_t* ids_of(std::span<const std::byte> segment, const Group& group) {
  return reinterpret_cast<const std::int64_t*>(segment.data() + group.payload_offset);
}

const float* values_of(std::span<const std::byte> segment, const Group& group) {
  return reinterpret_cast<const float*>(segment.data() + group.payload_offset +
                                        group.values_offset);
}

std::span<const std::byte> payload_of(std::span<const std::byte> segment, const Group& group) {
  return segment.subspan(group.payload_offset, group.payload_size);
}

const std::byte* codes_of(std::span<const std::byte> segment, const Group& group) {
  return segment.data() + group.payload_offset;
}

std::size_t rows_per_group(std::size_t width) {
  constexpr std::size_t kGroupBytes = 1 << 20;
  return std::max<std::size_t>(1, kGroupBytes / (width * sizeof(float)));
}

}  // namespace alike::collection
