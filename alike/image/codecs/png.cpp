#include "alike/image/codecs/png.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <string>

#include "alike/base/error.h"
#include "alike/image/codecs/inflate.h"

namespace alike::image {
namespace {

constexpr int kCompression = 6;
/// A part of more pixels is averaged while it is read, where the caller wants fewer.
constexpr std::int64_t kWholePixels = 100'000'000;

struct Trouble {
  std::jmp_buf back{};
  char message[160] = {};
};

[[noreturn]] void leave(png_structp session, png_const_charp message) {
  auto& trouble = *static_cast<Trouble*>(png_get_error_ptr(session));
  std::strncpy(trouble.message, message, sizeof trouble.message - 1);
  std::longjmp(trouble.back, 1);
}

void ignore(png_structp, png_const_charp) {}

/// Runs libpng calls. `step` must own nothing with a destructor: an error jumps out of it.
template <class Step>
void guarded(Trouble& trouble, const Step& step) {
  if (setjmp(trouble.back) != 0) {
    throw Error(ErrorCode::corrupt, std::string("the PNG is damaged: ") + trouble.message +
                                        "; copy it again from its source");
  }
  step();
}

struct Reader {
  Trouble trouble;
  Bytes rest;
  png_structp session = nullptr;
  png_infop info = nullptr;

