// Shared by the fuzz targets: seeds, files in memory, folders that go away.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alike/base/file.h"

/// libFuzzer's own mutations, for a target that mends the checksums after them.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace alike::fuzz {

inline std::span<const std::byte> bytes_from(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const std::byte*>(data), size};
}

inline std::string_view text_from(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Writes valid inputs into the corpus folder of the command line, if one is given, so that the
/// target starts behind magic numbers and checksums. For LLVMFuzzerInitialize.
inline void plant(const int* count, char*** arguments, const std::vector<std::string>& seeds) {
  for (int i = 1; i < *count; ++i) {
    const std::filesystem::path folder = (*arguments)[i];
    if (folder.native().starts_with('-') || !std::filesystem::is_directory(folder)) continue;
    for (std::size_t k = 0; k < seeds.size(); ++k) {
      File(folder / ("seed" + std::to_string(k)), File::Mode::fresh)
          .write_at(0, bytes_of(seeds[k]));
    }
    return;
  }
}

/// The content of a file or of anything else, as a seed.
template <class Range>
std::string seed_of(const Range& values) {
  const auto bytes = bytes_of(values);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A number at a place of an input; 0 when it lies outside.
template <class T>
T number_at(std::span<const std::uint8_t> bytes, std::size_t offset) {
  T value{};
  if (offset <= bytes.size() && bytes.size() - offset >= sizeof value) {
    std::memcpy(&value, bytes.data() + offset, sizeof value);
  }
  return value;
}

/// Writes the checksum of `bytes` [begin, end) to `place`; all of them must lie inside.
inline void put_checksum(std::span<std::uint8_t> bytes, std::size_t begin, std::size_t end,
                         std::size_t place) {
  const std::uint64_t sum = checksum(std::as_bytes(bytes.subspan(begin, end - begin)));
  std::memcpy(bytes.data() + place, &sum, sizeof sum);
}

/// libFuzzer's mutation, or one time in sixteen some part of the input over and over in its place,
/// as far as `most` allows: costs beyond the size show then.
inline std::size_t mutate_or_repeat(std::uint8_t* data, std::size_t size, std::size_t most,
                                    unsigned seed) {
  if (size == 0 || seed % 16 != 0 || most <= size) return LLVMFuzzerMutate(data, size, most);
  const std::size_t begin = seed / 16 % size;
  const std::size_t part = 1 + seed / 4096 % std::min<std::size_t>(size - begin, 256);
  const std::vector<std::uint8_t> tail(data + begin + part, data + size);
  const std::size_t room = (most - size) >> seed / 256 % 8;
  std::size_t end = begin + part;
  for (; end + part + tail.size() <= size + room; end += part) {
    std::memcpy(data + end, data + begin, part);
  }
  if (!tail.empty()) std::memcpy(data + end, tail.data(), tail.size());
  return end + tail.size();
}

/// A file that has a path and no place on a disk.
class MemoryFile {
 public:
  explicit MemoryFile(std::span<const std::byte> content)
      : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (descriptor_ < 0) std::abort();
    path_ = "/proc/self/fd/" + std::to_string(descriptor_);
    File(path_, File::Mode::update).write_at(0, content);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }

  const std::filesystem::path& path() const { return path_; }

 private:
  int descriptor_;
  std::filesystem::path path_;
};

/// A new folder, in memory where the system has such a place; removed at the end.
class ScratchFolder {
 public:
  ScratchFolder() {
    namespace fs = std::filesystem;
    const fs::path parent = fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
    std::string name = (parent / "alike-fuzz-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The one folder of a target.
inline const std::filesystem::path& folder() {
  static const ScratchFolder scratch;
  return scratch.path();
}

}  // namespace alike::fuzz
