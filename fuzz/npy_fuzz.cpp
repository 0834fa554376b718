// An untrusted .npy file.
#include <array>
#include <cmath>

#include "alike/base/error.h"
#include "alike/base/npy.h"
#include "fuzz/support.h"

namespace {

using namespace alike;

/// A file as numpy.save writes it, in version 1 or 2 of the format.
std::string npy(const std::string& type, int version, const std::string& numbers) {
  std::string head = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (2, 3), }";
  head.resize(version == 1 ? 53 : 51, ' ');
  head += '\n';
  std::string file = "\x93NUMPY";
  file += {static_cast<char>(version), '\0', static_cast<char>(head.size()), '\0'};
  if (version > 1) file += {'\0', '\0'};
  return file + head + numbers;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(
      count, arguments,
      {npy("<f4", 1, fuzz::seed_of(std::array<float, 6>{1, -2, 3, 0, 1e-40F, 3e38F})),
       npy("<f8", 2, fuzz::seed_of(std::array<double, 6>{1, -2, 3, 0, 1e-300, 1e38})),
       npy("<f2", 1,
           fuzz::seed_of(std::array<std::uint16_t, 6>{0, 1, 0x3c00, 0x8001, 1024, 0x7bff}))});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  return alike::fuzz::mutate_or_repeat(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::bytes_from(data, size));
  try {
    const Matrix matrix = read_npy(file.path());
    if (matrix.rows() * matrix.width() > size) std::abort();
    for (std::size_t i = 0; i < matrix.rows(); ++i) {
      for (const float value : matrix.row(i)) {
        if (!std::isfinite(value)) std::abort();
      }
    }
  } catch (const Error&) {
  }
  return 0;
}
