// A file that is written piece by piece and takes the place of another once it is whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "alike/base/file.h"

namespace alike {

/// Goes into FILE.new until `finish`: without it, the old file stays as it was and FILE.new is
/// removed. One thread at a time.
class ReplacingFile {
 public:
  /// Throws as `replaced_by`, and `io`.
  explicit ReplacingFile(const std::filesystem::path& file);
  ReplacingFile(const ReplacingFile&) = delete;
  ReplacingFile& operator=(const ReplacingFile&) = delete;
  ~ReplacingFile();

  /// Adds bytes at the end. Throws `io`.
  void append(std::span<const std::byte> bytes);
  /// Writes `start` over the first bytes, syncs, and takes the name of the file. Throws `io`.
  void finish(std::span<const std::byte> start = {});

 private:
  void flush();

  std::filesystem::path target_;
  File file_;
  std::uint64_t end_ = 0;
  std::vector<std::byte> buffer_;
};

}  // namespace alike
