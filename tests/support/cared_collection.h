// A collection of imported rows in two spaces, for tests of its care.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/collection/care/care.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/store/writer.h"
#include "tests/support/temporary_folder.h"

namespace alike::test {

/// Rows by space, id and path.
using Content = std::map<std::string, std::vector<float>>;

/// Forty items with rows in the spaces "one" (l2) and "two" (cosine).
class CaredCollection : public testing::Test {
 protected:
  CaredCollection() {
    std::filesystem::create_directories(pictures());
    auto made = collection::Collection::create(pictures(), home());
    Matrix rows(40, 24);
    Random random(4);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < 40; ++i) {
      paths.push_back("folder/" + std::to_string(i) + ".png");
      for (auto& value : rows.row(i)) value = static_cast<float>(random.uniform());
    }
    collection::import_rows(made, rows, paths, "one", index::Metric::l2);
    collection::import_rows(made, rows, paths, "two", index::Metric::cosine);
    for (const std::string name : {"spaces/one/vectors-0000.seg", "spaces/two/vectors-0000.seg"}) {
      segments_[name] = read_text(home() / name);
    }
  }

  std::filesystem::path pictures() const { return folder_ / "pictures"; }
  std::filesystem::path home() const { return folder_ / "pictures/.alike"; }
  std::filesystem::path segment() const { return home() / "spaces/one/vectors-0000.seg"; }

  /// The content of a collection, item by item and space by space.
  static Content content(const std::filesystem::path& home) {
    const collection::Collection opened(home);
    Content all;
    for (const auto& space : opened.spaces()) {
      for (collection::ItemId id = 0; id < 60; ++id) {
        const auto item = opened.item(id);
        const auto row = opened.row(id, space.name);
        if (item && row) all[space.name + " " + std::to_string(id) + " " + item->path] = *row;
      }
    }
    return all;
  }
  void remove_items(collection::ItemId first, collection::ItemId last) const {
    collection::Writer writer(home());
    collection::Transaction transaction(writer.database(), true);
    for (collection::ItemId id = first; id < last; ++id) writer.catalog().remove_item(id);
    writer.commit(transaction);
  }
  static void overwrite(const std::filesystem::path& path, std::uint64_t offset, std::size_t size) {
    File(path, File::Mode::update).write_at(offset, std::vector<std::byte>(size, std::byte{0x5a}));
  }
  static bool sound(const std::filesystem::path& home) {
    return collection::verify(home, {}).damage.empty();
  }

  TemporaryFolder folder_;
  std::map<std::string, std::string> segments_;  ///< As they were made.
};

}  // namespace alike::test
