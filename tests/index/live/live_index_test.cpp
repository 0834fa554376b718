#include "alike/index/live/live_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <thread>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/base/sanitized.h"
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

TEST(LiveIndex, is_as_it_was_after_a_change_that_fails) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer ends the program that asks for too much memory";
  // Reduced rows of such a stride are more than there is memory for.
  LiveIndex index(8, Metric::l2, {.graph = {.stride = std::size_t{1} << 60}, .graph_rows = 50});
  const Matrix rows = clustered_matrix(80, 8, 4, 1);
  index.add(ids_from(0, 40), MatrixView{rows.data(), 40, 8});
  const auto before = index.search(rows.row(25), {.k = 40}).neighbors;
  EXPECT_THROW(index.add(ids_from(20, 30), MatrixView{rows.row(45).data(), 30, 8}), std::bad_alloc);
  EXPECT_EQ(index.size(), 40U);
  EXPECT_EQ(index.search(rows.row(25), {.k = 40}).neighbors, before);
  EXPECT_EQ(index.remove(ids_from(40, 10)), 0U);
  EXPECT_EQ(index.remove(ids_from(20, 10)), 10U);
  EXPECT_EQ(index.size(), 30U);
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

/// The rows of a saved index by their ids, read as docs/file-formats.md has it.
std::map<std::int64_t, std::vector<float>> rows_in(std::span<const std::byte> bytes) {
  std::array<std::uint64_t, 8> head{};
  std::memcpy(head.data(), bytes.data(), sizeof head);
  const std::uint64_t width = head[3], rows = head[4];
  const std::uint64_t values_at = 64 + (8 * rows + 63) / 64 * 64;
  std::map<std::int64_t, std::vector<float>> found;
  for (std::uint64_t r = 0; r < rows; ++r) {
    std::int64_t id = 0;
    std::memcpy(&id, bytes.data() + 64 + 8 * r, sizeof id);
    std::vector<float> row(width);
    std::memcpy(row.data(), bytes.data() + values_at + 4 * width * r, 4 * width);
    EXPECT_TRUE(found.emplace(id, row).second) << "id " << id << " is there twice";
  }
  return found;
}

/// Neighbours, each with the distance of the row that has its id, nearest first.
void expect_true(const std::vector<Neighbor>& neighbors, std::span<const float> query,
                 const std::map<std::int64_t, std::vector<float>>& rows) {
  EXPECT_TRUE(std::ranges::is_sorted(neighbors));
  std::set<std::int64_t> ids;
  for (const Neighbor& neighbor : neighbors) {
    EXPECT_TRUE(ids.insert(neighbor.id).second) << neighbor.id << " is found twice";
    const auto row = rows.find(neighbor.id);
    ASSERT_NE(row, rows.end()) << neighbor.id;
    double squares = 0;
    for (std::size_t i = 0; i < query.size(); ++i) {
      squares += std::pow(double{query[i]} - row->second[i], 2);
    }
    EXPECT_NEAR(neighbor.distance, std::sqrt(squares), 1e-4 * (1 + std::sqrt(squares)));
  }
}

class LiveIndexFile : public testing::Test {
 protected:
  LiveIndexFile() {
    LiveIndex index(8, Metric::l2,
                    {.graph = {.stride = 64, .degree = 4, .beam = 8}, .graph_rows = 50});
    index.add(ids_from(0, 80), clustered_matrix(80, 8, 4, 1));
    index.save(file_);
    bytes_ = read_file(file_, 1 << 20);
  }

  /// The answer of a file with these bytes; none where it is refused.
  std::optional<SearchResult> answer(const std::vector<std::byte>& bytes) {
    write_whole(file_, bytes);
    try {
      return LiveIndex::open(file_).search(query_, {.beam = 64});  // walks, however few rows
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::corrupt || error.code() == ErrorCode::unsupported);
      return std::nullopt;
    }
  }

  const TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "vectors.alike";
  const std::vector<float> query_ = std::vector<float>(8, 0.5F);
  std::vector<std::byte> bytes_;
};

TEST_F(LiveIndexFile, that_is_cut_short_is_refused) {
  for (std::size_t size = 0; size < bytes_.size(); size += 61) {
    std::ofstream(file_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes_.data()), static_cast<std::streamsize>(size));
    EXPECT_THROW(LiveIndex::open(file_), Error) << size;
  }
}

