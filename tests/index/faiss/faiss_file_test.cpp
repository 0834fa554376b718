// Against files that faiss wrote and the rows that it gives for them (golden/make.py).
#include "alike/index/faiss/faiss_file.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "tests/support/damage.h"
#include "tests/support/random_matrix.h"
#include "tests/support/temporary_folder.h"

namespace alike::index {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = ALIKE_GOLDEN;

struct Golden {
  const char* name;
  const char* kind;
  Metric metric = Metric::l2;
  bool ids = false;
  bool lossy = false;
};

constexpr auto kFiles = std::to_array<Golden>({
    {"flat_l2", "Flat"},
    {"flat_ip", "Flat", Metric::inner_product},
    {"hnsw", "HNSW-Flat"},
    {"hnsw_ip", "HNSW-Flat", Metric::inner_product},
    {"pq_8_bits", "PQ", Metric::l2, false, true},
    {"pq_5_bits", "PQ", Metric::l2, false, true},
    {"id_map", "IDMap of Flat", Metric::inner_product, true},
    {"id_map2", "IDMap2 of Flat", Metric::l2, true},
    {"id_map_hnsw", "IDMap of HNSW-Flat", Metric::l2, true},
    {"id_map2_pq", "IDMap2 of PQ", Metric::l2, true, true},
    {"id_map_ivf", "IDMap of IVF-Flat", Metric::l2, true},
    {"id_map2_ivf", "IDMap2 of IVF-Flat", Metric::l2, true},
    {"ivf", "IVF-Flat", Metric::l2, true},
    {"ivf_ip", "IVF-Flat", Metric::inner_product, true},
    {"ivf_by_id", "IVF-Flat", Metric::l2, true},
    {"ivf_of_hnsw", "IVF-Flat", Metric::l2, true},
    {"ivf_sparse", "IVF-Flat", Metric::l2, true},
});

std::string golden(const std::string& name) { return read_text(kGolden / (name + ".faiss")); }

/// `file` with `value` at `offset`.
template <class T>
std::string with(std::string file, std::size_t offset, T value) {
  return file.replace(offset, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
}

FaissRows read(const std::string& file) { return read_faiss(bytes_of(file), "the file"); }

std::optional<ErrorCode> outcome(const std::string& file) {
  return test::outcome([&] { read(file); });
}

/// The sentence with which the file is refused.
std::string sentence(const std::string& file) {
  try {
    read(file);
  } catch (const Error& error) {
    return error.what();
  }
  return "was accepted";
}

void expect_same(const Matrix& rows, const Matrix& wanted) {
  ASSERT_EQ(rows.rows(), wanted.rows());
  ASSERT_EQ(rows.width(), wanted.width());
  for (std::size_t i = 0; i < rows.rows() * rows.width(); ++i) {
    ASSERT_EQ(rows.data()[i], wanted.data()[i]) << "row " << i / rows.width();
  }
}

TEST(FaissFile, rows_are_those_that_faiss_gives) {
  for (const auto& file : kFiles) {
    SCOPED_TRACE(file.name);
    EXPECT_TRUE(is_faiss(kGolden / (std::string(file.name) + ".faiss")));
    const FaissRows found = read_faiss(kGolden / (std::string(file.name) + ".faiss"));
    expect_same(found.rows, read_npy(kGolden / (std::string(file.name) + ".npy")));
    EXPECT_EQ(found.kind, file.kind);
    EXPECT_EQ(found.metric, file.metric);
    EXPECT_EQ(found.lossy, file.lossy);
    ASSERT_EQ(found.ids.size(), file.ids ? found.rows.rows() : 0);
    for (std::size_t i = 0; i < found.ids.size(); ++i) {
      EXPECT_EQ(found.ids[i], static_cast<std::int64_t>(10 * i + 3));
    }
  }
}

TEST(FaissFile, positions_that_ivf_counts_are_ids) {
  const FaissRows found = read_faiss(kGolden / "ivf_by_position.faiss");
  expect_same(found.rows, read_npy(kGolden / "ivf_by_position.npy"));
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(found.ids[i], static_cast<std::int64_t>(i));
}

TEST(FaissFile, the_letters_of_older_flat_indexes_are_known) {
  const Matrix wanted = read_npy(kGolden / "flat_ip.npy");
  expect_same(read("IxFl" + golden("flat_l2").substr(4)).rows, wanted);
  const auto found = read("IxFl" + golden("flat_ip").substr(4));
  expect_same(found.rows, wanted);
  EXPECT_EQ(found.metric, Metric::inner_product);
}

TEST(FaissFile, rows_with_the_same_id_stay_in_the_order_of_the_file) {
  const std::string file = golden("id_map");
  const auto found = read(file.substr(0, file.size() - 160) + std::string(160, '\0'));
  expect_same(found.rows, read_npy(kGolden / "flat_ip.npy"));
}

TEST(FaissFile, no_rows_are_an_empty_matrix) {
  const auto found = read(golden("empty"));
  EXPECT_EQ(found.rows.rows(), 0u);
  EXPECT_EQ(found.rows.width(), 6u);
}

TEST(FaissFile, what_is_written_is_read_back) {
  const test::TemporaryFolder folder;
  const Matrix rows = test::random_matrix(700, 1000, 1);  // more than a write buffer
  for (const Metric metric : {Metric::l2, Metric::inner_product, Metric::cosine}) {
    FaissWriter writer(folder / "w.faiss", rows.width(), metric);
    for (std::size_t i = 0; i < rows.rows(); ++i) writer.append(rows.row(i));
    EXPECT_EQ(test::outcome([&] { writer.append(std::vector<float>{1}); }),
              ErrorCode::invalid_argument);
    writer.finish();
    const FaissRows found = read_faiss(folder / "w.faiss");
    expect_same(found.rows, rows);
    EXPECT_EQ(found.kind, "Flat");
    EXPECT_EQ(found.metric, metric == Metric::l2 ? Metric::l2 : Metric::inner_product);
  }
}

TEST(FaissFile, what_is_written_is_what_faiss_writes_to_the_last_byte) {
  const test::TemporaryFolder folder;
  for (const char* name : {"flat_l2", "flat_ip", "empty"}) {
    const FaissRows found = read_faiss(kGolden / (std::string(name) + ".faiss"));
    FaissWriter writer(folder / "w.faiss", found.rows.width(), found.metric);
    for (std::size_t i = 0; i < found.rows.rows(); ++i) writer.append(found.rows.row(i));
    writer.finish();
    EXPECT_EQ(read_text(folder / "w.faiss"), golden(name));
  }
}

TEST(FaissFile, other_kinds_and_metrics_are_refused_with_the_way_out) {
  for (const auto& [name, found] : {std::pair{"other_sq", "'IxSQ'"},
                                    {"other_pca", "'IxPT'"},
                                    {"other_ivf_sq", "'IwSq'"},
                                    {"other_l1", "metric 2"}}) {
    EXPECT_EQ(outcome(golden(name)), ErrorCode::unsupported);
    for (const char* word : {found, "HNSW-Flat", "make_direct_map", "numpy.save"}) {
      EXPECT_NE(sentence(golden(name)).find(word), std::string::npos) << sentence(golden(name));
    }
  }
  const std::string map = golden("id_map");
  EXPECT_EQ(outcome(map.substr(0, 37) + golden("other_sq") + map.substr(map.size() - 168)),
            ErrorCode::unsupported);
  EXPECT_EQ(outcome(with(golden("flat_l2"), 16, 7)), ErrorCode::unsupported);  // another head
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += map.substr(0, 37);
  EXPECT_EQ(outcome(deep), ErrorCode::unsupported);
}

TEST(FaissFile, what_is_no_index_is_refused) {
  const test::TemporaryFolder folder;
  for (const std::string& file : {std::string("\x93NUMPY\1\0 and so on", 18), std::string("text"),
                                  std::string("I\0\0\0", 4), std::string("IxF"), std::string()}) {
    EXPECT_EQ(outcome(file), ErrorCode::corrupt);
    replace_file(folder / "x.faiss", file);
    EXPECT_FALSE(is_faiss(folder / "x.faiss"));
  }
  EXPECT_EQ(test::outcome([&] { read_faiss(folder / "none"); }), ErrorCode::not_found);
  EXPECT_EQ(test::outcome([&] { is_faiss(folder / "none"); }), ErrorCode::not_found);
}

TEST(FaissFile, numbers_that_are_not_finite_are_refused_with_their_place) {
  const std::string flat = golden("flat_l2");
  for (const float bad : {NAN, INFINITY, -INFINITY}) {
    const std::string file = with(flat, 45 + (7 * 6 + 2) * 4, bad);
    EXPECT_EQ(outcome(file), ErrorCode::invalid_argument);
    EXPECT_NE(sentence(file).find("row 7, column 2"), std::string::npos) << sentence(file);
  }
  // The third row of the file has the id 143, and so comes as the 14th.
  const std::string mapped = with(golden("id_map"), 37 + 45 + 2 * 6 * 4, NAN);
  EXPECT_NE(sentence(mapped).find("row 14 (id 143), column 0"), std::string::npos)
      << sentence(mapped);
}

TEST(FaissFile, counts_beyond_the_file_are_refused_before_anything_is_made) {
  constexpr auto kHuge = std::numeric_limits<std::int64_t>::max();
  const std::string flat = golden("flat_l2");
  for (const std::int64_t rows : {kHuge, kHuge / 24, std::int64_t{1} << 40, std::int64_t{-1}}) {
    EXPECT_EQ(outcome(with(flat, 8, rows)), ErrorCode::corrupt);
    EXPECT_EQ(outcome(with(flat, 37, rows)), ErrorCode::corrupt);
    EXPECT_EQ(outcome(with(with(flat, 8, rows), 37, 6 * static_cast<std::uint64_t>(rows))),
              ErrorCode::corrupt);
  }
  for (const std::int32_t width : {0, -1, 7, std::numeric_limits<std::int32_t>::max()}) {
    EXPECT_EQ(outcome(with(flat, 4, width)), ErrorCode::corrupt);
  }
}

TEST(FaissFile, codes_that_would_fill_the_memory_are_refused) {
  const std::uint64_t width = 1 << 20;
  const std::uint64_t rows = 1 << 12;  // 16 GiB from 8 MiB
  std::string file = with(golden("pq_8_bits").substr(0, 61), 4, static_cast<std::int32_t>(width));
  file =
      with(with(with(with(file, 8, rows), 37, width), 45, std::uint64_t{1}), 53, std::uint64_t{1});
  const auto counted = [](std::uint64_t count, std::size_t size) {
    std::string bytes(8 + count * size, '\0');
    return with(bytes, 0, count);
  };
  file += counted(2 * width, 4) + counted(rows, 1) + std::string(9, '\0');
  EXPECT_EQ(outcome(file), ErrorCode::unsupported);
  EXPECT_NE(sentence(file).find("4096 rows of 1048576"), std::string::npos) << sentence(file);
}

TEST(FaissFile, every_truncation_is_refused) {
  for (const auto& file : kFiles) {
    test::each_truncation(golden(file.name), [&](const std::string& cut) {
      ASSERT_EQ(outcome(cut), ErrorCode::corrupt) << file.name;
    });
  }
}

TEST(FaissFile, bytes_too_many_are_refused) {
  for (const auto& file : kFiles) {
    EXPECT_EQ(outcome(golden(file.name) + '\0'), ErrorCode::corrupt) << file.name;
    EXPECT_EQ(outcome(golden(file.name) + golden(file.name)), ErrorCode::corrupt) << file.name;
  }
}

TEST(FaissFile, a_flipped_bit_gives_an_error_or_rows_of_the_file) {
  for (const auto& file : kFiles) {
    SCOPED_TRACE(file.name);
    const std::string whole = golden(file.name);
    test::each_flip(whole, 5000, [&](const std::string& flipped) {
      test::outcome([&] {
        const FaissRows found = read(flipped);
        EXPECT_LE(found.rows.rows() * found.rows.width(), whole.size());
        EXPECT_TRUE(found.ids.empty() || found.ids.size() == found.rows.rows());
      });
    });
  }
}

}  // namespace
}  // namespace alike::index
