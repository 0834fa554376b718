// Pictures decoded by other processes, which have no access to files or network.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "alike/base/sandbox.h"
#include "alike/image/isolated/picture_decoder.h"

namespace alike::image {

class DecoderProcess;

/// Which program decodes, and how long it may take.
struct IsolationOptions {
  /// Absolute. A program that, started with `arguments`, returns the exit code of
  /// `work_as_decoder` (decode_worker.h). `alike` itself is one.
  std::filesystem::path program = "/proc/self/exe";
  std::vector<std::string> arguments{"worker", "decode"};
  /// By the clock on the wall, for one picture.
  std::chrono::milliseconds patience{8'000};
  /// The same for a thread that lets all others go first (base/priority.h), as those of jobs do.
  std::chrono::milliseconds patience_behind_others{60'000};
};

/// Hands each picture to a worker: a process of its own for each thread that decodes at the same
/// time, kept for the next picture. A picture that crashes its worker is `corrupt`; one that takes
/// longer than the patience or more memory than 2 GiB is `unsupported`; the worker is then started
/// anew. Pixels and errors are otherwise those of this process. Workers end with this object and
/// with this process. Safe from several threads.
class IsolatedDecoder final : public PictureDecoder {
 public:
  /// Starts the first worker. Throws `io` or `not_found` where it does not start, `unsupported`
  /// where the system confines it by neither seccomp nor Landlock nor limits, with the reason.
  explicit IsolatedDecoder(IsolationOptions options = {});
  ~IsolatedDecoder() override;

  /// How far the workers are confined.
  const Sandbox& sandbox() const { return sandbox_; }

  Header inspect(std::span<const std::byte> bytes) const override;
  Image prepare(std::span<const std::byte> bytes, const Framing& framing,
                const std::optional<Box>& region) const override;
  Image thumbnail(std::span<const std::byte> bytes, int width, int height) const override;
  bool decodes_elsewhere() const noexcept override { return true; }

 private:
  /// Asks a free worker by `ask`; keeps it unless that throws `WorkerLost`.
  template <class Ask>
  auto with_worker(const Ask& ask) const;
  std::unique_ptr<DecoderProcess> take(int niceness) const;

  IsolationOptions options_;
  int niceness_;  ///< Of the thread that made this object.
  Sandbox sandbox_;
  mutable std::mutex mutex_;
  /// Free workers, by how far the threads that started them let others go first.
  mutable std::map<int, std::vector<std::unique_ptr<DecoderProcess>>> free_;
};

/// Lets processes as `options` say decode the formats that this process never decodes (`is_apart`);
/// the first is started with the first such picture. Without it such pictures are `unsupported`.
/// Call it before other threads decode.
void decode_apart_with(IsolationOptions options);

/// How pictures would be isolated on this machine: "seccomp+landlock", "seccomp", "landlock",
/// "rlimits" or "none", and why it is not the first of these; "" where it is. Starts a worker.
struct Isolation {
  std::string sandbox;
  std::string reason;
};
Isolation isolation(const IsolationOptions& options = {});

}  // namespace alike::image
