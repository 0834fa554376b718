#include "alike/encode/package/onnx_builder.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/base/text.h"
#include "alike/encode/package/onnx_check.h"
#include "tests/support/error_code.h"
#include "tests/support/tiny_onnx.h"

namespace alike::encode {
namespace {

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

/// Mean of each channel, then a matrix of two rows.
void add_head(OnnxBuilder& network, const std::string& map) {
  network.constant("weight", {2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
  network.add("GlobalAveragePool", {map}, "mean");
  network.add("Flatten", {"mean"}, "flat");
  network.add("Gemm", {"flat", "weight"}, "head", {{"transB", 1}});
  network.output("head", {2});
}

TEST(OnnxBuilder, writes_what_passes_the_check) {
  OnnxBuilder network("small");
  network.input("picture", {3, 8, 8});
  add_head(network, "picture");
  const auto input = check_onnx(bytes(network.bytes()), "it");
  EXPECT_EQ(input.name, "picture");
  EXPECT_EQ(input.sides, (std::vector<std::int64_t>{-1, 3, 8, 8}));
}

TEST(OnnxBuilder, gives_the_same_bytes_for_the_same_calls) {
  const auto made = [] {
    OnnxBuilder network("small");
    network.input("picture", {3, 8, 8});
    add_head(network, "picture");
    return network.bytes();
  };
  EXPECT_EQ(made(), made());
}

TEST(OnnxBuilder, goes_on_from_a_network) {
  const std::string tiny = test::tiny_onnx();
  OnnxBuilder network(bytes(tiny));
  EXPECT_EQ(network.bytes().size(), tiny.size());
  network.constant("weight4", {2, 5}, std::vector<float>(10, 0.5F));
  network.add("Gemm", {"logits", "weight4"}, "head", {{"transB", 1}});
  network.output("head", {2});
  EXPECT_EQ(check_onnx(bytes(network.bytes()), "it").name, "picture");
}

TEST(OnnxBuilder, refuses_what_is_no_network) {
  EXPECT_EQ(test::error_code([] { OnnxBuilder(bytes("not a network")); }), ErrorCode::corrupt);
}

}  // namespace
}  // namespace alike::encode
