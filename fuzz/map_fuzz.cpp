// An untrusted map file. The caller checksums maps, not their reader, so that every
// change reaches the reader.
#include <cmath>
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/map/keep/map_file.h"
#include "fuzz/support.h"
#include "tests/support/sample_map.h"

using namespace alike;

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments,
              {fuzz::seed_of(map::bytes_of(test::sample_map(1))),
               fuzz::seed_of(map::bytes_of(test::sample_map(20)))});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const map::Map read = map::map_from(fuzz::bytes_from(data, size), "the map");
    for (std::size_t i = 0; i < read.size(); ++i) {
      if (read.find(read.ids[i]) != i || !std::isfinite(read.points.row(i)[1])) std::abort();
    }
    const map::Map again = map::map_from(map::bytes_of(read), "the map");
    if (again.ids != read.ids || again.clusters != read.clusters) std::abort();
  } catch (const Error&) {
  }
  return 0;
}
