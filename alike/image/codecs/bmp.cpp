#include "alike/image/codecs/bmp.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <string>
#include <utility>

#include "alike/base/error.h"

namespace alike::image {
namespace {

constexpr std::size_t kFileHeader = 14;

enum class Coding { plain, rle8, rle4, masks };

/// The headers of a file.
struct Head {
  std::int64_t width = 0, height = 0;
  bool top_down = false;
  int bits = 0;  ///< Of a pixel.
  Coding coding = Coding::plain;
  std::size_t pixels_at = 0;
  std::size_t colors_at = 0, color_bytes = 4, colors = 0;
  std::array<std::uint32_t, 4> masks{};  ///< Red, green, blue, alpha; 0: there is none.
  std::size_t profile_at = 0, profile_bytes = 0;
};

[[noreturn]] void throw_damage(const std::string& what) {
  throw Error(ErrorCode::corrupt, "the BMP " + what + "; copy it again from its source");
}

std::uint32_t number(Bytes bytes, std::size_t at, std::size_t size) {
  if (at > bytes.size() || size > bytes.size() - at) throw_damage("is cut short");
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  }
  return value;
}

std::int64_t signed_number(Bytes bytes, std::size_t at) {
  return static_cast<std::int32_t>(number(bytes, at, 4));
}

Coding coding_of(std::uint32_t value, bool os2, int bits) {
  if (value == 0) return Coding::plain;
  if (value == 1 && bits == 8) return Coding::rle8;
  if (value == 2 && bits == 4) return Coding::rle4;
  if ((value == 3 || value == 6) && !os2 && (bits == 16 || bits == 32)) return Coding::masks;
  throw Error(ErrorCode::unsupported, "the BMP is compressed in way " + std::to_string(value) +
                                          " at " + std::to_string(bits) +
                                          " bits a pixel; alike reads plain and run-length coded "
                                          "ones, save it as PNG");
}

/// The first header, of OS/2 1.
void read_short_head(Bytes bytes, Head& head) {
  head.width = number(bytes, 18, 2);
  head.height = number(bytes, 20, 2);
  head.bits = static_cast<int>(number(bytes, 24, 2));
  head.color_bytes = 3;
}

/// Every other, of `length` bytes.
void read_long_head(Bytes bytes, std::size_t length, Head& head) {
  head.width = signed_number(bytes, 18);
  head.height = std::abs(signed_number(bytes, 22));
  head.top_down = signed_number(bytes, 22) < 0;
  head.bits = static_cast<int>(number(bytes, 28, 2));
  const bool os2 = length == 16 || length == 64;
  const std::uint32_t compression = length >= 20 ? number(bytes, 30, 4) : 0;
  head.coding = coding_of(compression, os2, head.bits);
  if (length >= 36) head.colors = number(bytes, 46, 4);
  if (head.coding == Coding::masks) {
    const std::size_t count = compression == 6 || length >= 56 ? 4 : 3;
    for (std::size_t i = 0; i < count; ++i) head.masks.at(i) = number(bytes, 54 + 4 * i, 4);
    if (length == 40) head.colors_at += 4 * count;
  }
  constexpr std::uint32_t kEmbedded = 0x4d424544;  // "MBED"
  if (length >= 124 && number(bytes, 70, 4) == kEmbedded) {
    head.profile_at = kFileHeader + number(bytes, 126, 4);
    head.profile_bytes = number(bytes, 130, 4);
  }
}

Head head_of(Bytes bytes) {
  const std::size_t length = number(bytes, kFileHeader, 4);
  Head head;
  head.pixels_at = number(bytes, 10, 4);
  head.colors_at = kFileHeader + length;
  if (length == 12) {
    read_short_head(bytes, head);
  } else {
    read_long_head(bytes, length, head);
  }
  constexpr auto kBits = std::to_array<int>({1, 2, 4, 8, 16, 24, 32});
  if (std::ranges::find(kBits, head.bits) == kBits.end()) {
    throw_damage("has " + std::to_string(head.bits) + " bits a pixel");
  }
  const std::size_t most = head.bits <= 8 ? std::size_t{1} << head.bits : 0;
  head.colors = head.colors == 0 ? most : std::min(head.colors, most);
  if (head.coding != Coding::masks && head.bits == 16) head.masks = {0x7c00, 0x3e0, 0x1f, 0};
  if (head.coding != Coding::masks && head.bits > 16) head.masks = {0xff0000, 0xff00, 0xff, 0};
  return head;
}

using Rgb = std::array<std::uint8_t, 3>;

/// Black where the list ends early.
std::array<Rgb, 256> palette_of(Bytes bytes, const Head& head) {
  std::array<Rgb, 256> palette{};
  for (std::size_t i = 0; i < head.colors; ++i) {
    const std::uint32_t color = number(bytes, head.colors_at + head.color_bytes * i, 3);
    palette.at(i) = {static_cast<std::uint8_t>(color >> 16), static_cast<std::uint8_t>(color >> 8),
                     static_cast<std::uint8_t>(color)};
  }
  return palette;
}

/// One channel of a pixel at 8 bits.
class Channel {
 public:
  explicit Channel(std::uint32_t mask)
      : mask_(mask), shift_(mask != 0 ? std::countr_zero(mask) : 0), most_(mask >> shift_) {}

