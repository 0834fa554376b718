#include <gtest/gtest.h>
#include <stdlib.h>

#include "alike/collection/catalog/trust.h"
#include "alike/collection/collection.h"
#include "alike/serve/api.h"
#include "tests/support/temporary_folder.h"

namespace alike::serve {
namespace {

class ItemTextTest : public testing::Test {
 protected:
  ItemTextTest() { ::setenv("ALIKE_HOME", (folder_ / "home").c_str(), 1); }

  /// The answer about an item with this path, to the machine itself.
  json::object text(const ItemText& item_text, const std::string& path) {
    collection::Item item;
    item.path = path;
    return item_text(item);
  }

  test::TemporaryFolder folder_;
};

TEST_F(ItemTextTest, names_files_to_the_machine_itself_only) {
  std::filesystem::create_directory(folder_ / "pictures");
  const auto collection =
      collection::Collection::create(folder_ / "pictures", folder_ / "pictures/.alike");
  EXPECT_EQ(text(ItemText(collection, true), "a.png").at("file").as_string(),
            (folder_ / "pictures/a.png").native());
  for (const char* path : {"", "../a.png", "/a.png"}) {
    EXPECT_FALSE(text(ItemText(collection, true), path).contains("file")) << path;
  }
  EXPECT_FALSE(text(ItemText(collection, false), "a.png").contains("file"));
}

TEST_F(ItemTextTest, looks_once_whether_the_collection_is_trusted) {
  std::filesystem::create_directory(folder_ / "pictures");
  collection::Collection::create(folder_ / "pictures", folder_ / "elsewhere/kept");
  std::filesystem::remove(collection::trust_file());  // as if another user had made it
  const collection::Collection collection(folder_ / "elsewhere/kept");
  const ItemText before(collection, true);
  collection::trust(collection.folder(), collection.pictures());
  EXPECT_FALSE(text(before, "a.png").contains("file"));
  EXPECT_TRUE(text(ItemText(collection, true), "a.png").contains("file"));
}

}  // namespace
}  // namespace alike::serve
