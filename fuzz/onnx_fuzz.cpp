// A user's own network: the check it must pass before OpenVINO sees it.
#include "alike/base/error.h"
#include "alike/encode/package/onnx_check.h"
#include "fuzz/support.h"
#include "tests/support/tiny_onnx.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  using namespace alike::test;
  Proto shaped;
  shaped.message(1, node_proto("ConstantOfShape", {"sides"}, "filled"))
      .message(1, node_proto("Add", {"picture", "filled"}, "sum"))
      .message(5, shape_proto("sides", {1, 3, 4, 4}))
      .message(11, value_proto("picture", {1, 3, 4, 4}));
  Proto nested;
  nested
      .message(1, node_proto("If", {"picture"}, "out",
                             {Proto().text(1, "then_branch").message(6, shaped).number(20, 5)}))
      .message(11, value_proto("picture", {1, 3, 4, 4}));
  alike::fuzz::plant(
      count, arguments,
      {tiny_onnx(), tiny_onnx(TinyNetwork(), true), model_bytes(shaped), model_bytes(nested)});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  return alike::fuzz::mutate_or_repeat(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    alike::encode::check_onnx(alike::fuzz::bytes_from(data, size), "the file");
  } catch (const alike::Error&) {
  }
  return 0;
}
