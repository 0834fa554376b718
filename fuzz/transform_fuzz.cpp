// An untrusted fitted transform. The mutator makes its checksum valid again.
#include <cmath>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/encode/run/transform.h"
#include "fuzz/support.h"

namespace {

using namespace alike;

std::string fitted(bool whiten) {
  Matrix sample(9, 5);
  for (std::size_t i = 0; i < 45; ++i) {
    sample.data()[i] = static_cast<float>(random_bits(1, i) % 100);
  }
  const std::vector<std::int64_t> ids{0, 1, 2, 3, 4, 5, 6, 7, 8};
  return fuzz::seed_of(encode::Pca::fit(sample, ids, {3, whiten}).bytes());
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments, {fitted(false), fitted(true)});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned) {
  size = LLVMFuzzerMutate(data, size, most);
  if (size >= 8) fuzz::put_checksum({data, size}, 0, size - 8, size - 8);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto pca = encode::Pca::from_bytes(fuzz::bytes_from(data, size), "the transform");
    const std::vector<float> row(pca.input_width(), 1);
    std::vector<float> out(pca.output_width());
    pca.apply(row, out);
    if (fuzz::seed_of(pca.bytes()).size() != size) std::abort();
  } catch (const Error&) {
  }
  return 0;
}
