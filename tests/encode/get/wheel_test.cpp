#include "alike/encode/get/wheel.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "alike/base/file.h"
#include "alike/encode/package/sha256.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::encode {
namespace {

namespace fs = std::filesystem;

/// A zip with one member, stored and not compressed, as APPNOTE.TXT lays it out.
std::string zip(const std::string& name, const std::string& content, std::uint32_t crc) {
  const auto number = [](std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 255);
    return text;
  };
  const std::string common = number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) +
                             number(crc, 4) + number(content.size(), 4) +
                             number(content.size(), 4) + number(name.size(), 2) + number(0, 2);
  const std::string local = "PK\x03\x04" + common + name + content;
  const std::string central = "PK\x01\x02" + number(20, 2) + common + number(0, 2) + number(0, 2) +
                              number(0, 2) + number(0, 4) + number(0, 4) + name;
  return local + central + "PK\x05\x06" + number(0, 4) + number(1, 2) + number(1, 2) +
         number(central.size(), 4) + number(local.size(), 4) + number(0, 2);
}

// python3 -c 'import zlib; print(hex(zlib.crc32(b"weights")))'
constexpr std::uint32_t kCrc = 0x1ad27358U;

class WheelTest : public testing::Test {
 protected:
  WheelTest() { ::setenv("ALIKE_CACHE", folder_.path().c_str(), 1); }
  ~WheelTest() override { ::unsetenv("ALIKE_CACHE"); }

  std::string read(const std::string& file, const std::string& member) const {
    replace_file(folder_ / "x.whl", file);
    const auto bytes = read_member(folder_ / "x.whl", member);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::optional<ErrorCode> outcome(const std::string& file, const std::string& member) const {
    return test::outcome([&] { read(file, member); });
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }

  test::TemporaryFolder folder_;
};

TEST_F(WheelTest, a_member_is_read_and_nothing_else_stays) {
  EXPECT_EQ(read(zip("a/w.pth", "weights", kCrc), "a/w.pth"), "weights");
  EXPECT_EQ(files(), 1u);
}

TEST_F(WheelTest, a_member_that_is_not_there_is_corrupt) {
  EXPECT_EQ(outcome(zip("a/w.pth", "weights", kCrc), "a/v.pth"), ErrorCode::corrupt);
}

TEST_F(WheelTest, a_damaged_wheel_is_an_error_and_nothing_stays) {
  EXPECT_EQ(outcome("not a zip", "a/w.pth"), ErrorCode::io);
  EXPECT_EQ(outcome(zip("a/w.pth", "weights", kCrc + 1), "a/w.pth"), ErrorCode::io);
  EXPECT_EQ(outcome(zip("a/w.pth", "weights", kCrc).substr(0, 60), "a/w.pth"), ErrorCode::io);
  EXPECT_EQ(files(), 1u);
}

TEST_F(WheelTest, modules_of_the_current_folder_are_not_run) {
  const fs::path before = fs::current_path();
  const std::string trap = "open('" + (folder_ / "sprung").native() + "', 'w')\n";
  for (const char* name : {"zipfile.py", "os.py", "sitecustomize.py"}) {
    replace_file(folder_ / name, trap);
  }
  ::setenv("PYTHONPATH", folder_.path().c_str(), 1);
  fs::current_path(folder_.path());
  EXPECT_EQ(read(zip("a/w.pth", "weights", kCrc), "a/w.pth"), "weights");
  fs::current_path(before);
  ::unsetenv("PYTHONPATH");
  EXPECT_FALSE(fs::exists(folder_ / "sprung"));
}

TEST_F(WheelTest, members_cannot_leave_the_scratch_folder) {
  for (const char* name : {"../out.txt", "/out.txt", "a/../../out.txt"}) {
    EXPECT_TRUE(outcome(zip(name, "weights", kCrc), "w.pth")) << name;
    EXPECT_FALSE(fs::exists(folder_ / "out.txt"));
    EXPECT_FALSE(fs::exists(folder_.path().parent_path() / "out.txt"));
  }
}

TEST_F(WheelTest, a_wheel_in_the_cache_is_taken_without_a_network) {
  fs::create_directories(folder_ / "wheels");
  const std::string file = zip("a/w.pth", "weights", kCrc);
  replace_file(folder_ / "wheels/x-1-py3-none-any.whl", file);
  const Wheel wheel{"x==1", "x-1-py3-none-any.whl", sha256(bytes_of(file))};
  EXPECT_EQ(fetch(wheel), folder_ / "wheels/x-1-py3-none-any.whl");
}

}  // namespace
}  // namespace alike::encode
