// An untrusted catalog.sum. The mutator makes its checksum valid again.
#include "alike/base/error.h"
#include "alike/collection/store/catalog_sum.h"
#include "fuzz/support.h"

namespace {

using namespace alike;
using namespace alike::collection;
using fuzz::folder;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  const std::string pages(3 * 4096, 'p');
  File(folder() / "catalog.db", File::Mode::fresh).write_at(0, bytes_of(pages));
  write_catalog_sum(folder());
  fuzz::plant(count, arguments, {read_text(folder() / "catalog.sum")});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (size >= 8 && seed % 8 != 0) fuzz::put_checksum({data, size}, 0, size - 8, size - 8);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  File(folder() / "catalog.sum", File::Mode::fresh).write_at(0, fuzz::bytes_from(data, size));
  try {
    const auto damage = catalog_damage(folder());
    if (!damage.empty() && damage[0].file == "catalog.sum") {
      mend_sum_near(folder(), damage[0].offset);
    }
    check_catalog(folder(), true);
  } catch (const Error&) {
  }
  return 0;
}
