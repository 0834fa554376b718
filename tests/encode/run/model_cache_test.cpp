#include "alike/encode/run/model_cache.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "alike/base/file.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::encode {
namespace {

namespace fs = std::filesystem;

class ModelCacheTest : public testing::Test {
 protected:
  ModelCacheTest() {
    ::setenv("ALIKE_HOME", folder_.path().c_str(), 1);
    layer_.channels = 8;
    layer_.height = 4;
    layer_.width = 2;
    layer_.cost = 0.25;
    store_compiled("key", layer_, bytes_of(network_));
  }
  ~ModelCacheTest() override { ::unsetenv("ALIKE_HOME"); }

  std::optional<Layer> load(const std::string& key = "key") {
    loaded_.clear();
    return load_compiled(key, [&](std::size_t size) {
      loaded_.resize(size);
      return std::span<std::byte>(loaded_);
    });
  }
  fs::path file() const { return fs::directory_iterator(folder_ / "cache/compiled")->path(); }

  test::TemporaryFolder folder_;
  Layer layer_;
  std::string network_ = std::string(200, 'n');
  std::vector<std::byte> loaded_;
};

TEST_F(ModelCacheTest, what_is_stored_is_loaded) {
  const auto layer = load();
  ASSERT_TRUE(layer);
  EXPECT_EQ(layer->channels, 8);
  EXPECT_EQ(layer->height, 4);
  EXPECT_EQ(layer->width, 2);
  EXPECT_EQ(layer->cost, 0.25);
  EXPECT_TRUE(std::ranges::equal(loaded_, bytes_of(network_)));
}

TEST_F(ModelCacheTest, another_key_finds_nothing_even_in_the_same_file) {
  EXPECT_FALSE(load("other"));
  const auto place = file();
  const std::string content = read_text(place);
  store_compiled("other", layer_, bytes_of(network_));
  for (const auto& entry : fs::directory_iterator(folder_ / "cache/compiled")) {
    if (entry.path() != place) replace_file(entry.path(), content);
  }
  EXPECT_FALSE(load("other"));
  EXPECT_TRUE(load());
}

TEST_F(ModelCacheTest, every_truncation_and_flipped_bit_is_absent) {
  const std::string whole = read_text(file());
  const auto absent = [&](const std::string& content) {
    File(file(), File::Mode::fresh).write_at(0, bytes_of(content));
    EXPECT_FALSE(load());
  };
  test::each_truncation(whole, absent);
  test::each_flip(whole, 100'000, absent);
  absent(whole + "x");
}

TEST_F(ModelCacheTest, is_whole_while_other_processes_write_it) {
  const std::string other(300'000, 'o');
  network_ = std::string(200'000, 'n');
  store_compiled("key", layer_, bytes_of(network_));
  std::vector<pid_t> children;
  for (const std::string& content : {network_, other}) {
    children.push_back(::fork());
    ASSERT_GE(children.back(), 0);
    while (children.back() == 0) {
      store_compiled("key", layer_, bytes_of(content));
      if (fs::exists(folder_ / "enough")) std::_Exit(0);
    }
  }
  bool bad = false;
  for (std::size_t turns = 0, last = 0; turns < 100 && !bad;) {
    bad = !load();
    const std::string loaded(reinterpret_cast<const char*>(loaded_.data()), loaded_.size());
    bad = bad || (loaded != network_ && loaded != other);
    turns += loaded.size() != last ? 1U : 0U;
    last = loaded.size();
  }
  EXPECT_FALSE(bad);
  replace_file(folder_ / "enough", std::string_view());
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "cache/compiled"), {}), 1);
}

TEST_F(ModelCacheTest, a_folder_that_cannot_be_made_is_no_error) {
  fs::remove_all(folder_ / "cache");
  replace_file(folder_ / "cache", std::string_view("in the way"));
  store_compiled("key", layer_, bytes_of(network_));
  EXPECT_FALSE(load());
}

TEST_F(ModelCacheTest, the_oldest_go_when_all_together_are_too_large) {
  const auto old = folder_ / "cache/compiled/old.net";
  const auto older = folder_ / "cache/compiled/older.net";
  File(old, File::Mode::fresh).resize(600 << 20);  // sparse
  File(older, File::Mode::fresh).resize(600 << 20);
  fs::last_write_time(older, fs::last_write_time(old) - std::chrono::hours(1));
  store_compiled("new", layer_, bytes_of(network_));
  EXPECT_FALSE(fs::exists(older));
  EXPECT_TRUE(fs::exists(old));
  EXPECT_TRUE(load("new"));
}

}  // namespace
}  // namespace alike::encode