TEST_F(LiveIndexFile, with_another_head_is_refused_but_for_the_version_of_its_graph) {
  std::vector<Neighbor> exact;
  for (const auto& [id, row] : rows_in(bytes_)) {
    double squares = 0;
    for (std::size_t i = 0; i < 8; ++i) squares += std::pow(query_[i] - double{row[i]}, 2);
    exact.push_back({id, static_cast<float>(std::sqrt(squares))});
  }
  std::ranges::sort(exact);
  EXPECT_GT(answer(bytes_)->codes_read, 0U);
  for (std::size_t at = 0; at < 64; ++at) {
    for (const unsigned flip : {1U, 2U, 0x10U, 0x80U, 0xffU}) {
      auto changed = bytes_;
      changed[at] ^= static_cast<std::byte>(flip);
      const auto found = answer(changed);
      const bool of_the_graph = at >= 48 && at < 56;
      ASSERT_EQ(found.has_value(), of_the_graph) << "byte " << at << " with bits " << flip;
      if (!found) continue;
      EXPECT_EQ(found->codes_read, 0U);
      EXPECT_EQ(found->rows_read, 80U);
      ASSERT_EQ(found->neighbors.size(), 10U);
      for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(found->neighbors[i].id, exact[i].id);
    }
  }
}

TEST_F(LiveIndexFile, with_other_bytes_is_refused_or_answered_from_as_it_is) {
  Random random(5);
  std::size_t opened = 0;
  for (int i = 0; i < 1000; ++i) {
    auto changed = bytes_;
    changed[64 + random.below(changed.size() - 72)] ^=
        static_cast<std::byte>(1 + random.below(255));
    const auto found = answer(changed);
    if (!found) continue;
    ++opened;
    expect_true(found->neighbors, query_, rows_in(changed));
    EXPECT_EQ(found->neighbors.size(), 10U);
  }
  EXPECT_GT(opened, 0U);
  EXPECT_LT(opened, 1000U);
}

TEST_F(LiveIndexFile, with_an_id_twice_or_a_number_that_is_none_is_refused) {
  auto twice = bytes_;
  std::copy_n(twice.begin() + 64, 8, twice.begin() + 64 + 8 * 17);
  EXPECT_FALSE(answer(twice));
  for (const float bad :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    auto changed = bytes_;
    std::memcpy(changed.data() + 64 + 8 * 80 + 4 * 100, &bad, sizeof bad);
    EXPECT_FALSE(answer(changed));
  }
}

TEST(LiveIndex, is_added_to_searched_removed_from_and_saved_at_the_same_time) {
  const TemporaryFolder folder;
  const Matrix rows = clustered_matrix(6000, 16, 6, 1);
  std::map<std::int64_t, std::vector<float>> all;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    all[static_cast<std::int64_t>(r)].assign(rows.row(r).begin(), rows.row(r).end());
  }
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
    for (std::int64_t first = 0; first < 900; first += 30) {
      EXPECT_EQ(index.remove(ids_from(first, 30)), 30U);
      const auto found = index.search(rows.row(static_cast<std::size_t>(first)), {.k = 100});
      for (const Neighbor& neighbor : found.neighbors) EXPECT_GE(neighbor.id, first + 30);
    }
  });
  // Rows are those of one moment: some first batches were added, some first ones removed.
  const auto expect_moment = [](const std::set<std::int64_t>& ids) {
    const std::int64_t first = *ids.begin(), end = *ids.rbegin() + 1;
    EXPECT_EQ(first % 30, 0);
    EXPECT_LE(first, 900);
    EXPECT_EQ(end % 500, 0);
    EXPECT_EQ(static_cast<std::int64_t>(ids.size()), end - first);
  };
  const auto file = folder.path() / "vectors.alike";
  const auto check_file = [&] {
    std::set<std::int64_t> ids;
    for (const auto& [id, row] : rows_in(read_file(file, 1 << 24))) {
      EXPECT_EQ(row, all.at(id)) << id;
      ids.insert(id);
    }
    expect_moment(ids);
  };
  std::thread saving([&] {
    for (int i = 0; i < 3; ++i) {
      index.save(file);
      check_file();
    }
  });
  while (!done) {
    EXPECT_EQ(index.search(rows.row(950), {}).neighbors.size(), 10U);
    const auto found = index.search(rows.row(950), {.k = 6000}).neighbors;  // all there are
    expect_true(found, rows.row(950), all);
    std::set<std::int64_t> ids;
    for (const Neighbor& neighbor : found) ids.insert(neighbor.id);
    expect_moment(ids);
  }
  adding.join();
  removing.join();
  saving.join();
  EXPECT_EQ(index.size(), 5100U);
  index.save(file);
  check_file();
  EXPECT_EQ(rows_in(read_file(file, 1 << 24)).size(), 5100U);
  EXPECT_EQ(LiveIndex::open(file).size(), 5100U);
}

}  // namespace
}  // namespace alike::index
