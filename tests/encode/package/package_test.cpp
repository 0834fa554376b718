#include "alike/encode/package/package.h"

#include <gtest/gtest.h>

#include "alike/base/json.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_onnx.h"

namespace alike::encode {
namespace {

namespace fs = std::filesystem;
using test::outcome;

class PackageTest : public testing::Test {
 protected:
  PackageTest() {
    ::setenv("ALIKE_HOME", folder_.path().c_str(), 1);
    test::install_tiny_package(folder_.path());
    text_ = read_text(file());
  }
  ~PackageTest() override { ::unsetenv("ALIKE_HOME"); }

  fs::path file() const { return folder_ / "models/tiny/encoder.json"; }
  void put(const std::string& text) const {
    File(file(), File::Mode::fresh).write_at(0, bytes_of(text));
  }
  /// The package after `change` is made to its JSON.
  std::optional<ErrorCode> changed(const std::function<void(json::object&)>& change) const {
    auto root = parse_json(text_, "it");
    change(root.as_object());
    put(print_json(root));
    return outcome([] { load_package("tiny"); });
  }

  test::TemporaryFolder folder_;
  std::string text_;
};

TEST_F(PackageTest, what_is_saved_is_loaded) {
  auto package = load_package("tiny");
  package.input.bgr = true;
  package.input.mean = {1.5F, 2, 3};
  package.input.framing = {32, 0.75, image::Interpolation::bilinear};
  package.title = "\"quoted\" \u00e4";
  save_package(package);
  const auto loaded = load_package("tiny");
  EXPECT_EQ(loaded.title, package.title);
  EXPECT_EQ(loaded.sha256, package.sha256);
  EXPECT_EQ(loaded.input.mean, package.input.mean);
  EXPECT_EQ(loaded.input.scale, package.input.scale);
  EXPECT_TRUE(loaded.input.bgr);
  EXPECT_EQ(loaded.input.framing.size, 32);
  EXPECT_EQ(loaded.input.framing.crop_fraction, 0.75);
  EXPECT_EQ(loaded.input.framing.interpolation, image::Interpolation::bilinear);
  ASSERT_EQ(loaded.layers.size(), package.layers.size());
  for (std::size_t i = 0; i < loaded.layers.size(); ++i) {
    EXPECT_EQ(loaded.layers[i].name, package.layers[i].name);
    EXPECT_EQ(loaded.layers[i].tensor, package.layers[i].tensor);
    EXPECT_EQ(loaded.layers[i].channels, package.layers[i].channels);
    EXPECT_EQ(loaded.layers[i].height, package.layers[i].height);
    EXPECT_EQ(loaded.layers[i].cost, package.layers[i].cost);
  }
  EXPECT_EQ(loaded.default_layer, "pooled");
  EXPECT_EQ(loaded.logits_tensor, "logits");
  EXPECT_EQ(loaded.folder, folder_ / "models/tiny");
}

TEST_F(PackageTest, a_package_is_found_by_name_and_by_path) {
  EXPECT_EQ(load_package("tiny").name, "tiny");
  EXPECT_EQ(load_package((folder_ / "models/tiny").native()).name, "tiny");
  for (const char* name : {"", ".", "..", "../models/tiny/", "TINY"}) {
    EXPECT_EQ(outcome([&] { load_package(name); }), ErrorCode::not_found) << name;
  }
}

TEST_F(PackageTest, an_unknown_name_is_answered_with_the_nearest) {
  try {
    load_package("tyni");
    ADD_FAILURE() << "was found";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(std::string(error.what()).find("did you mean 'tiny'?"), std::string::npos);
  }
}

TEST_F(PackageTest, the_list_is_sorted_and_leaves_out_what_is_damaged) {
  test::install_tiny_package(folder_.path(), "another");
  test::install_tiny_package(folder_.path(), "broken");
  replace_file(folder_ / "models/broken/encoder.json", std::string_view("{"));
  fs::create_directories(folder_ / "models/.draft");
  std::vector<std::string> names;
  for (const auto& package : list_packages()) names.push_back(package.name);
  EXPECT_EQ(names, (std::vector<std::string>{"another", "tiny"}));
}

TEST_F(PackageTest, names_that_could_leave_the_folder_are_refused) {
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "/a", "A", "a b", "a\n", "\u00e4"}) {
    EXPECT_EQ(outcome([&] { check_package_name(name); }), ErrorCode::invalid_argument) << name;
  }
  EXPECT_EQ(outcome([] { check_package_name(std::string(65, 'a')); }), ErrorCode::invalid_argument);
  check_package_name("a-b_c.0");
}

