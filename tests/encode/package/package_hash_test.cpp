// The parts of encoder.json that a space remembers by their hash.
#include "alike/encode/package/package_hash.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

#include "alike/base/error.h"
#include "alike/encode/run/embedding.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_onnx.h"

namespace alike::encode {
namespace {

class PackageHash : public testing::Test {
 protected:
  PackageHash() {
    ::setenv("ALIKE_HOME", folder_.path().c_str(), 1);
    package_ = test::install_tiny_package(folder_.path());
    picture_ = image::encode_png(test::made_up_image(5));
  }
  ~PackageHash() override { ::unsetenv("ALIKE_HOME"); }

  std::vector<float> row_of(const Package& package, const std::string& layer) const {
    const Embedder embedder(Encoder(package, {.layer = layer}), std::nullopt, false);
    std::vector<float> row(embedder.width());
    embedder.embed(picture_, row);
    return row;
  }

  test::TemporaryFolder folder_;
  Package package_;
  std::vector<std::byte> picture_;
};

TEST_F(PackageHash, tells_every_changed_digit_that_changes_rows) {
  const auto file = package_.folder / "encoder.json";
  const std::string whole = read_text(file);
  const std::string hash = package_hash(package_, "pooled");
  const auto row = row_of(package_, "pooled");
  int digits = 0, refused = 0, told = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (whole[at] < '0' || whole[at] > '9') continue;
    ++digits;
    std::string changed = whole;
    changed[at] = static_cast<char>('0' + (whole[at] - '0' + 1) % 10);
    replace_file(file, changed);
    try {
      const Package package = load_package("tiny");
      if (package_hash(package, "pooled") != hash) {
        ++told;
      } else {
        EXPECT_EQ(row_of(package, "pooled"), row) << changed.substr(at > 40 ? at - 40 : 0, 60);
      }
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(digits, 100);
  EXPECT_GT(told, 50);  // the network's SHA-256, size, crop, mean and scale
  EXPECT_GT(refused, 0);
  std::printf("%d digits: %d told, %d refused, %d change no row\n", digits, told, refused,
              digits - told - refused);
}

TEST_F(PackageHash, is_of_the_layer_alone_and_not_of_words) {
  Package other = package_;
  other.title = "Another";
  other.licence = "MIT";
  other.layers[0].tensor = "conv1";
  other.layers[1].channels = 9;
  EXPECT_EQ(package_hash(other, "pooled"), package_hash(package_, "pooled"));
  EXPECT_NE(package_hash(other, "block1"), package_hash(package_, "block1"));
  EXPECT_EQ(package_hash(package_, "relu1"), package_hash(package_, "block1"));
}

}  // namespace
}  // namespace alike::encode
