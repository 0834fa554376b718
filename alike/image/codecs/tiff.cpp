#include "alike/image/codecs/tiff.h"

#include <tiffio.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/image/codecs/exif.h"
#include "alike/image/color.h"

namespace alike::image {
namespace {

/// Of one thing that libtiff allocates: the strips of a picture as large as may be held.
constexpr tmsize_t kMostAtOnce = tmsize_t{1} << 30;

/// A file in memory, as libtiff reads it, and its first complaint.
struct Source {
  Bytes bytes;
  std::uint64_t at = 0;
  std::string trouble{};
};

tmsize_t read_some(thandle_t handle, void* to, tmsize_t size) {
  auto& source = *static_cast<Source*>(handle);
  if (source.at >= source.bytes.size() || size <= 0) return 0;
  const Bytes rest = source.bytes.subspan(source.at);
  const std::size_t count = std::min(rest.size(), static_cast<std::size_t>(size));
  std::memcpy(to, rest.data(), count);
  source.at += count;
  return static_cast<tmsize_t>(count);
}

toff_t seek(thandle_t handle, toff_t offset, int from) {
  auto& source = *static_cast<Source*>(handle);
  const std::uint64_t start = from == SEEK_CUR   ? source.at
                              : from == SEEK_END ? source.bytes.size()
                                                 : 0;
  source.at = start + offset;
  return source.at;
}

/// libtiff only reads there. Without it, it takes tiles of fewer than 1,024 bytes for damaged.
int map(thandle_t handle, void** first, toff_t* size) {
  const Bytes bytes = static_cast<Source*>(handle)->bytes;
  *first = const_cast<std::byte*>(bytes.data());
  *size = bytes.size();
  return 1;
}

int remember(TIFF*, void* user, const char*, const char* format, va_list values) {
  auto& trouble = static_cast<Source*>(user)->trouble;
  if (!trouble.empty()) return 1;
  char text[200];
  std::vsnprintf(text, sizeof text, format, values);
  trouble = text;
  return 1;
}

int ignore(TIFF*, void*, const char*, const char*, va_list) { return 1; }

[[noreturn]] void throw_damage(const std::string& trouble) {
  throw Error(ErrorCode::corrupt, "the TIFF is damaged or cut short" +
                                      (trouble.empty() ? "" : ": " + trouble) +
                                      "; copy it again from its source");
}

/// One open file, at its first page.
class Reader {
 public:
  explicit Reader(Bytes bytes) : source_{bytes} {
    const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(
        TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
    if (!options) throw std::bad_alloc();
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostAtOnce);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), remember, &source_);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore, &source_);
    file_ = TIFFClientOpenExt(
        "picture", "r", &source_, read_some,
        [](thandle_t, void*, tmsize_t) -> tmsize_t { return -1; }, seek,
        [](thandle_t) { return 0; },
        [](thandle_t handle) -> toff_t { return static_cast<Source*>(handle)->bytes.size(); }, map,
        [](thandle_t, void*, toff_t) {}, options.get());
    if (!file_) throw_damage(source_.trouble);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { TIFFClose(file_); }

  TIFF* file() const { return file_; }
  const std::string& trouble() const { return source_.trouble; }

  /// A number of the directory, or libtiff's default for it, or 0.
  template <class Number>
  Number number(std::uint32_t tag) const {
    Number value = 0;
    TIFFGetFieldDefaulted(file_, tag, &value);
    return value;
  }

  /// The bytes of a tag; empty where there is none.
  Bytes block(std::uint32_t tag) const {
    std::uint32_t size = 0;
    const void* first = nullptr;
    if (TIFFGetField(file_, tag, &size, &first) == 0 || !first) return {};
    return {static_cast<const std::byte*>(first), size};
  }

 private:
  Source source_;
  TIFF* file_ = nullptr;
};

int orientation_of(const Reader& reader) {
  std::uint16_t stated = 0;
  if (TIFFGetField(reader.file(), TIFFTAG_ORIENTATION, &stated) != 0) {
    return stated >= 1 && stated <= 8 ? stated : 1;
  }
  return image::orientation_of({}, reader.block(TIFFTAG_XMLPACKET));
}

/// The first extra channel that is alpha: EXTRASAMPLE_ASSOCALPHA or _UNASSALPHA; 0: there is none.
/// One that says nothing of itself is none, as for Pillow.
int alpha_of(const Reader& reader) {
  std::uint16_t count = 0;
  const std::uint16_t* kinds = nullptr;
  if (TIFFGetField(reader.file(), TIFFTAG_EXTRASAMPLES, &count, &kinds) == 0 || count == 0)
    return 0;
  return kinds[0];
}

/// Four inks of 8 bits, side by side: libtiff turns them into RGB by itself, which knows no
/// profile.
void put_inks(TIFFRGBAImage* image, std::uint32_t* to, std::uint32_t, std::uint32_t,
              std::uint32_t width, std::uint32_t height, std::int32_t from_skew,
              std::int32_t to_skew, unsigned char* from) {
  const std::ptrdiff_t samples = image->samplesperpixel;
  for (; height > 0; --height, to += to_skew, from += samples * from_skew) {
    for (std::uint32_t x = 0; x < width; ++x, from += samples) std::memcpy(to++, from, 4);
  }
}

struct Drawing {
  TIFFRGBAImage image{};
  bool begun = false;
  Drawing() = default;
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
  ~Drawing() {
    if (begun) TIFFRGBAImageEnd(&image);
  }
};

