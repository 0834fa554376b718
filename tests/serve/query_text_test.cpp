#include "alike/serve/query_text.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/image/write.h"
#include "tests/support/counting_decoder.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"

namespace alike::serve {
namespace {

class QueryText : public testing::Test {
 protected:
  QueryText() {
    Matrix rows(2, 4);
    for (std::size_t i = 0; i < 2; ++i) rows.row(i)[i] = 1;
    collection::import_rows(collection_, rows, {"a.png", "b.png"}, "rows", index::Metric::cosine);
  }

  ReadQuery read(const std::string& text) {
    request_.headers = {{"content-type", "application/json"}};
    request_.body = text;
    return read_query(request_, collection_);
  }
  /// As a page sends it, with these pictures.
  ReadQuery read(const std::string& text, const std::vector<std::string>& pictures) {
    request_.headers = {{"content-type", "multipart/form-data; boundary=x"}};
    request_.body = "--x\r\ncontent-disposition: form-data; name=query\r\n\r\n" + text + "\r\n";
    for (const auto& picture : pictures) {
      request_.body +=
          "--x\r\ncontent-disposition: form-data; name=picture\r\n\r\n" + picture + "\r\n";
    }
    request_.body += "--x--\r\n";
    return read_query(request_, collection_);
  }
  template <class... More>
  ErrorCode code(const std::string& text, const More&... more) {
    try {
      read(text, more...);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::busy;  // never thrown here
  }
  static std::string picture(int width, int height) {
    const auto bytes = image::encode_png(test::made_up_image(1, width, height));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  test::TemporaryFolder folder_;
  collection::Collection collection_ =
      collection::Collection::create(folder_.path(), folder_ / ".alike");
  Request request_;
};

TEST_F(QueryText, reads_all_that_can_be_asked) {
  const auto [query, fold, pixels] =
      read(R"({"examples": [{"id": 1}, {"id": 0, "positive": false}], "k": 7,
      "space": "rows", "where": "id > 0", "exact": true, "fold": true})");
  ASSERT_EQ(query.examples.size(), 2U);
  EXPECT_EQ(query.examples[0].kind, search::Example::Kind::item);
  EXPECT_EQ(query.examples[0].id, 1);
  EXPECT_TRUE(query.examples[0].positive);
  EXPECT_FALSE(query.examples[1].positive);
  EXPECT_EQ(query.k, 7U);
  EXPECT_EQ(query.space, "rows");
  EXPECT_EQ(query.where, "id > 0");
  EXPECT_TRUE(query.exact);
  EXPECT_TRUE(fold);
  EXPECT_EQ(pixels, 0U);
}

TEST_F(QueryText, takes_whole_numbers_however_they_are_written) {
  EXPECT_EQ(read(R"({"examples": [{"id": 1.0}], "k": 7e0})").query.k, 7U);
  for (const char* k : {"7.5", "1001.0", "0.0", "-1e0", "1e300", "18446744073709551615"}) {
    EXPECT_EQ(code(std::string(R"({"examples": [{"id": 1}], "k": )") + k + "}"),
              ErrorCode::invalid_argument);
  }
}

TEST_F(QueryText, has_defaults) {
  const auto [query, fold, pixels] = read(R"({"examples": [{"id": 1}]})");
  EXPECT_EQ(query.k, 50U);
  EXPECT_TRUE(query.space.empty());
  EXPECT_FALSE(query.exact);
  EXPECT_FALSE(query.region);
  EXPECT_FALSE(fold);
}

TEST_F(QueryText, finds_the_pictures_that_came_with_it) {
  const auto [query, fold, pixels] =
      read(R"({"examples": [{"upload": 1}, {"upload": 0}]})", {"first", "second"});
  const auto text = [&examples = query.examples](std::size_t i) {
    const auto bytes = examples.at(i).bytes;
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  EXPECT_EQ(query.examples[0].kind, search::Example::Kind::bytes);
  EXPECT_EQ(text(0), "second");
  EXPECT_EQ(text(1), "first");
}

TEST_F(QueryText, turns_shares_of_the_sides_into_pixels) {
  const auto [query, fold, pixels] =
      read(R"({"examples": [{"upload": 0, "positive": false}, {"upload": 1}],
      "region": [0.25, 0.5, 0.5, 0.5]})",
           {picture(7, 7), picture(40, 30)});
  ASSERT_TRUE(query.region);
  EXPECT_EQ(query.region->x, 10);
  EXPECT_EQ(query.region->y, 15);
  EXPECT_EQ(query.region->width, 20);
  EXPECT_EQ(query.region->height, 15);
}

TEST_F(QueryText, looks_once_at_a_picture_that_many_examples_name) {
  std::string many = R"({"upload": 0})";
  for (int i = 1; i < 32; ++i) many += R"(, {"upload": 0})";
  const test::CountedDecoding counted;
  EXPECT_EQ(read("{\"examples\": [" + many + "]}", {picture(40, 30)}).pixels, 1200U);
  EXPECT_EQ(counted.decoded.inspected, 1);
}

TEST_F(QueryText, takes_the_size_of_an_item_from_its_file_and_not_from_the_catalog) {
  const std::string bytes = picture(40, 30);
  replace_file(folder_ / "a.png", bytes);
  ASSERT_EQ(collection_.item(0)->width, 0);
  const auto [query, fold, pixels] =
      read(R"({"examples": [{"id": 0}, {"id": 1}], "region": [0.5, 0, 0.5, 1]})");
  EXPECT_EQ(query.region->width, 20);
  EXPECT_EQ(pixels, 1200U + bytes.size() / 3);
}

TEST_F(QueryText, refuses_regions_that_are_none) {
  for (const char* region :
       {"[]", "[0,0,1]", "[0,0,1,1,1]", "5", "null", "[0,0,0,1]", "[0,0,1,0]", "[-0.1,0,1,1]",
        "[0,0,1.1,1]", "[0.5,0,0.6,1]", "[1,0,0.0000001,1]", "[0,0,1,\"1\"]", "[0,0,1e400,1]"}) {
    EXPECT_EQ(code(std::string(R"({"examples": [{"upload": 0}], "region": )") + region + "}",
                   std::vector{picture(8, 8)}),
              ErrorCode::invalid_argument)
        << region;
  }
  // Of an item without a file, or that is not there.
  EXPECT_EQ(code(R"({"examples": [{"id": 0}], "region": [0,0,1,1]})"), ErrorCode::not_found);
  EXPECT_EQ(code(R"({"examples": [{"id": 77}], "region": [0,0,1,1]})"), ErrorCode::not_found);
  EXPECT_EQ(code(R"({"examples": [{"id": 0, "positive": false}], "region": [0,0,1,1]})"),
            ErrorCode::invalid_argument);
}

TEST_F(QueryText, refuses_what_does_not_fit) {
  for (const char* text : {"",
                           "{",
                           "[]",
                           "null",
                           "{}",
                           R"({"examples": []})",
                           R"({"examples": 1})",
                           R"({"examples": [1]})",
                           R"({"examples": [{}]})",
                           R"({"examples": [{"id": 1, "upload": 0}]})",
                           R"({"examples": [{"upload": 0}]})",
                           R"({"examples": [{"id": -1}]})",
                           R"({"examples": [{"id": 1.5}]})",
                           R"({"examples": [{"id": "1"}]})",
                           R"({"examples": [{"id": 9007199254740993}]})",
                           R"({"examples": [{"id": 18446744073709551615}]})",
                           R"({"examples": [{"id": 1, "x": 1}]})",
                           R"({"examples": [{"id": 1, "positive": 1}]})",
                           R"({"examples": [{"id": 1}], "k": 0})",
                           R"({"examples": [{"id": 1}], "k": 1001})",
                           R"({"examples": [{"id": 1}], "x": 1})",
                           R"({"examples": [{"id": 1}], "space": 1})",
                           R"({"examples": [{"id": 1}], "exact": 1})",
                           R"({"examples": [{"id": 1}], "fold": null})"}) {
    EXPECT_EQ(code(text), ErrorCode::invalid_argument) << text;
  }
  EXPECT_EQ(code(R"({"examples": [{"id": 1}], "where": ")" + std::string(4001, 'x') + "\"}"),
            ErrorCode::invalid_argument);
  std::string many = R"({"examples": [{"id": 0})";
  for (int i = 0; i < 32; ++i) many += R"(, {"id": 0})";
  EXPECT_EQ(code(many + "]}"), ErrorCode::invalid_argument);
}

TEST_F(QueryText, refuses_parts_that_do_not_fit) {
  const std::string query = R"({"examples": [{"upload": 0}]})";
  EXPECT_EQ(code(query, std::vector<std::string>{}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(query, std::vector<std::string>(9, "x")), ErrorCode::invalid_argument);
  EXPECT_EQ(code(R"({"examples": [{"upload": 2}]})", std::vector<std::string>(2, "x")),
            ErrorCode::invalid_argument);
  request_.headers = {{"content-type", "multipart/form-data; boundary=x"}};
  for (const char* body :
       {"--x\r\ncontent-disposition: form-data; name=picture\r\n\r\nx\r\n--x--",
        "--x\r\ncontent-disposition: form-data; name=file\r\n\r\nx\r\n--x--", "--x--"}) {
    request_.body = body;
    EXPECT_THROW(read_query(request_, collection_), Error) << body;
  }
}

}  // namespace
}  // namespace alike::serve
