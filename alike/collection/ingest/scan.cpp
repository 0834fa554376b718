#include "alike/collection/ingest/scan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

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
      {".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",  ".webp", ".gif", ".tif",
       ".tiff", ".bmp",  ".heic", ".heif", ".avif", ".jxl",  ".jp2", ".psd",
       ".dng",  ".cr2",  ".cr3",  ".nef",  ".arw",  ".orf",  ".rw2"});
  return std::ranges::find(kNames, extension) != kNames.end();
}

/// The kind of a file that is neither a regular one nor a folder.
const char* kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

class Walk {
 public:
  Walk(const fs::path& pictures, const fs::path& exclude, const IsKnown& is_known)
      : root_(pictures), is_known_(is_known) {
    if (::stat(exclude.c_str(), &exclude_) != 0) exclude_.st_ino = 0;
  }

  Scan run(const std::stop_token& stop) {
    read_folder("");
    while (!folders_.empty()) {
      if (stop.stop_requested())
        throw Error(ErrorCode::interrupted, "stopped while looking around");
      const std::string folder = std::move(folders_.back());
      folders_.pop_back();
      read_folder(folder);
    }
    std::ranges::sort(scan_.pictures, {}, &FoundFile::path);
    std::ranges::sort(scan_.skipped, {}, &Skipped::path);
    return std::move(scan_);
  }

 private:
  void read_folder(const std::string& folder) {
    std::error_code error;
    fs::directory_iterator entries(root_ / folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      const std::string name = entries->path().filename().native();
      if (name.starts_with('.')) continue;
      look_at(folder.empty() ? name : folder + "/" + name);
    }
    if (!error) return;
    if (folder.empty()) throw_system_error("cannot read folder", root_.native(), error.value());
    scan_.unread.push_back(folder);
    skip(folder, "the folder cannot be read: " + error.message());
  }

  void look_at(const std::string& path) {
    const fs::path full = root_ / path;
    struct stat status {};
    struct stat link {};
    if (::lstat(full.c_str(), &link) != 0) return;  // gone since the folder was read
    const bool is_link = S_ISLNK(link.st_mode);
    if (::stat(full.c_str(), &status) != 0) {
      if (errno == ELOOP) {
        skip(path, "a symbolic link that leads back to itself");
      } else if (named_like_a_picture(full)) {
        skip(path, is_link ? "a symbolic link to nothing" : std::strerror(errno));
      } else {
        ++scan_.ignored;
      }
    } else if (S_ISDIR(status.st_mode)) {
      const bool excluded = status.st_ino == exclude_.st_ino && status.st_dev == exclude_.st_dev;
      if (excluded) return;
      if (is_link) {
        skip(path, "a symbolic link to a folder is not followed; index that folder itself");
      } else {
        folders_.push_back(path);
      }
    } else if (S_ISREG(status.st_mode)) {
      look_into({path, static_cast<std::uint64_t>(status.st_size),
                 status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec});
    } else if (named_like_a_picture(full)) {
      skip(path, std::string(kind_of(status.st_mode)) + ", which is never read");
    } else {
      ++scan_.ignored;
    }
  }

  void look_into(FoundFile file) {
    if (is_known_(file)) {
      scan_.pictures.push_back(std::move(file));
      return;
    }
    const fs::path full = root_ / file.path;
    try {
      std::array<std::byte, 16> start{};
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

  void skip(const std::string& path, const std::string& reason) {
    scan_.skipped.push_back({path, reason});
  }

  fs::path root_;
  const IsKnown& is_known_;
  struct stat exclude_ {};
  std::vector<std::string> folders_;
  Scan scan_;
};

}  // namespace

Scan scan(const fs::path& pictures, const fs::path& exclude, const IsKnown& is_known,
          const std::stop_token& stop) {
  return Walk(pictures, exclude, is_known).run(stop);
}

std::string label_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace alike::collection