  explicit Reader(Bytes bytes) : rest(bytes) {
    session = png_create_read_struct(PNG_LIBPNG_VER_STRING, &trouble, leave, ignore);
    if (session) info = png_create_info_struct(session);
    if (!info) throw Error(ErrorCode::io, "no memory is left to read a PNG; free some");
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { png_destroy_read_struct(&session, &info, nullptr); }
};

void feed(png_structp session, png_bytep to, std::size_t size) {
  Bytes& rest = *static_cast<Bytes*>(png_get_io_ptr(session));
  if (rest.size() < size) png_error(session, "it is cut short");
  std::memcpy(to, rest.data(), size);
  rest = rest.subspan(size);
}

/// Reads up to the first pixel and asks for 8-bit RGB or RGBA; `grey`: whether the file has no
/// colours, which libpng does not tell any more once it is asked for RGB.
void start(Reader& reader, const Limits& limits, bool& grey) {
  guarded(reader.trouble, [&] {
    png_structp session = reader.session;
    png_set_read_fn(session, &reader.rest, feed);
    png_set_user_limits(session, static_cast<png_uint_32>(limits.max_side),
                        static_cast<png_uint_32>(limits.max_side));
    // Besides the pixels only PLTE and tRNS count, which this leaves: nothing else is unpacked.
    png_set_keep_unknown_chunks(session, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_read_info(session, reader.info);
    grey = (png_get_color_type(session, reader.info) & PNG_COLOR_MASK_COLOR) == 0;
    png_set_expand(session);
    png_set_scale_16(session);
    png_set_gray_to_rgb(session);
    png_set_interlace_handling(session);
    png_read_update_info(session, reader.info);
  });
}

/// One that unpacks to more than the limit is none.
std::vector<std::byte> profile_of(const Claim& claim, const Limits& limits) {
  auto profile = inflated(claim.packed_profile, limits.max_profile_bytes + 1);
  if (profile.size() > limits.max_profile_bytes) profile.clear();
  return profile;
}

/// Takes the window's part of a row; `to` may lie before `row` in the same memory.
void keep(const std::uint8_t* row, std::size_t channels, const Window& window, std::uint8_t* to) {
  const std::uint8_t* from = row + channels * static_cast<std::size_t>(window.x);
  if (channels == 4) {
    put_on_white(from, window.width, to);
  } else {
    std::memmove(to, from, std::size_t{3} * static_cast<std::size_t>(window.width));
  }
}

std::size_t kept_bytes(const Window& window) {
  return std::size_t{3} * static_cast<std::size_t>(window.width);
}

/// Reads what follows the row before `next`: up to the end, or the remaining rows where the file
/// has no end, to be sure that they are there; nothing where there is an end and rows are left.
void finish(Reader& reader, const Claim& claim, int next, png_bytep row) {
  if (!claim.ended) {
    for (; next < claim.height; ++next) png_read_row(reader.session, row, nullptr);
  } else if (next == claim.height) {
    png_read_end(reader.session, nullptr);
  }
}

/// The window's pixels of a file with rows in order.
std::vector<std::uint8_t> read_rows(Reader& reader, const Claim& claim, const Window& window) {
  const std::size_t channels = png_get_channels(reader.session, reader.info);
  std::vector<std::uint8_t> pixels(kept_bytes(window) * static_cast<std::size_t>(window.height));
  std::vector<std::uint8_t> row(png_get_rowbytes(reader.session, reader.info));
  guarded(reader.trouble, [&] {
    for (int y = 0; y < window.y + window.height; ++y) {
      png_read_row(reader.session, row.data(), nullptr);
      if (y < window.y) continue;
      keep(row.data(), channels, window,
           pixels.data() + kept_bytes(window) * static_cast<std::size_t>(y - window.y));
    }
    finish(reader, claim, window.y + window.height, row.data());
  });
  return pixels;
}

/// Rows added up for the mean of squares of `scale` × `scale` pixels, fewer at the far edges.
class Mean {
 public:
  Mean(int pixels, int scale)
      : pixels_(pixels),
        scale_(scale),
        sums_(3 * static_cast<std::size_t>((pixels + scale - 1) / scale)) {}

  void add(const std::uint8_t* rgb) {
    ++rows_;
    std::uint32_t* sum = sums_.data();
    for (int x = 0; x < pixels_; sum += 3) {
      for (const int end = std::min(x + scale_, pixels_); x < end; ++x, rgb += 3) {
        for (int c = 0; c < 3; ++c) sum[c] += rgb[c];
      }
    }
  }

  /// Writes the means of the rows since the last call.
  void take(std::uint8_t* to) {
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      const int columns = std::min(scale_, pixels_ - static_cast<int>(i / 3) * scale_);
      const auto count = static_cast<std::uint32_t>(columns * rows_);
      to[i] = static_cast<std::uint8_t>((sums_[i] + count / 2) / count);
      sums_[i] = 0;
    }
    rows_ = 0;
  }

 private:
  int pixels_;
  int scale_;
  int rows_ = 0;
  std::vector<std::uint32_t> sums_;
};

/// The window's pixels of a file with rows in order at 1/`scale`; `window` is of that size.
std::vector<std::uint8_t> read_reduced(Reader& reader, const Claim& claim, const Window& window,
                                       int scale) {
  const std::size_t channels = png_get_channels(reader.session, reader.info);
  const auto width = static_cast<int>(claim.width), height = static_cast<int>(claim.height);
  const Window columns{window.x * scale, 0,
                       std::min(window.width * scale, width - window.x * scale), 1};
  std::vector<std::uint8_t> pixels(kept_bytes(window) * static_cast<std::size_t>(window.height));
  std::vector<std::uint8_t> row(png_get_rowbytes(reader.session, reader.info));
  std::vector<std::uint8_t> rgb(kept_bytes(columns));
  Mean mean(columns.width, scale);
  const int first = window.y * scale, end = std::min((window.y + window.height) * scale, height);
  guarded(reader.trouble, [&] {
    std::uint8_t* to = pixels.data();
    for (int y = 0; y < end; ++y) {
      png_read_row(reader.session, row.data(), nullptr);
      if (y < first) continue;
      keep(row.data(), channels, columns, rgb.data());
      mean.add(rgb.data());
      if ((y + 1) % scale != 0 && y + 1 != end) continue;
      mean.take(to);
      to += kept_bytes(window);
    }
    finish(reader, claim, end, row.data());
  });
  return pixels;
}

/// The window's pixels of a file that interlaces its rows. The window's rows are held whole, then
/// packed where they are.
std::vector<std::uint8_t> read_interlaced(Reader& reader, const Claim& claim,
                                          const Window& window) {
  const std::size_t row_bytes = png_get_rowbytes(reader.session, reader.info);
  const std::size_t channels = png_get_channels(reader.session, reader.info);
  const auto height = static_cast<int>(png_get_image_height(reader.session, reader.info));
  std::vector<std::uint8_t> pixels(row_bytes * static_cast<std::size_t>(window.height));
  std::vector<std::uint8_t> unseen(row_bytes);
  const auto row_of = [&](int y) {
    const bool seen = y >= window.y && y < window.y + window.height;
    return seen ? pixels.data() + row_bytes * static_cast<std::size_t>(y - window.y)
                : unseen.data();
  };
  guarded(reader.trouble, [&] {
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; ++pass) {
      for (int y = 0; y < height; ++y) png_read_row(reader.session, row_of(y), nullptr);
    }
    if (claim.ended) png_read_end(reader.session, nullptr);
  });
  for (int y = 0; y < window.height; ++y) {
    keep(row_of(window.y + y), channels, window,
         pixels.data() + kept_bytes(window) * static_cast<std::size_t>(y));
  }
  pixels.resize(kept_bytes(window) * static_cast<std::size_t>(window.height));
  return pixels;
}

struct Writer {
  Trouble trouble;
  std::vector<std::byte> bytes;
  png_structp session = nullptr;
  png_infop info = nullptr;

