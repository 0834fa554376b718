// An untrusted PyTorch weight file.
#include "alike/base/error.h"
#include "alike/encode/package/unpickle.h"
#include "fuzz/support.h"
#include "tests/support/torch_file.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  alike::fuzz::plant(count, arguments, {alike::test::small_torch_file()});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  return alike::fuzz::mutate_or_repeat(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const auto& tensor :
         alike::encode::read_torch_weights(alike::fuzz::bytes_from(data, size), "the file")) {
      std::int64_t count = 1;
      for (const auto side : tensor.shape) count *= side;
      if (tensor.values.size() != static_cast<std::size_t>(count)) std::abort();
    }
  } catch (const alike::Error&) {
  }
  return 0;
}
