#include "alike/collection/catalog/filter.h"

#include <gtest/gtest.h>

#include <functional>

#include "alike/collection/catalog/catalog.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

/// Expressions are held against five items by running them.
class FilterTest : public testing::Test {
 protected:
  FilterTest() {
    Catalog::create(folder_.path(), "");
    Catalog catalog(folder_.path(), Database::Mode::write);
    const auto add = [&](ItemId id, const std::string& path, const std::string& label, int width) {
      Item item;
      item.id = id;
      item.path = path;
      item.label = label;
      item.width = width;
      item.height = 100;
      item.size = 1000 * static_cast<std::uint64_t>(id);
      item.added_ms = 1'769'817'600'000 + id * 86'400'000;  // 2026-01-31 and the days after it
      item.modified_ns = item.added_ms * 1'000'000;
      catalog.add_item(item);
    };
    add(0, "a.png", "", 640);
    add(1, "animals/b.png", "animals", 800);
    add(2, "animals/birds/c.png", "animals/birds", 1024);
    add(3, "animals2/d_1%.png", "animals2", 801);
    add(4, "it's \"quoted\".png", "", 10);
  }

  std::vector<ItemId> ids(const std::string& expression) const {
    const Filter filter = parse_filter(expression);
    Catalog catalog(folder_.path(), Database::Mode::read);
    auto statement =
        catalog.database().prepare("SELECT id FROM items WHERE " + filter.sql + " ORDER BY id");
    for (const auto& value : filter.values) {
      std::visit([&](const auto& bound) { statement.bind(bound); }, value);
    }
    std::vector<ItemId> found;
    while (statement.step()) found.push_back(statement.integer(0));
    return found;
  }
  static std::string refused(const std::string& expression) {
    try {
      parse_filter(expression);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      return error.what();
    }
    ADD_FAILURE() << expression << " was accepted";
    return "";
  }

  test::TemporaryFolder folder_;
};

using Ids = std::vector<ItemId>;

TEST_F(FilterTest, texts_that_look_the_same_are_the_same) {
  const std::string composed = "caf\u00e9", decomposed = "cafe\u0301";
  {
    Catalog catalog(folder_.path(), Database::Mode::write);
    Item item;
    item.id = 5;
    item.path = decomposed + "/a.png";
    item.label = decomposed;
    catalog.add_item(item);
    item.id = 6;
    item.path = composed + "/b/\xff.png";
    item.label = composed + "/b";
    catalog.add_item(item);
  }
  for (const auto& name : {composed, decomposed}) {
    EXPECT_EQ(ids("label = \"" + name + "\""), (Ids{5, 6}));
    EXPECT_EQ(ids("label in (\"" + name + "\")"), (Ids{5, 6}));
    EXPECT_EQ(ids("path like \"" + name + "%\""), (Ids{5, 6}));
    EXPECT_EQ(ids("path = \"" + name + "/a.png\""), (Ids{5}));
    EXPECT_EQ(ids("path > \"" + name + "/b\""), (Ids{4, 6}));
  }
}

TEST_F(FilterTest, compares_numbers) {
  EXPECT_EQ(ids("width > 800"), (Ids{2, 3}));
  EXPECT_EQ(ids("width >= 800"), (Ids{1, 2, 3}));
  EXPECT_EQ(ids("width<641"), (Ids{0, 4}));
  EXPECT_EQ(ids("WIDTH <= 640.5"), (Ids{0, 4}));
  EXPECT_EQ(ids("id = 3"), (Ids{3}));
  EXPECT_EQ(ids("id == +3"), (Ids{3}));
  EXPECT_EQ(ids("id != 3"), (Ids{0, 1, 2, 4}));
  EXPECT_EQ(ids("size > -1"), (Ids{0, 1, 2, 3, 4}));
  EXPECT_EQ(ids("width < 99999999999999999999999"), (Ids{0, 1, 2, 3, 4}));
}

TEST_F(FilterTest, a_label_holds_for_folders_below_it_and_exactly_for_two_signs) {
  EXPECT_EQ(ids("label = \"animals\""), (Ids{1, 2}));
  EXPECT_EQ(ids("label == \"animals\""), (Ids{1}));
  EXPECT_EQ(ids("label != \"animals\""), (Ids{0, 3, 4}));
  EXPECT_EQ(ids("label in (\"animals/birds\", 'animals2')"), (Ids{2, 3}));
  EXPECT_EQ(ids("label not in (\"animals\")"), (Ids{0, 3, 4}));
}

TEST_F(FilterTest, likes_patterns_of_paths) {
  EXPECT_EQ(ids("path like \"animals%\""), (Ids{1, 2, 3}));
  EXPECT_EQ(ids("path not like '%/%'"), (Ids{0, 4}));
  EXPECT_EQ(ids("path = \"a.png\""), (Ids{0}));
}

