#include "alike/serve/shares.h"

#include <utility>

namespace alike::serve {

Shares::Refusal Shares::grow(Share& share, const std::string& address, std::uint64_t size) {
  if (size <= share.size_) return Refusal::none;
  const std::uint64_t more = size - share.size_;
  const std::lock_guard lock(mutex_);
  if (more > most_ || taken_ > most_ - more) return Refusal::all;
  const auto found = each_.find(address);
  const std::uint64_t before = found == each_.end() ? 0 : found->second;
  if (more > most_each_ || before > most_each_ - more) return Refusal::address;
  each_[address] = before + more;
  taken_ += more;
  share.of_ = this;
  share.address_ = address;
  share.size_ = size;
  return Refusal::none;
}

std::uint64_t Shares::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

void Shares::give_back(const std::string& address, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  taken_ -= size;
  const auto found = each_.find(address);
  found->second -= size;
  if (found->second == 0) each_.erase(found);
}

Share::Share(Share&& other) noexcept
    : of_(std::exchange(other.of_, nullptr)),
      address_(std::move(other.address_)),
      size_(std::exchange(other.size_, 0)) {}

Share& Share::operator=(Share&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  of_ = std::exchange(other.of_, nullptr);
  address_ = std::move(other.address_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void Share::give_back() {
  if (of_ != nullptr) of_->give_back(address_, size_);
  of_ = nullptr;
  size_ = 0;
}

}  // namespace alike::serve
