#include "alike/image/codecs/jpeg.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

// jpeglib.h needs size_t and FILE before it.
#include <jerror.h>
#include <jpeglib.h>

#include "alike/base/error.h"
#include "alike/image/color.h"

namespace alike::image {
namespace {

/// libjpeg's error handler with a way back. Errors jump; they never throw through C frames.
struct Trouble {
  jpeg_error_mgr manager{};
  std::jmp_buf back{};
  ErrorCode code = ErrorCode::corrupt;
  bool may_end = false;  ///< The file has no end mark; libjpeg sets one, with a warning.
  char message[JMSG_LENGTH_MAX] = {};
};

Trouble& trouble_of(j_common_ptr session) { return *reinterpret_cast<Trouble*>(session->err); }

[[noreturn]] void leave(j_common_ptr session) {
  Trouble& trouble = trouble_of(session);
  session->err->format_message(session, trouble.message);
  switch (session->err->msg_code) {
    case JERR_SOF_UNSUPPORTED:
    case JERR_BAD_PRECISION:
    case JERR_ARITH_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_IMAGE_TOO_BIG:
    case JERR_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_CCIR601_NOTIMPL: trouble.code = ErrorCode::unsupported; break;
    case JERR_OUT_OF_MEMORY: trouble.code = ErrorCode::io; break;
    default: trouble.code = ErrorCode::corrupt;
  }
  std::longjmp(trouble.back, 1);
}

/// Warnings that leave every pixel as it was written. All others mean that coded data is lost and
/// that libjpeg would paint the rest grey.
bool is_harmless(int code) {
  return code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM ||
         code == JWRN_BOGUS_ICC || code == JWRN_BOGUS_PROGRESSION || code == JWRN_NOT_SEQUENTIAL;
}

void warn(j_common_ptr session, int level) {
  const int code = session->err->msg_code;
  const bool only_end = code == JWRN_JPEG_EOF && trouble_of(session).may_end;
  if (level < 0 && !only_end && !is_harmless(code)) leave(session);
}

void install(Trouble& trouble) {
  jpeg_std_error(&trouble.manager);
  trouble.manager.error_exit = leave;
  trouble.manager.emit_message = warn;
  trouble.manager.output_message = [](j_common_ptr) {};
}

/// Runs libjpeg calls. `step` must own nothing with a destructor: an error jumps out of it.
template <class Step>
void guarded(Trouble& trouble, const Step& step) {
  if (setjmp(trouble.back) != 0) {
    const bool damaged = trouble.code == ErrorCode::corrupt;
    throw Error(
        trouble.code,
        std::string(damaged ? "the JPEG is damaged: " : "the JPEG cannot be read: ") +
            trouble.message +
            (damaged ? "; copy it again from its source" : "; alike reads ordinary 8-bit JPEGs"));
  }
  step();
}

struct Decoder {
  jpeg_decompress_struct session{};
  Trouble trouble;

  Decoder() {
    install(trouble);
    session.err = &trouble.manager;
    guarded(trouble, [this] { jpeg_create_decompress(&session); });
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { jpeg_destroy_decompress(&session); }

  bool is_cmyk() const { return session.num_components == 4; }
};

void read_header(Decoder& decoder, const Claim& claim) {
  const Bytes bytes = claim.coded;
  decoder.trouble.may_end = !claim.ended;
  guarded(decoder.trouble, [&] {
    jpeg_mem_src(&decoder.session, reinterpret_cast<const unsigned char*>(bytes.data()),
                 static_cast<unsigned long>(bytes.size()));
    jpeg_read_header(&decoder.session, TRUE);
  });
  if (decoder.session.image_width != claim.width || decoder.session.image_height != claim.height) {
    throw Error(ErrorCode::corrupt, "the JPEG states two sizes; copy it again from its source");
  }
}

[[noreturn]] void throw_cut_short() {
  throw Error(ErrorCode::corrupt, "the JPEG is cut short; copy it again from its source");
}

/// Throws unless all scans are there, of a file without an end mark whose scans have been read:
/// each plane has had one, and its coefficients are known to the last bit.
void check_scans(const jpeg_decompress_struct& session) {
  for (int plane = 0; plane < session.num_components; ++plane) {
    if (!session.comp_info[plane].quant_table) throw_cut_short();
    if (!session.progressive_mode) continue;
    const int* missing_bits = session.coef_bits[plane];
    const bool whole =
        std::all_of(missing_bits, missing_bits + DCTSIZE2, [](int n) { return n == 0; });
    if (!whole) throw_cut_short();
  }
}

void start(Decoder& decoder, int scale) {
  jpeg_decompress_struct& session = decoder.session;
  session.out_color_space = decoder.is_cmyk() ? JCS_CMYK : JCS_RGB;
  session.scale_num = 1;
  session.scale_denom = static_cast<unsigned>(scale);
  guarded(decoder.trouble, [&] { jpeg_start_decompress(&session); });
  if (!decoder.trouble.may_end) return;
  // Arithmetic coding goes on with zeros where bytes are missing, and says nothing.
  if (session.arith_code) throw_cut_short();
  if (jpeg_has_multiple_scans(&session)) check_scans(session);
}

/// Whether libjpeg may leave out columns. It takes every plane for as wide as its sampling says,
/// but a reduced decoding enlarges chroma within the blocks where that fits. Where an upsampler
/// enlarges the rest (4:1:0 at 1/2), it would fill only a part of each row.
bool can_cut_columns(const jpeg_decompress_struct& session) {
  const jpeg_component_info* first = session.comp_info;
  return std::all_of(first, first + session.num_components, [&](const jpeg_component_info& plane) {
    const int size = plane.DCT_scaled_size, smallest = session.min_DCT_scaled_size;
    const bool full = plane.h_samp_factor * size == session.max_h_samp_factor * smallest &&
                      plane.v_samp_factor * size == session.max_v_samp_factor * smallest;
    return full || size == smallest;
  });
}

/// Reads `window` of the scaled picture into `to`, packed. `scratch` holds one row of the picture.
void read_rows(Decoder& decoder, const Window& window, std::uint8_t* to, std::uint8_t* scratch) {
  jpeg_decompress_struct& session = decoder.session;
  const auto channels = static_cast<std::size_t>(session.output_components);
  const std::size_t row_bytes = channels * static_cast<std::size_t>(window.width);
  const bool cut = can_cut_columns(session);
  guarded(decoder.trouble, [&] {
    // Chroma is interpolated from its neighbours, so the cut needs a block more on either side.
    const int block = session.max_h_samp_factor * session.min_DCT_scaled_size;
    auto left = static_cast<JDIMENSION>(cut ? std::max(0, window.x - block) : 0);
    const auto end = static_cast<JDIMENSION>(window.x + window.width + block);
    const JDIMENSION right = cut ? std::min(session.output_width, end) : session.output_width;
    if (left > 0 || right < session.output_width) {
      JDIMENSION width = right - left;
      jpeg_crop_scanline(&session, &left, &width);
    }
    if (window.y > 0) jpeg_skip_scanlines(&session, static_cast<JDIMENSION>(window.y));
    const std::size_t offset = channels * (static_cast<std::size_t>(window.x) - left);
    const bool straight = session.output_width == static_cast<JDIMENSION>(window.width);
    for (int y = 0; y < window.height; ++y, to += row_bytes) {
      JSAMPROW row = straight ? to : scratch;
      jpeg_read_scanlines(&session, &row, 1);
      if (!straight) std::memcpy(to, scratch + offset, row_bytes);
    }
    if (decoder.trouble.may_end) {
      while (session.output_scanline < session.output_height) {
        jpeg_read_scanlines(&session, &scratch, 1);
      }
    } else if (session.output_scanline == session.output_height) {
      jpeg_finish_decompress(&session);
    }
  });
}

struct Encoder {
  jpeg_compress_struct session{};
  Trouble trouble;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;

