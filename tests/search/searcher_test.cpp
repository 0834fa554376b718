#include "alike/search/searcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/index/flat/flat.h"
#include "tests/support/temporary_folder.h"

namespace alike::search {
namespace {

using index::Metric;

constexpr std::size_t kRows = 400, kWidth = 48;

/// Unrelated rows, except that row 1 is nearly row 0, and rows 10 to 13 are one row.
Matrix made_up_rows() {
  Random random(1);
  Matrix rows(kRows, kWidth);
  for (std::size_t i = 0; i < kRows * kWidth; ++i) {
    rows.data()[i] = static_cast<float>(2 * random.uniform() - 0.9);
  }
  for (std::size_t c = 0; c < kWidth; ++c) {
    rows.row(1)[c] = rows.row(0)[c] + (c == 3 ? 0.2F : 0.0F);
    for (const std::size_t same : {11U, 12U, 13U}) rows.row(same)[c] = rows.row(10)[c];
  }
  return rows;
}

class SearcherTest : public testing::Test {
 protected:
  SearcherTest() : rows_(made_up_rows()) {
    auto made = collection::Collection::create(folder_.path(), folder_ / ".alike");
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < kRows; ++i) {
      paths.push_back((i % 2 == 0 ? "even/" : "odd/") + std::to_string(i) + ".png");
    }
    collection::import_rows(made, rows_, paths, "cosine", Metric::cosine);
    collection::import_rows(made, rows_, paths, "l2", Metric::l2);
    collection::import_rows(made, rows_, paths, "ip", Metric::inner_product);
    Matrix few(5, kWidth);
    for (std::size_t i = 0; i < few.rows(); ++i) few.row(i)[i] = 1;
    paths.resize(few.rows());
    collection::import_rows(made, few, paths, "few", Metric::cosine);
    collection_ = std::make_shared<const collection::Collection>(std::move(made));
  }

  static Query query_for(const std::vector<std::string>& words, const std::string& space) {
    Query query;
    for (const auto& word : words) query.examples.push_back(parse_example(word));
    query.space = space;
    return query;
  }
  Results search(const Query& query) const { return Searcher(collection_).search(query); }
  ErrorCode code_of(const std::function<void()>& call) const {
    try {
      call();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::busy;  // never thrown here
  }
  ErrorCode code_of(const Query& query) const {
    return code_of([&] { search(query); });
  }
  /// Exact search for `row` without `but`, straight from the index.
  std::vector<index::Neighbor> nearest(const std::vector<float>& row, const std::string& space,
                                       std::size_t k, const index::Filter& filter) const {
    const index::Flat flat(collection_->rows(space), collection_->space(space).metric);
    return flat.search(row, {k, 1, filter}).neighbors;
  }
  static void expect_neighbours(const Results& found,
                                const std::vector<index::Neighbor>& expected) {
    ASSERT_EQ(found.results.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(found.results[i].rank, static_cast<int>(i) + 1);
      EXPECT_EQ(found.results[i].item.id, expected[i].id);
      EXPECT_EQ(found.results[i].distance, expected[i].distance);
    }
  }

  test::TemporaryFolder folder_;
  Matrix rows_;
  std::shared_ptr<const collection::Collection> collection_;
};

TEST_F(SearcherTest, ranks_the_neighbours_of_an_item_without_the_item) {
  for (const std::string space : {"cosine", "l2", "ip"}) {
    const auto found = search(query_for({"id:0"}, space));
    expect_neighbours(found, nearest(*collection_->row(0, space), space, 10,
                                     [](std::int64_t id) { return id != 0; }));
    EXPECT_EQ(found.space.name, space);
    EXPECT_EQ(found.candidates, kRows - 1);
    for (const Result& result : found.results) {
      EXPECT_EQ(result.score, space == "cosine" ? 1 - result.distance : -result.distance);
      EXPECT_EQ(result.item.label, result.item.id % 2 == 0 ? "even" : "odd");
    }
    EXPECT_GE(found.timings.total_ms, found.timings.search_ms);
  }
}

TEST_F(SearcherTest, draws_the_line_between_a_relative_and_strangers) {
  for (const std::string space : {"cosine", "l2"}) {
    const auto found = search(query_for({"id:0"}, space));
    ASSERT_TRUE(found.line.known);
    EXPECT_EQ(found.relevant, 1U);
    EXPECT_EQ(found.results[0].item.id, 1);
    for (const Result& result : found.results) {
      EXPECT_EQ(result.relevant, result.distance <= found.line.distance);
    }
    EXPECT_EQ(search(query_for({"id:200"}, space)).relevant, 0U);
  }
  EXPECT_FALSE(search(query_for({"id:0"}, "ip")).line.known);
  EXPECT_FALSE(search(query_for({"id:0"}, "few")).line.known);
  EXPECT_EQ(search(query_for({"id:0"}, "few")).relevant, 0U);
}

TEST_F(SearcherTest, draws_the_line_anew_where_the_rows_of_the_space_are_others) {
  const Searcher searcher(collection_);
  const Query query = query_for({"id:0"}, "l2");
  const float before = searcher.search(query).line.distance;
  EXPECT_EQ(searcher.search(query).line.distance, before);
  collection::Collection writer(folder_ / ".alike");
  writer.remove_space("l2");
  Matrix doubled = made_up_rows();
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < kRows; ++i) {
    for (float& value : doubled.row(i)) value *= 2;
    paths.push_back((i % 2 == 0 ? "even/" : "odd/") + std::to_string(i) + ".png");
  }
  collection::import_rows(writer, doubled, paths, "l2", Metric::l2);
  const float after = searcher.search(query).line.distance;
  EXPECT_NEAR(after, 2 * before, 0.01 * before);
  EXPECT_EQ(after, search(query).line.distance);
}

TEST_F(SearcherTest, takes_several_examples_for_and_against) {
  const auto unit = [&](std::int64_t id) { return *collection_->row(id, "cosine"); };
  const auto a = unit(20), b = unit(21), c = unit(22);
  std::vector<float> sum(kWidth);
  for (std::size_t i = 0; i < kWidth; ++i) sum[i] = (a[i] + b[i]) / 2 - 0.3F * c[i];
  const auto found = search(query_for({"id:20", "+id:21", "-id:22"}, "cosine"));
  const auto expected =
      nearest(sum, "cosine", 10, [](std::int64_t id) { return id < 20 || id > 22; });
  ASSERT_EQ(found.results.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found.results[i].item.id, expected[i].id);
    EXPECT_NEAR(found.results[i].distance, expected[i].distance, 1e-6);
  }
}

