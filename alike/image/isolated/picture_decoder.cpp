#include "alike/image/isolated/picture_decoder.h"

#include <utility>

#include "alike/image/thumbnail.h"

namespace alike::image {
namespace {

class InProcess final : public PictureDecoder {
 public:
  Header inspect(std::span<const std::byte> bytes) const override { return image::inspect(bytes); }
  Image prepare(std::span<const std::byte> bytes, const Framing& framing,
                const std::optional<Box>& region) const override {
    return image::prepare(bytes, framing, region);
  }
  Image thumbnail(std::span<const std::byte> bytes, int width, int height) const override {
    return image::thumbnail(bytes, width, height);
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

void decode_with(std::unique_ptr<const PictureDecoder> decoder) { chosen() = std::move(decoder); }

}  // namespace alike::image
