#include "alike/image/isolated/isolated_decoder.h"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "alike/base/error.h"
#include "alike/image/isolated/decoder_process.h"

namespace alike::image {
namespace {

constexpr std::size_t kMostFree = 16;  ///< Workers that wait for pictures.
/// Steps of nice(1) by which a thread lets all others go first, as those of jobs do (serve/).
constexpr int kBehindOthers = 15;

int niceness_of_this_thread() { return ::getpriority(PRIO_PROCESS, 0); }

}  // namespace

IsolatedDecoder::IsolatedDecoder(IsolationOptions options)
    : options_(std::move(options)), niceness_(niceness_of_this_thread()) {
  auto first = std::make_unique<DecoderProcess>(options_);
  sandbox_ = first->sandbox();
  if (name_of(sandbox_) == "none") {
    throw Error(ErrorCode::unsupported,
                "this system cannot confine a process that decodes (" + sandbox_.missing + ")");
  }
  free_[niceness_].push_back(std::move(first));
}

IsolatedDecoder::~IsolatedDecoder() = default;

std::unique_ptr<DecoderProcess> IsolatedDecoder::take(int niceness) const {
  {
    const std::lock_guard lock(mutex_);
    auto& workers = free_[niceness];
    while (!workers.empty()) {
      auto worker = std::move(workers.back());
      workers.pop_back();
      if (worker->is_there()) return worker;
    }
  }
  return std::make_unique<DecoderProcess>(options_);
}

template <class Ask>
auto IsolatedDecoder::with_worker(const Ask& ask) const {
  const int niceness = niceness_of_this_thread();
  const bool behind = niceness - niceness_ >= kBehindOthers;
  const auto patience = behind ? options_.patience_behind_others : options_.patience;
  auto worker = take(niceness);
  const auto give_back = [&] {
    const std::lock_guard lock(mutex_);
    auto& workers = free_[niceness];
    if (workers.size() < kMostFree) workers.push_back(std::move(worker));
  };
  try {
    auto result = ask(*worker, patience);
    give_back();
    return result;
  } catch (const WorkerLost&) {
    throw;
  } catch (const Error&) {
    give_back();
    throw;
  }
}

Header IsolatedDecoder::inspect(std::span<const std::byte> bytes) const {
  return with_worker(
      [&](DecoderProcess& worker, auto patience) { return worker.inspect(bytes, patience); });
}

Image IsolatedDecoder::prepare(std::span<const std::byte> bytes, const Framing& framing,
                               const std::optional<Box>& region) const {
  return with_worker([&](DecoderProcess& worker, auto patience) {
    return worker.prepare(bytes, framing, region, patience);
  });
}

Image IsolatedDecoder::thumbnail(std::span<const std::byte> bytes, int width, int height) const {
  return with_worker([&](DecoderProcess& worker, auto patience) {
    return worker.thumbnail(bytes, width, height, patience);
  });
}

Isolation isolation(const IsolationOptions& options) {
  try {
    const IsolatedDecoder decoder(options);
    return {name_of(decoder.sandbox()), decoder.sandbox().missing};
  } catch (const Error& error) {
    return {"none", error.what()};
  }
}

}  // namespace alike::image
