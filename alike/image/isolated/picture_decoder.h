// Where pictures are decoded: in this process, or in another one that a bad picture cannot harm.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "alike/base/error.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"

namespace alike::image {

/// Thrown where a picture ended the process that decoded it, or took more time or memory than it
/// may: asking again would do the same.
class WorkerLost : public Error {
 public:
  using Error::Error;
};

/// The one way from the bytes of a picture file to pixels for the rest of alike. Safe from several
/// threads.
class PictureDecoder {
 public:
  PictureDecoder() = default;
  PictureDecoder(const PictureDecoder&) = delete;
  PictureDecoder& operator=(const PictureDecoder&) = delete;
  virtual ~PictureDecoder() = default;

  /// As image::inspect.
  virtual Header inspect(std::span<const std::byte> bytes) const = 0;
  /// As image::prepare.
  virtual Image prepare(std::span<const std::byte> bytes, const Framing& framing,
                        const std::optional<Box>& region) const = 0;
  /// As image::thumbnail.
  virtual Image thumbnail(std::span<const std::byte> bytes, int width, int height) const = 0;
  /// Whether another process decodes, so that the thread that asked for it waits idly.
  virtual bool decodes_elsewhere() const noexcept { return false; }
};

/// The decoder of this process: decodes here, unless `decode_with` said otherwise, but for the
/// formats that `is_apart` names: those by processes of their own (`decode_apart_with` in
/// isolated_decoder.h).
const PictureDecoder& picture_decoder();

/// Lets `decoder` decode all pictures from now on (isolated_decoder.h); null: this process does.
/// Call it before other threads decode.
void decode_with(std::unique_ptr<const PictureDecoder> decoder);

}  // namespace alike::image
