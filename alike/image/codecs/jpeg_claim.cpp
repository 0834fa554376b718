#include <algorithm>
#include <cstring>
#include <string_view>

#include "alike/base/error.h"
#include "alike/image/codecs/exif.h"
#include "alike/image/codecs/jpeg.h"

namespace alike::image {
namespace {

constexpr int kStartOfScan = 0xda;
constexpr int kStartOfImage = 0xd8;
constexpr int kEndOfImage = 0xd9;
constexpr int kNothing = 0;
constexpr std::size_t kMostPieces = 255;  // of a profile: they have numbers of a byte
constexpr std::string_view kExifName("Exif\0\0", 6);
constexpr std::string_view kXmpName("http://ns.adobe.com/xap/1.0/\0", 29);
constexpr std::string_view kProfileName("ICC_PROFILE\0", 12);

int number(Bytes bytes, std::size_t at, std::size_t size) {
  int value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | std::to_integer<int>(bytes[at + i]);
  return value;
}

bool starts_with(Bytes bytes, std::string_view name) {
  return bytes.size() > name.size() && std::memcmp(bytes.data(), name.data(), name.size()) == 0;
}

bool stands_alone(int marker) { return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8); }

bool is_frame(int marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

bool is_progressive(int frame) { return (frame & 0x03) == 2; }

/// Whether a marker may follow coded data. Another one means that the end mark is missing and that
/// something else begins, such as a second picture.
bool may_follow_scan(int marker) {
  return marker == kStartOfScan || marker == kEndOfImage || marker == 0xc4 || marker == 0xcc ||
         (marker >= 0xdb && marker <= 0xdd) || (marker >= 0xe0 && marker <= 0xef) || marker == 0xfe;
}

/// The markers of a file one after the other; coded data and stray bytes between them are skipped.
class Markers {
 public:
  explicit Markers(Bytes bytes) : bytes_(bytes) {}

  /// The next marker, or `kNothing` where the file ends before it or within its segment; `body`
  /// then holds its segment, empty for markers that have none.
  int next() {
    body = {};
    int marker = find();
    while (stands_alone(marker) && !(scanned_ && marker == kStartOfImage)) marker = find();
    if (scanned_ && coded_end_ == 0) coded_end_ = at_ - (marker == kNothing ? 0 : 2);
    if (scanned_ && !may_follow_scan(marker)) return kNothing;
    if (marker == kEndOfImage || marker == kNothing) return marker;
    if (bytes_.size() - at_ < 2) return kNothing;
    const std::size_t size = static_cast<std::size_t>(number(bytes_, at_, 2));
    if (size < 2 || bytes_.size() - at_ < size) return kNothing;
    body = bytes_.subspan(at_ + 2, size - 2);
    at_ += size;
    if (marker == kStartOfScan) {
      scanned_ = true;
      coded_end_ = 0;
    }
    return marker;
  }

  /// The file up to the end of the coded data of the last scan.
  Bytes coded() const { return bytes_.first(coded_end_); }

  Bytes body;

 private:
  int find() {
    for (;;) {
      const void* found = std::memchr(bytes_.data() + at_, 0xff, bytes_.size() - at_);
      if (!found) return end();
      at_ = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes_.data());
      while (at_ < bytes_.size() && bytes_[at_] == std::byte{0xff}) ++at_;
      if (at_ == bytes_.size()) return end();
      const int marker = number(bytes_, at_++, 1);
      if (marker != 0) return marker;
    }
  }

  int end() {
    at_ = bytes_.size();
    return kNothing;
  }

  Bytes bytes_;
  std::size_t at_ = 2;
  bool scanned_ = false;
  std::size_t coded_end_ = 0;  ///< 0: a scan's data have not been passed yet.
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

/// Parts of the file that say something about the picture.
struct Metadata {
  std::vector<Bytes> exif;  ///< A block longer than a segment goes on in the next.
  Bytes xmp;
  std::vector<Bytes> profile;
};

void take(int marker, Bytes body, Metadata& metadata) {
  if (marker == 0xe1 && starts_with(body, kExifName)) {
    metadata.exif.push_back(body.subspan(kExifName.size()));
  } else if (marker == 0xe1 && metadata.xmp.empty() && starts_with(body, kXmpName)) {
    metadata.xmp = body.subspan(kXmpName.size());
  } else if (marker == 0xe2 && starts_with(body, kProfileName) &&
             body.size() >= kProfileName.size() + 2 && metadata.profile.size() <= kMostPieces) {
    metadata.profile.push_back(body.subspan(kProfileName.size()));
  }
}

int orientation_of(const Metadata& metadata) {
  if (metadata.exif.size() < 2) {
    return image::orientation_of(metadata.exif.empty() ? Bytes() : metadata.exif[0], metadata.xmp);
  }
  std::vector<std::byte> exif;
  for (const Bytes piece : metadata.exif) exif.insert(exif.end(), piece.begin(), piece.end());
  return image::orientation_of(exif, metadata.xmp);
}

void take_frame(int marker, Bytes body, Claim& claim) {
  if (claim.width != 0 || body.size() < 5) return;
  claim.height = number(body, 1, 2);
  claim.width = number(body, 3, 2);
  claim.held = is_progressive(marker);
}

/// libjpeg reads by rows only where one scan has all planes.
void take_scan(Bytes frame, Bytes body, Claim& claim) {
  const bool all = frame.size() > 5 && !body.empty() && body[0] == frame[5];
  if (++claim.scans > 1 || !all) claim.held = true;
}

}  // namespace

Claim jpeg_claim(Bytes bytes, const Limits& limits) {
  Claim claim;
  claim.scans = 0;
  claim.coded = bytes;
  Markers markers(bytes);
  Metadata metadata;
  Bytes frame;
  int marker = markers.next();
  for (; marker != kEndOfImage && marker != kNothing; marker = markers.next()) {
    if (is_frame(marker) && frame.empty()) frame = markers.body;
    if (is_frame(marker)) take_frame(marker, markers.body, claim);
    if (marker == kStartOfScan) take_scan(frame, markers.body, claim);
    if (claim.scans > limits.max_scans) return claim;
    take(marker, markers.body, metadata);
  }
  if (marker == kNothing) {
    if (claim.scans == 0) {
      throw Error(ErrorCode::corrupt, "the JPEG is cut short; copy it again from its source");
    }
    claim.ended = false;
    claim.coded = markers.coded();
  }
  claim.orientation = orientation_of(metadata);
  claim.profile = joined(std::move(metadata.profile));
  if (claim.profile.size() > limits.max_profile_bytes) claim.profile.clear();
  return claim;
}

}  // namespace alike::image