  std::uint8_t of(std::uint32_t pixel) const {
    const std::uint64_t value = (pixel & mask_) >> shift_;
    return static_cast<std::uint8_t>(most_ == 255 ? value : (value * 255 + most_ / 2) / most_);
  }
  bool is_there() const { return mask_ != 0; }

 private:
  std::uint32_t mask_;
  int shift_;
  std::uint32_t most_;
};

/// Pixels that no list of colours gives. A channel without a mask is 0, as alpha it is 255.
class Masked {
 public:
  explicit Masked(const Head& head) {
    for (const std::uint32_t mask : head.masks) channels_.emplace_back(mask);
  }

  void put(std::uint32_t pixel, std::uint8_t* to) const {
    std::array<std::uint8_t, 4> rgba{0, 0, 0, 255};
    for (std::size_t c = 0; c < 4; ++c) {
      if (channels_[c].is_there()) rgba.at(c) = channels_[c].of(pixel);
    }
    put_on_white(rgba.data(), 1, to);
  }

 private:
  std::vector<Channel> channels_;
};

std::uint8_t* place(Image& pixels, std::int64_t x, std::int64_t y) {
  return pixels.rgb.data() + 3 * (y * pixels.width + x);
}

void read_plain(Bytes bytes, const Head& head, const Window& window, Image& pixels) {
  const auto stride = (head.width * head.bits + 31) / 32 * 4;
  const auto needed = static_cast<std::int64_t>(head.pixels_at) + (head.height - 1) * stride +
                      (head.width * head.bits + 7) / 8;
  if (needed > static_cast<std::int64_t>(bytes.size())) throw_damage("is cut short");
  const auto palette = palette_of(bytes, head);
  const Masked masked(head);
  const auto size = static_cast<std::size_t>(head.bits) / 8;
  for (int y = 0; y < window.height; ++y) {
    const std::int64_t row = window.y + y;
    const std::int64_t stored = head.top_down ? row : head.height - 1 - row;
    const std::size_t start = head.pixels_at + static_cast<std::size_t>(stored * stride);
    std::uint8_t* to = place(pixels, 0, y);
    for (int x = 0; x < window.width; ++x, to += 3) {
      const auto column = static_cast<std::size_t>(window.x) + static_cast<std::size_t>(x);
      if (head.bits > 8) {
        masked.put(number(bytes, start + size * column, size), to);
        continue;
      }
      const std::size_t bit = column * static_cast<std::size_t>(head.bits);
      const auto byte = std::to_integer<std::size_t>(bytes[start + bit / 8]);
      const std::size_t index =
          byte >> (8 - head.bits - static_cast<int>(bit % 8)) & ((std::size_t{1} << head.bits) - 1);
      std::ranges::copy(palette.at(index), to);
    }
  }
}

/// A run-length coded file, read from its start; what lies outside the window goes nowhere.
class Runs {
 public:
  Runs(Bytes bytes, const Head& head, const Window& window, Image& pixels)
      : bytes_(bytes),
        head_(head),
        window_(window),
        pixels_(pixels),
        palette_(palette_of(bytes, head)),
        at_(head.pixels_at) {
    for (std::size_t i = 0; i < pixels.rgb.size(); i += 3) {
      std::ranges::copy(palette_[0], pixels.rgb.data() + i);
    }
  }

