#include "alike/image/codecs/heif.h"

#include <libheif/heif.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/image/codecs/heif_hevc.h"

namespace alike::image {
namespace {

[[noreturn]] void throw_fault(const heif_error& error) {
  const bool damaged =
      error.code == heif_error_Invalid_input || error.code == heif_error_Decoder_plugin_error;
  throw Error(damaged ? ErrorCode::corrupt : ErrorCode::unsupported,
              std::string(damaged ? "the HEIC or AVIF is damaged or cut short: "
                                  : "the HEIC or AVIF cannot be read: ") +
                  error.message +
                  (damaged ? "; copy it again from its source" : "; save it as JPEG or PNG"));
}

void check(const heif_error& error) {
  if (error.code != heif_error_Ok) throw_fault(error);
}

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using Context = std::unique_ptr<heif_context, Release<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, Release<heif_image_handle_release>>;
using Decoded = std::unique_ptr<heif_image, Release<heif_image_release>>;
using Options = std::unique_ptr<heif_decoding_options, Release<heif_decoding_options_free>>;

/// The primary picture of a file; nothing is decoded yet.
class Reader {
 public:
  explicit Reader(Bytes bytes) : context_(heif_context_alloc()) {
    if (!context_) throw std::bad_alloc();
    heif_context_set_max_decoding_threads(context_.get(), 0);
    check(heif_context_read_from_memory_without_copy(context_.get(), bytes.data(), bytes.size(),
                                                     nullptr));
    heif_image_handle* handle = nullptr;
    check(heif_context_get_primary_image_handle(context_.get(), &handle));
    handle_.reset(handle);
  }

  const heif_image_handle* handle() const { return handle_.get(); }

  Decoded decoded(bool alpha) const {
    const Options options(heif_decoding_options_alloc());
    if (!options) throw std::bad_alloc();
    options->convert_hdr_to_8bit = 1;
    heif_image* image = nullptr;
    check(heif_decode_image(handle(), &image, heif_colorspace_RGB,
                            alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
                            options.get()));
    return Decoded(image);
  }

 private:
  Context context_;
  Handle handle_;
};

std::vector<std::byte> profile_of(const heif_image_handle* handle, const Limits& limits) {
  const auto type = heif_image_handle_get_color_profile_type(handle);
  if (type != heif_color_profile_type_rICC && type != heif_color_profile_type_prof) return {};
  const std::size_t size = heif_image_handle_get_raw_color_profile_size(handle);
  if (size == 0 || size > limits.max_profile_bytes) return {};
  std::vector<std::byte> profile(size);
  check(heif_image_handle_get_raw_color_profile(handle, profile.data()));
  return profile;
}

void put_row(const std::uint8_t* from, int width, bool alpha, bool multiplied, std::uint8_t* to) {
  if (!alpha) {
    std::memcpy(to, from, std::size_t{3} * static_cast<std::size_t>(width));
  } else if (!multiplied) {
    put_on_white(from, width, to);
  } else {
    for (int x = 0; x < width; ++x, from += 4, to += 3) {
      for (int c = 0; c < 3; ++c) {
        to[c] = static_cast<std::uint8_t>(std::min(255, from[c] + 255 - from[3]));
      }
    }
  }
}

}  // namespace

void start_heif() {
  heif_init(nullptr);  // looks for plug-ins
  use_own_hevc();
}

Claim heif_claim(Bytes bytes, const Limits& limits) {
  const Reader reader(bytes);
  const heif_image_handle* handle = reader.handle();
  Claim claim;
  claim.held = true;
  // A small part may be shown of a large picture, which is decoded all the same.
  claim.width = heif_image_handle_get_ispe_width(handle);
  claim.height = heif_image_handle_get_ispe_height(handle);
  const bool large =
      std::max(claim.width, claim.height) > limits.max_side ||
      static_cast<std::uint64_t>(claim.width * claim.height) > limits.max_held_pixels;
  if (large) return claim;  // to be refused
  claim.width = heif_image_handle_get_width(handle);
  claim.height = heif_image_handle_get_height(handle);
  claim.profile = profile_of(handle, limits);
  return claim;
}

Raster decode_heif(Bytes bytes, Claim claim, const Wanted& wanted, const Limits&) {
  const Reader reader(bytes);
  const bool alpha = heif_image_handle_has_alpha_channel(reader.handle()) != 0;
  const Decoded image = reader.decoded(alpha);
  int stride = 0;
  const std::uint8_t* first =
      heif_image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
  const bool as_claimed =
      first && heif_image_get_width(image.get(), heif_channel_interleaved) >= claim.width &&
      heif_image_get_height(image.get(), heif_channel_interleaved) >= claim.height;
  if (!as_claimed) {
    throw Error(ErrorCode::corrupt,
                "the HEIC or AVIF states another size than its picture has; copy it again from its "
                "source");
  }
  const bool multiplied = alpha && heif_image_handle_is_premultiplied_alpha(reader.handle()) != 0;
  const Window window =
      cover(wanted.box, static_cast<int>(claim.width), static_cast<int>(claim.height));
  Raster raster;
  raster.box = within(wanted.box, window);
  raster.profile = std::move(claim.profile);
  raster.pixels =
      Image{window.width, window.height,
            std::vector<std::uint8_t>(std::size_t{3} * static_cast<std::size_t>(window.width) *
                                      static_cast<std::size_t>(window.height))};
  for (int y = 0; y < window.height; ++y) {
    const std::ptrdiff_t at =
        std::ptrdiff_t{stride} * (window.y + y) + std::ptrdiff_t{alpha ? 4 : 3} * window.x;
    put_row(first + at, window.width, alpha, multiplied,
            raster.pixels.rgb.data() + std::ptrdiff_t{3} * window.width * y);
  }
  return raster;
}

}  // namespace alike::image
