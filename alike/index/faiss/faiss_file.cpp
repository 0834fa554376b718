#include "alike/index/faiss/faiss_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/text.h"
#include "alike/index/faiss/faiss_layout.h"

namespace alike::index {
namespace {

/// Codes can be a thousandth of their rows; this is where a file becomes a bomb. 4 GiB of rows.
constexpr std::uint64_t kMostDecoded = std::uint64_t{1} << 30;

/// Which row of the file comes first, second, …
std::vector<std::size_t> order_of(const std::vector<std::int64_t>& ids, std::size_t rows) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!ids.empty()) std::ranges::stable_sort(order, {}, [&](std::size_t i) { return ids[i]; });
  return order;
}

/// `bits` bits from bit `at` on, the lowest first.
std::uint64_t bits_at(const std::byte* code, std::size_t at, unsigned bits) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bits; ++i) {
    const auto bit = std::to_integer<std::uint64_t>(code[(at + i) / 8] >> ((at + i) % 8)) & 1U;
    value |= bit << i;
  }
  return value;
}

/// A row is the centroids that its code names, one after the other.
void decode(const FaissProduct& product, const std::byte* code, std::span<float> row) {
  const std::size_t width = row.size() / product.parts;
  for (std::size_t part = 0; part < product.parts; ++part) {
    const std::uint64_t named = bits_at(code, part * product.bits, product.bits);
    const std::uint64_t centroid = (std::uint64_t{part} << product.bits) + named;
    std::memcpy(row.data() + part * width,
                product.centroids.data() + centroid * width * sizeof(float), width * sizeof(float));
  }
}

void check_size(const FaissLayout& layout, const std::string& what) {
  if (layout.product.parts == 0 || layout.rows.size() <= kMostDecoded / layout.width) return;
  throw Error(ErrorCode::unsupported,
              what + " holds codes of " + std::to_string(layout.rows.size()) + " rows of " +
                  std::to_string(layout.width) + " numbers; at most " +
                  std::to_string(kMostDecoded) +
                  " numbers are decoded: write its rows to several .npy files instead");
}

void check_finite(std::span<const float> row, std::size_t i, const FaissRows& all,
                  const std::string& what) {
  const auto bad = std::ranges::find_if(row, [](float value) { return !std::isfinite(value); });
  if (bad == row.end()) return;
  throw Error(ErrorCode::invalid_argument,
              what + " has " + (std::isnan(*bad) ? "a NaN" : "an infinite number") + " in row " +
                  std::to_string(i) +
                  (all.ids.empty() ? "" : " (id " + std::to_string(all.ids[i]) + ")") +
                  ", column " + std::to_string(bad - row.begin()) + "; embeddings are finite");
}

template <class T>
void add(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

}  // namespace

bool is_faiss(const std::filesystem::path& file) {
  const File opened(file, File::Mode::read);
  if (opened.size() < 4) return false;
  char letters[4];
  opened.read_at(0, std::as_writable_bytes(std::span(letters)));
  return is_faiss_code(letters);
}

FaissRows read_faiss(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  auto rows = read_faiss(mapped.bytes(), "'" + valid_utf8(file.native()) + "'");
  mapped.check_no_page_lost();
  return rows;
}

FaissRows read_faiss(std::span<const std::byte> bytes, const std::string& what) {
  const FaissLayout layout = read_faiss_layout(bytes, what);
  check_size(layout, what);
  FaissRows result;
  result.metric = layout.metric;
  result.kind = layout.kind;
  result.lossy = layout.product.parts > 0;
  result.rows = Matrix(layout.rows.size(), layout.width);
  const auto order = order_of(layout.ids, layout.rows.size());
  if (!layout.ids.empty()) {
    for (const std::size_t from : order) result.ids.push_back(layout.ids[from]);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto row = result.rows.row(i);
    const std::byte* from = layout.rows[order[i]];
    if (result.lossy) {
      decode(layout.product, from, row);
    } else {
      std::memcpy(row.data(), from, row.size_bytes());
    }
    check_finite(row, i, result, what);
  }
  return result;
}

FaissWriter::FaissWriter(const std::filesystem::path& file, std::size_t width, Metric metric)
    : file_(file), width_(width), metric_(metric) {
  file_.append(bytes_of(head()));  // room for the true one
}

void FaissWriter::append(std::span<const float> row) {
  if (row.size() != width_) {
    throw Error(ErrorCode::invalid_argument, "a row of " + std::to_string(row.size()) +
                                                 " numbers does not fit an index of width " +
                                                 std::to_string(width_));
  }
  file_.append(std::as_bytes(row));
  ++rows_;
}

void FaissWriter::finish() { file_.finish(bytes_of(head())); }

std::string FaissWriter::head() const {
  const bool l2 = metric_ == Metric::l2;
  std::string bytes = l2 ? "IxF2" : "IxFI";
  add(bytes, static_cast<std::int32_t>(width_));
  add(bytes, static_cast<std::int64_t>(rows_));
  add(bytes, kFaissFiller);
  add(bytes, kFaissFiller);
  add(bytes, std::uint8_t{1});  // nothing to train
  add(bytes, std::int32_t{l2 ? kFaissL2 : kFaissInnerProduct});
  add(bytes, std::uint64_t{rows_ * width_});
  return bytes;
}

}  // namespace alike::index