TEST_F(FilterTest, quotation_marks_are_doubled_and_never_reach_sql) {
  EXPECT_EQ(ids("path = \"it's \"\"quoted\"\".png\""), (Ids{4}));
  EXPECT_EQ(ids("path = 'it''s \"quoted\".png'"), (Ids{4}));
  EXPECT_EQ(ids("path = \"') OR 1=1 --\""), (Ids{}));
  EXPECT_EQ(parse_filter("path = \"'); DROP TABLE items; --\"").sql.find("DROP"),
            std::string::npos);
}

TEST_F(FilterTest, or_binds_less_than_and_and_and_less_than_not) {
  EXPECT_EQ(ids("id = 0 or id = 1 and width = 1"), (Ids{0}));
  EXPECT_EQ(ids("(id = 0 or id = 1) and width = 800"), (Ids{1}));
  EXPECT_EQ(ids("not id = 0 and not id = 1"), (Ids{2, 3, 4}));
  EXPECT_EQ(ids("not (id = 0 or id = 1)"), (Ids{2, 3, 4}));
  EXPECT_EQ(ids("NOT NOT id in (0, 1)"), (Ids{0, 1}));
}

TEST_F(FilterTest, dates_are_utc_with_or_without_time) {
  EXPECT_EQ(ids("added >= \"2026-02-02\""), (Ids{2, 3, 4}));
  EXPECT_EQ(ids("added > '2026-02-02 00:00'"), (Ids{3, 4}));
  EXPECT_EQ(ids("modified <= '2026-02-01T00:00:00'"), (Ids{0, 1}));
  EXPECT_EQ(ids("modified < '9999-12-31'"), (Ids{0, 1, 2, 3, 4}));
  for (const char* date : {"2026-02-30", "2026-13-01", "2026", "2026-01-01 25:00", "yesterday",
                           "2026-01-01x", "2026-01-01 12:00:61", "2026-01-01T", ""}) {
    refused("added > \"" + std::string(date) + "\"");
  }
}

TEST_F(FilterTest, what_is_wrong_is_said_with_its_place_and_what_could_stand_there) {
  EXPECT_NE(refused("width > ").find("character 9"), std::string::npos);
  EXPECT_NE(refused("widht > 3").find("did you mean 'width'"), std::string::npos);
  EXPECT_NE(refused("width ~ 3").find("character 7"), std::string::npos);
  for (const char* expression : {"",
                                 "width",
                                 "width >",
                                 "> 3",
                                 "width > \"3\"",
                                 "path = 3",
                                 "path > path",
                                 "(width > 3",
                                 "width > 3)",
                                 "width > 3 4",
                                 "width in 3",
                                 "width in ()",
                                 "width in (1",
                                 "width in (1,)",
                                 "width like 3",
                                 "width like \"3\"",
                                 "path like 3",
                                 "not",
                                 "and",
                                 "width > 3 and",
                                 "path = \"x",
                                 "width not = 3",
                                 "width > 1.2.3",
                                 "width > -",
                                 "width > --1",
                                 "width > 1e5"}) {
    refused(expression);
  }
}

TEST_F(FilterTest, too_much_is_refused_before_sqlite_has_to) {
  refused(std::string(60, '(') + "id = 1" + std::string(60, ')'));
  refused(std::string(100'000, '('));
  std::string nots;
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  refused(nots + "id = 1");
  std::string many = "id = 0";
  for (int i = 0; i < 2000; ++i) many += " or id = " + std::to_string(i);
  refused(many);
}

TEST_F(FilterTest, whatever_is_accepted_can_be_run) {
  for (const int terms : {100, 300, 450, 500, 600, 900, 999, 1000}) {
    for (const char* word : {" or ", " and ", ", "}) {
      const bool list = std::string(word) == ", ";
      std::string expression = list ? "id in (0" : "id = 0";
      for (int i = 1; i < terms; ++i)
        expression += (list ? ", " : word + std::string("id = ")) + std::to_string(i % 5);
      if (list) expression = std::string(20, '(') + expression + ")" + std::string(20, ')');
      const auto code = test::outcome([&] { ids(expression); });
      EXPECT_EQ(code.value_or(ErrorCode::invalid_argument), ErrorCode::invalid_argument)
          << terms << word;
      if (terms <= 900) {
        EXPECT_EQ(code, std::nullopt) << terms << word;
      }
    }
  }
  const auto pattern = "path like \"" + std::string(60'000, 'x') + "\"";
  EXPECT_EQ(test::outcome([&] { ids(pattern); }), ErrorCode::invalid_argument);
}

TEST_F(FilterTest, truncated_expressions_are_refused_or_run) {
  const std::string whole =
      "not (label in (\"a\", \"b\") or path like \"2019/%\") and added >= \"2026-01-31\"";
  test::each_truncation(whole, [&](const std::string& text) {
    const auto code = test::outcome([&] { ids(text); });
    EXPECT_EQ(code.value_or(ErrorCode::invalid_argument), ErrorCode::invalid_argument);
  });
  test::each_flip(whole, 1000, [&](const std::string& text) {
    const auto code = test::outcome([&] { ids(text); });
    EXPECT_EQ(code.value_or(ErrorCode::invalid_argument), ErrorCode::invalid_argument);
  });
}

}  // namespace
}  // namespace alike::collection
