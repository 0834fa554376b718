#include "alike/index/live/live_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <limits>
#include <numeric>
#include <set>
#include <thread>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/index/flat/flat.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"
#include "tests/support/temporary_folder.h"

namespace alike::index {
namespace {

using test::clustered_matrix;
using test::MatrixRows;
using test::TemporaryFolder;

std::vector<std::int64_t> ids_from(std::int64_t first, std::size_t count) {
  std::vector<std::int64_t> ids(count);
  std::iota(ids.begin(), ids.end(), first);
  return ids;
}

MatrixView some(const Matrix& rows, std::size_t first, std::size_t count) {
  return {rows.data() + first * rows.width(), count, rows.width()};
}

/// Share of the ten nearest that are found, of rows whose ids are their numbers.
double recall(const LiveIndex& index, const Matrix& rows, const std::set<std::int64_t>& there,
              MatrixView queries) {
  auto source = std::make_shared<MatrixRows>(rows, 100);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    source->dead()[r] = there.contains(static_cast<std::int64_t>(r)) ? 0 : 1;
  }
  const auto truth = Flat(source, index.metric()).search_batch(queries, {});
  const auto found = index.search_batch(queries, {});
  std::size_t hits = 0;
  for (std::size_t q = 0; q < truth.size(); ++q) {
    EXPECT_EQ(found[q].neighbors.size(), 10U);
    const std::size_t before = hits;
    for (const Neighbor& neighbor : found[q].neighbors) {
      EXPECT_TRUE(there.contains(neighbor.id));
      hits += std::ranges::count(truth[q].neighbors, neighbor) != 0 ? 1U : 0U;
    }
    EXPECT_GT(hits, before) << "query " << q << " is lost";
  }
  return static_cast<double>(hits) / static_cast<double>(10 * queries.rows);
}

TEST(LiveIndex, finds_a_row_once_it_is_added_and_not_once_it_is_removed) {
  const Matrix rows = clustered_matrix(50, 12, 1, 1);
  LiveIndex index(12, Metric::l2);
  EXPECT_TRUE(index.search(rows.row(0), {}).neighbors.empty());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    index.add(ids_from(100 + static_cast<std::int64_t>(r), 1), some(rows, r, 1));
    const auto found = index.search(rows.row(r), {.k = 1}).neighbors;
    EXPECT_EQ(found.front(), (Neighbor{100 + static_cast<std::int64_t>(r), 0}));
  }
  EXPECT_EQ(index.size(), 50U);
  EXPECT_EQ(index.remove(ids_from(120, 1)), 1U);
  EXPECT_EQ(index.remove(ids_from(120, 1)), 0U);
  EXPECT_NE(index.search(rows.row(20), {.k = 1}).neighbors.front().id, 120);
  EXPECT_EQ(index.size(), 49U);
}

TEST(LiveIndex, replaces_the_row_of_an_id) {
  const Matrix rows = clustered_matrix(2, 12, 1, 1);
  LiveIndex index(12, Metric::l2);
  index.add(ids_from(7, 1), some(rows, 0, 1));
  index.add(ids_from(7, 1), some(rows, 1, 1));
  EXPECT_EQ(index.size(), 1U);
  EXPECT_EQ(index.search(rows.row(1), {}).neighbors, (std::vector<Neighbor>{{7, 0}}));
}

TEST(LiveIndex, keeps_its_recall_and_its_size_under_churn) {
  constexpr std::size_t kRows = 6000;
  const Matrix rows = clustered_matrix(3 * kRows, 48, 2, 1, 150);
  const Matrix queries = clustered_matrix(600, 48, 2, 2, 150);
  LiveIndex index(48, Metric::l2, {.threads = 2});
  index.add(ids_from(0, kRows), some(rows, 0, kRows));
  std::set<std::int64_t> there;
  for (const auto id : ids_from(0, kRows)) there.insert(id);
  const double before = recall(index, rows, there, queries);
  EXPECT_GT(before, 0.97);
  Random random(3);
  for (std::size_t round = 0; round < 20; ++round) {
    std::vector<std::int64_t> gone;
    while (gone.size() < kRows / 10) {
      const auto id =
          std::next(there.begin(), static_cast<std::ptrdiff_t>(random.below(there.size())));
      gone.push_back(*id);
      there.erase(id);
    }
    EXPECT_EQ(index.remove(gone), gone.size());
    const std::size_t first = kRows + round * kRows / 10;
    index.add(ids_from(static_cast<std::int64_t>(first), kRows / 10),
              some(rows, first, kRows / 10));
    for (const auto id : ids_from(static_cast<std::int64_t>(first), kRows / 10)) there.insert(id);
  }
  EXPECT_EQ(index.size(), kRows);
  EXPECT_GT(recall(index, rows, there, queries), before - 0.005);
}

