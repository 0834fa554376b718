#include "alike/encode/package/unpickle.h"

#include <gtest/gtest.h>

#include <span>

#include "tests/support/damage.h"
#include "tests/support/torch_file.h"

namespace alike::encode {
namespace {

using test::Pickle;
using test::torch_file;

std::vector<WeightTensor> read(const std::string& file) {
  return read_torch_weights(std::as_bytes(std::span(file)), "the file");
}

std::optional<ErrorCode> outcome(const std::string& file) {
  return test::outcome([&] { read(file); });
}

/// A file with the result of `state` as state dictionary, without storages.
std::string with_state(const Pickle& state) {
  return test::torch_magic() + state.bytes() + Pickle().op("].").bytes();
}

TEST(Unpickle, tensors_come_in_order_with_name_shape_and_values) {
  const auto tensors = read(test::small_torch_file());
  ASSERT_EQ(tensors.size(), 2u);  // the integer counter is left out
  EXPECT_EQ(tensors[0].name, "layer.weight");
  EXPECT_EQ(tensors[0].shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(tensors[1].name, "layer.bias");
}

TEST(Unpickle, strides_and_offset_are_honoured) {
  const auto tensors = read(test::small_torch_file());
  EXPECT_EQ(tensors[0].values, (std::vector<float>{0, 2, 4, 1, 3, 5}));
  EXPECT_EQ(tensors[1].values, (std::vector<float>{1, 4}));
}

TEST(Unpickle, four_axes_in_any_memory_order_equal_the_loops) {
  std::vector<float> numbers(2 * 3 * 4 * 5 + 7);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  const std::vector<std::vector<std::int64_t>> orders{
      {60, 20, 5, 1}, {1, 2, 6, 24}, {60, 1, 15, 3}, {5, 10, 30, 1}, {0, 0, 0, 0}};
  for (const auto& strides : orders) {
    const auto tensors = read(torch_file({{"w", "0", {2, 3, 4, 5}, strides, 7}}, {{"0", numbers}}));
    ASSERT_EQ(tensors.size(), 1u);
    std::size_t i = 0;
    for (std::int64_t a = 0; a < 2; ++a) {
      for (std::int64_t b = 0; b < 3; ++b) {
        for (std::int64_t c = 0; c < 4; ++c) {
          for (std::int64_t d = 0; d < 5; ++d) {
            const auto at = 7 + a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3];
            ASSERT_EQ(tensors[0].values[i++], static_cast<float>(at));
          }
        }
      }
    }
  }
}

TEST(Unpickle, a_scalar_has_one_value) {
  const auto tensors = read(torch_file({{"s", "0", {}, {}, 1}}, {{"0", {3, 4}}}));
  ASSERT_EQ(tensors.size(), 1u);
  EXPECT_EQ(tensors[0].values, (std::vector<float>{4}));
}

TEST(Unpickle, a_tensor_larger_than_its_storage_is_corrupt) {
  const auto refused = [](std::vector<std::int64_t> shape, std::vector<std::int64_t> strides,
                          std::int64_t offset) {
    EXPECT_EQ(outcome(torch_file({{"w", "0", std::move(shape), std::move(strides), offset}},
                                 {{"0", {1, 2, 3, 4, 5, 6}}})),
              ErrorCode::corrupt);
  };
  refused({7}, {1}, 0);
  refused({6}, {1}, 1);
  refused({2, 3}, {4, 1}, 0);
  refused({2}, {6}, 0);
  refused({0}, {1}, 0);
  refused({}, {}, 6);
  refused({-1}, {1}, 0);
  refused({1}, {-1}, 0);
  refused({1}, {1}, -1);
  refused({2, 3}, {3}, 0);
  refused({1LL << 62, 4}, {0, 0}, 0);
  refused({1LL << 32, 1LL << 32}, {0, 0}, 0);
  refused({2}, {1LL << 62}, 0);
  refused({1}, {1}, (1LL << 62) + 1);
  refused({1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1}, 0);
}

TEST(Unpickle, instructions_that_could_run_something_are_refused) {
  // INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, STACK_GLOBAL, PERSID, GET, PUT, DUP, POP, FLOAT, STRING.
  for (const char code : std::string("io\x81\x92\x82\x93Pgp20FS")) {
    EXPECT_EQ(outcome(with_state(Pickle().op(std::string(1, code) + "os\nsystem\n)R."))),
              ErrorCode::unsupported)
        << static_cast<int>(code);
  }
}

TEST(Unpickle, every_name_but_those_of_weights_is_refused) {
  for (const char* name : {"os\nsystem", "posix\nsystem", "builtins\neval", "builtins\ngetattr",
                           "torch\nload", "torch._utils\n_rebuild_tensor", "torch\nHalfStorage",
                           "collections\nOrderedDict ", "collections OrderedDict\n"}) {
    const Pickle state = Pickle().op("c" + std::string(name) + "\n(").text("true").op("tR.");
    EXPECT_EQ(outcome(with_state(state)), ErrorCode::unsupported) << name;
  }
}

TEST(Unpickle, allowed_names_cannot_be_called_otherwise) {
  EXPECT_EQ(outcome(with_state(Pickle().op("ctorch\nFloatStorage\n)R."))), ErrorCode::unsupported);
  EXPECT_EQ(outcome(with_state(Pickle().op("ccollections\nOrderedDict\n(K\1tR."))),
            ErrorCode::unsupported);
  EXPECT_EQ(outcome(with_state(Pickle().op("ctorch._utils\n_rebuild_tensor_v2\n)R."))),
            ErrorCode::unsupported);
  EXPECT_EQ(outcome(with_state(Pickle().op("K\1)R."))), ErrorCode::corrupt);
  EXPECT_EQ(outcome(with_state(Pickle().op("(").text("module").op("tQ."))), ErrorCode::unsupported);
}

TEST(Unpickle, other_files_of_weights_are_unsupported) {
  EXPECT_EQ(outcome(Pickle().op("}.").bytes()), ErrorCode::unsupported);
  EXPECT_EQ(outcome("PK\x03\x04 a zip, as PyTorch writes it today"), ErrorCode::unsupported);
  EXPECT_EQ(outcome("\x89HDF\r\n\x1a\n"), ErrorCode::unsupported);
  EXPECT_EQ(outcome(""), ErrorCode::corrupt);
}

TEST(Unpickle, a_state_that_holds_more_than_tensors_is_unsupported) {
  EXPECT_EQ(outcome(with_state(Pickle().op("}(").text("epoch").op("K\1u."))),
            ErrorCode::unsupported);
}

TEST(Unpickle, stack_and_memo_are_checked) {
  for (const char* code :
       {".", "R.", "u.", "s.", "\x85.", "t.", "e.", "q\1.", "h\1.", "b.", "(."}) {
    EXPECT_TRUE(outcome(with_state(Pickle().op(code)))) << code;
  }
}

TEST(Unpickle, every_truncation_is_refused) {
  test::each_truncation(test::small_torch_file(),
                        [](const std::string& file) { EXPECT_TRUE(outcome(file)); });
}

TEST(Unpickle, flipped_bits_are_an_error_or_tensors_of_the_file) {
  test::each_flip(test::small_torch_file(), 10'000, [](const std::string& file) {
    test::outcome([&] {
      for (const auto& tensor : read(file)) EXPECT_LE(tensor.values.size(), 6u);
    });
  });
}

// A few bytes that ask for the same long thing again and again.

TEST(Unpickle, a_shape_of_many_axes_is_refused_at_once) {
  Pickle state;
  state.op("((");
  for (int i = 0; i < 200'000; ++i) state.op("K\1");
  state.op("tq\1");
  for (int i = 0; i < 20'000; ++i) {
    state.op("ctorch._utils\n_rebuild_tensor_v2\n((").text("storage").op("ctorch\nFloatStorage\n");
    state.text("0").text("cpu").op("K\1NtQK\1h\1h\1tR");
  }
  state.op("t.");
  EXPECT_EQ(outcome(with_state(state)), ErrorCode::corrupt);
}

TEST(Unpickle, a_long_name_used_again_and_again_is_refused) {
  Pickle state;
  const std::string name(1 << 20, 'n');
  state.op("}(").text(name).op("q\1");
  test::put_tensor(state, {"", "0", {1}, {1}, 0}, {"0", {1}});
  state.op("q\2");
  for (int i = 0; i < 20'000; ++i) state.op("h\1h\2");
  state.op("u.");
  std::string file = test::torch_magic() + state.bytes();
  file += Pickle().op("](").text("0").op("e.").bytes();
  file += std::string("\1\0\0\0\0\0\0\0\0\0\x80\x3f", 12);
  EXPECT_EQ(outcome(file), ErrorCode::corrupt);
}

TEST(Unpickle, a_storage_with_a_long_key_is_refused) {
  Pickle state;
  state.op("(").text("storage").op("ctorch\nFloatStorage\n").text(std::string(1 << 20, 'k'));
  state.text("cpu").op("K\1Ntq\1");
  for (int i = 0; i < 20'000; ++i) state.op("Qh\1");
  state.op(".");
  EXPECT_EQ(outcome(with_state(state)), ErrorCode::unsupported);
}

}  // namespace
}  // namespace alike::encode
