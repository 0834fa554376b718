#include "alike/encode/package/unpickle.h"

#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <string_view>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::encode {
namespace {

constexpr std::size_t kMaxInstructions = 4'000'000;
constexpr std::size_t kMaxRank = 8;
constexpr std::size_t kMaxKey = 256;  ///< Bytes of the key of a storage.
constexpr std::string_view kMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);
constexpr std::int64_t kProtocol = 1001;

/// Why the file is refused; `read_torch_weights` adds its name.
[[noreturn]] void corrupt(const std::string& sentence) {
  throw Error(ErrorCode::corrupt, sentence);
}
[[noreturn]] void unsupported(const std::string& sentence) {
  throw Error(ErrorCode::unsupported, sentence);
}

/// The bytes still to be read.
class Input {
 public:
  explicit Input(std::span<const std::byte> bytes) : rest_(bytes), size_(bytes.size()) {}

  std::span<const std::byte> take(std::uint64_t count) {
    if (count > rest_.size()) corrupt("it ends at byte " + std::to_string(size_));
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view text(std::uint64_t count) {
    const auto bytes = take(count);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::string_view line() {
    const std::string_view all(reinterpret_cast<const char*>(rest_.data()), rest_.size());
    const auto end = all.find('\n');
    if (end == all.npos) corrupt("a name has no end");
    const auto line = text(end);
    take(1);
    return line;
  }
  std::size_t position() const { return size_ - rest_.size(); }

 private:
  std::span<const std::byte> rest_;
  std::size_t size_;
};

enum class Kind { none, boolean, number, text, list, mark, name, storage, tensor, magic };

/// `number` is the value, or where it lies in the machine's store of that kind. No value owns
/// another, so nesting cannot exhaust the stack.
struct Value {
  Kind kind = Kind::none;
  std::int64_t number = 0;
};

enum class Name : std::int64_t { ordered_dict, rebuild_tensor, float_storage, long_storage };

constexpr std::array<std::pair<std::string_view, Name>, 4> kNames{
    {{"collections OrderedDict", Name::ordered_dict},
     {"torch._utils _rebuild_tensor_v2", Name::rebuild_tensor},
     {"torch FloatStorage", Name::float_storage},
     {"torch LongStorage", Name::long_storage}}};

struct Storage {
  std::string key;
  bool is_float = false;
  std::uint64_t count = 0;
};

struct Tensor {
  std::size_t storage = 0;
  std::uint64_t offset = 0;
  std::vector<std::uint64_t> shape;
  std::vector<std::uint64_t> strides;
};

/// The pickle machine: a stack, a memo, and the values made so far.
class Machine {
 public:
  explicit Machine(Input& input) : input_(input) {}

  /// Runs one pickle and returns its result.
  Value run() {
    stack_.clear();
    memo_.clear();
    while (true) {
      if (++instructions_ > kMaxInstructions) unsupported("it has too many instructions");
      const auto code = static_cast<unsigned char>(input_.number<char>());
      if (code == '.') return pop();
      execute(code);
    }
  }

  std::int64_t number(Value value) const {
    if (value.kind != Kind::number) corrupt("a number is missing");
    return value.number;
  }
  std::uint64_t size(Value value) const {
    if (number(value) < 0) corrupt("a size is negative");
    return static_cast<std::uint64_t>(value.number);
  }
  const std::string& text(Value value) const {
    if (value.kind != Kind::text) corrupt("a text is missing");
    return texts_[index(value)];
  }
  /// Elements of a tuple or list; keys and values in turn of a dictionary.
  const std::vector<Value>& list(Value value) const {
    if (value.kind != Kind::list) corrupt("a list is missing");
    return lists_[index(value)];
  }
  const Tensor& tensor(Value value) const {
    if (value.kind != Kind::tensor) unsupported("an entry is not a tensor");
    return tensors_[index(value)];
  }
  const std::vector<Storage>& storages() const { return storages_; }

 private:
  static std::size_t index(Value value) { return static_cast<std::size_t>(value.number); }

  void execute(unsigned char code) {  // the names are those of Python's pickletools
    switch (code) {
      case 0x80: input_.take(1); break;                                       // PROTO
      case '(': push({Kind::mark}); break;                                    // MARK
      case 'N': push({}); break;                                              // NONE
      case 0x88: push({Kind::boolean, 1}); break;                             // NEWTRUE
      case 0x89: push({Kind::boolean, 0}); break;                             // NEWFALSE
      case 'K': push({Kind::number, input_.number<std::uint8_t>()}); break;   // BININT1
      case 'M': push({Kind::number, input_.number<std::uint16_t>()}); break;  // BININT2
      case 'J': push({Kind::number, input_.number<std::int32_t>()}); break;   // BININT
      case 0x8a: long1(); break;                                              // LONG1
      case 'X': new_text(); break;                                            // BINUNICODE
      case ')':
      case ']':
      case '}': new_list({}); break;             // EMPTY_TUPLE, _LIST, _DICT
      case 0x85: new_list(pop_many(1)); break;   // TUPLE1
      case 0x86: new_list(pop_many(2)); break;   // TUPLE2
      case 0x87: new_list(pop_many(3)); break;   // TUPLE3
      case 't': new_list(pop_to_mark()); break;  // TUPLE
      case 'u':
      case 'e': extend(pop_to_mark()); break;                     // SETITEMS, APPENDS
      case 's': extend(pop_many(2)); break;                       // SETITEM
      case 'q': remember(input_.number<std::uint8_t>()); break;   // BINPUT
      case 'r': remember(input_.number<std::uint32_t>()); break;  // LONG_BINPUT
      case 'h': recall(input_.number<std::uint8_t>()); break;     // BINGET
      case 'j': recall(input_.number<std::uint32_t>()); break;    // LONG_BINGET
      case 'c': name(); break;                                    // GLOBAL
      case 'R': call(); break;                                    // REDUCE
      case 'Q': storage(); break;                                 // BINPERSID
      case 'b': pop(); break;  // BUILD: attributes of a dictionary, of no use here
      default:
        unsupported("it has the instruction " + std::to_string(code) + " at byte " +
                    std::to_string(input_.position() - 1) +
                    ", which a file of weights does not need");
    }
  }

  void push(Value value) { stack_.push_back(value); }
  Value pop() {
    if (stack_.empty()) corrupt("its stack is empty at byte " + std::to_string(input_.position()));
    const Value value = stack_.back();
    stack_.pop_back();
    return value;
  }
  std::vector<Value> pop_many(std::size_t count) {
    std::vector<Value> values(count);
    while (count > 0) values[--count] = pop();
    return values;
  }
  std::vector<Value> pop_to_mark() {
    auto first = stack_.size();
    while (first > 0 && stack_[first - 1].kind != Kind::mark) --first;
    if (first == 0) corrupt("a mark is missing at byte " + std::to_string(input_.position()));
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<Value> values(begin, stack_.end());
    stack_.resize(first - 1);
    return values;
  }

  void new_text() {
    texts_.emplace_back(input_.text(input_.number<std::uint32_t>()));
    push({Kind::text, static_cast<std::int64_t>(texts_.size() - 1)});
  }
  void new_list(std::vector<Value> values) {
    lists_.push_back(std::move(values));
    push({Kind::list, static_cast<std::int64_t>(lists_.size() - 1)});
  }
  void extend(const std::vector<Value>& values) {
    if (stack_.empty() || stack_.back().kind != Kind::list) corrupt("a list is missing");
    auto& list = lists_[index(stack_.back())];
    list.insert(list.end(), values.begin(), values.end());
  }

  void remember(std::uint32_t slot) {
    const Value value = pop();
    memo_[slot] = value;
    push(value);
  }
  void recall(std::uint32_t slot) {
    const auto found = memo_.find(slot);
    if (found == memo_.end()) corrupt("nothing was kept as " + std::to_string(slot));
    push(found->second);
  }

  void long1() {
    const auto digits = input_.text(input_.number<std::uint8_t>());
    if (digits == kMagic) return push({Kind::magic});
    if (digits.size() > 8)
      unsupported("it has a number of " + std::to_string(digits.size()) + " bytes");
    std::uint64_t value = !digits.empty() && (digits.back() & 0x80) ? ~std::uint64_t{0} : 0;
    if (!digits.empty()) std::memcpy(&value, digits.data(), digits.size());
    push({Kind::number, static_cast<std::int64_t>(value)});
  }

  void name() {
    std::string text(input_.line());
    text += ' ';
    text += input_.line();
    for (const auto& [known, value] : kNames) {
      if (text == known) return push({Kind::name, static_cast<std::int64_t>(value)});
    }
    unsupported("it asks for '" + valid_utf8(text) + "', which a file of weights does not need");
  }

  void call() {
    const auto& arguments = list(pop());
    const Value callee = pop();
    if (callee.kind != Kind::name) corrupt("a call of something that is not a name");
    if (callee.number == static_cast<std::int64_t>(Name::ordered_dict)) {
      if (!arguments.empty()) unsupported("a dictionary is made from values");
      return new_list({});
    }
    if (callee.number != static_cast<std::int64_t>(Name::rebuild_tensor) || arguments.size() < 4) {
      unsupported("it calls something that a file of weights does not need");
    }
    if (arguments[0].kind != Kind::storage) corrupt("a tensor has no storage");
    tensors_.push_back(
        {index(arguments[0]), size(arguments[1]), axes(arguments[2]), axes(arguments[3])});
    push({Kind::tensor, static_cast<std::int64_t>(tensors_.size() - 1)});
  }

  std::vector<std::uint64_t> axes(Value value) const {
    const auto& values = list(value);
    if (values.size() > kMaxRank) {
      corrupt("a tensor has " + std::to_string(values.size()) + " axes");
    }
    std::vector<std::uint64_t> sizes;
    for (const auto each : values) sizes.push_back(size(each));
    return sizes;
  }

  /// ("storage", type, key, device, count, view)
  void storage() {
    const auto& id = list(pop());
    if (id.size() < 5 || text(id[0]) != "storage" || id[1].kind != Kind::name ||
        text(id[2]).size() > kMaxKey) {
      unsupported("it refers to something that is not a storage");
    }
    const auto type = static_cast<Name>(id[1].number);
    if (type != Name::float_storage && type != Name::long_storage) {
      unsupported("a storage is neither float32 nor int64");
    }
    storages_.push_back({text(id[2]), type == Name::float_storage, size(id[4])});
    push({Kind::storage, static_cast<std::int64_t>(storages_.size() - 1)});
  }

  Input& input_;
  std::size_t instructions_ = 0;
  std::vector<Value> stack_;
  std::map<std::uint32_t, Value> memo_;
  std::vector<std::string> texts_;
  std::vector<std::vector<Value>> lists_;
  std::vector<Storage> storages_;
  std::vector<Tensor> tensors_;
};

/// The numbers of the storages, by key.
using Storages = std::map<std::string, std::span<const std::byte>, std::less<>>;

Storages read_storages(const Machine& machine, Value keys, Input& input) {
  std::map<std::string, const Storage*, std::less<>> known;
  for (const auto& storage : machine.storages()) known[storage.key] = &storage;
  Storages storages;
  for (const auto value : machine.list(keys)) {
    const auto& key = machine.text(value);
    const auto found = known.find(key);
    if (found == known.end()) corrupt("no tensor uses the storage '" + valid_utf8(key) + "'");
    const auto count = input.number<std::uint64_t>();
    const std::uint64_t width = found->second->is_float ? 4 : 8;
    if (count != found->second->count || count > std::numeric_limits<std::uint64_t>::max() / 8) {
      corrupt("storage '" + valid_utf8(key) + "' has " + std::to_string(count) +
              " numbers; its tensors say " + std::to_string(found->second->count));
    }
    storages[key] = input.take(count * width);
  }
  return storages;
}

/// Throws unless every element of `tensor` lies in `count` numbers; returns how many it has.
std::uint64_t checked_elements(const Tensor& tensor, std::uint64_t count) {
  if (tensor.shape.size() != tensor.strides.size()) {
    corrupt("a tensor has " + std::to_string(tensor.shape.size()) + " sizes and " +
            std::to_string(tensor.strides.size()) + " strides");
  }
  std::uint64_t elements = 1;
  std::uint64_t last = tensor.offset;
  for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
    const auto size = tensor.shape[axis];
    if (size == 0 || size > count || tensor.strides[axis] > count) {
      corrupt("a tensor is larger than its storage");
    }
    elements *= size;
    last += (size - 1) * tensor.strides[axis];
    if (elements > count || last >= count) corrupt("a tensor is larger than its storage");
  }
  if (last >= count) corrupt("a tensor is larger than its storage");
  return elements;
}

std::vector<float> row_major(const Tensor& tensor, std::span<const std::byte> storage) {
  const auto elements = checked_elements(tensor, storage.size() / sizeof(float));
  std::vector<float> values(elements);
  std::vector<std::uint64_t> at(tensor.shape.size());
  std::uint64_t from = tensor.offset;
  for (auto& value : values) {
    std::memcpy(&value, storage.data() + from * sizeof(float), sizeof(float));
    for (std::size_t axis = at.size(); axis-- > 0;) {
      from += tensor.strides[axis];
      if (++at[axis] < tensor.shape[axis]) break;
      from -= tensor.strides[axis] * tensor.shape[axis];
      at[axis] = 0;
    }
  }
  return values;
}

std::vector<WeightTensor> read(std::span<const std::byte> file) {
  Input input(file);
  Machine machine(input);
  if (machine.run().kind != Kind::magic) unsupported("it is no weight file of PyTorch before 1.6");
  if (machine.number(machine.run()) != kProtocol) unsupported("its protocol is not 1001");
  machine.run();  // sizes of types on the machine that wrote it
  const auto state = machine.list(machine.run());
  const auto storages = read_storages(machine, machine.run(), input);
  std::vector<WeightTensor> tensors;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i + 1 < state.size(); i += 2) {
    const auto& tensor = machine.tensor(state[i + 1]);
    const auto& storage = machine.storages()[tensor.storage];
    const auto bytes = storages.find(storage.key);
    if (bytes == storages.end()) corrupt("storage '" + valid_utf8(storage.key) + "' is missing");
    if (!storage.is_float) continue;
    WeightTensor weights{machine.text(state[i]), {}, row_major(tensor, bytes->second)};
    weights.shape.assign(tensor.shape.begin(), tensor.shape.end());
    total += weights.name.size() + weights.values.size();  // a view may repeat its numbers
    if (total > file.size()) corrupt("its tensors are larger than the file");
    tensors.push_back(std::move(weights));
  }
  return tensors;
}

}  // namespace

std::vector<WeightTensor> read_torch_weights(std::span<const std::byte> file,
                                             const std::string& what) {
  try {
    return read(file);
  } catch (const Error& error) {
    throw Error(error.code(), what + ": " + error.what());
  }
}

}  // namespace alike::encode
