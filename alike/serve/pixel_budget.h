// How many pixels are decoded at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace alike::serve {

/// A bound on pixels decoded at once; callers wait in order of arrival. Safe from several threads.
class PixelBudget {
 public:
  /// Pixels of one picture that are being decoded, for as long as it lives.
  class Hold {
   public:
    Hold(PixelBudget& of, std::uint64_t pixels) : of_(of), pixels_(pixels) {}
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold() { of_.give_back(pixels_); }

   private:
    PixelBudget& of_;
    std::uint64_t pixels_;
  };

  explicit PixelBudget(std::uint64_t most) : most_(most) {}

  /// Waits until there is room. A picture larger than the bound is decoded alone; for no
  /// pixels there is always room.
  [[nodiscard]] Hold take(std::uint64_t pixels);
  /// Pixels being decoded now.
  std::uint64_t taken() const;

 private:
  void give_back(std::uint64_t pixels);

  const std::uint64_t most_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t taken_ = 0, next_ticket_ = 0, turn_ = 0;
};

}  // namespace alike::serve
