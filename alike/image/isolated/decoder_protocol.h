// The protocol of a process and its decoder: messages over a socket that keeps their bounds, bytes
// and pixels in a file of memory. Both are the same program. A worker's replies are untrusted:
// they are checked as whole numbers. Private.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

#include "alike/base/sandbox.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"

namespace alike::image::protocol {

/// Descriptors of the worker.
inline constexpr int kSocket = 3;
inline constexpr int kMemory = 4;

/// The file of memory: the bytes of the picture, then the pixels made of it. It has its full size
/// from the start, of which only the used part takes memory, and can be neither cut nor extended.
inline constexpr std::uint64_t kPixelsAt = kMaxFileBytes;
inline constexpr std::uint64_t kMaxPixelBytes = 384 << 20;
inline constexpr std::uint64_t kMemoryBytes = kPixelsAt + kMaxPixelBytes;

/// Memory that a worker may take beside that and what the program itself needs.
inline constexpr std::uint64_t kFurtherBytes = std::uint64_t{2} << 30;

using Sentence = std::array<char, 500>;  ///< Ends with a zero.

/// The first message of a worker: it is confined and waits.
struct Greeting {
  static constexpr std::uint32_t kMark = 0x616c6b31;  // "alk1"
  std::uint32_t mark = kMark;
  std::uint32_t seccomp = 0, landlock = 0, limits = 0;  ///< As Sandbox says.
  Sentence missing{};
};

enum class Operation : std::uint32_t { inspect, prepare, thumbnail };

struct Request {
  Operation operation = Operation::inspect;
  Limits limits{};
  std::uint64_t bytes = 0;  ///< Of the picture, from the start of the memory on.
  Framing framing{};        ///< prepare.
  bool has_region = false;  ///< prepare.
  Box region{};             ///< prepare.
  int width = 0;            ///< thumbnail.
  int height = 0;           ///< thumbnail.
};

struct Reply {
  std::uint32_t done = 0;
  std::uint32_t code = 0;  ///< ErrorCode, where it is not done.
  Sentence sentence{};     ///< The same.
  Header header{};  ///< inspect; but for `ended`, which a worker could set to no truth value.
  std::uint32_t ended = 1;  ///< inspect.
  int width = 0;            ///< Of the pixels at kPixelsAt: prepare, thumbnail.
  int height = 0;
};

static_assert(std::is_trivially_copyable_v<Greeting> && std::is_trivially_copyable_v<Request> &&
              std::is_trivially_copyable_v<Reply>);

}  // namespace alike::image::protocol