TEST_F(SearcherTest, keeps_the_length_of_rows_where_it_counts) {
  const auto one = search(query_for({"id:5"}, "l2"));
  const auto twice = search(query_for({"id:5", "id:5"}, "l2"));
  ASSERT_EQ(one.results.size(), twice.results.size());
  for (std::size_t i = 0; i < one.results.size(); ++i) {
    EXPECT_EQ(one.results[i].item.id, twice.results[i].item.id);
    EXPECT_NEAR(one.results[i].distance, twice.results[i].distance, 1e-5);
  }
}

TEST_F(SearcherTest, orders_equal_distances_by_id_and_leaves_the_example_out) {
  auto query = query_for({"id:12"}, "cosine");
  query.k = 3;
  const auto found = search(query);
  ASSERT_EQ(found.results.size(), 3U);
  EXPECT_EQ(found.results[0].item.id, 10);
  EXPECT_EQ(found.results[1].item.id, 11);
  EXPECT_EQ(found.results[2].item.id, 13);
  EXPECT_EQ(found.relevant, 3U);
}

TEST_F(SearcherTest, answers_only_items_that_match_and_leaves_the_line_where_it_is) {
  auto query = query_for({"id:0"}, "cosine");
  const auto all = search(query);
  query.where = "label = \"even\"";
  const auto even = search(query);
  EXPECT_EQ(even.candidates, kRows / 2 - 1);
  expect_neighbours(even, nearest(*collection_->row(0, "cosine"), "cosine", 10,
                                  [](std::int64_t id) { return id != 0 && id % 2 == 0; }));
  EXPECT_EQ(even.line.distance, all.line.distance);
  query.where = "id < 20";
  query.k = 1'000'000;
  EXPECT_EQ(search(query).results.size(), 19U);
}

