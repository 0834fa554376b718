#include "alike/image/isolated/picture_decoder.h"

#include <mutex>
#include <utility>

#include "alike/image/codecs/sniff.h"
#include "alike/image/isolated/isolated_decoder.h"
#include "alike/image/thumbnail.h"

namespace alike::image {
namespace {

/// Processes for the formats that this one never decodes, started when the first is needed.
class Apart {
 public:
  void set(IsolationOptions options) {
    const std::lock_guard lock(mutex_);
    options_ = std::move(options);
    decoder_.reset();
  }

  /// Null where no program is named. Throws as `IsolatedDecoder`.
  std::shared_ptr<const PictureDecoder> decoder() {
    const std::lock_guard lock(mutex_);
    if (!decoder_ && options_) decoder_ = std::make_shared<IsolatedDecoder>(*options_);
    return decoder_;
  }

 private:
  std::mutex mutex_;
  std::optional<IsolationOptions> options_;
  std::shared_ptr<const PictureDecoder> decoder_;
};

Apart& apart() {
  static Apart processes;
  return processes;
}

/// The decoder for a file that this process does not decode itself; null where it does.
std::shared_ptr<const PictureDecoder> decoder_apart(std::span<const std::byte> bytes) {
  const Format format = sniff(bytes);
  if (!is_apart(format)) return nullptr;
  check_built(format);
  return apart().decoder();
}

class InProcess final : public PictureDecoder {
 public:
  Header inspect(std::span<const std::byte> bytes) const override {
    const auto other = decoder_apart(bytes);
    return other ? other->inspect(bytes) : image::inspect(bytes);
  }
  Image prepare(std::span<const std::byte> bytes, const Framing& framing,
                const std::optional<Box>& region) const override {
    const auto other = decoder_apart(bytes);
    return other ? other->prepare(bytes, framing, region) : image::prepare(bytes, framing, region);
  }
  Image thumbnail(std::span<const std::byte> bytes, int width, int height) const override {
    const auto other = decoder_apart(bytes);
    return other ? other->thumbnail(bytes, width, height) : image::thumbnail(bytes, width, height);
  }
};

std::unique_ptr<const PictureDecoder>& chosen() {
  static std::unique_ptr<const PictureDecoder> decoder;
  return decoder;
}

}  // namespace

const PictureDecoder& picture_decoder() {
  static const InProcess k_in_process;
  return chosen() ? *chosen() : k_in_process;
}

void decode_apart_with(IsolationOptions options) { apart().set(std::move(options)); }

void decode_with(std::unique_ptr<const PictureDecoder> decoder) { chosen() = std::move(decoder); }

}  // namespace alike::image