TEST_F(PackageTest, every_member_is_needed) {
  const auto root = parse_json(text_, "it");
  for (const auto& item : root.as_object()) {
    const std::string key(item.key());
    EXPECT_EQ(changed([&](json::object& object) { object.erase(key); }), ErrorCode::corrupt) << key;
    EXPECT_EQ(changed([&](json::object& object) { object[key] = nullptr; }), ErrorCode::corrupt)
        << key;
  }
}

TEST_F(PackageTest, values_out_of_range_are_corrupt) {
  const auto with_input = [&](const char* key, const json::value& value) {
    return changed([&](json::object& root) { root["input"].as_object()[key] = value; });
  };
  EXPECT_EQ(with_input("size", 0), ErrorCode::corrupt);
  EXPECT_EQ(with_input("size", 5000), ErrorCode::corrupt);
  EXPECT_EQ(with_input("size", 1e30), ErrorCode::corrupt);
  EXPECT_EQ(with_input("crop_fraction", 0), ErrorCode::corrupt);
  EXPECT_EQ(with_input("crop_fraction", 1.01), ErrorCode::corrupt);
  EXPECT_EQ(with_input("interpolation", "nearest"), ErrorCode::corrupt);
  EXPECT_EQ(with_input("scale", json::array{1, 0, 1}), ErrorCode::corrupt);
  EXPECT_EQ(with_input("scale", json::array{1, 1e-300, 1}), ErrorCode::corrupt);
  EXPECT_EQ(with_input("scale", json::array{1, 1e300, 1}), ErrorCode::corrupt);
  EXPECT_EQ(with_input("mean", json::array{1e39, 0, 0}), ErrorCode::corrupt);
  EXPECT_EQ(with_input("mean", json::array{0, 0}), ErrorCode::corrupt);
  EXPECT_EQ(with_input("bgr", 1), ErrorCode::corrupt);
  const auto with_layer = [&](const char* key, const json::value& value) {
    return changed(
        [&](json::object& root) { root["layers"].as_array()[0].as_object()[key] = value; });
  };
  EXPECT_EQ(with_layer("channels", 0), ErrorCode::corrupt);
  EXPECT_EQ(with_layer("height", 1 << 25), ErrorCode::corrupt);
  EXPECT_EQ(with_layer("width", -1), ErrorCode::corrupt);
  EXPECT_EQ(with_layer("cost", -0.1), ErrorCode::corrupt);
  EXPECT_EQ(with_layer("cost", 1e308), ErrorCode::corrupt);
  EXPECT_EQ(changed([](json::object& root) { root["default_layer"] = "none"; }),
            ErrorCode::corrupt);
  EXPECT_EQ(changed([](json::object& root) { root["layers"] = json::array{}; }),
            ErrorCode::corrupt);
  EXPECT_EQ(changed([](json::object& root) { root["name"] = "../up"; }), ErrorCode::corrupt);
  EXPECT_EQ(changed([](json::object& root) { root["format"] = 2; }), ErrorCode::unsupported);
}

TEST_F(PackageTest, every_truncation_is_corrupt) {
  test::each_truncation(text_.substr(0, text_.size() - 1), [&](const std::string& text) {
    put(text);
    EXPECT_EQ(outcome([] { load_package("tiny"); }), ErrorCode::corrupt);
  });
}

TEST_F(PackageTest, flipped_bits_are_an_error_or_a_package_that_can_be_saved) {
  test::each_flip(text_, 500, [&](const std::string& text) {
    put(text);
    outcome([&] {
      auto package = load_package("tiny");
      package.folder = folder_ / "models/again";
      save_package(package);
    });
  });
}

TEST_F(PackageTest, a_huge_file_is_not_read) {
  put(std::string((4 << 20) + 1, ' '));
  EXPECT_EQ(outcome([] { load_package("tiny"); }), ErrorCode::unsupported);
}

TEST(PackageFolders, follow_the_environment) {
  const std::string usual = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
  ::unsetenv("ALIKE_HOME");
  ::setenv("XDG_DATA_HOME", "/xdg", 1);
  EXPECT_EQ(home(), "/xdg/alike");
  ::unsetenv("XDG_DATA_HOME");
  ::setenv("HOME", "/me", 1);
  EXPECT_EQ(home(), "/me/.local/share/alike");
  ::setenv("ALIKE_HOME", "/own", 1);
  EXPECT_EQ(home(), "/own");
  ::unsetenv("ALIKE_HOME");
  ::unsetenv("HOME");
  EXPECT_EQ(outcome([] { home(); }), ErrorCode::not_found);
  ::setenv("HOME", usual.c_str(), 1);
}

}  // namespace
}  // namespace alike::encode
