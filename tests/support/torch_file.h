// Weight files as PyTorch before 1.6 wrote them, made by hand (torch/serialization.py,
// `_legacy_save`): five pickles and the storages.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace alike::test {

/// Writes one pickle instruction by instruction; the names are those of Python's pickletools.
class Pickle {
 public:
  Pickle& op(std::string_view code) {
    bytes_ += code;
    return *this;
  }
  Pickle& number(std::int64_t value) {  // LONG1 of 8 bytes
    bytes_ += "\x8a\x08";
    return raw(value);
  }
  Pickle& text(std::string_view value) {  // BINUNICODE
    bytes_ += 'X';
    raw(static_cast<std::uint32_t>(value.size()));
    return op(value);
  }
  /// A tuple.
  Pickle& numbers(const std::vector<std::int64_t>& values) {
    op("(");
    for (const auto value : values) number(value);
    return op("t");
  }
  template <class T>
  Pickle& raw(T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    bytes_.append(bytes, sizeof bytes);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_ = "\x80\x02";  // PROTO 2
};

/// One entry of a state dictionary: a view of a storage.
struct TorchTensor {
  std::string name;
  std::string storage;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
  std::int64_t offset = 0;
};

/// The numbers behind tensors.
struct TorchStorage {
  std::string key;
  std::vector<float> values;
  bool integers = false;  ///< Kept as int64.
};

inline std::string torch_magic() {
  return Pickle().op("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.").bytes() +
         Pickle().op("M\xe9\x03.").bytes() + Pickle().op("}.").bytes();
}

inline Pickle& put_tensor(Pickle& pickle, const TorchTensor& tensor, const TorchStorage& storage) {
  pickle.op("ctorch._utils\n_rebuild_tensor_v2\n((").text("storage");
  pickle.op(storage.integers ? "ctorch\nLongStorage\n" : "ctorch\nFloatStorage\n");
  pickle.text(storage.key).text("cpu").number(static_cast<std::int64_t>(storage.values.size()));
  pickle.op("NtQ").number(tensor.offset).numbers(tensor.shape).numbers(tensor.strides);
  return pickle.op(
      "\x89"
      "ccollections\nOrderedDict\n)RtR");
}

inline std::string torch_file(const std::vector<TorchTensor>& tensors,
                              const std::vector<TorchStorage>& storages) {
  Pickle state;
  state.op("ccollections\nOrderedDict\n)Rq").raw(std::uint8_t{1}).op("(");
  for (const auto& tensor : tensors) {
    state.text(tensor.name);
    for (const auto& storage : storages) {
      if (storage.key == tensor.storage) put_tensor(state, tensor, storage);
    }
  }
  state.op("u.");
  Pickle keys;
  keys.op("](");
  for (const auto& storage : storages) keys.text(storage.key);
  keys.op("e.");
  std::string file = torch_magic() + state.bytes() + keys.bytes();
  for (const auto& storage : storages) {
    Pickle numbers;
    numbers.raw(std::uint64_t{storage.values.size()});
    for (const float value : storage.values) {
      storage.integers ? numbers.raw(static_cast<std::int64_t>(value)) : numbers.raw(value);
    }
    file += numbers.bytes().substr(2);
  }
  return file;
}

/// Two tensors that share a storage, one of them transposed, and a counter.
inline std::string small_torch_file() {
  return torch_file({{"layer.weight", "7", {2, 3}, {1, 2}, 0},
                     {"layer.bias", "7", {2}, {3}, 1},
                     {"steps", "8", {}, {}, 0}},
                    {{"7", {0, 1, 2, 3, 4, 5}}, {"8", {42}, true}});
}

}  // namespace alike::test
