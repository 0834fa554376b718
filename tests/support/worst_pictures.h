// Pictures that cost a reader as much as possible for their size, of about as many bytes as asked
// for. Each is a file that a careless reader walks through more than once, unpacks, or goes over
// again for every few bytes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <zlib.h>

#include "tests/image/samples.h"

namespace alike::test {

using image::bytes_of_text;
using image::File;

/// Sides of the largest squares that are read: where no part can be read without the whole, and
/// elsewhere (decode.h).
constexpr double kHeldSide = 10'950, kLargestSide = 22'360;

/// `part` over and over.
inline std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  text.reserve(bytes + part.size());
  while (text.size() < bytes) text += part;
  return text;
}

inline std::string text_of(const File& file) {
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

/// A JPEG marker segment.
inline std::string segment(int marker, std::string_view body) {
  const std::size_t size = body.size() + 2;
  std::string text("\xff");
  text += static_cast<char>(marker);
  text += static_cast<char>(size >> 8);
  text += static_cast<char>(size & 255);
  return text.append(body);
}

/// A JPEG of 64 × 64 pixels with `more` before its first scan.
inline File jpeg_with(const std::string& more) {
  std::string text = text_of(image::jpeg(image::smooth(64, 64)));
  text.insert(text.find("\xff\xda"), more);
  return bytes_of_text(text);
}

inline File jpeg_of_tables(std::size_t bytes) {
  const std::string text = text_of(image::jpeg(image::smooth(64, 64)));
  const std::size_t table = text.find("\xff\xc4");
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(text[table + 2])) * 256 +
                    static_cast<unsigned char>(text[table + 3]) + 2;
  return jpeg_with(repeated(text.substr(table, size), bytes));
}

inline File jpeg_of_quantizers(std::size_t bytes) {
  return jpeg_with(repeated(segment(0xdb, std::string(1, '\3') + std::string(64, '\1')), bytes));
}

inline File jpeg_of_comments(std::size_t bytes) {
  return jpeg_with(repeated(segment(0xfe, ""), bytes));
}

inline File jpeg_of_profile_pieces(std::size_t bytes) {
  return jpeg_with(repeated(segment(0xe2, std::string("ICC_PROFILE\0\1\xff", 14)), bytes));
}

inline File jpeg_of_fill(std::size_t bytes) { return jpeg_with(std::string(bytes, '\xff')); }

inline File jpeg_of_restarts(std::size_t bytes) {
  std::string text = text_of(image::jpeg(image::smooth(64, 64)));
  text.insert(text.size() - 2, repeated("\xff\xd0", bytes));
  return bytes_of_text(text);
}

/// Baseline, grey, nothing but zeros: two bits of data a block of 64 pixels.
inline File jpeg_of_empty_blocks(std::size_t bytes) {
  const auto side = static_cast<int>(std::min(kLargestSide, std::sqrt(double(bytes) * 4 * 64)));
  const std::vector<std::uint8_t> grey(image::size(side), 128);
  return image::jpeg(grey, side, side, {.space = JCS_GRAYSCALE, .one_row = true});
}

/// Progressive with `scans` scans over all pixels, of some bytes each.
inline File jpeg_of_scans(int side, int scans) {
  std::vector<std::uint8_t> grey(image::size(side) * image::size(side), 128);
  std::string text =
      text_of(image::jpeg(grey, side, side, {.space = JCS_GRAYSCALE, .progressive = true}));
  const std::size_t last = text.rfind("\xff\xda");
  const std::string scan = text.substr(last, text.size() - 2 - last);
  text.resize(text.size() - 2);
  int there = 0;
  for (std::size_t at = 0; (at = text.find("\xff\xda", at)) != text.npos; ++at) ++there;
  for (; there < scans; ++there) text += scan;
  return bytes_of_text(text + "\xff\xd9");
}

/// `chunk` over and over behind the head of a PNG of 64 × 64 pixels.
inline File png_of_chunks(std::string_view name, const std::string& body, std::size_t bytes) {
  return image::with_chunk(image::png(image::smooth(64, 64)),
                           repeated(image::png_chunk(name, body), bytes));
}

inline File png_of_tiny_data(std::size_t bytes) {
  std::string text = text_of(image::png(image::smooth(64, 64)));
  text.insert(text.find("IDAT") - 4, repeated(image::png_chunk("IDAT", ""), bytes));
  return bytes_of_text(text);
}

