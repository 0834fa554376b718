// Segments: append-only files of rows, checked before use. Layout: docs/file-formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace alike::collection {

/// The content of a group.
enum class GroupType : std::uint32_t {
  rows = 0,    ///< Ids and float32 values.
  codes = 1,   ///< `index::Rabitq` codes of the rows of another group.
  center = 2,  ///< One row, without id: codes are relative to it.
  graph = 3,   ///< `index::bytes_of` a graph, in rows of `kGraphWidth` bytes.
  cover = 4,   ///< Which groups of rows a graph is of: segment and `sum`, in rows of 16 bytes.
  map = 5,     ///< A map as `map/` writes it, in rows of `kMapWidth` bytes.
  fine = 6,    ///< Further bits of codes, in rows of `index::Rabitq::fine_bytes_per_row` bytes.
};

/// Rows appended together; a segment is a sequence of groups and nothing else. All numbers are
/// little-endian; a group starts at a multiple of 64 bytes.
///
///   head      64 bytes        magic, version, type, width, rows, group size, checksum, source
///   table     8 · blocks      XXH3 of each 4-KiB block of the payload; zeros up to 64
///   payload   ids             int64 · rows; zeros up to 64 (only in groups of rows)
///             values          float32 · rows · width, or the codes; zeros up to 64
struct Group {
  GroupType type = GroupType::rows;
  std::uint64_t offset = 0;          ///< Of the head in the segment.
  std::uint64_t size = 0;            ///< Bytes in all.
  std::uint64_t payload_offset = 0;  ///< Of the payload in the segment.
  std::uint64_t payload_size = 0;
  std::uint64_t values_offset = 0;  ///< Of the values in the payload.
  std::uint32_t width = 0;
  std::uint32_t rows = 0;
  std::uint64_t sum = 0;     ///< The checksum of head and table, and so of all of it.
  std::uint64_t source = 0;  ///< Of codes: the `sum` of the group they were made of; of a centre
                             ///< and a graph: `index::kCodingVersion`, `kGraphVersion`.
};

/// A payload is checked in blocks of this many bytes.
constexpr std::size_t kBlockSize = 4096;

/// Bytes that count as a row of a graph.
constexpr std::uint32_t kGraphWidth = 64;

/// Bytes that count as a row of a map.
constexpr std::uint32_t kMapWidth = 64;

/// Rows in one group at most.
constexpr std::uint64_t kMaxRows = 1 << 24;

/// Bytes in one file at most: a writer begins another segment long before, and a map is smaller.
/// A longer file was not made by alike; to read it could take hours.
constexpr std::uint64_t kMostSegmentBytes = std::uint64_t{2} << 30;

/// Numbers in one row at most.
constexpr std::uint64_t kMaxWidth = 1 << 24;

/// The bytes of a group of `ids.size()` rows; `values` holds (rows, width).
std::vector<std::byte> make_group(std::span<const std::int64_t> ids, std::span<const float> values);

/// The bytes of the group that `wanted` describes (type, rows, width, source); `values` are its
/// own.
std::vector<std::byte> make_group(const Group& wanted, std::span<const std::byte> values);

/// The group at `offset` of `segment`, its head and table checked. Throws `corrupt`, with a
/// sentence that does not name the file, and `unsupported` for another type or a newer version.
Group read_group(std::span<const std::byte> segment, std::uint64_t offset,
                 GroupType type = GroupType::rows);

/// The first payload block that does not have its checksum among those that touch the bytes
/// [begin, end) of the payload; −1 when all have.
std::int64_t damaged_block(std::span<const std::byte> segment, const Group& group,
                           std::uint64_t begin, std::uint64_t end);

/// The checksum that payload block `block` should have.
std::uint64_t block_checksum(std::span<const std::byte> segment, const Group& group,
                             std::uint64_t block);

/// Offset of the next intact head at or after `offset`, or the size of the segment.
std::uint64_t find_group(std::span<const std::byte> segment, std::uint64_t offset);

/// Flips single bits of the head and table at `offset` until they are whole; false, with the bytes
/// as they were, when that does not help.
bool mend_head(std::span<std::byte> segment, std::uint64_t offset);

/// Unchecked views into a mapped segment, for bytes found good by `damaged_block`.
const std::int64_t* ids_of(std::span<const std::byte> segment, const Group& group);
const float* values_of(std::span<const std::byte> segment, const Group& group);
const std::byte* codes_of(std::span<const std::byte> segment, const Group& group);
std::span<const std::byte> payload_of(std::span<const std::byte> segment, const Group& group);

/// How many rows of `width` go into one group: about 1 MiB, at least 1.
std::size_t rows_per_group(std::size_t width);

}  // namespace alike::collection
