// Which rows may be answered, by their ids.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace alike::index {

/// All ids, those of a set, or those for which a function says so. Cheap to copy. Safe from several
/// threads if the function is.
class Filter {
 public:
  /// All.
  Filter() = default;
  /// Those for which `test(id)` is true. Exact searches ask it about every row, a graph about those
  /// that it meets.
  template <std::predicate<std::int64_t> Test>
  requires(!std::same_as<Test, Filter>) Filter(Test test) : test_(std::move(test)) {}
  /// Those of a set: cheaper than a function, most of all where few ids are in it.
  static Filter of(std::vector<std::int64_t> ids);

  /// Whether it is other than all.
  explicit operator bool() const { return set_ != nullptr || test_; }
  /// Not to be called where it is all.
  bool operator()(std::int64_t id) const { return set_ != nullptr ? contains(id) : test_(id); }
  /// Whether it is a set.
  bool is_set() const { return set_ != nullptr; }
  /// Of a set: its ids, ascending, each once. Valid as long as a copy of the filter is.
  std::span<const std::int64_t> ids() const;

 private:
  struct Set;
  bool contains(std::int64_t id) const;

  std::function<bool(std::int64_t)> test_;
  std::shared_ptr<const Set> set_;
};

}  // namespace alike::index
