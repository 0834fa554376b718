// The catalog and its sum.
#include "alike/collection/catalog/catalog.h"

#include <gtest/gtest.h>

#include "alike/base/file.h"
#include "alike/collection/store/catalog_sum.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;
using test::outcome;

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() { Catalog::create(folder_.path(), "/pictures"); }
  Catalog open() const { return {folder_.path(), Database::Mode::write}; }
  static Item item(ItemId id, const std::string& path) {
    Item item;
    item.id = id;
    item.path = path;
    item.size = 5'000'000'000;
    item.modified_ns = 1'700'000'000'123'456'789;
    item.hash = std::string(32, 'f');
    item.width = 640;
    item.height = 480;
    item.label =
        "a\xff"
        "b";
    item.added_ms = 7;
    return item;
  }
  static Space space(const std::string& name) {
    Space space;
    space.name = name;
    space.encoder = "tiny";
    space.layer = "pooled";
    space.pooling = encode::Pooling::gem;
    space.pca = encode::PcaOptions{5, true};
    space.metric = index::Metric::l2;
    space.width = 5;
    space.filling = true;
    return space;
  }

  test::TemporaryFolder folder_;
};

TEST_F(CatalogTest, an_item_comes_back_as_it_was_put_in) {
  Catalog catalog = open();
  const std::string path = "odd \n'\"\xff/name.png";
  catalog.add_item(item(3, path));
  for (const auto& found : {catalog.item(3), catalog.item_at(path)}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, 3);
    EXPECT_EQ(found->path, path);
    EXPECT_EQ(found->size, 5'000'000'000u);
    EXPECT_EQ(found->modified_ns, 1'700'000'000'123'456'789);
    EXPECT_EQ(found->hash, std::string(32, 'f'));
    EXPECT_EQ(found->width, 640);
    EXPECT_EQ(found->height, 480);
    EXPECT_EQ(found->label,
              "a\xff"
              "b");
    EXPECT_EQ(found->added_ms, 7);
  }
  EXPECT_FALSE(catalog.item(4));
  EXPECT_FALSE(catalog.item_at("name.png"));
}

TEST_F(CatalogTest, a_path_belongs_to_one_item_but_nameless_ones_may_be_many) {
  Catalog catalog = open();
  catalog.add_item(item(0, "a"));
  EXPECT_TRUE(outcome([&] { catalog.add_item(item(1, "a")); }));
  Catalog again = open();
  again.add_item(item(1, ""));
  again.add_item(item(2, ""));
  EXPECT_EQ(again.item_count(), 3u);
}

TEST_F(CatalogTest, a_space_comes_back_and_the_first_is_the_default) {
  Catalog catalog = open();
  const auto one = catalog.add_space(space("one"));
  const auto two = catalog.add_space(space("two"));
  EXPECT_NE(one, two);
  const Space found = catalog.space("");
  EXPECT_EQ(found.name, "one");
  EXPECT_TRUE(found.is_default);
  EXPECT_EQ(found.encoder, "tiny");
  EXPECT_EQ(found.pooling, encode::Pooling::gem);
  ASSERT_TRUE(found.pca);
  EXPECT_EQ(found.pca->dimensions, 5u);
  EXPECT_TRUE(found.pca->whiten);
  EXPECT_EQ(found.metric, index::Metric::l2);
  EXPECT_EQ(found.width, 5u);
  EXPECT_TRUE(found.filling);
  EXPECT_EQ(catalog.name_of(two), "two");
  EXPECT_EQ(outcome([&] { catalog.space("three"); }), ErrorCode::not_found);
  EXPECT_EQ(outcome([&] { catalog.key_of("three"); }), ErrorCode::not_found);
}

TEST_F(CatalogTest, a_key_is_never_used_again) {
  Catalog catalog = open();
  catalog.add_space(space("one"));
  const auto key = catalog.add_space(space("two"));
  catalog.remove_space(key);
  EXPECT_GT(catalog.add_space(space("two")), key);
}

TEST_F(CatalogTest, rows_of_a_removed_item_are_dead_in_every_space) {
  Catalog catalog = open();
  const auto one = catalog.add_space(space("one"));
  const auto two = catalog.add_space(space("two"));
  for (const auto key : {one, two}) {
    catalog.set_segment(key, {0, 1000, 3});
    for (ItemId id = 0; id < 3; ++id) {
      catalog.add_row(key, id, {0, static_cast<std::uint64_t>(2 - id)});
    }
  }
  for (ItemId id = 0; id < 3; ++id) catalog.add_item(item(id, "i" + std::to_string(id)));
  catalog.remove_item(0);
  for (const auto key : {one, two}) {
    EXPECT_EQ(catalog.dead_rows(key, 0), (std::vector<std::uint64_t>{2}));
    EXPECT_EQ(catalog.items_with_row(key), (std::vector<ItemId>{1, 2}));
    EXPECT_FALSE(catalog.row_place(key, 0));
  }
  catalog.drop_rows(1, one);
  EXPECT_EQ(catalog.space("one").rows, 1u);
  EXPECT_EQ(catalog.space("one").behind, 1u);
  EXPECT_EQ(catalog.space("two").rows, 2u);
  catalog.move_row(two, 1, {5, 9});
  EXPECT_EQ(catalog.row_place(two, 1)->segment, 5);
  EXPECT_EQ(catalog.row_place(two, 1)->row, 9u);
  EXPECT_EQ(catalog.forget_rows(two, 5), 1u);
}

