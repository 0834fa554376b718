// An untrusted file of rows. The mutator makes its checksums valid again.
#include <algorithm>

#include "alike/base/error.h"
#include "alike/collection/store/mapped_rows.h"
#include "fuzz/support.h"

namespace {

using namespace alike;
using namespace alike::collection;

// Places in a head (docs/file-formats.md).
constexpr std::size_t kWidth = 16;
constexpr std::size_t kRows = 20;
constexpr std::size_t kSize = 24;
constexpr std::size_t kChecksum = 32;
constexpr std::size_t kHead = 64;
constexpr std::size_t kSmallest = 256;  ///< Bytes of a whole group.

std::size_t aligned(std::size_t size) { return (size + 63) / 64 * 64; }

/// Mends the group at `offset`; returns where the next one starts, 0 when this one does not fit.
std::size_t mend(std::span<std::uint8_t> bytes, std::size_t offset) {
  const std::size_t rows = fuzz::number_at<std::uint32_t>(bytes, offset + kRows);
  const std::size_t width = fuzz::number_at<std::uint32_t>(bytes, offset + kWidth);
  if (rows > bytes.size() || width > bytes.size()) return 0;
  const std::size_t payload = aligned(rows * 8) + aligned(rows * width * 4);
  const std::size_t blocks = (payload + kBlockSize - 1) / kBlockSize;
  const std::size_t start = offset + kHead + aligned(blocks * 8);
  if (start + payload > bytes.size()) return 0;
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::size_t begin = start + i * kBlockSize;
    fuzz::put_checksum(bytes, begin, std::min(begin + kBlockSize, start + payload),
                       offset + kHead + i * 8);
  }
  const std::uint64_t size = start + payload - offset;
  std::memcpy(bytes.data() + offset + kSize, &size, sizeof size);
  std::memset(bytes.data() + offset + kChecksum, 0, 8);
  fuzz::put_checksum(bytes, offset, start, offset + kChecksum);
  return start + payload;
}

std::string groups(std::size_t rows, std::size_t width) {
  std::string segment;
  for (std::size_t k = 0; k < 2; ++k) {
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < rows; ++i) ids.push_back(static_cast<std::int64_t>(k * rows + i));
    const std::vector<float> values(rows * width, 0.5F);
    segment += fuzz::seed_of(make_group(ids, values));
  }
  return segment;
}

void read_all(std::span<const std::byte> segment, std::size_t width) {
  static const fuzz::ScratchFolder folder;
  static const Folder files(folder.path());
  files.open("vectors-0000.seg", File::Mode::fresh).write_at(0, segment);
  const MappedRows rows(width, {{0, "vectors-0000.seg", segment.size(), {0, 2}}}, files);
  float sum = 0;
  for (std::size_t i = 0; i < rows.block_count(); ++i) {
    const auto block = rows.block(i);
    for (std::size_t k = 0; k < block.rows * width; ++k) sum += block.values[k];
    for (std::size_t k = 0; k < block.rows; ++k) sum += static_cast<float>(block.ids[k]);
    if (block.dead != nullptr) sum += block.dead[block.rows - 1];
  }
  volatile float keep = sum;
  static_cast<void>(keep);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments,
              {groups(3, 4), groups(2, 700), groups(70, 1), groups(1, 1).substr(0, kSmallest)});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  const std::span<std::uint8_t> bytes(data, size);
  if (seed % 8 == 0) return size;
  for (std::size_t offset = 0; size - offset >= kHead;) {
    offset = mend(bytes, offset);
    if (offset == 0) break;
  }
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto segment = fuzz::bytes_from(data, size);
  for (std::uint64_t at = 0; at < size;) {
    at = find_group(segment, at);
    if (at == size) break;
    const Group group = read_group(segment, at);
    damaged_block(segment, group, 0, group.payload_size);
    at += group.size;
  }
  try {
    read_all(segment, fuzz::number_at<std::uint32_t>({data, size}, kWidth));
  } catch (const Error&) {
    std::vector<std::byte> copy(segment.begin(), segment.end());
    if (size == kSmallest) mend_head(copy, 0);  // tries each bit, so only where they are few
  }
  return 0;
}
