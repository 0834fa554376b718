#include "alike/draw/preview.h"

#include <poll.h>
#include <sixel.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>

#include "alike/base/base64.h"
#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/image/write.h"

namespace alike::draw {
namespace {

constexpr int kPerRow = 5;
constexpr int kPaleness = 40;  ///< Percent of contrast that is left below the relevance line.
constexpr int kAnswerMs = 150;
constexpr std::size_t kChunk = 4096;  ///< The most that kitty takes at once.

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return value == nullptr ? "" : value;
}

bool has_kitty() {
  const std::string program = environment("TERM_PROGRAM");
  return !environment("KITTY_WINDOW_ID").empty() || program == "ghostty" || program == "WezTerm" ||
         environment("TERM") == "xterm-kitty";
}

/// Asks the terminal for its attributes; 4 among them means sixel (VT340, DA1).
bool has_sixel() {
  termios old = {};
  if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &old) != 0) return false;
  termios raw = old;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  std::string said;
  if (::write(STDOUT_FILENO, "\033[c", 3) == 3) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char letter = 0;
    while (said.size() < 64 && ::poll(&input, 1, kAnswerMs) == 1 &&
           ::read(STDIN_FILENO, &letter, 1) == 1) {
      said += letter;
      if (letter == 'c') break;
    }
  }
  ::tcsetattr(STDIN_FILENO, TCSANOW, &old);
  return said.find(";4;") != said.npos || said.ends_with(";4c");
}

int terminal_columns() {
  winsize size = {};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string color_code(const std::uint8_t* pixel, bool background, bool true_color) {
  const std::string head = background ? "\033[48;" : "\033[38;";
  if (true_color) {
    return head + "2;" + std::to_string(pixel[0]) + ";" + std::to_string(pixel[1]) + ";" +
           std::to_string(pixel[2]) + "m";
  }
  const auto level = [&](int i) { return (pixel[i] * 5 + 127) / 255; };  // xterm's 6×6×6 cube
  return head + "5;" + std::to_string(16 + 36 * level(0) + 6 * level(1) + level(2)) + "m";
}

/// How wide a cell is in a terminal of so many columns. It is half as many lines high: a character
/// holds two pixels.
int cell_width(int columns) { return std::clamp(columns / kPerRow - 2, 18, 40) / 2 * 2; }

/// One line of a picture: its rows 2·line and 2·line + 1, centred in a cell of `side` pixels.
std::string block_line(const image::Image& picture, int side, int line, bool true_color) {
  const int left = (side - picture.width) / 2;
  const int top = (side - picture.height) / 2;
  const auto pixel = [&](int x, int y) -> const std::uint8_t* {
    const int row = y - top;
    if (x < left || x >= left + picture.width || row < 0 || row >= picture.height) return nullptr;
    return picture.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(row) * picture.width + x - left);
  };
  std::string text;
  for (int x = 0; x < side; ++x) {
    const auto* upper = pixel(x, 2 * line);
    const auto* lower = pixel(x, 2 * line + 1);
    text += "\033[0m";
    if (upper != nullptr) {
      text += color_code(upper, false, true_color);
      if (lower != nullptr) text += color_code(lower, true, true_color);
      text += "▀";
    } else if (lower != nullptr) {
      text += color_code(lower, false, true_color) + "▄";
    } else {
      text += ' ';
    }
  }
  return text + "\033[0m  ";
}

/// Towards grey: pale on dark terminals as on light ones.
void fade(image::Image& picture) {
  for (auto& value : picture.rgb) {
    value = static_cast<std::uint8_t>(128 + (value - 128) * kPaleness / 100);
  }
}

/// `text` in exactly `width` characters.
std::string fitted(const std::string& text, std::size_t width) {
  std::string result;
  std::size_t letters = 0;
  for (const char byte : printable(text)) {
    const bool begins = (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    if (begins && letters == width) break;
    letters += begins ? 1 : 0;
    result += byte;
  }
  return result + std::string(width - letters, ' ');
}

}  // namespace

