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
  /// At most `most` pixels are decoded at once, of files of three times as many bytes; of a larger
  /// picture one.
  explicit Thumbnails(std::uint64_t most) : pixels_(most), bytes_(3 * most) {}

  /// The JPEG bytes of the picture at `size` pixels at most. Passes on errors of reading it.
  std::shared_ptr<const std::string> get(const collection::Collection& collection,
                                         const collection::Item& item, int size);
  /// Pixels being decoded now, by the heads of the files.
  std::uint64_t pixels() const { return pixels_.taken(); }

 private:
  static constexpr std::size_t kMostBytes = 64 << 20;
  using Key = std::tuple<std::string, std::string, int>;  // folder, content, size
  struct Kept {
    std::shared_ptr<const std::string> bytes;
    std::list<Key>::iterator used;
  };

  std::shared_ptr<const std::string> made(const collection::Collection& collection,
                                          const collection::Item& item, int size);

  PixelBudget pixels_, bytes_;
  std::mutex mutex_;
  std::map<Key, Kept> kept_;
  std::list<Key> used_;  // last used first
  std::size_t kept_bytes_ = 0;
};

}  // namespace alike::serve
