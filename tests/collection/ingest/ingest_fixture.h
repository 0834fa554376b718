// A folder of pictures and the tiny encoder, for tests of ingest.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alike/base/file.h"
#include "alike/collection/care/care.h"
#include "alike/collection/ingest/ingest.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_onnx.h"

namespace alike::collection {

namespace fs = std::filesystem;

/// Seven pictures, a/0.png to a/5.png and top.jpg, in a collection that is not indexed yet.
class IngestFixture : public testing::Test {
 protected:
  IngestFixture() {
    ::setenv("ALIKE_HOME", (folder_ / "home").c_str(), 1);
    test::install_tiny_package(folder_ / "home");
    fs::create_directories(pictures());
    for (std::uint64_t i = 0; i < 6; ++i) picture("a/" + std::to_string(i) + ".png", i);
    picture("top.jpg", 50);
    collection_.emplace(Collection::create(pictures(), pictures() / ".alike"));
  }
  ~IngestFixture() override { ::unsetenv("ALIKE_HOME"); }

  fs::path pictures() const { return folder_ / "pictures"; }
  void picture(const std::string& path, std::uint64_t seed) const {
    test::write_picture(pictures() / path, seed);
  }
  /// A JPEG of 20,000 bytes, of which the last ones mean nothing.
  static void padded(const fs::path& file, std::uint64_t seed) {
    test::write_picture(file, seed);
    std::string bytes = read_text(file);
    bytes.resize(20'000);
    replace_file(file, bytes);
  }
  static IngestOptions tiny() {
    IngestOptions options;
    options.encoder = "tiny";
    return options;
  }
  IngestSummary index(const IngestOptions& options = tiny()) {
    return ingest(*collection_, options, {});
  }
  /// Rows by path.
  std::map<std::string, std::vector<float>> rows(const std::string& space = {}) const {
    std::map<std::string, std::vector<float>> all;
    for (ItemId id = 0; id < 100; ++id) {
      const auto item = collection_->item(id);
      if (!item) continue;
      if (const auto row = collection_->row(id, space)) all[item->path] = *row;
    }
    return all;
  }
  void expect(const IngestSummary& summary, std::vector<std::uint64_t> added_updated_removed,
              std::uint64_t unchanged) const {
    EXPECT_EQ((std::vector<std::uint64_t>{summary.added, summary.updated, summary.removed}),
              added_updated_removed);
    EXPECT_EQ(summary.unchanged, unchanged);
    EXPECT_TRUE(verify(pictures() / ".alike", {}).damage.empty());
  }

  test::TemporaryFolder folder_;
  std::optional<Collection> collection_;
};

}  // namespace alike::collection
