// Bounded reading of an untrusted file: never beyond its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "alike/base/error.h"

namespace alike::index {

/// Walks over a view of bytes. One thread at a time.
class FaissCursor {
 public:
  /// `what`: the file as a sentence names it, which must live as long as this.
  FaissCursor(std::span<const std::byte> bytes, const std::string& what)
      : bytes_(bytes), what_(what) {}

  const std::string& what() const { return what_; }
  std::size_t offset() const { return offset_; }
  std::size_t left() const { return bytes_.size() - offset_; }

  /// The next number, little-endian. Throws `corrupt` where the file ends before.
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(1, sizeof(T)).data(), sizeof(T));
    return value;
  }

  /// The next `count` things of `size` bytes, uncopied. Throws `corrupt` as above.
  std::span<const std::byte> take(std::uint64_t count, std::size_t size) {
    if (count > left() / size) {
      damaged("at byte " + std::to_string(offset_) + " there should be " + std::to_string(count) +
              " × " + std::to_string(size) + " bytes, and the file has " + std::to_string(left()) +
              " more: it is cut short or damaged");
    }
    const auto taken = bytes_.subspan(offset_, count * size);
    offset_ += taken.size();
    return taken;
  }

  /// Things of `size` bytes that come after their number.
  std::span<const std::byte> counted(std::size_t size) {
    return take(number<std::uint64_t>(), size);
  }

  [[noreturn]] void damaged(const std::string& sentence) const {
    throw Error(ErrorCode::corrupt, what_ + ": " + sentence);
  }
  [[noreturn]] void unsupported(const std::string& sentence) const {
    throw Error(ErrorCode::unsupported, what_ + " " + sentence);
  }

 private:
  std::span<const std::byte> bytes_;
  const std::string& what_;
  std::size_t offset_ = 0;
};

}  // namespace alike::index
