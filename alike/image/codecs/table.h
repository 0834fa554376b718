// The codec of each format. Private.
#pragma once

#include <string_view>

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// How files of one format are read. Without functions where this build has no library for it.
struct Codec {
  std::string_view name;   ///< As `name_of`.
  std::string_view title;  ///< For sentences: "a GIF".
  bool apart = false;      ///< As `is_apart`.
  /// The claims of a file's head. Throws `corrupt`, `unsupported`.
  Claim (*claim)(Bytes bytes, const Limits& limits) = nullptr;
  /// The pixels of a checked claim. Throws `corrupt`, `unsupported`.
  Raster (*read)(Bytes bytes, Claim claim, const Wanted& wanted, const Limits& limits) = nullptr;
  /// To be called once before the others, where there is one: while files can be opened.
  void (*start)() = nullptr;
};

/// Never fails. Safe from several threads.
const Codec& codec_of(Format format) noexcept;

}  // namespace alike::image