  Writer() {
    session = png_create_write_struct(PNG_LIBPNG_VER_STRING, &trouble, leave, ignore);
    if (session) info = png_create_info_struct(session);
    if (!info) throw Error(ErrorCode::io, "no memory is left to write a PNG; free some");
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { png_destroy_write_struct(&session, &info); }
};

void collect(png_structp session, png_bytep from, std::size_t size) {
  auto& bytes = *static_cast<std::vector<std::byte>*>(png_get_io_ptr(session));
  const auto* first = reinterpret_cast<const std::byte*>(from);
  bool full = false;
  try {
    bytes.insert(bytes.end(), first, first + size);
  } catch (const std::bad_alloc&) {
    full = true;
  }
  if (full) png_error(session, "no memory is left");
}

}  // namespace

Raster decode_png(Bytes bytes, const Claim& claim, const Wanted& wanted, const Limits& limits) {
  Reader reader(bytes);
  Raster raster;
  start(reader, limits, raster.grey);
  const auto width = static_cast<int>(claim.width), height = static_cast<int>(claim.height);
  const Window all = cover(wanted.box, width, height);
  const bool large = std::int64_t{all.width} * all.height > kWholePixels;
  const int scale = large && !claim.held ? scale_for(wanted) : 1;
  const Box box{wanted.box.x / scale, wanted.box.y / scale, wanted.box.width / scale,
                wanted.box.height / scale};
  const Window window = cover(box, (width + scale - 1) / scale, (height + scale - 1) / scale);
  check_held(window, limits);
  raster.box = within(box, window);
  raster.profile = profile_of(claim, limits);
  raster.pixels = Image{window.width, window.height, {}};
  raster.pixels.rgb = claim.held   ? read_interlaced(reader, claim, window)
                      : scale == 1 ? read_rows(reader, claim, window)
                                   : read_reduced(reader, claim, window, scale);
  return raster;
}

std::vector<std::byte> write_png(const Image& image, const std::string& software) {
  std::string keyword = "Software", value = software;  // libpng asks for text that may change
  png_text text{};
  text.compression = PNG_TEXT_COMPRESSION_NONE;
  text.key = keyword.data();
  text.text = value.data();
  text.text_length = value.size();
  Writer writer;
  guarded(writer.trouble, [&] {
    png_set_write_fn(writer.session, &writer.bytes, collect, nullptr);
    png_set_user_limits(writer.session, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(writer.session, writer.info, static_cast<png_uint_32>(image.width),
                 static_cast<png_uint_32>(image.height), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(writer.session, kCompression);
    if (!value.empty()) png_set_text(writer.session, writer.info, &text, 1);
    png_write_info(writer.session, writer.info);
    const std::size_t row = std::size_t{3} * static_cast<std::size_t>(image.width);
    for (int y = 0; y < image.height; ++y) {
      png_write_row(writer.session, image.rgb.data() + row * static_cast<std::size_t>(y));
    }
    png_write_end(writer.session, writer.info);
  });
  return std::move(writer.bytes);
}

}  // namespace alike::image