/// A square of zeros that unpacks to a thousand times its size, up to the largest side allowed.
inline File png_of_zeros(std::size_t bytes, bool interlaced) {
  const double largest = interlaced ? kHeldSide : kLargestSide;
  const auto side = static_cast<int>(std::min(largest, std::sqrt(double(bytes) * 1000 / 4)));
  const std::vector<std::uint8_t> rgba(image::size(side) * 4, 0);
  return image::png(rgba, side, side,
                    {.type = PNG_COLOR_TYPE_RGB_ALPHA, .interlaced = interlaced, .one_row = true});
}

/// Orientation as a raw profile or XMP that unpacks to a thousand times its size.
inline File png_of_packed_orientation(const std::string& head, std::size_t bytes) {
  const std::vector<std::uint8_t> zeros(bytes * 1000);
  uLongf size = compressBound(zeros.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, zeros.data(), zeros.size());
  packed.resize(size);
  return image::with_chunk(image::png(image::smooth(64, 64)),
                           image::png_chunk(head[0] == 'R' ? "zTXt" : "iTXt", head + packed));
}

inline File webp_of_chunks(std::string_view name, std::size_t bytes) {
  const image::Image image = image::smooth(64, 64);
  return image::extended_webp(
      64, 64, 4, image::webp_frame(image) + repeated(image::riff_chunk(name, ""), bytes));
}

inline File webp_of_frames(std::size_t bytes) {
  const std::string head = std::string(6, '\0') + std::string("\0\0\0\0\0\0\1\0\0\0", 10);
  const std::string frame =
      image::riff_chunk("ANMF", image::joined({head, image::webp_frame(image::smooth(1, 1))}));
  return image::extended_webp(
      1, 1, 2, image::riff_chunk("ANIM", std::string(6, '\0')) + repeated(frame, bytes));
}

