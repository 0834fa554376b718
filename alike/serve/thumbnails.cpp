#include "alike/serve/thumbnails.h"

#include "alike/image/picture_decoder.h"
#include "alike/image/write.h"
#include "alike/serve/picture_file.h"

namespace alike::serve {
namespace {

constexpr int kQuality = 80;

std::shared_ptr<const std::string> made(const collection::Collection& collection,
                                        const collection::Item& item, int size) {
  const auto picture =
      image::picture_decoder().thumbnail(read_picture(collection, item), size, size);
  const auto bytes = image::encode_jpeg(picture, kQuality);
  return std::make_shared<const std::string>(reinterpret_cast<const char*>(bytes.data()),
                                             bytes.size());
}

}  // namespace

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
  std::shared_ptr<const std::string> bytes;
  {
    const auto area =
        static_cast<std::uint64_t>(item.width) * static_cast<std::uint64_t>(item.height);
    const PixelBudget::Hold hold = pixels_.take(area);
    bytes = made(collection, item, size);
  }
  const std::lock_guard lock(mutex_);
  if (kept_.contains(key)) return bytes;
  used_.push_front(key);
  kept_.emplace(key, Kept{bytes, used_.begin()});
  bytes_ += bytes->size();
  while (bytes_ > kMostBytes && used_.size() > 1) {
    const auto last = kept_.find(used_.back());
    bytes_ -= last->second.bytes->size();
    kept_.erase(last);
    used_.pop_back();
  }
  return bytes;
}

}  // namespace alike::serve
