#include <algorithm>
#include <cstring>
#include <string_view>

#include "alike/base/error.h"
#include "alike/image/codecs/jpeg.h"

namespace alike::image {
namespace {

constexpr int kStartOfScan = 0xda;
constexpr int kEndOfImage = 0xd9;
constexpr int kComment = 0xfe;
constexpr std::string_view kExifName("Exif\0\0", 6);
constexpr std::string_view kProfileName("ICC_PROFILE\0", 12);

int number(Bytes bytes, std::size_t at, std::size_t size) {
  int value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | std::to_integer<int>(bytes[at + i]);
  return value;
}

bool starts_with(Bytes bytes, std::string_view name) {
  return bytes.size() > name.size() && std::memcmp(bytes.data(), name.data(), name.size()) == 0;
}

bool stands_alone(int marker) { return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8); }

bool is_frame(int marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// The markers of a file one after the other; coded data and stray bytes between them are skipped.
class Markers {
 public:
  explicit Markers(Bytes bytes) : bytes_(bytes) {}

  /// The next marker; `body` then holds its segment, empty for markers that have none.
  int next() {
    int marker = 0;
    do {
      marker = find();
    } while (stands_alone(marker));
    body = {};
    if (marker == kEndOfImage) return marker;
    if (bytes_.size() - at_ < 2) throw_cut_short();
    const std::size_t size = static_cast<std::size_t>(number(bytes_, at_, 2));
    if (size < 2 || bytes_.size() - at_ < size) throw_cut_short();
    body = bytes_.subspan(at_ + 2, size - 2);
    at_ += size;
    return marker;
  }

  Bytes body;

 private:
  int find() {
    for (;;) {
      const void* found = std::memchr(bytes_.data() + at_, 0xff, bytes_.size() - at_);
      if (!found) throw_cut_short();
      at_ = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes_.data());
      while (at_ < bytes_.size() && bytes_[at_] == std::byte{0xff}) ++at_;
      if (at_ == bytes_.size()) throw_cut_short();
      const int marker = number(bytes_, at_++, 1);
      if (marker != 0) return marker;
    }
  }

  [[noreturn]] static void throw_cut_short() {
    throw Error(ErrorCode::corrupt, "the JPEG is cut short; copy it again from its source");
  }

  Bytes bytes_;
  std::size_t at_ = 2;
};

/// The ICC profile from its numbered pieces; empty unless each is there once.
std::vector<std::byte> joined(std::vector<Bytes> pieces) {
  std::sort(pieces.begin(), pieces.end(), [](Bytes a, Bytes b) { return a[0] < b[0]; });
  std::vector<std::byte> profile;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (number(pieces[i], 0, 1) != static_cast<int>(i + 1) ||
        number(pieces[i], 1, 1) != static_cast<int>(pieces.size())) {
      return {};
    }
    profile.insert(profile.end(), pieces[i].begin() + 2, pieces[i].end());
  }
  return profile;
}

void take_metadata(int marker, Bytes body, Claim& claim, std::vector<Bytes>& pieces) {
  if (marker != kComment && (marker < 0xe0 || marker > 0xef)) return;
  claim.metadata_bytes += body.size();
  if (marker == 0xe1 && claim.exif.empty() && starts_with(body, kExifName)) {
    claim.exif = body.subspan(kExifName.size());
  } else if (marker == 0xe2 && starts_with(body, kProfileName) &&
             body.size() >= kProfileName.size() + 2) {
    pieces.push_back(body.subspan(kProfileName.size()));
  }
}

}  // namespace

Claim jpeg_claim(Bytes bytes, const Limits& limits) {
  Claim claim;
  claim.scans = 0;
  Markers markers(bytes);
  std::vector<Bytes> pieces;
  for (int marker = markers.next(); marker != kEndOfImage; marker = markers.next()) {
    if (is_frame(marker) && claim.width == 0 && markers.body.size() >= 5) {
      claim.height = number(markers.body, 1, 2);
      claim.width = number(markers.body, 3, 2);
    }
    take_metadata(marker, markers.body, claim, pieces);
    if (marker == kStartOfScan) ++claim.scans;
    if (claim.scans > limits.max_scans || claim.metadata_bytes > limits.max_metadata_bytes) {
      return claim;
    }
  }
  claim.profile = joined(std::move(pieces));
  return claim;
}

}  // namespace alike::image
