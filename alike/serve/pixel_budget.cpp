#include "alike/serve/pixel_budget.h"

#include <algorithm>

namespace alike::serve {

PixelBudget::Hold PixelBudget::take(std::uint64_t pixels) {
  if (pixels == 0) return {*this, 0};
  const std::uint64_t wanted = std::min(pixels, most_);
  std::unique_lock lock(mutex_);
  const std::uint64_t ticket = next_ticket_++;
  changed_.wait(lock, [&] { return ticket == turn_ && taken_ <= most_ - wanted; });
  ++turn_;
  taken_ += wanted;
  lock.unlock();
  changed_.notify_all();  // the next one may fit as well
  return {*this, wanted};
}

std::uint64_t PixelBudget::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

void PixelBudget::give_back(std::uint64_t pixels) {
  {
    const std::lock_guard lock(mutex_);
    taken_ -= pixels;
  }
  changed_.notify_all();
}

}  // namespace alike::serve
