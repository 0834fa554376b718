// A decoder that counts its calls.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "alike/image/isolated/picture_decoder.h"
#include "alike/image/thumbnail.h"

namespace alike::test {

/// How often each was asked of `CountingDecoder`.
struct Decoded {
  std::atomic<int> inspected = 0, prepared = 0;
};

/// Decodes in this process and counts; `at_thumbnail` is called before a thumbnail is made.
class CountingDecoder : public image::PictureDecoder {
 public:
  explicit CountingDecoder(Decoded& decoded, std::function<void()> at_thumbnail = {})
      : decoded_(decoded), at_thumbnail_(std::move(at_thumbnail)) {}

  image::Header inspect(std::span<const std::byte> bytes) const override {
    ++decoded_.inspected;
    return image::inspect(bytes);
  }
  image::Image prepare(std::span<const std::byte> bytes, const image::Framing& framing,
                       const std::optional<image::Box>& region) const override {
    ++decoded_.prepared;
    return image::prepare(bytes, framing, region);
  }
  image::Image thumbnail(std::span<const std::byte> bytes, int width, int height) const override {
    if (at_thumbnail_) at_thumbnail_();
    return image::thumbnail(bytes, width, height);
  }

 private:
  Decoded& decoded_;
  std::function<void()> at_thumbnail_;
};

/// Lets a `CountingDecoder` decode for as long as it lives.
class CountedDecoding {
 public:
  explicit CountedDecoding(std::function<void()> at_thumbnail = {}) {
    image::decode_with(std::make_unique<CountingDecoder>(decoded, std::move(at_thumbnail)));
  }
  CountedDecoding(const CountedDecoding&) = delete;
  CountedDecoding& operator=(const CountedDecoding&) = delete;
  ~CountedDecoding() { image::decode_with(nullptr); }

  Decoded decoded;
};

}  // namespace alike::test
