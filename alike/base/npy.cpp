#include "alike/base/npy.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/replacing_file.h"
#include "alike/base/text.h"

namespace alike {
namespace {

// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kHeadSize = 128;  ///< Of the files written here.

struct Head {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::size_t size = 0;  ///< Bytes before the numbers.
};

/// Reads the Python dictionary in a .npy head: the keys and kinds of value that numpy writes.
class HeadParser {
 public:
  HeadParser(std::string_view text, const std::string& what) : text_(text), what_(what) {}

  Head parse() {
    Head head;
    int seen = 0;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr") {
        skip_space();
        // A structured type is a list; it is named as it stands.
        head.descr = at_ < text_.size() && text_[at_] == '[' ? "a structured type" : quoted();
        if (head.descr == "a structured type") return head;
      } else if (key == "fortran_order") {
        head.fortran_order = accept("True") ? true : (expect("False"), false);
      } else if (key == "shape") {
        head.shape = tuple();
      } else {
        damaged();
      }
      ++seen;
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (seen != 3 || head.descr.empty()) damaged();
    return head;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(std::string_view word) {
    skip_space();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool accept(char letter) { return accept(std::string_view(&letter, 1)); }
  void expect(std::string_view word) {
    if (!accept(word)) damaged();
  }
  void expect(char letter) { expect(std::string_view(&letter, 1)); }

  std::string quoted() {
    skip_space();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') damaged();
    const auto end = text_.find(quote, at_ + 1);
    if (end == text_.npos) damaged();
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return value;
  }

  std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> values;
    expect('(');
    while (!accept(')')) {
      skip_space();
      std::uint64_t value = 0;
      const auto [next, error] =
          std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
      if (error != std::errc()) damaged();
      at_ = static_cast<std::size_t>(next - text_.data());
      values.push_back(value);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  [[noreturn]] void damaged() const {
    throw Error(ErrorCode::corrupt, what_ + " has a damaged .npy head");
  }

  std::string_view text_;
  const std::string& what_;
  std::size_t at_ = 0;
};

Head read_head(std::span<const std::byte> bytes, const std::string& what) {
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  if (bytes.size() < 12 || std::string_view(text, kMagic.size()) != kMagic) {
    throw Error(ErrorCode::corrupt, what + " is not a .npy file (numpy.save writes them)");
  }
  const int version = static_cast<unsigned char>(text[6]);
  if (version < 1 || version > 3) {
    throw Error(ErrorCode::unsupported,
                what + " is a .npy of version " + std::to_string(version) + "; 1 to 3 can be read");
  }
  const std::size_t start = version == 1 ? 10 : 12;
  std::uint32_t length = 0;
  std::memcpy(&length, text + 8, version == 1 ? 2 : 4);
  if (length > bytes.size() - start) throw Error(ErrorCode::corrupt, what + " is cut short");
  Head head = HeadParser({text + start, length}, what).parse();
  head.size = start + length;
  return head;
}

float half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16;
  const std::uint32_t exponent = (bits >> 10) & 31U;
  const std::uint32_t fraction = bits & 1023U;
  if (exponent == 0) {
    const float value = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -value : value;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | (wide << 23) | (fraction << 13));
}

void check_kind(const Head& head, const std::string& what) {
  if (head.shape.size() != 2 && head.descr != "a structured type") {
    throw Error(ErrorCode::unsupported,
                what + " has " + std::to_string(head.shape.size()) +
                    (head.shape.size() == 1 ? " axis" : " axes") +
                    "; an array of rows has two: numpy.save(path, x.reshape(len(x), -1)), or "
                    "x.reshape(1, -1) for a single row");
  }
  if (head.fortran_order) {
    throw Error(ErrorCode::unsupported,
                what + " is in Fortran order; numpy.save(path, numpy.ascontiguousarray(x))");
  }
}

/// Converts `count` numbers of type T at `from`.
template <class T, class Convert>
void convert(const std::byte* from, Matrix& matrix, const Convert& to_float) {
  const std::size_t count = matrix.rows() * matrix.width();
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, from + i * sizeof(T), sizeof(T));
    matrix.data()[i] = to_float(value);
  }
}

void check_finite(const Matrix& matrix, const std::string& what) {
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    const auto values = matrix.row(row);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isfinite(values[i])) continue;
      throw Error(ErrorCode::invalid_argument,
                  what + " has " +
                      (std::isnan(values[i]) ? "a NaN" : "a number that is infinite as float32") +
                      " in row " + std::to_string(row) + ", column " + std::to_string(i) +
                      "; embeddings are finite");
    }
  }
}

