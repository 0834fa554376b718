// One worker of `IsolatedDecoder`, seen from outside; its replies are untrusted. Private.
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/process.h"
#include "alike/image/isolated/decoder_protocol.h"
#include "alike/image/isolated/isolated_decoder.h"

namespace alike::image {

/// A descriptor, closed on destruction.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();
  int number() const { return number_; }

 private:
  int number_;
};

/// One thread at a time.
class DecoderProcess {
 public:
  /// Starts it and waits for its greeting. Throws `io`, `not_found`.
  explicit DecoderProcess(const IsolationOptions& options);

  const Sandbox& sandbox() const { return sandbox_; }
  /// Whether it waits for the next picture, as far as can be seen.
  bool is_there() const;

  /// Each throws `WorkerLost` where it dies, is late or answers nonsense, and the picture's own
  /// error else.
  Header inspect(std::span<const std::byte> bytes, std::chrono::milliseconds patience);
  Image prepare(std::span<const std::byte> bytes, const Framing& framing,
                const std::optional<Box>& region, std::chrono::milliseconds patience);
  Image thumbnail(std::span<const std::byte> bytes, int width, int height,
                  std::chrono::milliseconds patience);

 private:
  using Ends = std::pair<Descriptor, Descriptor>;  // here, there

  DecoderProcess(const IsolationOptions& options, Ends ends);
  void start(const IsolationOptions& options, const Descriptor& there);
  void greet(const IsolationOptions& options);
  protocol::Reply ask(protocol::Request request, std::span<const std::byte> bytes,
                      std::chrono::milliseconds patience);
  void put_picture(std::span<const std::byte> bytes) const;
  Image pixels(const protocol::Reply& reply) const;
  /// Gives the memory of large pictures back.
  void forget(std::uint64_t from, std::uint64_t bytes) const;
  template <class Message>
  Message receive(std::chrono::milliseconds patience);
  [[noreturn]] void lose_dead();

  Descriptor memory_;
  Descriptor socket_;
  std::unique_ptr<Process> process_;
  Sandbox sandbox_;
};

}  // namespace alike::image
