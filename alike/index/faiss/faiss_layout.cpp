#include "alike/index/faiss/faiss_layout.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "alike/base/text.h"
#include "alike/index/faiss/faiss_cursor.h"

namespace alike::index {
namespace {

constexpr int kMostNested = 4;  ///< An IDMap of an IVF with an HNSW as quantizer is 4 deep.
constexpr std::uint64_t kMostBits = 24;
/// Works for every kind that faiss can decode (tests/index/golden/make.py --way-out tries 30).
constexpr const char* kWayOut =
    "; read are Flat, IVF-Flat, HNSW-Flat and PQ, and IDMap of them, with inner product or L2. In "
    "Python: i = faiss.downcast_index(index.index) if hasattr(index, 'id_map') else index; ivf = "
    "faiss.try_extract_index_ivf(i); ivf and ivf.make_direct_map(); numpy.save('x.npy', "
    "i.reconstruct_n(0, i.ntotal)); the id of row p is then faiss.vector_to_array(index.id_map)[p]";

using Code = std::array<char, 4>;

/// The head of every index, after its four letters.
struct Head {
  std::size_t width = 0;
  std::uint64_t rows = 0;
  Metric metric = Metric::l2;
};

std::string four_letters(FaissCursor& cursor) {
  const auto code = cursor.number<Code>();
  return {code.data(), code.size()};
}

Head read_head(FaissCursor& cursor) {
  const auto width = cursor.number<std::int32_t>();
  const auto rows = cursor.number<std::int64_t>();
  const bool known = cursor.number<std::uint64_t>() == kFaissFiller;
  if (cursor.number<std::uint64_t>() != kFaissFiller || !known) {
    cursor.unsupported("has a head that no known version of faiss writes" + std::string(kWayOut));
  }
  const auto trained = cursor.number<std::uint8_t>();
  const auto metric = cursor.number<std::int32_t>();
  if (width <= 0 || rows < 0 || trained > 1) {
    cursor.damaged("its head says " + std::to_string(rows) + " rows of " + std::to_string(width) +
                   " numbers");
  }
  if (metric != kFaissInnerProduct && metric != kFaissL2) {
    cursor.unsupported("has the metric " + std::to_string(metric) + " of faiss" + kWayOut);
  }
  return {static_cast<std::size_t>(width), static_cast<std::uint64_t>(rows),
          metric == kFaissL2 ? Metric::l2 : Metric::inner_product};
}

FaissLayout begin(const std::string& kind, const Head& head) {
  FaissLayout layout;
  layout.kind = kind;
  layout.metric = head.metric;
  layout.width = head.width;
  return layout;
}

void add_rows(FaissLayout& layout, std::span<const std::byte> bytes, std::size_t row_bytes) {
  for (; !bytes.empty(); bytes = bytes.subspan(row_bytes)) layout.rows.push_back(bytes.data());
}

template <class T>
T number_at(std::span<const std::byte> bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

/// Both counts of one thing must agree.
void expect(const FaissCursor& cursor, bool agree, const std::string& thing) {
  if (!agree) {
    cursor.damaged("before byte " + std::to_string(cursor.offset()) + ", " + thing +
                   " do not fit the head of the index");
  }
}

FaissLayout read_any(FaissCursor& cursor, int depth);

FaissLayout read_flat(FaissCursor& cursor, const std::string& code) {
  const Head head = read_head(cursor);
  const Metric named = code == "IxF2" ? Metric::l2 : Metric::inner_product;
  expect(cursor, code == "IxFl" || head.metric == named, "letters and metric");
  const auto values = cursor.counted(sizeof(float));
  const std::size_t row_bytes = head.width * sizeof(float);
  expect(cursor, values.size() % row_bytes == 0 && values.size() / row_bytes == head.rows,
         "its rows");
  FaissLayout layout = begin("Flat", head);
  add_rows(layout, values, row_bytes);
  return layout;
}

/// Ids in the place of the positions that an index counts by itself: the row at position p has id
/// ids[p], wherever it lies among the lists of an IVF.
FaissLayout read_id_map(FaissCursor& cursor, const std::string& code, int depth) {
  const Head head = read_head(cursor);
  FaissLayout layout = read_any(cursor, depth + 1);
  const auto ids = cursor.counted(sizeof(std::int64_t));
  expect(cursor,
         layout.width == head.width && layout.metric == head.metric &&
             layout.rows.size() == head.rows && ids.size() / sizeof(std::int64_t) == head.rows,
         "its ids and rows");
  std::vector<bool> taken(head.rows);
  const std::vector<std::int64_t> positions = std::exchange(layout.ids, {});
  for (std::size_t i = 0; i < head.rows; ++i) {
    const auto position = positions.empty() ? i : static_cast<std::uint64_t>(positions[i]);
    expect(cursor, position < head.rows && !taken[position], "the positions of its rows");
    taken[position] = true;
    layout.ids.push_back(number_at<std::int64_t>(ids, position));
  }
  layout.kind = (code == "IxM2" ? "IDMap2 of " : "IDMap of ") + layout.kind;
  return layout;
}

/// The number of rows of each list that has any, in the order in which they lie.
std::vector<std::uint64_t> list_sizes(FaissCursor& cursor, std::uint64_t lists) {
  const std::string form = four_letters(cursor);
  std::vector<std::uint64_t> sizes;
  if (form != "full" && form != "sprs") cursor.damaged("its lists are kept as '" + form + "'");
  const auto numbers = cursor.counted(sizeof(std::uint64_t));
  const std::size_t count = numbers.size() / sizeof(std::uint64_t);
  expect(cursor, form == "full" ? count == lists : count % 2 == 0, "its lists");
  const std::size_t step = form == "full" ? 1 : 2;  // else: number of a list, its size
  for (std::size_t i = step - 1; i < count; i += step) {
    sizes.push_back(number_at<std::uint64_t>(numbers, i));
  }
  return sizes;
}

void skip_direct_map(FaissCursor& cursor) {
  const auto form = cursor.number<std::uint8_t>();
  expect(cursor, form <= 2, "what finds its rows by id");
  cursor.counted(sizeof(std::int64_t));
  if (form == 2) cursor.counted(2 * sizeof(std::int64_t));
}

FaissLayout read_ivf(FaissCursor& cursor, int depth) {
  const Head head = read_head(cursor);
  const auto lists = cursor.number<std::uint64_t>();
  cursor.number<std::uint64_t>();  // lists that a search looks into
  const auto quantizer = read_any(cursor, depth + 1);
  expect(cursor, quantizer.width == head.width, "its quantizer");
  skip_direct_map(cursor);
  FaissLayout layout = begin("IVF-Flat", head);
  if (const auto kind = four_letters(cursor); kind != "ilar") {
    cursor.unsupported("keeps the rows of its lists elsewhere ('" + valid_utf8(kind) + "')" +
                       kWayOut);
  }
  const auto kept_lists = cursor.number<std::uint64_t>();
  const auto row_bytes = cursor.number<std::uint64_t>();
  expect(cursor, kept_lists == lists && row_bytes == head.width * sizeof(float), "its lists");
  for (const std::uint64_t size : list_sizes(cursor, lists)) {
    add_rows(layout, cursor.take(size, row_bytes), row_bytes);
    const auto ids = cursor.take(size, sizeof(std::int64_t));
    for (std::size_t i = 0; i < size; ++i) layout.ids.push_back(number_at<std::int64_t>(ids, i));
  }
  expect(cursor, layout.rows.size() == head.rows, "its rows");
  return layout;
}

/// The graph is passed over; the rows are those of the flat index behind it.
FaissLayout read_hnsw(FaissCursor& cursor, int depth) {
  const Head head = read_head(cursor);
  cursor.counted(sizeof(double));        // chance of each level
  cursor.counted(sizeof(std::int32_t));  // links up to each level
  const auto levels = cursor.counted(sizeof(std::int32_t));
  const auto begins = cursor.counted(sizeof(std::uint64_t));
  cursor.counted(sizeof(std::int32_t));  // links
  cursor.take(5, sizeof(std::int32_t));  // entry, levels, and how wide it builds and searches
  expect(cursor,
         levels.size() / sizeof(std::int32_t) == head.rows &&
             begins.size() / sizeof(std::uint64_t) == head.rows + 1,
         "the points of its graph");
  FaissLayout layout = read_any(cursor, depth + 1);
  expect(cursor,
         layout.kind == "Flat" && layout.width == head.width && layout.metric == head.metric &&
             layout.rows.size() == head.rows,
         "its rows");
  layout.kind = "HNSW-Flat";
  return layout;
}

FaissLayout read_product(FaissCursor& cursor) {
  const Head head = read_head(cursor);
  const auto width = cursor.number<std::uint64_t>();
  const auto parts = cursor.number<std::uint64_t>();
  const auto bits = cursor.number<std::uint64_t>();
  expect(cursor, width == head.width && parts >= 1 && width % parts == 0, "its parts");
  expect(cursor, bits >= 1 && bits <= kMostBits, "the bits of its codes");
  FaissLayout layout = begin("PQ", head);
  layout.product.parts = parts;
  layout.product.bits = static_cast<unsigned>(bits);
  layout.product.centroids = cursor.counted(sizeof(float));
  expect(cursor, layout.product.centroids.size() / sizeof(float) == width << bits, "its centroids");
  const auto codes = cursor.counted(1);
  const std::uint64_t row_bytes = (parts * bits + 7) / 8;
  expect(cursor, codes.size() % row_bytes == 0 && codes.size() / row_bytes == head.rows,
         "its codes");
  add_rows(layout, codes, row_bytes);
  cursor.number<std::int32_t>();  // how it searches
  cursor.number<std::uint8_t>();
  cursor.number<std::int32_t>();
  return layout;
}

FaissLayout read_any(FaissCursor& cursor, int depth) {
  if (depth > kMostNested)
    cursor.unsupported("has indexes in indexes in indexes" + std::string(kWayOut));
  const std::string code = four_letters(cursor);
  if (code == "IxF2" || code == "IxFI" || code == "IxFl") return read_flat(cursor, code);
  if (code == "IxMp" || code == "IxM2") return read_id_map(cursor, code, depth);
  if (code == "IwFl") return read_ivf(cursor, depth);
  if (code == "IHNf") return read_hnsw(cursor, depth);
  if (code == "IxPq") return read_product(cursor);
  if (!is_faiss_code(std::span<const char, 4>(code.data(), 4))) {
    cursor.damaged(depth == 1
                       ? "this is not a faiss index (faiss.write_index writes them)"
                       : "byte " + std::to_string(cursor.offset() - 4) + " should begin an index");
  }
  cursor.unsupported(
      (depth == 1 ? "is a faiss index of the kind '" : "holds a faiss index of the kind '") + code +
      "'" + kWayOut);
}

}  // namespace

bool is_faiss_code(std::span<const char, 4> letters) {
  return letters[0] == 'I' && std::ranges::all_of(letters, [](unsigned char letter) {
           return std::isalnum(letter) != 0;
         });
}

FaissLayout read_faiss_layout(std::span<const std::byte> bytes, const std::string& what) {
  FaissCursor cursor(bytes, what);
  FaissLayout layout = read_any(cursor, 1);
  if (cursor.left() > 0) {
    cursor.damaged(std::to_string(cursor.left()) + " bytes follow the end of the index");
  }
  return layout;
}

}  // namespace alike::index