TEST(LiveIndex, comes_back_from_its_file) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "vectors.alike";
  for (const Metric metric : {Metric::cosine, Metric::inner_product, Metric::l2}) {
    for (const std::size_t count : {0U, 30U, 5600U}) {
      const Matrix rows = clustered_matrix(count, 32, 3, 1);
      LiveIndex index(32, metric, {.threads = 2});
      index.add(ids_from(10, count), rows);
      index.remove(ids_from(15, 3));
      index.save(file);
      const LiveIndex again = LiveIndex::open(file);
      EXPECT_EQ(again.size(), index.size());
      EXPECT_EQ(again.metric(), metric);
      const Matrix queries = clustered_matrix(20, 32, 3, 2);
      const auto a = index.search_batch(queries, {}), b = again.search_batch(queries, {});
      for (std::size_t q = 0; q < a.size(); ++q) EXPECT_EQ(a[q].neighbors, b[q].neighbors);
    }
  }
}

TEST(LiveIndex, refuses_rows_that_do_not_fit_and_adds_none_of_them) {
  LiveIndex index(4, Metric::l2);
  Matrix rows(2, 4);
  EXPECT_THROW(index.add(ids_from(0, 1), rows), Error);
  EXPECT_THROW(index.add(ids_from(0, 2), Matrix(2, 5)), Error);
  const std::vector<std::int64_t> twice{3, 3};
  EXPECT_THROW(index.add(twice, rows), Error);
  rows.row(1)[2] = std::numeric_limits<float>::infinity();
  try {
    index.add(ids_from(0, 2), rows);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("row 1 has inf"), std::string::npos) << error.what();
  }
  EXPECT_EQ(index.size(), 0U);
  EXPECT_THROW(LiveIndex(0, Metric::l2), Error);
}

/// `bytes` as a file whose sums are right.
void write_whole(const std::filesystem::path& file, std::vector<std::byte> bytes) {
  const std::uint64_t sum = checksum(std::span(bytes).first(bytes.size() - 8));
  std::memcpy(bytes.data() + bytes.size() - 8, &sum, sizeof sum);
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

TEST(LiveIndex, refuses_files_that_were_cut_or_changed) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "vectors.alike", other = folder.path() / "other.alike";
  LiveIndex index(8, Metric::l2,
                  {.graph = {.stride = 64, .degree = 4, .beam = 8}, .graph_rows = 50});
  index.add(ids_from(0, 80), clustered_matrix(80, 8, 4, 1));
  index.save(file);
  const auto bytes = read_file(file, 1 << 20);
  for (std::size_t size = 0; size < bytes.size(); size += 61) {
    std::ofstream(other, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(size));
    EXPECT_THROW(LiveIndex::open(other), Error) << size;
  }
  Random random(5);
  const std::vector<float> query(8, 0.5F);
  std::size_t refused = 0;
  for (int i = 0; i < 1000; ++i) {
    auto changed = bytes;
    changed[random.below(i % 2 == 0 ? 64 : changed.size() - 8)] ^=
        static_cast<std::byte>(1 + random.below(255));
    write_whole(other, changed);
    try {
      const auto found = LiveIndex::open(other).search(query, {}).neighbors;
      EXPECT_LE(found.size(), 10U);
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 300U);
}

TEST(LiveIndex, is_added_to_searched_removed_from_and_saved_at_the_same_time) {
  const TemporaryFolder folder;
  const Matrix rows = clustered_matrix(6000, 16, 6, 1);
  LiveIndex index(16, Metric::l2,
                  {.graph = {.stride = 64, .degree = 8, .beam = 16}, .graph_rows = 500});
  index.add(ids_from(0, 1000), some(rows, 0, 1000));
  std::atomic<bool> done = false;
  std::thread adding([&] {
    for (std::size_t first = 1000; first < 6000; first += 500) {
      index.add(ids_from(static_cast<std::int64_t>(first), 500), some(rows, first, 500));
      // What is added is found at once, whatever the others do.
      EXPECT_EQ(index.search(rows.row(first + 7), {.k = 1}).neighbors.front().distance, 0);
    }
    done = true;
  });
  std::thread removing([&] {
    for (std::int64_t first = 0; first < 900; first += 30)
      EXPECT_EQ(index.remove(ids_from(first, 30)), 30U);
  });
  std::thread saving([&] {
    for (int i = 0; i < 3; ++i) index.save(folder.path() / "vectors.alike");
  });
  while (!done) EXPECT_EQ(index.search(rows.row(950), {}).neighbors.size(), 10U);
  adding.join();
  removing.join();
  saving.join();
  EXPECT_EQ(index.size(), 5100U);
  EXPECT_GE(LiveIndex::open(folder.path() / "vectors.alike").size(), 100U);
}

}  // namespace
}  // namespace alike::index