TEST_F(CatalogTest, skipped_files_are_kept_replaced_and_cleared) {
  Catalog catalog = open();
  catalog.set_skipped({"b\xff", "one"});
  catalog.set_skipped({"a", "two"});
  catalog.set_skipped({"b\xff", "three"});
  const auto all = catalog.skipped();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].path, "b\xff");
  EXPECT_EQ(all[1].reason, "three");
  catalog.clear_skipped("a");
  EXPECT_EQ(catalog.skipped().size(), 1u);
}

TEST_F(CatalogTest, ids_are_handed_on) {
  Catalog catalog = open();
  EXPECT_EQ(catalog.next_id(), 0);
  catalog.set_next_id(1LL << 40);
  EXPECT_EQ(catalog.next_id(), 1LL << 40);
  EXPECT_EQ(catalog.setting("pictures"), "/pictures");
  EXPECT_EQ(catalog.setting("none"), "");
}

TEST_F(CatalogTest, a_newer_format_is_unsupported) {
  open().database().run("PRAGMA user_version=4");
  EXPECT_EQ(outcome([&] { open(); }), ErrorCode::unsupported);
}

TEST_F(CatalogTest, a_killed_creation_leaves_no_half_catalog_in_the_way) {
  const auto place = folder_ / "new";
  fs::create_directories(place);
  replace_file(place / "catalog.new", std::string_view("half"));
  Catalog::create(place, "");
  EXPECT_EQ(Catalog(place, Database::Mode::write).next_id(), 0);
}

TEST_F(CatalogTest, the_sum_finds_every_changed_block_and_length) {
  write_catalog_sum(folder_.path());
  EXPECT_TRUE(catalog_damage(folder_.path()).empty());
  EXPECT_TRUE(check_catalog(folder_.path(), true));
  const std::string whole = read_text(folder_ / "catalog.db");
  const auto expect_found = [&](const std::string& bytes, std::uint64_t offset) {
    File(folder_ / "catalog.db", File::Mode::fresh).write_at(0, bytes_of(bytes));
    const auto damage = catalog_damage(folder_.path());
    ASSERT_FALSE(damage.empty());
    EXPECT_EQ(damage[0].file, "catalog.db");
    EXPECT_EQ(damage[0].offset, offset);
    EXPECT_EQ(outcome([&] { check_catalog(folder_.path(), true); }), ErrorCode::corrupt);
  };
  for (std::size_t block = 0; block * 4096 < whole.size(); ++block) {
    std::string changed = whole;
    changed[block * 4096 + 77] ^= 4;
    expect_found(changed, block * 4096);
  }
  expect_found(whole + "x", whole.size());
  expect_found(whole.substr(0, whole.size() - 4096), whole.size() - 4096);
}

TEST_F(CatalogTest, every_truncation_and_flipped_bit_of_the_sum_is_found_and_bits_are_mended) {
  write_catalog_sum(folder_.path());
  const std::string whole = read_text(folder_ / "catalog.sum");
  const auto put = [&](const std::string& bytes) {
    File(folder_ / "catalog.sum", File::Mode::fresh).write_at(0, bytes_of(bytes));
  };
  test::each_truncation(whole, [&](const std::string& bytes) {
    put(bytes);
    EXPECT_EQ(outcome([&] { read_catalog_sum(folder_.path()); }), ErrorCode::corrupt);
    EXPECT_EQ(catalog_damage(folder_.path()).at(0).file, "catalog.sum");
  });
  test::each_flip(whole, 300, [&](const std::string& bytes) {
    put(bytes);
    EXPECT_EQ(outcome([&] { read_catalog_sum(folder_.path()); }), ErrorCode::corrupt);
    ASSERT_TRUE(mend_sum_near(folder_.path(), catalog_damage(folder_.path()).at(0).offset));
    EXPECT_EQ(read_text(folder_ / "catalog.sum"), whole);
  });
}

TEST_F(CatalogTest, a_sum_of_a_newer_version_is_not_damage) {
  std::vector<std::uint64_t> words{0x6D75732E'6B696C61, 2, 0};
  words.push_back(checksum(bytes_of(words)));
  replace_file(folder_ / "catalog.sum", bytes_of(words));
  EXPECT_EQ(outcome([&] { read_catalog_sum(folder_.path()); }), ErrorCode::unsupported);
  EXPECT_EQ(outcome([&] { catalog_damage(folder_.path()); }), ErrorCode::unsupported);
}

TEST_F(CatalogTest, one_bit_of_a_block_is_mended_and_two_are_not) {
  std::vector<std::byte> block(500, std::byte{9});
  const auto sum = checksum(block);
  const auto whole = block;
  block[321] ^= std::byte{16};
  EXPECT_TRUE(mend_one_bit(block, sum));
  EXPECT_EQ(block, whole);
  block[1] ^= std::byte{1};
  block[2] ^= std::byte{1};
  const auto damaged = block;
  EXPECT_FALSE(mend_one_bit(block, sum));
  EXPECT_EQ(block, damaged);
}

}  // namespace
}  // namespace alike::collection
