#include "alike/image/isolated/decode_worker.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>

#include "alike/base/cpu.h"
#include "alike/base/error.h"
#include "alike/image/isolated/decoder_protocol.h"
#include "alike/image/thumbnail.h"

namespace alike::image {
namespace {

using namespace protocol;

/// Seconds after which the system ends a worker without a caller.
constexpr unsigned kAlarmSeconds = 120;

void put(std::string_view text, Sentence& sentence) {
  const std::size_t size = std::min(text.size(), sentence.size() - 1);
  std::copy_n(text.begin(), size, sentence.begin());
  sentence[size] = '\0';
}

/// The memory shared with the caller, as far as it may be read and written.
struct Memory {
  const std::byte* picture = nullptr;
  std::uint8_t* pixels = nullptr;
};

std::optional<Memory> map_memory() {
  void* picture = ::mmap(nullptr, kPixelsAt, PROT_READ, MAP_SHARED, kMemory, 0);
  void* pixels = ::mmap(nullptr, kMaxPixelBytes, PROT_READ | PROT_WRITE, MAP_SHARED, kMemory,
                        static_cast<off_t>(kPixelsAt));
  if (picture == MAP_FAILED || pixels == MAP_FAILED) return std::nullopt;
  return Memory{static_cast<const std::byte*>(picture), static_cast<std::uint8_t*>(pixels)};
}

Image made(const Request& request, std::span<const std::byte> bytes) {
  if (request.operation == Operation::thumbnail) {
    return thumbnail(bytes, request.width, request.height);
  }
  std::optional<Box> region;
  if (request.has_region) region = request.region;
  return prepare(bytes, request.framing, region);
}

Reply answer(const Request& request, const Memory& memory) {
  Reply reply;
  const auto fail = [&](ErrorCode code, std::string_view sentence) {
    reply.code = static_cast<std::uint32_t>(code);
    put(sentence, reply.sentence);
  };
  set_usual_limits(request.limits);
  try {
    const std::span bytes(memory.picture, request.bytes);
    if (request.operation == Operation::inspect) {
      reply.header = inspect(bytes);
      reply.ended = reply.header.ended ? 1 : 0;
    } else {
      const Image image = made(request, bytes);
      std::memcpy(memory.pixels, image.rgb.data(), image.rgb.size());
      reply.width = image.width;
      reply.height = image.height;
    }
    reply.done = 1;
  } catch (const Error& error) {
    // A library that gets no memory says `io`. This process opens nothing, so it is nothing else.
    const bool no_memory = error.code() == ErrorCode::io;
    fail(no_memory ? ErrorCode::unsupported : error.code(), error.what());
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::unsupported, "there is not enough memory for it");
  } catch (const std::exception& error) {
    fail(ErrorCode::corrupt, error.what());
  }
  return reply;
}

template <class Message>
bool send(const Message& message) {
  return ::send(kSocket, &message, sizeof message, MSG_NOSIGNAL) ==
         static_cast<ssize_t>(sizeof message);
}

bool receive(Request& request) {
  ssize_t size = 0;
  do {
    size = ::recv(kSocket, &request, sizeof request, 0);
  } while (size < 0 && errno == EINTR);
  return size == static_cast<ssize_t>(sizeof request) && request.bytes <= kPixelsAt;
}

}  // namespace

int work_as_decoder() {
  // Its parent ends it, by closing the socket: it is still needed while the parent finishes open
  // requests.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) std::signal(signal, SIG_IGN);
  const auto memory = map_memory();
  if (!memory) return 1;
  simd_level();  // looks at the environment, once
  decode_every_format_here();
  const Sandbox sandbox = enter_sandbox(kFurtherBytes);
  Greeting greeting;
  greeting.seccomp = sandbox.seccomp ? 1 : 0;
  greeting.landlock = sandbox.landlock ? 1 : 0;
  greeting.limits = sandbox.limits ? 1 : 0;
  put(sandbox.missing, greeting.missing);
  if (!send(greeting)) return 1;
  Request request;
  while (receive(request)) {
    ::alarm(kAlarmSeconds);
    if (!send(answer(request, *memory))) return 1;
    ::alarm(0);
  }
  return 0;
}

}  // namespace alike::image
