#include "alike/image/codecs/png.h"

#include <png.h>

#include <csetjmp>
#include <cstring>
#include <string>

#include "alike/base/error.h"

namespace alike::image {
namespace {

constexpr int kCompression = 6;

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

/// Reads up to the first pixel and asks for 8-bit RGB or RGBA.
void start(Reader& reader, const Limits& limits) {
  guarded(reader.trouble, [&] {
    png_structp session = reader.session;
    png_set_read_fn(session, &reader.rest, feed);
    png_set_user_limits(session, static_cast<png_uint_32>(limits.max_side),
                        static_cast<png_uint_32>(limits.max_side));
    png_set_chunk_malloc_max(session, limits.max_metadata_bytes);
    // Text, times and the like are never inflated; besides the pixels only the colours count.
    png_set_keep_unknown_chunks(session, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    const png_byte profile[] = "iCCP";
    png_set_keep_unknown_chunks(session, PNG_HANDLE_CHUNK_AS_DEFAULT, profile, 1);
    png_read_info(session, reader.info);
    png_set_expand(session);
    png_set_scale_16(session);
    png_set_gray_to_rgb(session);
    png_set_interlace_handling(session);
    png_read_update_info(session, reader.info);
  });
}

std::vector<std::byte> profile_of(Reader& reader) {
  png_charp name = nullptr;
  png_bytep bytes = nullptr;
  png_uint_32 size = 0;
  int method = 0;
  guarded(reader.trouble, [&] {
    if (!png_get_iCCP(reader.session, reader.info, &name, &method, &bytes, &size)) size = 0;
  });
  const auto* first = reinterpret_cast<const std::byte*>(bytes);
  return size == 0 ? std::vector<std::byte>{} : std::vector<std::byte>(first, first + size);
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

/// The window's pixels of a file with rows in order.
std::vector<std::uint8_t> read_rows(Reader& reader, const Window& window) {
  const std::size_t channels = png_get_channels(reader.session, reader.info);
  const auto height = static_cast<int>(png_get_image_height(reader.session, reader.info));
  std::vector<std::uint8_t> pixels(kept_bytes(window) * static_cast<std::size_t>(window.height));
  std::vector<std::uint8_t> row(png_get_rowbytes(reader.session, reader.info));
  guarded(reader.trouble, [&] {
    for (int y = 0; y < window.y + window.height; ++y) {
      png_read_row(reader.session, row.data(), nullptr);
      if (y < window.y) continue;
      keep(row.data(), channels, window,
           pixels.data() + kept_bytes(window) * static_cast<std::size_t>(y - window.y));
    }
    if (window.y + window.height == height) png_read_end(reader.session, nullptr);
  });
  return pixels;
}

/// The window's pixels of a file that interlaces its rows. The window's rows are held whole, then
/// packed where they are.
std::vector<std::uint8_t> read_interlaced(Reader& reader, const Window& window) {
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
    png_read_end(reader.session, nullptr);
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

Raster decode_png(Bytes bytes, const Wanted& wanted, const Limits& limits) {
  Reader reader(bytes);
  start(reader, limits);
  const auto width = static_cast<int>(png_get_image_width(reader.session, reader.info));
  const auto height = static_cast<int>(png_get_image_height(reader.session, reader.info));
  const bool interlaced = png_get_interlace_type(reader.session, reader.info) != PNG_INTERLACE_NONE;
  const Window window = cover(wanted.box, width, height);
  Raster raster;
  raster.box = within(wanted.box, window);
  raster.grey = !(png_get_color_type(reader.session, reader.info) & PNG_COLOR_MASK_COLOR);
  raster.profile = profile_of(reader);
  raster.pixels = Image{window.width, window.height,
                        interlaced ? read_interlaced(reader, window) : read_rows(reader, window)};
  return raster;
}

std::vector<std::byte> write_png(const Image& image) {
  Writer writer;
  guarded(writer.trouble, [&] {
    png_set_write_fn(writer.session, &writer.bytes, collect, nullptr);
    png_set_user_limits(writer.session, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(writer.session, writer.info, static_cast<png_uint_32>(image.width),
                 static_cast<png_uint_32>(image.height), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(writer.session, kCompression);
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
