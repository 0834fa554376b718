// HEVC within HEIC. heif_hevc.cpp is the only file that knows libde265.
#pragma once

namespace alike::image {

/// Lets libheif decode HEVC on the thread that asks, from now on: its own way of using libde265
/// starts a thread, which a confined process may not. Call it once.
void use_own_hevc();

}  // namespace alike::image
