// Files as alike uses them: whole reads and writes, fsync where it counts, read-only mappings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alike {

/// An open file descriptor, closed on destruction. One thread at a time, except `read_at`.
class File {
 public:
  /// How a file is opened.
  enum class Mode {
    read,    ///< Must exist.
    update,  ///< Read and write, must exist.
    create,  ///< Read and write, made when missing, kept when there.
    fresh,   ///< Read and write, made or emptied.
  };

  File() = default;
  /// Throws `not_found` when missing, `io` when refused, `unsupported` for reading a pipe or
  /// device.
  File(const std::filesystem::path& path, Mode mode);
  /// Takes over `descriptor`, which was opened at `path`.
  File(std::filesystem::path path, int descriptor);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  const std::filesystem::path& path() const { return path_; }
  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  /// Bytes, as of now. Throws `io`.
  std::uint64_t size() const;
  /// Reads exactly `into.size()` bytes at `offset`; a file that is shorter is `corrupt`.
  void read_at(std::uint64_t offset, std::span<std::byte> into) const;
  /// Writes all of `bytes` at `offset`. Throws `io`; the file may then hold part of them.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  /// Cuts or extends the file to `size` bytes.
  void resize(std::uint64_t size);
  /// Returns once the content is on the disk. After an `io` error here the content is unknown:
  /// close, check, and reopen.
  void sync();

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

struct MappedRegion;  // lost_pages.h

/// A file mapped read-only. Moving keeps the address. Reading it from several threads is safe.
/// Alike's own writers only append, and replace by rename. Where another process cuts the file
/// short, or the disk fails, a page that is read then is lost: that ends the process (SIGBUS)
/// unless it has called `survive_lost_pages` (lost_pages.h).
class MappedFile {
 public:
  MappedFile() = default;
  /// Maps all of `path`; an empty file has no bytes. Throws `not_found`, `io`.
  explicit MappedFile(const std::filesystem::path& path);
  /// As above, of a file that is open; it may be closed afterwards.
  explicit MappedFile(const File& file);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }
  /// Gives the memory of `size` bytes from `offset` on back to the system; they are read from the
  /// file again when next looked at.
  void forget(std::size_t offset, std::size_t size) const noexcept;
  /// Throws `corrupt` when a page was lost since the file was mapped: bytes read since then may be
  /// zeros. Readers of checked bytes call it afterwards.
  void check_no_page_lost() const;

 private:
  std::filesystem::path path_;
  std::span<const std::byte> bytes_;
  MappedRegion* region_ = nullptr;
};

/// The whole file. Throws `not_found`, `io`, or `unsupported` when it is larger than `limit` bytes.
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t limit);
/// As above, of a file that is open.
std::vector<std::byte> read_file(const File& file, std::uint64_t limit);
/// As `read_file`, as text.
std::string read_text(const std::filesystem::path& path, std::uint64_t limit = 64 << 20);
/// An empty file beside `target`, TARGET.new, that no other process takes as long as it is open:
/// where one has that already, TARGET.new1 and so on. A file that a killed process left there, or a
/// link, is removed, never written to. Throws `io`.
File draft_beside(const std::filesystem::path& target);
/// The file that writing to `path` replaces: links are followed. Throws `invalid_argument` when it
/// is there and no regular file: a device must not be replaced.
std::filesystem::path replaced_by(const std::filesystem::path& path);
/// Replaces `path` so that after a crash, and while other processes replace it too, either the old
/// or the new content is there, whole: writes a draft, syncs it, renames it over `path`, syncs the
/// folder.
void replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
/// As above, with text.
void replace_file(const std::filesystem::path& path, std::string_view text);
/// As above, with the bytes that `write` puts into the empty file passed to it. An exception of
/// `write` is passed on and leaves the draft behind, which the next one removes.
void replace_file(const std::filesystem::path& path, const std::function<void(File&)>& write);
/// Makes renames and new names in `folder` durable.
void sync_folder(const std::filesystem::path& folder);
/// Makes `folder` and its missing parents, and the new names durable. Throws `io`.
void make_folders(const std::filesystem::path& folder);

/// XXH3, 64 bits: the checksum of every file format of alike.
std::uint64_t checksum(std::span<const std::byte> bytes) noexcept;

/// XXH3, 128 bits, as 32 hexadecimal digits: decides whether two files have equal content.
std::string content_hash(std::span<const std::byte> bytes);

/// The bytes of a trivially copyable value or of a range of them.
template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  if constexpr (requires { std::span(value); }) {
    return std::as_bytes(std::span(value));
  } else {
    return std::as_bytes(std::span(&value, 1));
  }
}

}  // namespace alike