  void read() {
    while (y_ < head_.height && !(y_ == head_.height - 1 && x_ >= head_.width)) {
      const std::uint32_t count = number(bytes_, at_, 1), value = number(bytes_, at_ + 1, 1);
      at_ += 2;
      if (count > 0) {
        put(count, [&](std::uint32_t i) {
          if (head_.coding == Coding::rle8) return value;
          return i % 2 == 0 ? value >> 4 : value & 15;
        });
      } else if (value > 2) {
        put_each(value);
      } else if (value == 2) {
        x_ += number(bytes_, at_, 1);
        y_ += number(bytes_, at_ + 1, 1);
        at_ += 2;
      } else if (value == 1) {
        return;
      } else {
        x_ = 0;
        ++y_;
      }
    }
  }

 private:
  /// `count` pixels that the file holds one by one, up to an even place.
  void put_each(std::uint32_t count) {
    const bool bytes = head_.coding == Coding::rle8;
    const std::size_t size = bytes ? count : (count + 1) / 2;
    if (at_ > bytes_.size() || size > bytes_.size() - at_) throw_damage("is cut short");
    put(count, [&](std::uint32_t i) {
      const std::uint32_t value = number(bytes_, at_ + (bytes ? i : i / 2), 1);
      if (bytes) return value;
      return i % 2 == 0 ? value >> 4 : value & 15;
    });
    at_ += size + size % 2;
  }

  template <class Index>
  void put(std::uint32_t count, const Index& index) {
    const std::int64_t row = (head_.top_down ? y_ : head_.height - 1 - y_) - window_.y;
    const bool seen = row >= 0 && row < window_.height;
    for (std::uint32_t i = 0; seen && i < count; ++i) {
      const std::int64_t column = x_ + i - window_.x;
      if (column < 0 || column >= window_.width) continue;
      std::ranges::copy(palette_.at(index(i)), place(pixels_, column, row));
    }
    x_ += count;
  }

  Bytes bytes_;
  const Head& head_;
  const Window& window_;
  Image& pixels_;
  std::array<Rgb, 256> palette_;
  std::size_t at_;
  std::int64_t x_ = 0, y_ = 0;  ///< From the row that is stored first.
};

}  // namespace

Claim bmp_claim(Bytes bytes, const Limits& limits) {
  const Head head = head_of(bytes);
  Claim claim;
  claim.width = head.width;
  claim.height = head.height;
  const bool has_profile = head.profile_bytes <= limits.max_profile_bytes &&
                           head.profile_at <= bytes.size() &&
                           head.profile_bytes <= bytes.size() - head.profile_at;
  if (has_profile) {
    const Bytes profile = bytes.subspan(head.profile_at, head.profile_bytes);
    claim.profile.assign(profile.begin(), profile.end());
  }
  return claim;
}

Raster decode_bmp(Bytes bytes, Claim claim, const Wanted& wanted, const Limits& limits) {
  const Head head = head_of(bytes);
  const Window window =
      cover(wanted.box, static_cast<int>(claim.width), static_cast<int>(claim.height));
  check_held(window, limits);
  Raster raster;
  raster.box = within(wanted.box, window);
  raster.profile = std::move(claim.profile);
  raster.pixels =
      Image{window.width, window.height,
            std::vector<std::uint8_t>(std::size_t{3} * static_cast<std::size_t>(window.width) *
                                      static_cast<std::size_t>(window.height))};
  if (head.coding == Coding::rle8 || head.coding == Coding::rle4) {
    Runs(bytes, head, window, raster.pixels).read();
  } else {
    read_plain(bytes, head, window, raster.pixels);
  }
  return raster;
}

}  // namespace alike::image
