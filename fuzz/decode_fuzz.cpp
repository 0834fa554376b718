// An untrusted picture file.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "alike/base/error.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"
#include "alike/image/write.h"
#include "fuzz/support.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  using alike::fuzz::seed_of;
  alike::image::Image image{9, 7, std::vector<std::uint8_t>(9 * 7 * 3)};
  for (std::size_t i = 0; i < image.rgb.size(); ++i) {
    image.rgb[i] = static_cast<std::uint8_t>(i * i);
  }
  constexpr std::string_view kWebp(
      "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0", 34);
  alike::fuzz::plant(count, arguments,
                     {seed_of(alike::image::encode_png(image)),
                      seed_of(alike::image::encode_jpeg(image)), std::string(kWebp)});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  return alike::fuzz::mutate_or_repeat(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace alike::image;
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  const Limits limits{.max_pixels = 500'000,
                      .max_held_pixels = 400'000,
                      .max_side = 5'000,
                      .max_scans = 20,
                      .max_profile_bytes = 1 << 16};
  try {
    const Header header = inspect(bytes, limits);
    const Box box{0.25 * header.width, 0.5 * header.height, 0.5 * header.width,
                  0.375 * header.height};
    const int least = std::max(1, header.width / 16);
    decode_crop(bytes, box, least, least, limits);
    decode(bytes, limits);
    prepare(bytes, {.size = 32});
  } catch (const alike::Error&) {
  }
  return 0;
}
