// Writes the files that the tests of the program need and Python cannot make by itself:
//   write_samples FOLDER             networks and a picture
//   write_samples --hostile FOLDER   networks that must not become encoders
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string_view>

#include "tests/support/hostile_onnx.h"
#include "tests/support/pictures.h"
#include "tests/support/tiny_onnx.h"

namespace {

using namespace alike::test;

void write_plain(const std::filesystem::path& folder) {
  alike::replace_file(folder / "tiny.onnx", tiny_onnx(TinyNetwork(1)));
  alike::replace_file(folder / "other.onnx", tiny_onnx(TinyNetwork(2)));
  alike::replace_file(folder / "open.onnx", tiny_onnx(TinyNetwork(3), true));
  write_picture(folder / "picture.jpg", 7);
}

void write_hostile(const std::filesystem::path& folder) {
  for (const auto& network : hostile_networks()) {
    alike::replace_file(folder / (network.name + ".onnx"), network.bytes);
  }
}

}  // namespace

int main(int count, char** words) try {
  const bool hostile = count == 3 && std::string_view(words[1]) == "--hostile";
  if (count != 2 && !hostile) {
    std::fputs("usage: write_samples [--hostile] FOLDER\n", stderr);
    return 2;
  }
  hostile ? write_hostile(words[2]) : write_plain(words[1]);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "write_samples: %s\n", error.what());
  return 1;
}
