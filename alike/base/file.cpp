#include "alike/base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxh_x86dispatch.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/lost_pages.h"
#include "alike/base/paths.h"

namespace alike {
namespace {

int flags_of(File::Mode mode) {
  switch (mode) {
    case File::Mode::read: return O_RDONLY;
    case File::Mode::update: return O_RDWR;
    case File::Mode::create: return O_RDWR | O_CREAT;
    case File::Mode::fresh: return O_RDWR | O_CREAT | O_TRUNC;
  }
  return O_RDONLY;
}

/// Opening a pipe would wait for a writer.
void refuse_pipes(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) {
    return;  // opening reports a missing file
  }
  throw Error(ErrorCode::unsupported,
              "'" + path.native() + "' is a pipe or a device; give a regular file");
}

/// Removes a draft that a killed process left at `path`, or a link there; false where a process
/// holds it still. The lock is held meanwhile, so that no other process takes or removes it too.
bool clear_draft(const std::filesystem::path& path) {
  struct stat there {
  }, held{};
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  const File holder = descriptor < 0 ? File() : File(path, descriptor);
  if (descriptor < 0 && errno == ENOENT) return true;
  if (descriptor >= 0) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    const bool same = ::lstat(path.c_str(), &there) == 0 && ::fstat(descriptor, &held) == 0 &&
                      there.st_ino == held.st_ino && there.st_dev == held.st_dev;
    if (!same) return true;  // its writer has given it the name of the target meanwhile
  }
  // The link itself, not its target: another user with write access to the folder could have put it
  // there.
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    throw_system_error("cannot replace", path.native(), errno);
  }
  return true;
}

}  // namespace

File::File(const std::filesystem::path& path, Mode mode) : path_(path) {
  if (mode == Mode::read) refuse_pipes(path);
  // Not blocking, should a pipe have come since.
  const int never_waits = mode == Mode::read ? O_NONBLOCK | O_NOCTTY : 0;
  descriptor_ = ::open(path.c_str(), flags_of(mode) | never_waits | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw_system_error("cannot open", path.native(), errno);
}

File::File(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t File::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) throw_system_error("cannot stat", path_.native(), errno);
  return static_cast<std::uint64_t>(status.st_size);
}

void File::read_at(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_system_error("cannot read", path_.native(), errno);
    if (got == 0) {
      throw Error(ErrorCode::corrupt, "'" + path_.native() + "' ends at byte " +
                                          std::to_string(offset) + ", where more was expected");
    }
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

void File::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_system_error("cannot write", path_.native(), errno);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
}

void File::resize(std::uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    throw_system_error("cannot resize", path_.native(), errno);
  }
}

void File::sync() {
  if (::fsync(descriptor_) != 0) throw_system_error("cannot sync", path_.native(), errno);
}

MappedFile::MappedFile(const std::filesystem::path& path)
    : MappedFile(File(path, File::Mode::read)) {}

MappedFile::MappedFile(const File& file) : path_(file.path()) {
  const std::size_t size = file.size();
  if (size == 0) return;
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.descriptor(), 0);
  if (address == MAP_FAILED) throw_system_error("cannot map", path_.native(), errno);
  bytes_ = {static_cast<const std::byte*>(address), size};
  region_ = register_region(address, size);
}

void MappedFile::check_no_page_lost() const {
  if (region_ == nullptr || !region_->lost.load()) return;
  throw Error(ErrorCode::corrupt,
              "'" + path_.native() + "' was cut short, or its disk failed, while it was read",
              repair_remedy());
}

void MappedFile::forget(std::size_t offset, std::size_t size) const noexcept {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t begin = (offset + page - 1) / page * page;
  const std::size_t end = (offset + size) / page * page;
  if (end <= begin || end > bytes_.size()) return;
  ::madvise(const_cast<std::byte*>(bytes_.data()) + begin, end - begin, MADV_DONTNEED);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      bytes_(std::exchange(other.bytes_, {})),
      region_(std::exchange(other.region_, nullptr)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(bytes_, other.bytes_);
  std::swap(region_, other.region_);
  return *this;
}

MappedFile::~MappedFile() {
  if (region_ != nullptr) release_region(region_);
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  return read_file(File(path, File::Mode::read), limit);
}

std::vector<std::byte> read_file(const File& file, std::uint64_t limit) {
  const std::uint64_t size = file.size();
  if (size > limit) {
    throw Error(ErrorCode::unsupported, "'" + file.path().native() + "' has " +
                                            std::to_string(size) + " bytes; at most " +
                                            std::to_string(limit) + " are accepted");
  }
  std::vector<std::byte> bytes(size);
  file.read_at(0, bytes);
  return bytes;
}

std::string read_text(const std::filesystem::path& path, std::uint64_t limit) {
  const auto bytes = read_file(path, limit);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

File draft_beside(const std::filesystem::path& target) {
  for (int number = 0;;) {
    const auto path = std::filesystem::path(target) +=
        number == 0 ? ".new" : ".new" + std::to_string(number);
    if (!clear_draft(path)) {
      ++number;
      continue;
    }
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST) continue;  // another process was quicker
    if (descriptor < 0) throw_system_error("cannot open", path.native(), errno);
    File draft(path, descriptor);
    // Before the lock another process may have taken it for one that was left.
    struct stat status {};
    const bool ours = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    if (ours && ::fstat(descriptor, &status) == 0 && status.st_nlink > 0) return draft;
  }
}

std::filesystem::path replaced_by(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)) {
    throw Error(ErrorCode::invalid_argument,
                "'" + path.native() + "' is there and no regular file; name another file");
  }
  return std::filesystem::is_symlink(path, ignored) ? likely_path(path) : path;
}

void replace_file(const std::filesystem::path& path, const std::function<void(File&)>& write) {
  const auto target = replaced_by(path);
  File draft = draft_beside(target);
  write(draft);
  draft.sync();
  if (::rename(draft.path().c_str(), target.c_str()) != 0) {
    throw_system_error("cannot rename to", target.native(), errno);
  }
  sync_folder(target.parent_path());
}

void replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  replace_file(path, [&](File& file) { file.write_at(0, bytes); });
}

void replace_file(const std::filesystem::path& path, std::string_view text) {
  replace_file(path, std::as_bytes(std::span(text)));
}

void sync_folder(const std::filesystem::path& folder) {
  const std::filesystem::path target = folder.empty() ? "." : folder;
  const int descriptor = ::open(target.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw_system_error("cannot open folder", target.native(), errno);
  const int result = ::fsync(descriptor);
  const int error_number = errno;
  ::close(descriptor);
  if (result != 0) throw_system_error("cannot sync folder", target.native(), error_number);
}

void make_folders(const std::filesystem::path& folder) {
  if (folder.empty() || is_folder(folder)) return;
  make_folders(folder.parent_path());
  if (folder.has_filename()) {
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
      throw_system_error("cannot make the folder", folder.native(), errno);
    }
    sync_folder(folder.parent_path());
  }
}

std::uint64_t checksum(std::span<const std::byte> bytes) noexcept {
  return XXH3_64bits_dispatch(bytes.data(), bytes.size());
}

std::string content_hash(std::span<const std::byte> bytes) {
  const XXH128_hash_t hash = XXH3_128bits_dispatch(bytes.data(), bytes.size());
  std::string text;
  for (const std::uint64_t half : {hash.high64, hash.low64}) {
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[half >> shift & 15];
  }
  return text;
}

}  // namespace alike
