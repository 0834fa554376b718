#include "alike/encode/package/onnx_check.h"

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hostile_onnx.h"
#include "tests/support/tiny_onnx.h"

namespace alike::encode {
namespace {

using test::model_bytes;
using test::node_proto;
using test::Proto;

OnnxInput check(const std::string& file) {
  return check_onnx(std::as_bytes(std::span(file)), "the file");
}

std::optional<ErrorCode> outcome(const std::string& file) {
  return test::outcome([&] { check(file); });
}

/// A graph with one input and `node`.
Proto graph_with(const Proto& node) {
  return Proto().message(1, node).message(11, test::value_proto("picture", {1, 3, 8, 8}));
}

/// TensorProto of `type` with `dims` and so many bytes.
Proto raw_tensor(std::int64_t type, const test::Dims& dims, std::size_t bytes) {
  Proto tensor;
  for (const auto dim : dims) tensor.number(1, dim);
  return tensor.number(2, type).text(8, "w").text(9, std::string(bytes, '\0'));
}

std::optional<ErrorCode> with_weights(const Proto& tensor) {
  return outcome(model_bytes(graph_with(node_proto("Relu", {"picture"}, "y")).message(5, tensor)));
}

TEST(OnnxCheck, lets_a_plain_network_pass_and_gives_its_input) {
  const auto input = check(test::tiny_onnx());
  EXPECT_EQ(input.name, "picture");
  EXPECT_EQ(input.sides, (std::vector<std::int64_t>{-1, 3, 16, 16}));
  EXPECT_EQ(check(test::tiny_onnx(test::TinyNetwork(), true)).sides,
            (std::vector<std::int64_t>{-1, 3, -1, -1}));
}

TEST(OnnxCheck, operators_newer_than_the_library_pass) {
  EXPECT_EQ(outcome(model_bytes(graph_with(node_proto("Gelu", {"picture"}, "y")))), std::nullopt);
}

TEST(OnnxCheck, unknown_and_foreign_operators_are_refused_by_name) {
  const auto named = [](const std::string& file, const std::string& name) {
    try {
      check(file);
      ADD_FAILURE() << name << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unsupported);
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    }
  };
  named(model_bytes(graph_with(node_proto("RunShell", {"picture"}, "y"))), "RunShell");
  named(model_bytes(graph_with(node_proto("Relu", {"picture"}, "y").text(7, "com.evil"))),
        "com.evil");
  named(Proto()
            .number(1, 8)
            .message(7, graph_with(node_proto("Relu", {"picture"}, "y")))
            .message(8, Proto().text(1, "com.evil").number(2, 1))
            .bytes(),
        "com.evil");
}

TEST(OnnxCheck, weights_in_other_files_are_refused_wherever_they_point) {
  for (const char* place : {"weights.bin", "../../etc/passwd", "/etc/passwd", ""}) {
    Proto tensor;
    tensor.number(1, 1).number(2, 1).text(8, "w");
    tensor.message(13, Proto().text(1, "location").text(2, place)).number(14, 1);
    EXPECT_EQ(with_weights(tensor), ErrorCode::unsupported) << place;
  }
  Proto only_said;
  only_said.number(1, 1).number(2, 1).text(8, "w").text(9, std::string(4, '\0')).number(14, 1);
  EXPECT_EQ(with_weights(only_said), ErrorCode::unsupported);
  Proto hidden;  // in an attribute of a node
  hidden.number(1, 1).number(2, 1).number(14, 1);
  const auto attribute = Proto().text(1, "value").message(5, hidden).number(20, 4);
  EXPECT_EQ(outcome(model_bytes(graph_with(node_proto("Constant", {}, "c", {attribute})))),
            ErrorCode::unsupported);
}

TEST(OnnxCheck, functions_and_sparse_weights_are_refused) {
  EXPECT_EQ(outcome(model_bytes(graph_with(node_proto("Relu", {"picture"}, "y"))) +
                    Proto().message(25, Proto().text(1, "f")).bytes()),
            ErrorCode::unsupported);
  EXPECT_EQ(
      outcome(model_bytes(
          graph_with(node_proto("Relu", {"picture"}, "y")).message(15, Proto().number(3, 1)))),
      ErrorCode::unsupported);
}

TEST(OnnxCheck, tensors_must_have_as_many_numbers_as_their_shape) {
  EXPECT_EQ(with_weights(raw_tensor(1, {2, 3}, 24)), std::nullopt);
  EXPECT_EQ(with_weights(raw_tensor(1, {2, 3}, 23)), ErrorCode::corrupt);
  EXPECT_EQ(with_weights(raw_tensor(1, {2, 3}, 28)), ErrorCode::corrupt);
  EXPECT_EQ(with_weights(raw_tensor(7, {2, 3}, 24)), ErrorCode::corrupt);
  EXPECT_EQ(with_weights(raw_tensor(1, {-1}, 4)), ErrorCode::corrupt);
  EXPECT_EQ(with_weights(raw_tensor(1, {0}, 0)), std::nullopt);
  EXPECT_EQ(with_weights(raw_tensor(8, {1}, 4)), ErrorCode::unsupported);   // texts
  EXPECT_EQ(with_weights(raw_tensor(99, {1}, 4)), ErrorCode::unsupported);  // no type
}

TEST(OnnxCheck, shapes_whose_product_is_too_large_or_wraps_are_refused) {
  EXPECT_EQ(with_weights(raw_tensor(1, {1LL << 32, 1LL << 32}, 0)), ErrorCode::unsupported);
  EXPECT_EQ(with_weights(raw_tensor(1, {1LL << 62, 4, 1LL << 2}, 0)), ErrorCode::unsupported);
  EXPECT_EQ(with_weights(raw_tensor(1, {1'000'000'000'000}, 4)), ErrorCode::unsupported);
  EXPECT_EQ(with_weights(raw_tensor(1, {1LL << 14, 1LL << 14, 2}, 0)), ErrorCode::unsupported);
  EXPECT_EQ(with_weights(raw_tensor(1, {1LL << 40, 0}, 0)), ErrorCode::unsupported);
}

TEST(OnnxCheck, a_constant_of_a_huge_shape_is_refused_however_the_shape_is_given) {
  const auto shape = test::shape_proto("sides", {1'000'000, 1'000'000});
  const auto filled = node_proto("ConstantOfShape", {"sides"}, "filled");
  EXPECT_EQ(outcome(model_bytes(graph_with(filled).message(5, shape))), ErrorCode::unsupported);
  const auto value = Proto().text(1, "value").message(5, shape).number(20, 4);
  const auto constant = node_proto("Constant", {}, "sides", {value});
  Proto by_node;
  by_node.message(1, constant)
      .message(1, filled)
      .message(11, test::value_proto("picture", {1, 3, 8, 8}));
  EXPECT_EQ(outcome(model_bytes(by_node)), ErrorCode::unsupported);
  const auto ints = node_proto("Constant", {}, "sides",
                               {test::ints_attribute("value_ints", {1'000'000, 1'000'000})});
  Proto by_ints;
  by_ints.message(1, ints).message(1, filled).message(11,
                                                      test::value_proto("picture", {1, 3, 8, 8}));
  EXPECT_EQ(outcome(model_bytes(by_ints)), ErrorCode::unsupported);
  EXPECT_EQ(outcome(model_bytes(graph_with(filled).message(5, test::shape_proto("sides", {8, 8})))),
            std::nullopt);
}

TEST(OnnxCheck, deeply_nested_graphs_are_refused) {
  const auto nested = [](int depth) {
    Proto graph = graph_with(node_proto("Relu", {"picture"}, "y"));
    for (int i = 0; i < depth; ++i) {
      const auto branch = Proto().text(1, "then_branch").message(6, graph).number(20, 5);
      graph = graph_with(node_proto("If", {"picture"}, "y", {branch}));
    }
    return model_bytes(graph);
  };
  EXPECT_EQ(outcome(nested(3)), std::nullopt);
  EXPECT_EQ(outcome(nested(6)), ErrorCode::unsupported);
  EXPECT_TRUE(outcome(nested(1000)));
}

TEST(OnnxCheck, more_than_one_input_is_refused_but_weights_may_stand_among_them) {
  Proto two = graph_with(node_proto("Add", {"picture", "w"}, "y"));
  two.message(11, test::value_proto("w", {1}));
  EXPECT_EQ(outcome(model_bytes(two)), ErrorCode::unsupported);
  two.message(5, raw_tensor(1, {1}, 4));
  EXPECT_EQ(outcome(model_bytes(two)), std::nullopt);
  EXPECT_EQ(outcome(model_bytes(Proto().message(1, node_proto("Relu", {"a"}, "b")))),
            ErrorCode::unsupported);
}

TEST(OnnxCheck, hostile_networks_are_refused_by_their_look) {
  for (const auto& network : test::hostile_networks()) {
    if (!network.refused_unrun) continue;
    EXPECT_TRUE(outcome(network.bytes)) << network.name;
  }
}

TEST(OnnxCheck, other_files_are_corrupt) {
  for (const char* text : {"", "not a network", "PK\x03\x04", "\x80\x02}."}) {
    EXPECT_EQ(outcome(text), ErrorCode::corrupt) << text;
  }
}

TEST(OnnxCheck, truncations_are_refused_or_leave_a_network_of_one_input) {
  test::each_truncation(test::tiny_onnx(), [](const std::string& file) {
    const auto code = outcome(file);
    if (code) {
      EXPECT_TRUE(code == ErrorCode::corrupt || code == ErrorCode::unsupported);
    }
  });
}

TEST(OnnxCheck, flipped_bits_are_an_error_or_a_network) {
  test::each_flip(test::tiny_onnx(), 4000, [](const std::string& file) { outcome(file); });
}

}  // namespace
}  // namespace alike::encode
