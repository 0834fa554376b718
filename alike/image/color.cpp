#include "alike/image/color.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "alike/base/file.h"

namespace alike::image {
namespace {

struct Context {
  // An own context so that hostile profiles share no state between threads and nothing is printed.
  cmsContext handle = cmsCreateContext(nullptr, nullptr);
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { cmsDeleteContext(handle); }
};

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

constexpr cmsUInt32Number format_of(cmsColorSpaceSignature space) {
  switch (space) {
    case cmsSigGrayData: return TYPE_GRAY_8;
    case cmsSigCmykData: return TYPE_CMYK_8;
    default: return TYPE_RGB_8;
  }
}

/// True where the transform leaves a coarse grid of colours within one level of where they were.
bool is_identity(cmsHTRANSFORM transform) {
  std::array<std::uint8_t, 6 * 6 * 6 * 3> before{};
  for (std::size_t i = 0; i < before.size() / 3; ++i) {
    before[3 * i] = static_cast<std::uint8_t>(i % 6 * 51);
    before[3 * i + 1] = static_cast<std::uint8_t>(i / 6 % 6 * 51);
    before[3 * i + 2] = static_cast<std::uint8_t>(i / 36 * 51);
  }
  std::array<std::uint8_t, before.size()> after{};
  cmsDoTransform(transform, before.data(), after.data(), before.size() / 3);
  return std::equal(before.begin(), before.end(), after.begin(),
                    [](int a, int b) { return std::abs(a - b) <= 1; });
}

/// The transform from one profile, kept for the next picture of the same camera.
struct Conversion {
  Context context;
  Transform transform;  // None: the pixels stay as they are.
  std::uint64_t checksum = 0;
  std::size_t size = 0;
  cmsColorSpaceSignature space{};
};

std::unique_ptr<Conversion> make_conversion(std::span<const std::byte> bytes,
                                            cmsColorSpaceSignature space) {
  auto made = std::make_unique<Conversion>();
  made->checksum = checksum(bytes);
  made->size = bytes.size();
  made->space = space;
  cmsContext context = made->context.handle;
  const Profile from(
      cmsOpenProfileFromMemTHR(context, bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (!from || cmsGetColorSpace(from.get()) != space) return made;
  // A chain of any number of steps of up to 15 dimensions; hardly a picture has it, and it has no
  // bound but its own word.
  if (cmsIsTag(from.get(), cmsSigDToB0Tag)) return made;
  const Profile to(cmsCreate_sRGBProfileTHR(context));
  made->transform.reset(cmsCreateTransformTHR(context, from.get(), format_of(space), to.get(),
                                              TYPE_RGB_8, INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE));
  if (made->transform && space == cmsSigRgbData && is_identity(made->transform.get())) {
    made->transform.reset();
  }
  return made;
}

/// Null where the profile changes nothing or does not fit. Making a transform takes longer than
/// using it on a small picture, so each thread keeps its last few; valid until kKept others were
/// asked for.
cmsHTRANSFORM transform_of(std::span<const std::byte> profile, cmsColorSpaceSignature space) {
  constexpr std::size_t kKept = 8;
  thread_local std::array<std::unique_ptr<Conversion>, kKept> kept;
  thread_local std::size_t oldest = 0;
  if (profile.empty()) return nullptr;
  const std::uint64_t sum = checksum(profile);
  for (const auto& conversion : kept) {
    if (conversion && conversion->space == space && conversion->checksum == sum &&
        conversion->size == profile.size()) {
      return conversion->transform.get();
    }
  }
  auto& place = kept[oldest++ % kKept];
  place = make_conversion(profile, space);
  return place->transform.get();
}

void convert_grey(Image& image, cmsHTRANSFORM transform) {
  std::array<std::uint8_t, 256> levels{};
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = static_cast<std::uint8_t>(i);
  std::array<std::uint8_t, 256 * 3> colors{};
  cmsDoTransform(transform, levels.data(), colors.data(), 256);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    std::copy_n(colors.data() + std::size_t{3} * image.rgb[i], 3, image.rgb.data() + i);
  }
}

}  // namespace

void convert_to_srgb(Image& image, std::span<const std::byte> profile, bool grey) {
  if (grey) {
    if (cmsHTRANSFORM transform = transform_of(profile, cmsSigGrayData)) {
      convert_grey(image, transform);
      return;
    }
  }
  if (cmsHTRANSFORM transform = transform_of(profile, cmsSigRgbData)) {
    const std::size_t row = std::size_t{3} * static_cast<std::size_t>(image.width);
    for (std::size_t at = 0; at < image.rgb.size(); at += row) {
      cmsDoTransform(transform, image.rgb.data() + at, image.rgb.data() + at,
                     static_cast<cmsUInt32Number>(image.width));
    }
  }
}

Image cmyk_to_srgb(std::span<const std::uint8_t> cmyk, int width, int height,
                   std::span<const std::byte> profile) {
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  Image image{width, height, std::vector<std::uint8_t>(3 * count)};
  if (cmsHTRANSFORM transform = transform_of(profile, cmsSigCmykData)) {
    cmsDoTransform(transform, cmyk.data(), image.rgb.data(), static_cast<cmsUInt32Number>(count));
    return image;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const int light = 255 - cmyk[4 * i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      const int through = (255 - cmyk[4 * i + c]) * light;
      image.rgb[3 * i + c] = static_cast<std::uint8_t>((through + 127) / 255);
    }
  }
  return image;
}

}  // namespace alike::image
