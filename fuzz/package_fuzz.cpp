// The encoder.json of an untrusted package. An accepted one can be written and read again.
#include "alike/base/error.h"
#include "alike/encode/package/package.h"
#include "fuzz/support.h"
#include "tests/support/tiny_onnx.h"

namespace {

using namespace alike;

const std::filesystem::path& folder() {
  static const fuzz::ScratchFolder scratch;
  return scratch.path();
}

void put(std::string_view text) {
  File(folder() / "encoder.json", File::Mode::fresh).write_at(0, std::as_bytes(std::span(text)));
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  encode::save_package(test::tiny_package(folder() / "tiny"));
  fuzz::plant(count, arguments, {read_text(folder() / "tiny" / "encoder.json")});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  return alike::fuzz::mutate_or_repeat(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  put(fuzz::text_from(data, size));
  encode::Package package;
  try {
    package = encode::load_package(folder().native() + "/");
  } catch (const Error&) {
    return 0;
  }
  encode::save_package(package);
  if (encode::load_package(folder().native() + "/").layers.size() != package.layers.size()) {
    std::abort();
  }
  return 0;
}
