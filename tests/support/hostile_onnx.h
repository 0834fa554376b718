// Networks that must not become encoders: each names files outside, is too much in some way, or is
// no network at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/tiny_onnx.h"

namespace alike::test {

/// A network file and the way it hurts.
struct HostileNetwork {
  std::string name;
  std::string bytes;
  bool refused_unrun = true;  ///< Refused by its bytes; else only by the cost of running it.
};

/// One input, 3 × 16 × 16, the one output "y", `nodes` between them.
inline Proto graph_of(const std::vector<Proto>& nodes, const std::vector<Proto>& weights = {}) {
  Proto graph;
  for (const auto& node : nodes) graph.message(1, node);
  graph.text(2, "hostile");
  for (const auto& weight : weights) graph.message(5, weight);
  return graph.message(11, value_proto("picture", {1, 3, 16, 16}))
      .message(12, value_proto("y", {1, -1}));
}

inline std::string network_of(const std::vector<Proto>& nodes,
                              const std::vector<Proto>& weights = {}) {
  return model_bytes(graph_of(nodes, weights));
}

/// picture → (1, 768) → the nodes of a caller that go on from "flat".
inline Proto flatten() { return node_proto("Flatten", {"picture"}, "flat"); }

/// TensorProto of 768 numbers that are to lie in another file.
inline Proto external_tensor(std::string_view location, std::string_view offset = "0",
                             std::string_view length = "3072") {
  const auto entry = [](std::string_view key, std::string_view value) {
    return Proto().text(1, key).text(2, value);
  };
  return Proto()
      .number(1, 768)
      .number(2, 1)
      .text(8, "w")
      .message(13, entry("location", location))
      .message(13, entry("offset", offset))
      .message(13, entry("length", length))
      .number(14, 1);
}

/// TensorProto of `type` with any sides and so many bytes of zeros.
inline Proto zeros_tensor(std::string_view name, std::int64_t type, const Dims& dims,
                          std::size_t bytes) {
  Proto tensor;
  for (const auto dim : dims) tensor.number(1, dim);
  return tensor.number(2, type).text(8, name).text(9, std::string(bytes, '\0'));
}

inline Proto graph_attribute(std::string_view name, const Proto& graph) {
  return Proto().text(1, name).message(6, graph).number(20, 5);
}

inline Proto tensor_attribute(std::string_view name, const Proto& tensor) {
  return Proto().text(1, name).message(5, tensor).number(20, 4);
}

/// Weights in other files, by every way that the format has.
inline std::vector<HostileNetwork> networks_with_files_outside() {
  const auto add = node_proto("Add", {"flat", "w"}, "y");
  const auto with = [&](const Proto& tensor) { return network_of({flatten(), add}, {tensor}); };
  const auto constant = [&](const Proto& attribute) {
    return network_of({node_proto("Constant", {}, "w", {attribute}), flatten(), add});
  };
  Proto branch;
  branch.message(1, add).text(2, "b").message(5, external_tensor("../side.bin"));
  branch.message(12, value_proto("y", {1, 768}));
  const auto nested =
      node_proto("If", {"yes"}, "y",
                 {graph_attribute("then_branch", branch), graph_attribute("else_branch", branch)});
  return {{"outside above", with(external_tensor("../side.bin"))},
          {"outside absolute", with(external_tensor("/etc/passwd"))},
          {"outside link", with(external_tensor("link.bin"))},
          {"outside linked folder", with(external_tensor("folder/side.bin"))},
          {"outside hard link", with(external_tensor("hard.bin"))},
          {"outside itself", with(external_tensor("model.onnx"))},
          {"outside device", with(external_tensor("/dev/zero", "0", "1099511627776"))},
          {"outside far offset", with(external_tensor("hard.bin", "18446744073709551615"))},
          {"outside constant", constant(tensor_attribute("value", external_tensor("../side.bin")))},
          {"outside list",
           constant(Proto().text(1, "value").message(10, external_tensor("../side.bin")))},
          {"outside branch", network_of({flatten(), nested}, {zeros_tensor("yes", 9, {}, 1)})},
          {"outside without entries",
           with(Proto().number(1, 768).number(2, 1).text(8, "w").number(14, 1))},
          {"outside but here",
           with(zeros_tensor("w", 1, {768}, 3072)
                    .message(13, Proto().text(1, "location").text(2, "../side.bin")))},
          {"outside sparse",
           model_bytes(graph_of({flatten(), add})
                           .message(15, Proto().message(1, external_tensor("../side.bin"))))}};
}

/// Shapes and constants beyond all measure.
inline std::vector<HostileNetwork> networks_of_huge_shapes() {
  const auto with = [&](const Proto& tensor) {
    return network_of({flatten(), node_proto("Add", {"flat", "w"}, "y")}, {tensor});
  };
  const auto made = [&](const Proto& node, const std::vector<Proto>& weights) {
    return network_of({node, flatten(), node_proto("ReduceSum", {"made"}, "sum"),
                       node_proto("Add", {"flat", "sum"}, "y")},
                      weights);
  };
  const auto filled = node_proto("ConstantOfShape", {"sides"}, "made");
  std::vector<Proto> many;
  for (int i = 0; i < 10; ++i) {
    many.push_back(node_proto("ConstantOfShape", {"sides"}, "made" + std::to_string(i)));
  }
  many.push_back(flatten());
  many.push_back(node_proto("Relu", {"flat"}, "y"));
  std::string rank;
  for (int i = 0; i < 1'000'000; ++i) rank += std::string("\x08\x01", 2);
  return {
      {"shape overflow", with(zeros_tensor("w", 1, {1LL << 32, 1LL << 32}, 0))},
      {"shape overflow to four", with(zeros_tensor("w", 1, {1LL << 62, 4, 4}, 0))},
      {"shape of 10^12", with(zeros_tensor("w", 1, {1'000'000'000'000}, 4))},
      {"shape negative", with(zeros_tensor("w", 1, {-768}, 3072))},
      {"shape of a million sides",
       model_bytes(graph_of({flatten(), node_proto("Add", {"flat", "w"}, "y")})
                       .text(5, rank + zeros_tensor("w", 1, {}, 8).bytes()))},
      {"shape too large for its data", with(zeros_tensor("w", 1, {1 << 14, 1 << 14}, 64))},
      {"filled 10^12", made(filled, {shape_proto("sides", {1'000'000, 1'000'000})})},
      {"filled 2^28", made(filled, {shape_proto("sides", {1 << 14, 1 << 14})})},
      {"filled often", network_of(many, {shape_proto("sides", {1 << 12, 1 << 12})})},
      {"expanded 2^31", made(node_proto("Expand", {"one", "sides"}, "made"),
                             {zeros_tensor("one", 1, {1}, 4), shape_proto("sides", {1LL << 31})})},
      {"tiled 2^31", made(node_proto("Tile", {"one", "sides"}, "made"),
                          {zeros_tensor("one", 1, {1}, 4), shape_proto("sides", {1LL << 31})})},
      {"random 2^31",
       made(node_proto("RandomNormal", {}, "made", {ints_attribute("shape", {1LL << 31})}), {})},
      {"picture of 2^40",
       model_bytes(Proto()
                       .message(1, flatten())
                       .message(11, value_proto("picture", {1, 3, 1LL << 20, 1LL << 20}))),
       false}};
}

/// More parts than any network has.
inline std::vector<HostileNetwork> networks_of_many_parts() {
  const auto chain = [](int length) {
    std::vector<Proto> nodes{flatten()};
    std::string last = "flat";
    for (int i = 0; i < length; ++i) {
      std::string next = i + 1 == length ? "y" : "n" + std::to_string(i);
      nodes.push_back(node_proto("Add", {last, last}, next));
      last = std::move(next);
    }
    return network_of(nodes);
  };
  Proto nested = graph_of({node_proto("Relu", {"picture"}, "y")});
  for (int i = 0; i < 100; ++i) {
    nested =
        graph_of({node_proto("If", {"picture"}, "y", {graph_attribute("then_branch", nested)})});
  }
  Proto functions;
  functions.number(1, 8).message(7, graph_of({node_proto("f0", {"picture"}, "y")}));
  for (int i = 0; i < 3000; ++i) {
    functions.message(25, Proto()
                              .text(1, "f" + std::to_string(i))
                              .text(4, "x")
                              .text(5, "y")
                              .message(7, node_proto("f" + std::to_string(i + 1), {"x"}, "y")));
  }
  const auto empty = [](int field, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += Proto().text(field, "").bytes();
    return text;
  };
  Proto loop;
  loop.message(1, node_proto("Identity", {"go"}, "going"))
      .message(1, node_proto("Add", {"x", "x"}, "xx"))
      .text(2, "body")
      .message(11, value_proto("i", {}))
      .message(11, value_proto("go", {}))
      .message(11, value_proto("x", {1, 768}))
      .message(12, value_proto("going", {}))
      .message(12, value_proto("xx", {1, 768}));
  const auto looped = [&](std::string_view type) {
    return network_of({flatten(), node_proto(type, {"times", "yes", "flat"}, "y",
                                             {graph_attribute("body", loop)})},
                      {shape_proto("times", {1LL << 62}), zeros_tensor("yes", 9, {}, 1)});
  };
  return {{"loop 2^62", looped("Loop")},
          {"scan", looped("Scan")},
          {"map of a sequence", looped("SequenceMap")},
          {"functions 3000 deep", functions.bytes()},
          {"graphs 100 deep", model_bytes(nested)},
          {"chain of 90000", chain(90'000)},
          {"nodes without content", Proto().number(1, 8).text(7, empty(1, 4 << 20)).bytes()},
          {"weights without content", Proto().number(1, 8).text(7, empty(5, 4 << 20)).bytes()},
          {"attributes without content",
           Proto().number(1, 8).message(7, Proto().text(1, empty(5, 4 << 20))).bytes()}};
}

/// No networks, or not of operators that are known.
inline std::vector<HostileNetwork> networks_of_other_kinds() {
  const std::string whole = tiny_onnx();
  const auto one = [](const Proto& node) { return network_of({node}); };
  return {{"empty", ""},
          {"text", "not a network"},
          {"pickle", std::string("\x80\x02}q\0.", 6)},
          {"cut in half", whole.substr(0, whole.size() / 2)},
          {"cut by a byte", whole.substr(0, whole.size() - 1)},
          {"without a graph", Proto().number(1, 8).bytes()},
          {"unknown operator", one(node_proto("Detonate", {"picture"}, "y"))},
          {"foreign operator", one(node_proto("Relu", {"picture"}, "y").text(7, "com.microsoft"))},
          {"two pictures", model_bytes(graph_of({node_proto("Add", {"picture", "other"}, "y")})
                                           .message(11, value_proto("other", {1, 3, 16, 16})))},
          {"a ring",
           network_of({node_proto("Add", {"picture", "b"}, "a"), node_proto("Relu", {"a"}, "b"),
                       node_proto("Relu", {"b"}, "y")}),
           false}};
}

/// Modest to look at, and not to compute.
inline std::vector<HostileNetwork> networks_that_take_too_long() {
  const auto sides = shape_proto("sides", {1 << 12, 1 << 12});
  std::vector<Proto> products{node_proto("ConstantOfShape", {"sides"}, "m0")};
  for (int i = 0; i < 50; ++i) {
    const std::string last = "m" + std::to_string(i);
    products.push_back(node_proto("MatMul", {last, last}, "m" + std::to_string(i + 1)));
  }
  products.push_back(node_proto("ReduceSum", {"m50"}, "sum"));
  products.push_back(node_proto("Add", {"picture", "sum"}, "changed"));
  products.push_back(node_proto("Flatten", {"changed"}, "y"));
  std::vector<Proto> doubled{flatten()};
  std::string last = "flat";
  for (int i = 0; i < 24; ++i) {
    const std::string next = i == 23 ? "y" : "d" + std::to_string(i);
    doubled.push_back(node_proto("Concat", {last, last}, next, {int_attribute("axis", 1)}));
    last = next;
  }
  const auto numbers = [&](std::int64_t limit) {
    return network_of(
        {node_proto("Range", {"zero", "limit", "one"}, "r"),
         node_proto("Cast", {"r"}, "f", {int_attribute("to", 1)}),
         node_proto("ReduceSum", {"f"}, "sum"), flatten(), node_proto("Add", {"flat", "sum"}, "y")},
        {Proto().number(2, 7).text(8, "zero").text(9, std::string(8, '\0')),
         Proto().number(2, 7).text(8, "one").text(9, std::string("\1\0\0\0\0\0\0\0", 8)),
         Proto()
             .number(2, 7)
             .text(8, "limit")
             .text(9, {reinterpret_cast<const char*>(&limit), 8})});
  };
  return {{"50 products of 2^12", network_of(products, {sides}), false},
          {"doubled 24 times", network_of(doubled), false},
          {"numbers to 2 thousand million", numbers(2'000'000'000), false},
          {"padded by 2^16",
           network_of({node_proto("Pad", {"picture", "pads"}, "y")},
                      {shape_proto("pads", {0, 0, 1 << 16, 1 << 16, 0, 0, 1 << 16, 1 << 16})}),
           false}};
}

/// All of them.
inline std::vector<HostileNetwork> hostile_networks() {
  std::vector<HostileNetwork> all;
  for (auto list :
       {networks_with_files_outside(), networks_of_huge_shapes(), networks_of_many_parts(),
        networks_of_other_kinds(), networks_that_take_too_long()}) {
    for (auto& each : list) all.push_back(std::move(each));
  }
  return all;
}

}  // namespace alike::test
