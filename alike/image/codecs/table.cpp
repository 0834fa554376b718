#include "alike/image/codecs/table.h"

#include <array>
#include <utility>

#include "alike/image/codecs/bmp.h"
#include "alike/image/codecs/gif.h"
#include "alike/image/codecs/heif.h"
#include "alike/image/codecs/jpeg.h"
#include "alike/image/codecs/png.h"
#include "alike/image/codecs/tiff.h"
#include "alike/image/codecs/webp.h"

namespace alike::image {
namespace {

constexpr std::array<Codec, kFormats> kCodecs{{
    {"jpeg", "a JPEG", false, jpeg_claim,
     [](Bytes, Claim claim, const Wanted& wanted, const Limits& limits) {
       return decode_jpeg(std::move(claim), wanted, limits);
     }},
    {"png", "a PNG", false, [](Bytes bytes, const Limits&) { return png_claim(bytes); },
     // NOLINTNEXTLINE(performance-unnecessary-value-param): as the others have it
     [](Bytes bytes, Claim claim, const Wanted& wanted, const Limits& limits) {
       return decode_png(bytes, claim, wanted, limits);
     }},
    {"webp", "a WebP", false, webp_claim,
     [](Bytes bytes, Claim claim, const Wanted& wanted, const Limits&) {
       return decode_webp(bytes, std::move(claim), wanted);
     }},
    {"gif", "a GIF", true,
#ifdef ALIKE_GIF
     gif_claim, decode_gif
#endif
    },
    {"bmp", "a Windows bitmap", true, bmp_claim, decode_bmp},
    {"tiff", "a TIFF", true,
#ifdef ALIKE_TIFF
     tiff_claim, decode_tiff
#endif
    },
    {"heic", "a HEIC", true,
#ifdef ALIKE_HEIF
     heif_claim, decode_heif, start_heif
#endif
    },
    {"avif", "an AVIF", true,
#ifdef ALIKE_HEIF
     heif_claim, decode_heif
#endif
    },
}};

}  // namespace

const Codec& codec_of(Format format) noexcept { return kCodecs[static_cast<std::size_t>(format)]; }

}  // namespace alike::image
