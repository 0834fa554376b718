#include "alike/serve/thumbnails.h"

#include "alike/image/isolated/picture_decoder.h"
#include "alike/image/write.h"
#include "alike/serve/picture_file.h"

namespace alike::serve {
namespace {

constexpr int kQuality = 80;

}  // namespace

/// A holder of bytes waits for pixels, and never the other way round.
std::shared_ptr<const std::string> Thumbnails::made(const collection::Collection& collection,
                                                    const collection::Item& item, int size) {
  const auto file = open_picture(collection, item);
  const PixelBudget::Hold read = bytes_.take(file->size());
  const auto bytes = read_picture(*file);
  const image::Header head = image::picture_decoder().inspect(bytes);
  const auto area =
      static_cast<std::uint64_t>(head.width) * static_cast<std::uint64_t>(head.height);
  const PixelBudget::Hold decoded = pixels_.take(area);
  const auto picture = image::picture_decoder().thumbnail(bytes, size, size);
  const auto small = image::encode_jpeg(picture, kQuality);
  return std::make_shared<const std::string>(reinterpret_cast<const char*>(small.data()),
                                             small.size());
}

std::shared_ptr<const std::string> Thumbnails::get(const collection::Collection& collection,
                                                   const collection::Item& item, int size) {
  const Key key{collection.folder().native(), item.hash, size};
  {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(key);
    if (found != kept_.end()) {
      used_.splice(used_.begin(), used_, found->second.used);
      return found->second.bytes;
    }
  }
  auto bytes = made(collection, item, size);
  const std::lock_guard lock(mutex_);
  if (kept_.contains(key)) return bytes;
  used_.push_front(key);
  kept_.emplace(key, Kept{bytes, used_.begin()});
  kept_bytes_ += bytes->size();
  while (kept_bytes_ > kMostBytes && used_.size() > 1) {
    const auto last = kept_.find(used_.back());
    kept_bytes_ -= last->second.bytes->size();
    kept_.erase(last);
    used_.pop_back();
  }
  return bytes;
}

}  // namespace alike::serve
