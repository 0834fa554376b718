#include "alike/image/isolated/decoder_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "alike/base/text.h"

namespace alike::image {
namespace {

using namespace protocol;
using Milliseconds = std::chrono::milliseconds;

/// A worker keeps this much of its memory for the next picture.
constexpr std::uint64_t kKeptBytes = 16 << 20;

Descriptor make_memory() {
  constexpr unsigned kNoExecution = 8;  // MFD_NOEXEC_SEAL, since Linux 6.3
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int number = ::memfd_create("alike-picture", kFlags | kNoExecution);
  if (number < 0 && errno == EINVAL) number = ::memfd_create("alike-picture", kFlags);
  Descriptor memory(number);
  const bool done = number >= 0 && ::ftruncate(number, static_cast<off_t>(kMemoryBytes)) == 0 &&
                    ::fcntl(number, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
  if (!done) throw_system_error("cannot make memory for", "a decoder", errno);
  return memory;
}

/// (here, there)
std::pair<Descriptor, Descriptor> make_ends() {
  std::array<int, 2> numbers{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, numbers.data()) != 0) {
    throw_system_error("cannot make a socket for", "a decoder", errno);
  }
  return {Descriptor(numbers[0]), Descriptor(numbers[1])};
}

std::string text_of(const Sentence& sentence) {
  return valid_utf8({sentence.begin(), std::find(sentence.begin(), sentence.end(), '\0')});
}

[[noreturn]] void lose_nonsense() {
  throw WorkerLost(ErrorCode::corrupt,
                   "the picture confused the process that decodes it; it is left out");
}

std::uint64_t area(int width, int height) {
  return static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
}

bool is_possible(const Header& header) {
  const Limits& limits = usual_limits();
  return static_cast<std::size_t>(header.format) < kFormats && header.width > 0 &&
         header.height > 0 && std::max(header.width, header.height) <= limits.max_side &&
         area(header.width, header.height) <= limits.max_pixels && header.orientation >= 1 &&
         header.orientation <= 8;
}

/// The picture's own error; other codes of a worker are not believed.
[[noreturn]] void throw_of(const Reply& reply) {
  const auto code = static_cast<ErrorCode>(reply.code);
  const bool believed = code == ErrorCode::invalid_argument || code == ErrorCode::corrupt ||
                        code == ErrorCode::unsupported;
  if (!believed) lose_nonsense();
  throw Error(code, text_of(reply.sentence));
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

DecoderProcess::DecoderProcess(const IsolationOptions& options)
    : DecoderProcess(options, make_ends()) {}

DecoderProcess::DecoderProcess(const IsolationOptions& options, Ends ends)
    : memory_(make_memory()), socket_(std::move(ends.first)) {
  {
    const Descriptor there = std::move(ends.second);  // closed before the worker can end, which
    start(options, there);                            // would not be seen otherwise
  }
  greet(options);
}

void DecoderProcess::start(const IsolationOptions& options, const Descriptor& there) {
  constexpr auto kKept = std::to_array<std::string_view>({"LD_LIBRARY_PATH", "ALIKE_SIMD"});
  ProcessOptions start;
  start.program = options.program;
  start.arguments = options.arguments;
  start.environment = clean_environment(kKept);
  start.folder = "/";
  start.descriptors = {there.number(), memory_.number()};
  process_ = std::make_unique<Process>(start);
}

void DecoderProcess::greet(const IsolationOptions& options) {
  Greeting greeting;
  greeting.mark = 0;
  try {
    greeting = receive<Greeting>(options.patience);
  } catch (const WorkerLost&) {  // which speaks of a picture
  }
  if (greeting.mark != Greeting::kMark) {
    throw Error(ErrorCode::io,
                "'" + options.program.native() + "' does not start as a decoder of pictures");
  }
  sandbox_ = {greeting.seccomp != 0, greeting.landlock != 0, greeting.limits != 0,
              text_of(greeting.missing)};
}

bool DecoderProcess::is_there() const {
  pollfd waiting{socket_.number(), POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 0;  // an end, or an unexpected message, is a failure
}

template <class Message>
Message DecoderProcess::receive(Milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + patience;
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(until - Clock::now());
    pollfd waiting{socket_.number(), POLLIN, 0};
    const int ready = left.count() > 0 ? ::poll(&waiting, 1, static_cast<int>(left.count())) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) break;
    std::array<std::byte, sizeof(Message) + 1> bytes{};
    const ssize_t size = ::recv(socket_.number(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size <= 0) lose_dead();
    if (size != static_cast<ssize_t>(sizeof(Message))) lose_nonsense();
    Message message;
    std::memcpy(&message, bytes.data(), sizeof message);
    return message;
  }
  process_->kill();
  throw WorkerLost(ErrorCode::unsupported,
                   "the picture took longer than " + std::to_string(patience.count() / 1000) +
                       " s to decode, the limit of pictures that a process of its own decodes");
}

void DecoderProcess::lose_dead() {
  const ProcessEnd end = process_->kill();
  throw WorkerLost(ErrorCode::corrupt,
                   "the process that decoded the picture ended (" +
                       (end.signal != 0 ? "signal " + std::to_string(end.signal)
                                        : "exit code " + std::to_string(end.code)) +
                       "); the picture is left out");
}

void DecoderProcess::put_picture(std::span<const std::byte> bytes) const {
  std::size_t put = 0;
  while (put < bytes.size()) {
    const auto rest = bytes.subspan(put);
    const ssize_t size =
        ::pwrite(memory_.number(), rest.data(), rest.size(), static_cast<off_t>(put));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) throw_system_error("cannot hand a picture to", "a decoder", errno);
    put += static_cast<std::size_t>(size);
  }
}

void DecoderProcess::forget(std::uint64_t from, std::uint64_t bytes) const {
  if (bytes <= kKeptBytes) return;
  ::fallocate(memory_.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
              static_cast<off_t>(from + kKeptBytes), static_cast<off_t>(bytes - kKeptBytes));
}

Reply DecoderProcess::ask(Request request, std::span<const std::byte> bytes,
                          Milliseconds patience) {
  if (bytes.size() > kMaxFileBytes) {
    throw Error(ErrorCode::unsupported, "the picture has " + std::to_string(bytes.size()) +
                                            " bytes; alike reads at most " +
                                            std::to_string(kMaxFileBytes));
  }
  request.bytes = bytes.size();
  request.limits = usual_limits();
  put_picture(bytes);
  if (::send(socket_.number(), &request, sizeof request, MSG_NOSIGNAL) < 0) lose_dead();
  const auto reply = receive<Reply>(patience);
  forget(0, bytes.size());
  if (reply.done == 0) throw_of(reply);
  return reply;
}

Image DecoderProcess::pixels(const Reply& reply) const {
  const std::uint64_t bytes = 3 * area(reply.width, reply.height);
  if (bytes > kMaxPixelBytes) lose_nonsense();
  Image image{reply.width, reply.height, std::vector<std::uint8_t>(bytes)};
  std::size_t got = 0;
  while (got < bytes) {
    const ssize_t size = ::pread(memory_.number(), image.rgb.data() + got, bytes - got,
                                 static_cast<off_t>(kPixelsAt + got));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) throw_system_error("cannot take pixels from", "a decoder", errno);
    got += static_cast<std::size_t>(size);
  }
  forget(kPixelsAt, bytes);
  return image;
}

Header DecoderProcess::inspect(std::span<const std::byte> bytes, Milliseconds patience) {
  Reply reply = ask({.operation = Operation::inspect}, bytes, patience);
  reply.header.ended = reply.ended != 0;
  if (!is_possible(reply.header)) lose_nonsense();
  return reply.header;
}

Image DecoderProcess::prepare(std::span<const std::byte> bytes, const Framing& framing,
                              const std::optional<Box>& region, Milliseconds patience) {
  if (framing.size > 0 && 3 * area(framing.size, framing.size) > kMaxPixelBytes) {
    throw Error(
        ErrorCode::unsupported,
        "a side of " + std::to_string(framing.size) +
            " pixels is more than a process of its own hands back; decode without --isolate");
  }
  const Reply reply = ask({.operation = Operation::prepare,
                           .framing = framing,
                           .has_region = region.has_value(),
                           .region = region.value_or(Box{})},
                          bytes, patience);
  if (reply.width != framing.size || reply.height != framing.size) lose_nonsense();
  return pixels(reply);
}

Image DecoderProcess::thumbnail(std::span<const std::byte> bytes, int width, int height,
                                Milliseconds patience) {
  const Reply reply =
      ask({.operation = Operation::thumbnail, .width = width, .height = height}, bytes, patience);
  if (reply.width < 1 || reply.width > width || reply.height < 1 || reply.height > height) {
    lose_nonsense();
  }
  return pixels(reply);
}

}  // namespace alike::image
