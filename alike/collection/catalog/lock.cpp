#include "alike/collection/catalog/lock.h"

#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <string>
#include <thread>

#include "alike/base/error.h"

namespace alike::collection {
namespace {

constexpr int kTries = 25;
/// Where only readers are in the way, which hold it for a moment each.
constexpr int kTriesAmongReaders = 500;
constexpr std::chrono::milliseconds kPause{20};

constexpr const char* kLock = "lock";

File open_lock(const Folder& folder) {
  try {
    return folder.open(kLock, File::Mode::create);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::corrupt) throw;
    throw Error(error.code(), std::string(error.what()) +
                                  "; a process that changes a collection must write there: "
                                  "keep one elsewhere with --collection PATH");
  }
}

/// Whether no writer holds the lock, only barriers of readers do.
bool only_readers(const File& file) {
  if (::flock(file.descriptor(), LOCK_SH | LOCK_NB) != 0) return false;
  ::flock(file.descriptor(), LOCK_UN);
  return true;
}

/// 0 when the file does not say, or its holder has just cleared it.
long holder_of(const Folder& folder) try {
  const File file = folder.open(kLock, File::Mode::read);
  std::array<char, 20> text{};
  const auto size = std::min<std::uint64_t>(file.size(), text.size());
  file.read_at(0, std::as_writable_bytes(std::span(text)).first(size));
  long process = 0;
  std::from_chars(text.data(), text.data() + size, process);
  return process;
} catch (const Error& error) {
  if (error.code() != ErrorCode::corrupt) throw;
  return 0;
}

}  // namespace

WriterLock::WriterLock(const Folder& folder) : file_(open_lock(folder)) {
  for (int i = 0; ::flock(file_.descriptor(), LOCK_EX | LOCK_NB) != 0; ++i) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      throw_system_error("cannot lock", file_.path().native(), errno);
    }
    if (i >= kTries && (i == kTriesAmongReaders || !only_readers(file_))) {
      const long holder = holder_of(folder);
      throw Error(ErrorCode::busy, "process " +
                                       (holder == 0 ? "of unknown id" : std::to_string(holder)) +
                                       " is writing to '" + folder.path().native() +
                                       "'; wait for it, or stop it: its finished work stays");
    }
    std::this_thread::sleep_for(kPause);
  }
  const std::string text = std::to_string(::getpid()) + "\n";
  try {
    file_.resize(0);
    file_.write_at(0, bytes_of(text));
  } catch (const Error& error) {
    // The lock is held all the same, only without the name of its holder.
    if (error.code() != ErrorCode::no_space) throw;
  }
}

WriterLock::~WriterLock() {
  // Ignored on failure: the lock itself goes with the descriptor.
  if (file_.is_open() && ::ftruncate(file_.descriptor(), 0) != 0) return;
}

WriterBarrier::WriterBarrier(const Folder& folder) {
  try {
    file_ = folder.open(kLock, File::Mode::read);
    held_ = ::flock(file_.descriptor(), LOCK_SH | LOCK_NB) == 0;
  } catch (const Error&) {
    held_ = false;
  }
}

std::optional<long> current_writer(const Folder& folder) {
  if (folder.links_of(kLock) == 0) return std::nullopt;
  if (WriterBarrier(folder).held()) return std::nullopt;
  return holder_of(folder);
}

}  // namespace alike::collection
