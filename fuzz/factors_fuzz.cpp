// An untrusted CSV file of factors.
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/measure/factors/factors.h"
#include "fuzz/support.h"

using namespace alike;

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments,
              {"path,shape,x\n00000.png,0,7\n00001.png,2,0\n", "path,kind\r\na.png,tree\r\nb,9"});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::bytes_from(data, size));
  try {
    const auto [paths, table] = measure::read_factors(file.path());
    if (paths.empty() || table.rows() != paths.size()) std::abort();
    for (const int value : table.values) {
      if (value < 0 || static_cast<std::size_t>(value) >= paths.size()) std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
