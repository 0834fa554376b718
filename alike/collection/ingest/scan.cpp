#include "alike/collection/ingest/scan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/image/codecs/sniff.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

/// Usual names of picture files: a file of such a name that is none is reported, not passed over.
bool named_like_a_picture(const fs::path& file) {
  std::string extension = file.extension().native();
  for (char& letter : extension) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  constexpr auto kNames = std::to_array<std::string_view>(
      {".jpg", ".jpeg", ".jpe",  ".jfif", ".png", ".webp", ".gif", ".tif", ".tiff",
       ".bmp", ".dib",  ".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".psd",
       ".dng", ".cr2",  ".cr3",  ".nef",  ".arw", ".orf",  ".rw2"});
  return std::ranges::find(kNames, extension) != kNames.end();
}

/// The kind of a file that is neither a regular one nor a folder.
const char* kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

/// Whether a failed look means that there is nothing, and not that it could not be looked at.
bool is_gone(int error) { return error == ENOENT || error == ENOTDIR; }

/// Since 1970; the nearest possible for the years before 1677 and from 2262 on.
std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
  return std::clamp<std::int64_t>(time.tv_sec, -kMost, kMost) * kSecond + time.tv_nsec;
}

class Walk {
 public:
  Walk(const fs::path& pictures, const fs::path& collection, const Excludes& excludes,
       const LookUp& look_up)
      : root_(pictures), excludes_(excludes), look_up_(look_up) {
    if (::stat(collection.c_str(), &collection_) != 0) collection_.st_ino = 0;
  }

  Scan run(const std::stop_token& stop) {
    struct stat root {};
    if (::stat(root_.c_str(), &root) != 0) {
      throw_system_error("cannot read folder", root_.native(), errno);
    }
    device_ = root.st_dev;
    read_folder("");
    while (!folders_.empty()) {
      if (stop.stop_requested())
        throw Error(ErrorCode::interrupted, "stopped while looking around");
      const auto [folder, device] = std::move(folders_.back());
      folders_.pop_back();
      device_ = device;
      read_folder(folder);
    }
    std::ranges::sort(scan_.pictures, {}, &FoundFile::path);
    std::ranges::sort(scan_.skipped, {}, &Skipped::path);
    std::ranges::sort(scan_.mounts);
    return std::move(scan_);
  }

 private:
  void read_folder(const std::string& folder) {
    std::error_code error;
    fs::directory_iterator entries(root_ / folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      const std::string name = entries->path().filename().native();
      if (name.starts_with('.')) continue;
      const std::string path = folder.empty() ? name : folder + "/" + name;
      if (excludes_.match(path)) {
        ++scan_.left_out;
      } else {
        look_at(path);
      }
    }
    if (!error) return;
    if (folder.empty()) throw_system_error("cannot read folder", root_.native(), error.value());
    if (is_gone(error.value())) {
      scan_.unread.insert(folder);  // it was there a moment ago: the next look decides
      return;
    }
    scan_.leave_unread(folder, "the folder cannot be read: " + error.message());
  }

  void look_at(const std::string& path) {
    const fs::path full = root_ / path;
    struct stat status {};
    struct stat link {};
    if (::lstat(full.c_str(), &link) != 0) {
      if (is_gone(errno)) {
        scan_.unread.insert(path);  // as a folder
      } else {
        cannot_look_at(path, errno);
      }
      return;
    }
    const bool is_link = S_ISLNK(link.st_mode);
    if (::stat(full.c_str(), &status) != 0) {
      look_failed(path, is_link, errno);
    } else if (S_ISDIR(status.st_mode)) {
      found_folder(path, is_link, status);
    } else if (S_ISREG(status.st_mode)) {
      look_into(file_of(path, status));
    } else if (named_like_a_picture(full)) {
      skip(path, std::string(kind_of(status.st_mode)) + ", which is never read");
    } else {
      ++scan_.ignored;
    }
  }

  void look_failed(const std::string& path, bool is_link, int error) {
    if (error == ELOOP) {
      scan_.leave_unread(path, "a symbolic link that leads back to itself");
    } else if (!is_gone(error)) {
      cannot_look_at(path, error);
    } else if (is_link && named_like_a_picture(path)) {
      scan_.leave_unread(path, "a symbolic link to nothing");  // perhaps to a disk that is away
    } else {
      scan_.unread.insert(path);
      if (is_link) ++scan_.ignored;
    }
  }

  void found_folder(const std::string& path, bool is_link, const struct stat& status) {
    if (status.st_ino == collection_.st_ino && status.st_dev == collection_.st_dev) return;
    if (is_link) {
      scan_.leave_unread(path,
                         "a symbolic link to a folder is not followed; index that folder itself");
      return;
    }
    if (status.st_dev != device_) scan_.mounts.push_back(path);
    folders_.emplace_back(path, status.st_dev);
  }

  void look_into(FoundFile file) {
    if (look_up_(file) != Known::no) {
      scan_.pictures.push_back(std::move(file));
      return;
    }
    const fs::path full = root_ / file.path;
    try {
      std::array<std::byte, image::kSniffedBytes> start{};
      const auto size = std::min<std::uint64_t>(start.size(), file.size);
      File(full, File::Mode::read).read_at(0, std::span(start).first(size));
      image::sniff(std::span(start).first(size));
      scan_.pictures.push_back(std::move(file));
    } catch (const Error& error) {
      const bool unreadable =
          error.code() != ErrorCode::unsupported && error.code() != ErrorCode::corrupt;
      if (unreadable || named_like_a_picture(full)) {
        skip(file.path, error.what());
      } else {
        ++scan_.ignored;
      }
    }
  }

  void cannot_look_at(const std::string& path, int error) {
    scan_.leave_unread(path, std::string("it cannot be looked at: ") + std::strerror(error));
  }

  void skip(const std::string& path, const std::string& reason) {
    scan_.skipped.push_back({path, reason});
  }

  fs::path root_;
  const Excludes& excludes_;
  const LookUp& look_up_;
  struct stat collection_ {};
  std::vector<std::pair<std::string, dev_t>> folders_;  ///< To be read, with their devices.
  dev_t device_ = 0;                                    ///< Of the folder that is being read.
  Scan scan_;
};

}  // namespace

void Scan::leave_unread(const std::string& path, const std::string& reason) {
  unread.insert(path);
  skipped.push_back({path, reason});
}

bool Scan::may_hold(const std::string& path) const {
  if (unread.empty()) return false;
  for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    if (unread.contains(path.substr(0, end))) return true;
  }
  return unread.contains(path);
}

FoundFile file_of(std::string path, const struct ::stat& status) {
  return {std::move(path), static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim)};
}

Scan scan(const fs::path& pictures, const fs::path& collection, const Excludes& excludes,
          const LookUp& look_up, const std::stop_token& stop) {
  return Walk(pictures, collection, excludes, look_up).run(stop);
}

std::string label_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace alike::collection
