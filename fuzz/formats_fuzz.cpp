// An untrusted picture file of the formats that are decoded apart: GIF, BMP, TIFF, HEIC, AVIF.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "alike/base/error.h"
#include "alike/image/codecs/sniff.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"
#include "fuzz/support.h"
#include "tests/image/reference_formats.h"

namespace {

std::string bytes_of_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  alike::image::decode_every_format_here();
  std::vector<std::string> seeds;
  for (const auto& picture : alike::image::kFormatPictures) {
    seeds.push_back(bytes_of_hex(picture.file));
  }
  for (const auto& bomb : alike::image::kFormatBombs) seeds.push_back(bytes_of_hex(bomb.file));
  alike::fuzz::plant(count, arguments, seeds);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  return alike::fuzz::mutate_or_repeat(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace alike::image;
  const auto bytes = alike::fuzz::bytes_from(data, size);
  const Limits limits{.max_pixels = 500'000,
                      .max_held_pixels = 400'000,
                      .max_side = 5'000,
                      .max_scans = 20,
                      .max_profile_bytes = 1 << 16};
  try {
    if (!is_apart(sniff(bytes))) return 0;
    const Header header = inspect(bytes, limits);
    const Box box{0.25 * header.width, 0.5 * header.height, 0.5 * header.width,
                  0.375 * header.height};
    const int least = std::max(1, header.width / 16);
    decode_crop(bytes, box, least, least, limits);
    decode(bytes, limits);
  } catch (const alike::Error&) {
  } catch (const std::bad_alloc&) {
  }
  return 0;
}
