#include "alike/serve/picture_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "alike/base/error.h"
#include "alike/image/codecs/sniff.h"
#include "alike/image/decode.h"

namespace alike::serve {
namespace {

namespace fs = std::filesystem;

/// Where the file that is open really lies.
fs::path place_of(const File& file) {
  std::error_code error;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(file.descriptor()), error);
}

struct stat status_of(const File& file) {
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) {
    throw_system_error("cannot look at", file.path().native(), errno);
  }
  return status;
}

bool is_below(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const fs::path below = file.lexically_relative(fs::canonical(folder, error));
  return !error && !below.empty() && *below.begin() != "..";
}

}  // namespace

std::shared_ptr<const File> open_picture(const collection::Collection& collection,
                                         const collection::Item& item) {
  const std::string which = "the file of item " + std::to_string(item.id);
  if (item.path.empty()) throw Error(ErrorCode::not_found, which + " is not known");
  auto file = std::make_shared<const File>(collection.picture_file(item), File::Mode::read);
  if (!is_below(place_of(*file), collection.pictures())) {
    throw Error(ErrorCode::not_found, which + " lies outside the folder of pictures");
  }
  const struct stat status = status_of(*file);
  if (!S_ISREG(status.st_mode) || status.st_size == 0) {
    throw Error(ErrorCode::not_found, which + " is empty, or no file any more");
  }
  return file;
}

std::vector<std::byte> read_picture(const File& file) {
  const std::uint64_t size = file.size();
  if (size > image::kMaxFileBytes) {
    throw Error(ErrorCode::unsupported, "the file has " + std::to_string(size) + " bytes");
  }
  std::vector<std::byte> bytes(size);
  file.read_at(0, bytes);
  return bytes;
}

std::string media_type_of(const File& file) {
  std::array<std::byte, image::kSniffedBytes> head{};
  const auto size = std::min<std::uint64_t>(head.size(), file.size());
  file.read_at(0, std::span(head).first(size));
  switch (image::sniff(std::span(head).first(size))) {
    case image::Format::jpeg: return "image/jpeg";
    case image::Format::png: return "image/png";
    case image::Format::webp: return "image/webp";
    case image::Format::gif: return "image/gif";
    case image::Format::bmp: return "image/bmp";
    case image::Format::tiff: return "image/tiff";
    case image::Format::heic: return "image/heic";
    case image::Format::avif: return "image/avif";
  }
  return "application/octet-stream";
}

bool is_shown_by_browsers(std::string_view type) {
  return type != "image/tiff" && type != "image/heic";
}

std::string tag_of(const File& file) {
  const struct stat status = status_of(file);
  return std::to_string(status.st_size) + "-" + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec) + "-" + std::to_string(status.st_ino);
}

}  // namespace alike::serve