/// One colour, lossless: hardly a byte a thousand pixels.
inline File webp_of_zeros(std::size_t bytes) {
  const auto side = static_cast<int>(std::min(kHeldSide, std::sqrt(double(bytes) * 25'000)));
  const std::size_t values = image::size(side) * image::size(side) * 3;
  return image::webp(image::Image{side, side, std::vector<std::uint8_t>(values)});
}

/// A directory of as many entries as fit, each of which names a directory that is this one.
inline std::string exif_loop(std::size_t bytes) {
  const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(bytes / 12, 65'535));
  std::string text = std::string("II*\0\x8\0\0\0", 8) + image::little_endian(count, 2);
  // 0x8769, 0x8825 and 0xa005 are the directories that EXIF knows.
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t tags[] = {0x8769, 0x8825, 0xa005};
    text += image::little_endian(tags[i % 3], 2) + image::little_endian(4, 2) +
            image::little_endian(1) + image::little_endian(8);
  }
  return text + image::little_endian(8);
}

inline File jpeg_of_exif_loop(std::size_t bytes) {
  return image::jpeg(image::smooth(64, 64),
                     {.exif = exif_loop(std::min<std::size_t>(bytes, 65'000))});
}

inline File png_of_exif_loop(std::size_t bytes) {
  return image::with_chunk(image::png(image::smooth(64, 64)),
                           image::png_chunk("eXIf", exif_loop(bytes)));
}

/// A colour profile with a chain of equal steps (the tag D2B0, multi-process elements), all of them
/// the same few bytes.
inline std::string profile_chain(std::size_t steps) {
  std::string profile = image::wide_profile();
  const auto count = static_cast<std::uint32_t>(steps);
  // One step: a matrix 3 → 3, the unit.
  std::string step = std::string("matf\0\0\0\0\0\3\0\3", 12);
  for (int i = 0; i < 12; ++i) {
    step += i % 4 == 0 && i < 9 ? std::string("\x3f\x80\0\0", 4) : std::string(4, '\0');
  }
  std::string tag = std::string("mpet\0\0\0\0\0\3\0\3", 12) + image::big_endian(count);
  const std::uint32_t at = 16 + 8 * count;
  for (std::uint32_t i = 0; i < count; ++i) {
    tag += image::big_endian(at) + image::big_endian(static_cast<std::uint32_t>(step.size()));
  }
  tag += step;
  // One more entry in the table of tags moves all that follows by 12 bytes.
  const auto number = [&](std::size_t from) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value = value << 8 | static_cast<unsigned char>(profile[from + i]);
    return value;
  };
  const std::uint32_t tags = number(128);
  for (std::uint32_t i = 0; i < tags; ++i) {
    profile.replace(132 + 12 * i + 4, 4, image::big_endian(number(132 + 12 * i + 4) + 12));
  }
  const auto place = static_cast<std::uint32_t>(profile.size() + 12);
  profile.insert(132, "D2B0" + image::big_endian(place) +
                          image::big_endian(static_cast<std::uint32_t>(tag.size())));
  profile.replace(128, 4, image::big_endian(tags + 1));
  profile += tag;
  return profile.replace(0, 4, image::big_endian(static_cast<std::uint32_t>(profile.size())));
}

inline File webp_of_profile_chain(std::size_t bytes) {
  const std::string profile = profile_chain(std::min<std::size_t>(bytes, 7 << 20) / 8);
  return image::extended_webp(
      64, 64, 0x20, image::riff_chunk("ICCP", profile) + image::webp_frame(image::smooth(64, 64)));
}

/// All of them by name.
struct WorstPicture {
  const char* name;
  std::function<File(std::size_t bytes)> make;
};

/// Numbers of 12 bits or fewer, packed from the lowest bit on.
class Codes {
 public:
  void add(unsigned code, int width) {
    bits_ |= code << count_;
    for (count_ += width; count_ >= 8; count_ -= 8, bits_ >>= 8) {
      bytes_ += static_cast<char>(bits_ & 255);
    }
  }
  std::string finished() { return count_ > 0 ? bytes_ + static_cast<char>(bits_ & 255) : bytes_; }

 private:
  std::string bytes_;
  unsigned bits_ = 0;
  int count_ = 0;
};

/// A GIF of side² pixels with `more` before its frame, all of the first colour: each code stands
/// for one pixel more than the one before.
inline File gif_of_zeros(int side, const std::string& more) {
  Codes codes;
  codes.add(256, 9);
  std::int64_t left = std::int64_t{side} * side;
  while (left > 0) {
    for (unsigned code = 257, width = 9; left > 0 && code < 4095; ++code) {
      codes.add(code == 257 ? 0 : code, static_cast<int>(width));
      left -= code - 256;
      if (code == (1U << width) - 1 && width < 12) ++width;
    }
    codes.add(256, 12);
  }
  codes.add(257, 12);
  const std::string data = codes.finished();
  std::string blocks;
  for (std::size_t at = 0; at < data.size(); at += 255) {
    const std::string block = data.substr(at, 255);
    blocks += static_cast<char>(block.size()) + block;
  }
  const std::string sides = image::little_endian(static_cast<std::uint32_t>(side), 2) +
                            image::little_endian(static_cast<std::uint32_t>(side), 2);
  return bytes_of_text(
      image::joined({"GIF89a", sides, std::string_view("\x80\0\0\1\2\3\4\5\6", 9), more,
                     std::string_view(",\0\0\0\0", 5), sides, std::string_view("\0\x8", 2), blocks,
                     std::string_view("\0;", 2)}));
}

/// A BMP of run-length codes that move by nothing.
inline File bmp_of_moves(std::size_t bytes) {
  const auto number = [](std::uint32_t value) { return image::little_endian(value); };
  const std::string head =
      image::joined({number(40), number(64), number(64), std::string_view("\1\0\x8\0", 4),
                     number(1), std::string(20, '\0')});
  return bytes_of_text(image::joined(
      {"BM", number(0), number(0), number(14 + 40 + 1024), head, std::string(1024, '\1'),
       repeated(std::string_view("\0\2\0\0", 4), bytes), std::string_view("\0\1", 2)}));
}

/// A TIFF of one pixel's width and a strip for each row.
inline File tiff_of_strips(std::size_t bytes) {
  const auto rows = static_cast<std::uint32_t>(std::min<std::size_t>(bytes / 8, 65'535));
  const auto entry = [](unsigned tag, unsigned type, std::uint32_t count, std::uint32_t value) {
    return image::little_endian(tag, 2) + image::little_endian(type, 2) +
           image::little_endian(count) + image::little_endian(value);
  };
  const std::uint32_t lists = 8 + 2 + 9 * 12 + 4;
  std::string text = image::joined({std::string_view("II*\0\x8\0\0\0\x9\0", 10)});
  text += entry(256, 4, 1, 1) + entry(257, 4, 1, rows) + entry(258, 3, 1, 8) + entry(259, 3, 1, 1) +
          entry(262, 3, 1, 1) + entry(273, 4, rows, lists) + entry(277, 3, 1, 1) +
          entry(278, 4, 1, 1) + entry(279, 4, rows, lists + 4 * rows) + std::string(4, '\0');
  for (std::uint32_t row = 0; row < rows; ++row) text += image::little_endian(8);
  for (std::uint32_t row = 0; row < rows; ++row) text += image::little_endian(1);
  return bytes_of_text(text + std::string(bytes > text.size() ? bytes - text.size() : 0, 'x'));
}

inline std::vector<WorstPicture> worst_pictures() {
  const auto chunks = [](const char* name, std::string body) {
    return [name, body](std::size_t bytes) { return png_of_chunks(name, body, bytes); };
  };
  return {
      {"jpeg of tables", jpeg_of_tables},
      {"jpeg of quantizers", jpeg_of_quantizers},
      {"jpeg of comments", jpeg_of_comments},
      {"jpeg of profile pieces", jpeg_of_profile_pieces},
      {"jpeg of fill bytes", jpeg_of_fill},
      {"jpeg of restarts", jpeg_of_restarts},
      {"jpeg of empty blocks", jpeg_of_empty_blocks},
      {"jpeg of scans",
       [](std::size_t bytes) { return jpeg_of_scans(bytes > (2 << 20) ? 3400 : 1700, 100); }},
      {"jpeg of an EXIF loop", jpeg_of_exif_loop},
      {"png of empty chunks", chunks("teSt", "")},
      {"png of empty texts", chunks("tEXt", "")},
      {"png of compressed texts", chunks("zTXt", std::string("x\0\0\x78\x9c", 5))},
      {"png of profiles", chunks("iCCP", std::string("x\0\0\x78\x9c", 5))},
      {"png of palettes", chunks("sPLT", std::string("x\0\10", 3))},
      {"png of tiny data", png_of_tiny_data},
      {"png of zeros", [](std::size_t bytes) { return png_of_zeros(bytes, false); }},
      {"png of interlaced zeros", [](std::size_t bytes) { return png_of_zeros(bytes, true); }},
      {"png of an EXIF loop", png_of_exif_loop},
      {"png of a packed profile",
       [](std::size_t bytes) {
         return png_of_packed_orientation(std::string("Raw profile type exif\0\0", 23), bytes / 64);
       }},
      {"png of a packed XMP",
       [](std::size_t bytes) {
         return png_of_packed_orientation(std::string("XML:com.adobe.xmp\0\1\0\0\0", 22),
                                          bytes / 64);
       }},
      {"jpeg of EXIF pieces",
       [](std::size_t bytes) {
         return jpeg_with(repeated(segment(0xe1, std::string("Exif\0\0", 6)), bytes));
       }},
      {"png of XMP starts",
       [](std::size_t bytes) {
         return image::with_chunk(
             image::png(image::smooth(64, 64)),
             image::png_chunk("iTXt", std::string("XML:com.adobe.xmp\0\0\0\0\0", 22) +
                                          repeated("tiff:Orientation", bytes)));
       }},
      {"webp of empty XMP", [](std::size_t bytes) { return webp_of_chunks("XMP ", bytes); }},
      {"webp of empty EXIF", [](std::size_t bytes) { return webp_of_chunks("EXIF", bytes); }},
      {"webp of empty profiles", [](std::size_t bytes) { return webp_of_chunks("ICCP", bytes); }},
      {"webp of unknown chunks", [](std::size_t bytes) { return webp_of_chunks("abcd", bytes); }},
      {"webp of frames", webp_of_frames},
      {"webp of zeros", webp_of_zeros},
      {"webp of a profile chain", webp_of_profile_chain},
      {"gif of comments",
       [](std::size_t bytes) {
         return gif_of_zeros(64, repeated(std::string_view("!\xfe\1x\0", 5), bytes));
       }},
      {"gif of zeros",
       [](std::size_t bytes) {
         const double side = std::sqrt(static_cast<double>(bytes) / (16 << 20)) * kHeldSide;
         return gif_of_zeros(static_cast<int>(side), "");
       }},
      {"bmp of moves", bmp_of_moves},
      {"tiff of strips", tiff_of_strips}};
}

}  // namespace alike::test
