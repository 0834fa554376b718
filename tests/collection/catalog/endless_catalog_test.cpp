// Trees in a catalog that lead to the same page over and over: small on disk, endless to read.
#include <gtest/gtest.h>

#include <array>

#include "alike/collection/catalog/catalog.h"
#include "alike/collection/store/catalog_sum.h"
#include "tests/support/cared_collection.h"
#include "tests/support/error_code.h"

namespace alike::collection {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kCells = 200;
constexpr std::size_t kLevels = 6;
using Page = std::array<std::byte, kPage>;

void put(Page& page, std::size_t at, std::size_t bytes, std::uint64_t value) {
  for (std::size_t i = bytes; i-- > 0; value >>= 8) page[at + i] = static_cast<std::byte>(value);
}

/// An interior page of a table with `child` as every child.
Page all_lead_to(std::uint64_t child) {
  Page page{};
  put(page, 0, 1, 5);
  put(page, 3, 2, kCells);
  put(page, 5, 2, kPage - 6 * kCells);
  put(page, 8, 4, child);
  for (std::size_t i = 0; i < kCells; ++i) {
    const std::size_t cell = kPage - 6 * (i + 1);
    put(page, 12 + 2 * i, 2, cell);
    put(page, cell, 4, child);
    put(page, cell + 4, 1, 0x80 + i / 128);  // a varint: the largest id below the child
    put(page, cell + 5, 1, i % 128);
  }
  return page;
}

class EndlessCatalogTest : public test::CaredCollection {
 protected:
  /// Makes 200⁶ times as many items out of those that there are.
  void make_endless() const {
    std::int64_t root = 0;
    {
      Database database(home() / "catalog.db", Database::Mode::read);
      auto statement = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'items'");
      ASSERT_TRUE(statement.step());
      root = statement.integer(0);
    }
    File file(home() / "catalog.db", File::Mode::update);
    Page leaf{};
    const auto place = static_cast<std::uint64_t>(root - 1) * kPage;
    file.read_at(place, leaf);
    ASSERT_EQ(leaf[0], std::byte{13});
    std::uint64_t pages = file.size() / kPage;
    file.write_at(pages++ * kPage, leaf);
    for (std::size_t i = 1; i < kLevels; ++i) {
      file.write_at(pages * kPage, all_lead_to(pages));
      ++pages;
    }
    file.write_at(place, all_lead_to(pages));
    std::array<std::byte, 4> count{};
    for (std::size_t i = 0; i < 4; ++i) count[i] = static_cast<std::byte>(pages >> (24 - 8 * i));
    file.write_at(28, count);
  }
};

TEST_F(EndlessCatalogTest, is_damage_after_as_many_steps_as_its_size_explains) {
  make_endless();
  write_catalog_sum(home());  // as its maker would
  const Collection opened(home());
  EXPECT_EQ(test::error_code([&] { opened.matching("id >= 0"); }), ErrorCode::corrupt);
  EXPECT_EQ(test::error_code([&] { opened.labels(); }), ErrorCode::corrupt);
  EXPECT_FALSE(sound(home()));
}

TEST_F(EndlessCatalogTest, is_refused_when_opened_where_it_has_no_sum) {
  make_endless();
  remove_catalog_sum(home());
  EXPECT_EQ(test::error_code([&] { Collection{home()}; }), ErrorCode::corrupt);
}

}  // namespace
}  // namespace alike::collection