/// Premultiplied pixels of libtiff, put on white. Its grey ones are as stored.
void put_on_white(const std::vector<std::uint32_t>& words, int alpha, bool multiplied,
                  std::vector<std::uint8_t>& rgb) {
  std::uint8_t* to = rgb.data();
  for (const std::uint32_t word : words) {
    const std::uint8_t rgba[4] = {static_cast<std::uint8_t>(TIFFGetR(word)),
                                  static_cast<std::uint8_t>(TIFFGetG(word)),
                                  static_cast<std::uint8_t>(TIFFGetB(word)),
                                  static_cast<std::uint8_t>(alpha == 0 ? 255 : TIFFGetA(word))};
    if (multiplied) {
      for (int c = 0; c < 3; ++c) {
        to[c] = static_cast<std::uint8_t>(std::min(255, rgba[c] + 255 - rgba[3]));
      }
    } else {
      image::put_on_white(rgba, 1, to);
    }
    to += 3;
  }
}

/// All pixels as libtiff's four bytes. It can be asked for a part, but mistakes its place where a
/// sample is no byte, planes are apart or chroma is coarser.
std::vector<std::uint32_t> words_of(const Reader& reader, Drawing& drawing) {
  TIFFRGBAImage& image = drawing.image;
  image.req_orientation = image.orientation;  // as stored; turned later
  std::vector<std::uint32_t> words(std::size_t{image.width} * image.height);
  const bool done = TIFFRGBAImageGet(&image, words.data(), image.width, image.height) != 0;
  if (!done || !reader.trouble().empty()) throw_damage(reader.trouble());
  return words;
}

/// The window's part of them, in its place at the start.
void cut(std::vector<std::uint32_t>& words, std::size_t width, const Window& window) {
  const auto columns = static_cast<std::size_t>(window.width);
  for (int y = 0; y < window.height; ++y) {
    const std::uint32_t* from = words.data() + width * static_cast<std::size_t>(window.y + y) +
                                static_cast<std::size_t>(window.x);
    std::memmove(words.data() + columns * static_cast<std::size_t>(y), from, 4 * columns);
  }
  words.resize(columns * static_cast<std::size_t>(window.height));
}

void begin(const Reader& reader, Drawing& drawing) {
  char why[1024] = "";
  drawing.begun = TIFFRGBAImageOK(reader.file(), why) != 0 &&
                  TIFFRGBAImageBegin(&drawing.image, reader.file(), 1, why) != 0;
  if (drawing.begun) return;
  throw Error(ErrorCode::unsupported, std::string("the TIFF is of a rare kind: ") + why +
                                          "; save it with 8 or 16 bits a channel");
}

/// Throws where a strip or tile lies beyond the end of the file.
void check_length(const Reader& reader, std::uint64_t size) {
  TIFF* file = reader.file();
  const std::uint32_t count =
      TIFFIsTiled(file) != 0 ? TIFFNumberOfTiles(file) : TIFFNumberOfStrips(file);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t from = TIFFGetStrileOffset(file, i);
    const std::uint64_t bytes = TIFFGetStrileByteCount(file, i);
    if (from > size || bytes > size - from) throw_damage("");
  }
}

}  // namespace

Claim tiff_claim(Bytes bytes, const Limits& limits) {
  const Reader reader(bytes);
  if ((reader.number<std::uint32_t>(TIFFTAG_SUBFILETYPE) & FILETYPE_REDUCEDIMAGE) != 0) {
    throw Error(ErrorCode::unsupported,
                "the TIFF begins with a reduced picture, as raw files of cameras do; alike reads "
                "no raw files, develop it first");
  }
  Claim claim;
  claim.held = true;
  claim.width = reader.number<std::uint32_t>(TIFFTAG_IMAGEWIDTH);
  claim.height = reader.number<std::uint32_t>(TIFFTAG_IMAGELENGTH);
  claim.orientation = orientation_of(reader);
  const Bytes profile = reader.block(TIFFTAG_ICCPROFILE);
  if (profile.size() <= limits.max_profile_bytes) {
    claim.profile.assign(profile.begin(), profile.end());
  }
  return claim;
}

Raster decode_tiff(Bytes bytes, Claim claim, const Wanted& wanted, const Limits&) {
  const Reader reader(bytes);
  check_length(reader, bytes.size());
  Drawing drawing;
  begin(reader, drawing);
  const auto photometric = drawing.image.photometric;
  const bool inks = photometric == PHOTOMETRIC_SEPARATED && drawing.image.isContig != 0 &&
                    drawing.image.bitspersample == 8 && drawing.image.samplesperpixel >= 4;
  if (inks) drawing.image.put.contig = put_inks;
  const Window window =
      cover(wanted.box, static_cast<int>(claim.width), static_cast<int>(claim.height));
  auto words = words_of(reader, drawing);
  cut(words, drawing.image.width, window);
  Raster raster;
  raster.box = within(wanted.box, window);
  if (inks) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(words.data());
    raster.pixels =
        cmyk_to_srgb({first, 4 * words.size()}, window.width, window.height, claim.profile);
    return raster;
  }
  raster.grey = photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
  raster.profile = std::move(claim.profile);
  raster.pixels = Image{window.width, window.height, std::vector<std::uint8_t>(3 * words.size())};
  const int alpha = alpha_of(reader);
  const bool multiplied = !(raster.grey && alpha == EXTRASAMPLE_UNASSALPHA);
  put_on_white(words, alpha, multiplied, raster.pixels.rgb);
  return raster;
}

}  // namespace alike::image
