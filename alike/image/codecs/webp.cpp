#include "alike/image/codecs/webp.h"

#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <memory>

#include "alike/base/error.h"

namespace alike::image {
namespace {

struct DeleteDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, DeleteDemuxer>;

[[noreturn]] void throw_damage() {
  throw Error(ErrorCode::corrupt,
              "the WebP is damaged or cut short; copy it again from its source");
}

Demuxer open(Bytes bytes) {
  const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  Demuxer demuxer(WebPDemux(&data));
  if (!demuxer || WebPDemuxGetI(demuxer.get(), WEBP_FF_FRAME_COUNT) == 0) throw_damage();
  return demuxer;
}

/// The part of a frame that a window of the canvas shows, in the frame's pixels; may be empty.
Window visible(const WebPIterator& frame, const Window& window) {
  const int left = std::max(window.x, frame.x_offset);
  const int top = std::max(window.y, frame.y_offset);
  const int right = std::min(window.x + window.width, frame.x_offset + frame.width);
  const int bottom = std::min(window.y + window.height, frame.y_offset + frame.height);
  return {left - frame.x_offset, top - frame.y_offset, std::max(0, right - left),
          std::max(0, bottom - top)};
}

/// RGBA of `part` of the frame. libwebp cuts at even offsets, so up to one more column and row come
/// first; `part` becomes the part read.
std::vector<std::uint8_t> read_part(const WebPIterator& frame, Window& part) {
  part = {part.x & ~1, part.y & ~1, part.width + (part.x & 1), part.height + (part.y & 1)};
  std::vector<std::uint8_t> rgba(std::size_t{4} * static_cast<std::size_t>(part.width) *
                                 static_cast<std::size_t>(part.height));
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    throw Error(ErrorCode::unsupported, "this libwebp is too old; install a newer one");
  }
  config.options.use_cropping = 1;
  config.options.crop_left = part.x;
  config.options.crop_top = part.y;
  config.options.crop_width = part.width;
  config.options.crop_height = part.height;
  config.output.colorspace = MODE_RGBA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = rgba.data();
  config.output.u.RGBA.stride = 4 * part.width;
  config.output.u.RGBA.size = rgba.size();
  const VP8StatusCode status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
  WebPFreeDecBuffer(&config.output);
  if (status != VP8_STATUS_OK) throw_damage();
  return rgba;
}

void draw(const WebPIterator& frame, const Window& window, Image& pixels) {
  const Window seen = visible(frame, window);
  if (seen.width == 0 || seen.height == 0) return;
  Window part = seen;
  const std::vector<std::uint8_t> rgba = read_part(frame, part);
  const int to_x = seen.x + frame.x_offset - window.x;
  const int to_y = seen.y + frame.y_offset - window.y;
  for (int y = 0; y < seen.height; ++y) {
    const std::ptrdiff_t from =
        std::ptrdiff_t{part.width} * (seen.y - part.y + y) + seen.x - part.x;
    const std::ptrdiff_t to = std::ptrdiff_t{pixels.width} * (to_y + y) + to_x;
    put_on_white(rgba.data() + 4 * from, seen.width, pixels.rgb.data() + 3 * to);
  }
}

}  // namespace

Claim webp_claim(Bytes bytes, const Limits& limits) {
  // libwebp's own walk begins anew for each chunk asked for, so it is not asked.
  Claim claim = webp_metadata(bytes, limits);
  const Demuxer demuxer = open(bytes);
  claim.width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
  claim.height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
  return claim;
}

Raster decode_webp(Bytes bytes, Claim claim, const Wanted& wanted) {
  const Demuxer demuxer = open(bytes);
  const Window window =
      cover(wanted.box, static_cast<int>(claim.width), static_cast<int>(claim.height));
  Raster raster;
  raster.box = within(wanted.box, window);
  raster.profile = std::move(claim.profile);
  raster.pixels =
      Image{window.width, window.height,
            std::vector<std::uint8_t>(std::size_t{3} * static_cast<std::size_t>(window.width) *
                                          static_cast<std::size_t>(window.height),
                                      255)};
  WebPIterator frame{};
  const std::unique_ptr<WebPIterator, void (*)(WebPIterator*)> release(&frame,
                                                                       WebPDemuxReleaseIterator);
  if (!WebPDemuxGetFrame(demuxer.get(), 1, &frame)) throw_damage();
  draw(frame, window, raster.pixels);
  return raster;
}

}  // namespace alike::image