  Encoder() {
    install(trouble);
    session.err = &trouble.manager;
    guarded(trouble, [this] { jpeg_create_compress(&session); });
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    jpeg_destroy_compress(&session);
    std::free(bytes);
  }
};

}  // namespace

Raster decode_jpeg(Claim claim, const Wanted& wanted, const Limits& limits) {
  Decoder decoder;
  read_header(decoder, claim);
  const int scale = scale_for(wanted);
  start(decoder, scale);
  const jpeg_decompress_struct& session = decoder.session;
  const Box box{wanted.box.x / scale, wanted.box.y / scale, wanted.box.width / scale,
                wanted.box.height / scale};
  const Window window =
      cover(box, static_cast<int>(session.output_width), static_cast<int>(session.output_height));
  check_held(window, limits);
  const auto channels = static_cast<std::size_t>(session.output_components);
  std::vector<std::uint8_t> pixels(channels * static_cast<std::size_t>(window.width) *
                                   static_cast<std::size_t>(window.height));
  std::vector<std::uint8_t> scratch(channels * session.output_width);
  read_rows(decoder, window, pixels.data(), scratch.data());

  Raster raster;
  raster.box = within(box, window);
  if (decoder.is_cmyk()) {
    // Inks are stored inverted, with Adobe's marker and without: so do all known writers, and so
    // read Pillow and ImageMagick.
    for (std::uint8_t& ink : pixels) ink = static_cast<std::uint8_t>(255 - ink);
    raster.pixels = cmyk_to_srgb(pixels, window.width, window.height, claim.profile);
    return raster;
  }
  raster.grey = session.jpeg_color_space == JCS_GRAYSCALE;
  raster.pixels = Image{window.width, window.height, std::move(pixels)};
  raster.profile = std::move(claim.profile);
  return raster;
}

std::vector<std::byte> write_jpeg(const Image& image, int quality) {
  Encoder encoder;
  guarded(encoder.trouble, [&] {
    jpeg_compress_struct& session = encoder.session;
    jpeg_mem_dest(&session, &encoder.bytes, &encoder.size);
    session.image_width = static_cast<JDIMENSION>(image.width);
    session.image_height = static_cast<JDIMENSION>(image.height);
    session.input_components = 3;
    session.in_color_space = JCS_RGB;
    jpeg_set_defaults(&session);
    jpeg_set_quality(&session, quality, TRUE);
    jpeg_start_compress(&session, TRUE);
    while (session.next_scanline < session.image_height) {
      // libjpeg's interface predates const; it only reads.
      JSAMPROW row = const_cast<JSAMPROW>(
          image.rgb.data() + std::size_t{3} * session.next_scanline * session.image_width);
      jpeg_write_scanlines(&session, &row, 1);
    }
    jpeg_finish_compress(&session);
  });
  const auto* first = reinterpret_cast<const std::byte*>(encoder.bytes);
  return {first, first + encoder.size};
}

}  // namespace alike::image