std::string head_text(const char* descr, std::size_t rows, std::size_t width) {
  std::string text = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (" +
                     std::to_string(rows) + ", " + std::to_string(width) + "), }";
  text.resize(kHeadSize - 10 - 1, ' ');
  text += '\n';
  std::string head(kMagic);
  head += {'\x01', '\x00', static_cast<char>(text.size()), '\x00'};
  return head + text;
}
static_assert(kHeadSize % kAlignment == 0 && kHeadSize < 256);

}  // namespace

Matrix read_npy(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  const auto bytes = mapped.bytes();
  const std::string what = "'" + valid_utf8(file.native()) + "'";
  const Head head = read_head(bytes, what);
  check_kind(head, what);
  const std::size_t size = head.descr == "<f4" ? 4 : head.descr == "<f8" ? 8 : 2;
  if (size == 2 && head.descr != "<f2") {
    throw Error(ErrorCode::unsupported,
                what + " holds '" + valid_utf8(head.descr) +
                    "'; save it as float32: numpy.save(path, x.astype('<f4'))");
  }
  const std::uint64_t there = (bytes.size() - head.size) / size;
  const std::uint64_t rows = head.shape[0];
  const std::uint64_t width = head.shape[1];
  const bool fits =
      width == 0 || rows == 0 ? there == 0 : rows == there / width && there % width == 0;
  if (!fits || (bytes.size() - head.size) % size != 0) {
    throw Error(ErrorCode::corrupt, what + " says it has " + std::to_string(rows) + " rows of " +
                                        std::to_string(width) + " numbers and has " +
                                        std::to_string(there) + " numbers");
  }
  Matrix matrix(rows, width);
  if (there == 0) return matrix;
  const std::byte* from = bytes.data() + head.size;
  if (size == 4) convert<float>(from, matrix, [](float value) { return value; });
  if (size == 8) convert<double>(from, matrix, [](double v) { return static_cast<float>(v); });
  if (size == 2) convert<std::uint16_t>(from, matrix, half);
  mapped.check_no_page_lost();
  check_finite(matrix, what);
  return matrix;
}

struct NpyWriter::State {
  ReplacingFile file;
  std::size_t width = 0;
  std::size_t rows = 0;
};

NpyWriter::NpyWriter(const std::filesystem::path& file, std::size_t width)
    : state_(new State{ReplacingFile(file), width}) {
  state_->file.append(bytes_of(head_text("<f4", 0, width)));  // room for the true one
}

NpyWriter::~NpyWriter() = default;

void NpyWriter::append(std::span<const float> row) {
  if (row.size() != state_->width) {
    throw Error(ErrorCode::invalid_argument, "a row of " + std::to_string(row.size()) +
                                                 " numbers does not fit an array of width " +
                                                 std::to_string(state_->width));
  }
  state_->file.append(std::as_bytes(row));
  ++state_->rows;
}

void NpyWriter::finish() {
  state_->file.finish(bytes_of(head_text("<f4", state_->rows, state_->width)));
}

void write_npy(const std::filesystem::path& file, std::span<const std::int64_t> values,
               std::size_t width) {
  std::string text = head_text("<i8", width == 0 ? 0 : values.size() / width, width);
  text.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  replace_file(file, text);
}

}  // namespace alike
