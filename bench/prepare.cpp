// bench_prepare SIZE FILE…: bytes on disk → SIZE × SIZE pixels, one thread. Prints JSON.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/image/resize.h"

int main(int count, char** arguments) {
  try {
    const alike::image::Framing framing{.size = std::atoi(arguments[1])};
    const auto start = std::chrono::steady_clock::now();
    for (int i = 2; i < count; ++i) {
      alike::image::prepare(alike::read_file(arguments[i], 1 << 30), framing);
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    std::printf("{\"pictures\": %d, \"seconds\": %.6f}\n", count - 2, taken.count());
  } catch (const alike::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