std::string kitty(const image::Image& image) {
  const auto png = image::encode_png(image);
  const std::string letters = base64(std::as_bytes(std::span(png)));
  std::string text;
  for (std::size_t at = 0; at < letters.size(); at += kChunk) {
    const bool last = at + kChunk >= letters.size();
    text += at == 0 ? "\033_Gf=100,a=T,m=" : "\033_Gm=";
    text += (last ? "0;" : "1;") + letters.substr(at, kChunk) + "\033\\";
  }
  return text + "\n";
}

std::string sixel(const image::Image& image) {
  std::string text;
  const auto write = [](char* data, int size, void* into) {
    static_cast<std::string*>(into)->append(data, static_cast<std::size_t>(size));
    return 0;
  };
  sixel_output_t* output = nullptr;
  sixel_dither_t* dither = nullptr;
  auto pixels = image.rgb;  // libsixel takes them as if it would write to them
  const bool done =
      SIXEL_SUCCEEDED(sixel_output_new(&output, write, &text, nullptr)) &&
      SIXEL_SUCCEEDED(sixel_dither_new(&dither, SIXEL_PALETTE_MAX, nullptr)) &&
      SIXEL_SUCCEEDED(sixel_dither_initialize(dither, pixels.data(), image.width, image.height,
                                              SIXEL_PIXELFORMAT_RGB888, SIXEL_LARGE_AUTO,
                                              SIXEL_REP_AUTO, SIXEL_QUALITY_AUTO)) &&
      SIXEL_SUCCEEDED(sixel_encode(pixels.data(), image.width, image.height, 3, dither, output));
  if (dither != nullptr) sixel_dither_unref(dither);
  if (output != nullptr) sixel_output_unref(output);
  if (!done) throw Error(ErrorCode::io, "the picture could not be turned into sixels");
  return text + "\n";
}

std::string half_blocks(const std::vector<Cell>& cells, int columns, bool true_color, int threads) {
  const int side = cell_width(columns);
  const auto per_row = static_cast<std::size_t>(std::max(1, (columns + 2) / (side + 2)));
  auto pictures = thumbnails(cells, side, side, threads);
  std::string text;
  for (std::size_t begin = 0; begin < cells.size(); begin += per_row) {
    const std::size_t end = std::min(begin + per_row, cells.size());
    for (std::size_t i = begin; i < end; ++i) {
      if (!cells[i].relevant) fade(pictures[i]);
    }
    for (int line = 0; line < side / 2; ++line) {
      for (std::size_t i = begin; i < end; ++i) {
        text += block_line(pictures[i], side, line, true_color);
      }
      text += '\n';
    }
    for (std::size_t line = 0; line < 2; ++line) {
      for (std::size_t i = begin; i < end; ++i) {
        const auto& caption = cells[i].caption;
        const std::string shown = line < caption.size() ? caption[line] : "";
        text += fitted(shown, static_cast<std::size_t>(side)) + "  ";
      }
      text += '\n';
    }
    text += '\n';
  }
  return text;
}

std::string preview(const std::vector<Cell>& queries, const std::vector<Cell>& results,
                    const SheetOptions& options) {
  const int columns = terminal_columns();
  if (::isatty(STDOUT_FILENO) != 0) {
    SheetOptions fitting = options;
    fitting.columns = std::clamp(columns / 22, 1, kPerRow);
    if (has_kitty()) return kitty(contact_sheet(queries, results, fitting));
    if (has_sixel()) return sixel(contact_sheet(queries, results, fitting));
  }
  const std::string colors = environment("COLORTERM");
  const bool true_color = colors == "truecolor" || colors == "24bit";
  std::string rule;
  for (int i = 0; i < columns; ++i) rule += "─";
  return half_blocks(queries, columns, true_color, options.threads) + rule + "\n" +
         half_blocks(results, columns, true_color, options.threads);
}

}  // namespace alike::draw
