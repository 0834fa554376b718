// Small pictures, kept in memory once they are made.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "alike/collection/collection.h"
#include "alike/serve/pixel_budget.h"

namespace alike::serve {

/// Safe from several threads.
class Thumbnails {
 public:
  /// `pixels` bounds what is decoded at once; it outlives this.
  explicit Thumbnails(PixelBudget& pixels) : pixels_(pixels) {}

  /// The JPEG bytes of the picture at `size` pixels at most. Throws what reading it throws.
  std::shared_ptr<const std::string> get(const collection::Collection& collection,
                                         const collection::Item& item, int size);

 private:
  static constexpr std::size_t kMostBytes = 64 << 20;
  using Key = std::tuple<std::string, std::string, int>;  // folder, content, size
  struct Kept {
    std::shared_ptr<const std::string> bytes;
    std::list<Key>::iterator used;
  };

  PixelBudget& pixels_;
  std::mutex mutex_;
  std::map<Key, Kept> kept_;
  std::list<Key> used_;  // last used first
  std::size_t bytes_ = 0;
};

}  // namespace alike::serve
