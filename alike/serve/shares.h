// So much of something, in all and for each address: connections, streams, bytes of bodies.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace alike::serve {

class Share;

/// Hands out shares and takes them back. Outlives its shares. Safe from several threads.
class Shares {
 public:
  enum class Refusal { none, all, address };

  /// At most `most` at once, and `most_each` of one address.
  Shares(std::uint64_t most, std::uint64_t most_each) : most_(most), most_each_(most_each) {}
  Shares(const Shares&) = delete;
  Shares& operator=(const Shares&) = delete;

  /// Makes `share` as large as `size`, for `address`; it stays as it is where that is refused.
  /// Makes no share smaller.
  Refusal grow(Share& share, const std::string& address, std::uint64_t size);
  /// The amount given out now.
  std::uint64_t taken() const;

 private:
  friend class Share;
  void give_back(const std::string& address, std::uint64_t size);

  const std::uint64_t most_, most_each_;
  mutable std::mutex mutex_;
  std::uint64_t taken_ = 0;
  std::map<std::string, std::uint64_t> each_;  // only addresses that have some
};

/// The share of one client; given back at the end of its life. Not for several threads at a time.
class Share {
 public:
  Share() = default;
  Share(Share&& other) noexcept;
  Share& operator=(Share&& other) noexcept;
  ~Share() { give_back(); }

  std::uint64_t size() const { return size_; }
  void give_back();

 private:
  friend class Shares;

  Shares* of_ = nullptr;
  std::string address_;
  std::uint64_t size_ = 0;
};

}  // namespace alike::serve
