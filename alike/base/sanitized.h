// Whether this build is watched by a sanitizer.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALIKE_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ALIKE_SANITIZED true
#endif
#endif
#ifndef ALIKE_SANITIZED
#define ALIKE_SANITIZED false
#endif

namespace alike {

/// True where AddressSanitizer or ThreadSanitizer is compiled in: these take signals, memory and
/// system calls for themselves.
inline constexpr bool kSanitized = ALIKE_SANITIZED;

}  // namespace alike
