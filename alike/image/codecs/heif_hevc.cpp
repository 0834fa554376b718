#include "alike/image/codecs/heif_hevc.h"

#include <libde265/de265.h>
#include <libheif/heif.h>
#include <libheif/heif_plugin.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>

namespace alike::image {
namespace {

constexpr heif_error kFine{heif_error_Ok, heif_suberror_Unspecified, "done"};
constexpr heif_error kDamaged{heif_error_Decoder_plugin_error, heif_suberror_Unspecified,
                              "its coded picture is damaged"};
constexpr heif_error kCutShort{heif_error_Decoder_plugin_error, heif_suberror_End_of_data,
                               "its coded picture is cut short"};

de265_decoder_context* session_of(void* decoder) {
  return static_cast<de265_decoder_context*>(decoder);
}

heif_error new_decoder(void** decoder) {
  *decoder = de265_new_decoder();
  return *decoder ? kFine
                  : heif_error{heif_error_Memory_allocation_error, heif_suberror_Unspecified,
                               "there is not enough memory for it"};
}

void free_decoder(void* decoder) { de265_free_decoder(session_of(decoder)); }

/// Units of the code, each after its length in four bytes.
heif_error push(void* decoder, const void* data, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(data);
  while (size > 0) {
    if (size < 4) return kCutShort;
    const std::size_t unit = std::size_t{at[0]} << 24 | std::size_t{at[1]} << 16 |
                             std::size_t{at[2]} << 8 | std::size_t{at[3]};
    at += 4, size -= 4;
    if (unit > size || unit > std::numeric_limits<int>::max()) return kCutShort;
    const de265_error error =
        de265_push_NAL(session_of(decoder), at, static_cast<int>(unit), 0, nullptr);
    if (de265_isOK(error) == 0) return kDamaged;
    at += unit, size -= unit;
  }
  return kFine;
}

/// Copies a channel; false where it does not fit.
bool copy_channel(const de265_image* from, int channel, heif_channel name, heif_image* to) {
  const int width = de265_get_image_width(from, channel);
  const int height = de265_get_image_height(from, channel);
  const int bits = de265_get_bits_per_pixel(from, channel);
  int from_stride = 0, to_stride = 0;
  const std::uint8_t* row = de265_get_image_plane(from, channel, &from_stride);
  if (!row || heif_image_add_plane(to, name, width, height, bits).code != heif_error_Ok) {
    return false;
  }
  std::uint8_t* put = heif_image_get_plane(to, name, &to_stride);
  const std::size_t bytes = static_cast<std::size_t>(width) * (bits > 8 ? 2 : 1);
  for (int y = 0; put && y < height; ++y, row += from_stride, put += to_stride) {
    std::memcpy(put, row, bytes);
  }
  return put != nullptr;
}

using Picture = std::unique_ptr<heif_image, void (*)(const heif_image*)>;

/// Null where memory ran out.
Picture copied(const de265_image* from) {
  const de265_chroma chroma = de265_get_chroma_format(from);
  const bool grey = chroma == de265_chroma_mono;
  heif_image* made = nullptr;
  heif_image_create(de265_get_image_width(from, 0), de265_get_image_height(from, 0),
                    grey ? heif_colorspace_monochrome : heif_colorspace_YCbCr,
                    static_cast<heif_chroma>(chroma), &made);
  Picture picture(made, heif_image_release);
  constexpr std::array<heif_channel, 3> kNames{heif_channel_Y, heif_channel_Cb, heif_channel_Cr};
  for (int channel = 0; picture && channel < (grey ? 1 : 3); ++channel) {
    const auto name = kNames[static_cast<std::size_t>(channel)];
    if (!copy_channel(from, channel, name, picture.get())) picture.reset();
  }
  if (!picture) return picture;
  const std::unique_ptr<heif_color_profile_nclx, void (*)(heif_color_profile_nclx*)> colors(
      heif_nclx_color_profile_alloc(), heif_nclx_color_profile_free);
  if (!colors) return {nullptr, heif_image_release};
  const auto number = [](int value) { return static_cast<std::uint16_t>(value); };
  colors->full_range_flag = de265_get_image_full_range_flag(from) != 0 ? 1 : 0;
  heif_nclx_color_profile_set_color_primaries(colors.get(),
                                              number(de265_get_image_colour_primaries(from)));
  heif_nclx_color_profile_set_transfer_characteristics(
      colors.get(), number(de265_get_image_transfer_characteristics(from)));
  heif_nclx_color_profile_set_matrix_coefficients(
      colors.get(), number(de265_get_image_matrix_coefficients(from)));
  heif_image_set_nclx_color_profile(picture.get(), colors.get());
  return picture;
}

/// The first picture of the code.
heif_error decode(void* decoder, heif_image** picture) {
  de265_decoder_context* session = session_of(decoder);
  de265_flush_data(session);
  for (int more = 1; more != 0;) {
    more = 0;
    if (de265_isOK(de265_decode(session, &more)) == 0) return kDamaged;
    if (const de265_image* found = de265_get_next_picture(session)) {
      *picture = copied(found).release();
      de265_release_next_picture(session);
      return *picture ? kFine : kDamaged;
    }
  }
  return kCutShort;
}

constexpr int kBeforeOthers = 1000;

}  // namespace

void use_own_hevc() {
  static heif_decoder_plugin plugin{};
  plugin.plugin_api_version = 3;
  plugin.get_plugin_name = [] { return "libde265, on one thread"; };
  plugin.init_plugin = [] { de265_init(); };
  plugin.deinit_plugin = [] { de265_free(); };
  plugin.does_support_format = [](heif_compression_format format) {
    return format == heif_compression_HEVC ? kBeforeOthers : 0;
  };
  plugin.new_decoder = new_decoder;
  plugin.free_decoder = free_decoder;
  plugin.push_data = push;
  plugin.decode_image = decode;
  plugin.set_strict_decoding = [](void*, int) {};
  plugin.id_name = "alike-hevc";
  heif_register_decoder_plugin(&plugin);
}

}  // namespace alike::image