TEST_F(SearcherTest, does_not_depend_on_the_number_of_threads) {
  auto query = query_for({"id:7", "-id:8"}, "cosine");
  query.k = 50;
  const auto one = search(query);
  query.threads = 3;
  const auto three = search(query);
  ASSERT_EQ(one.results.size(), three.results.size());
  for (std::size_t i = 0; i < one.results.size(); ++i) {
    EXPECT_EQ(one.results[i].item.id, three.results[i].item.id);
    EXPECT_EQ(one.results[i].distance, three.results[i].distance);
  }
  EXPECT_EQ(one.line.distance, three.line.distance);
}

TEST_F(SearcherTest, refuses_queries_out_of_bounds) {
  const auto good = query_for({"id:0"}, "cosine");
  for (const std::size_t k : {std::size_t{0}, std::size_t{1'000'001}, ~std::size_t{0}}) {
    auto query = good;
    query.k = k;
    EXPECT_EQ(code_of(query), ErrorCode::invalid_argument) << k;
  }
  auto query = good;
  query.threads = 0;
  EXPECT_EQ(code_of(query), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(query_for({}, "cosine")), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(query_for({"-id:0"}, "cosine")), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(query_for({"id:10", "-id:11"}, "cosine")), ErrorCode::invalid_argument);
  for (const image::Box& region :
       {image::Box{0, 0, 0, 5}, {-1, 0, 5, 5}, {0, 0, std::nan(""), 5}}) {
    query = good;
    query.region = region;
    EXPECT_EQ(code_of(query), ErrorCode::invalid_argument);
  }
}

TEST_F(SearcherTest, says_what_is_not_there) {
  EXPECT_EQ(code_of(query_for({"id:400"}, "cosine")), ErrorCode::not_found);
  EXPECT_EQ(code_of(query_for({"id:100"}, "few")), ErrorCode::not_found);
  EXPECT_EQ(code_of(query_for({"id:0"}, "cosinus")), ErrorCode::not_found);
}

TEST_F(SearcherTest, says_what_imported_rows_cannot_answer) {
  EXPECT_EQ(code_of(query_for({"red car"}, "cosine")), ErrorCode::unsupported);
  replace_file(folder_ / "penguin.png", std::string_view("no encoder looks at it"));
  EXPECT_EQ(code_of(query_for({(folder_ / "penguin.png").native()}, "cosine")),
            ErrorCode::unsupported);
  auto query = query_for({"id:0"}, "cosine");
  query.region = image::Box{0, 0, 5, 5};
  EXPECT_EQ(code_of(query), ErrorCode::unsupported);
}

TEST_F(SearcherTest, searches_many_vectors_as_it_searches_one) {
  Query query;
  query.space = "l2";
  query.k = 7;
  for (const int threads : {1, 2}) {
    query.threads = threads;
    const auto ids = Searcher(collection_).search_vectors(rows_, query);
    ASSERT_EQ(ids.size(), kRows * 7);
    for (std::size_t q = 0; q < kRows; q += 19) {
      const auto row = rows_.row(q);
      const auto expected = nearest({row.begin(), row.end()}, "l2", 7, {});
      for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(ids[q * 7 + i], expected[i].id);
    }
  }
}

TEST_F(SearcherTest, pads_many_answers_where_there_are_fewer) {
  Query query;
  query.space = "cosine";
  query.where = "id < 20";
  query.k = 25;
  const auto ids = Searcher(collection_).search_vectors({rows_.data(), 2, kWidth}, query);
  ASSERT_EQ(ids.size(), 50U);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(ids[i] == -1, i % 25 >= 20) << i;
}

TEST_F(SearcherTest, refuses_vectors_it_cannot_search) {
  const Searcher searcher(collection_);
  const auto code = [&](MatrixView vectors, std::size_t k) {
    Query query;
    query.space = "cosine";
    query.k = k;
    return code_of([&] { searcher.search_vectors(vectors, query); });
  };
  EXPECT_EQ(code({rows_.data(), 3, kWidth - 1}, 5), ErrorCode::invalid_argument);
  EXPECT_EQ(code(rows_, 0), ErrorCode::invalid_argument);
  EXPECT_EQ(code({rows_.data(), 1'000'000, kWidth}, 1'000'000), ErrorCode::invalid_argument);
  Matrix bad(2, kWidth);
  bad.row(1)[4] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(code(bad, 5), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace alike::search
