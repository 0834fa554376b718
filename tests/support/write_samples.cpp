// Writes the files that the tests of the program need and Python cannot make by itself:
//   write_samples FOLDER
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "tests/support/hostile_onnx.h"
#include "tests/support/pictures.h"
#include "tests/support/tiny_onnx.h"

int main(int count, char** words) try {
  using namespace alike::test;
  if (count != 2) {
    std::fputs("usage: write_samples FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = words[1];
  alike::replace_file(folder / "tiny.onnx", tiny_onnx(TinyNetwork(1)));
  alike::replace_file(folder / "other.onnx", tiny_onnx(TinyNetwork(2)));
  alike::replace_file(folder / "open.onnx", tiny_onnx(TinyNetwork(3), true));
  write_picture(folder / "picture.jpg", 7);
  std::filesystem::create_directory(folder / "hostile");
  for (const auto& network : hostile_networks()) {
    alike::replace_file(folder / "hostile" / (network.name + ".onnx"), network.bytes);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "write_samples: %s\n", error.what());
  return 1;
}
