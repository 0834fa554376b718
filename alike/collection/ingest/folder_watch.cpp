#include "alike/collection/ingest/folder_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "alike/base/error.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_ONLYDIR;
constexpr std::chrono::milliseconds kQuiet{500};
constexpr std::chrono::seconds kLongest{10};

/// {0, 0} where there is nothing.
std::pair<std::uint64_t, std::uint64_t> identity_of(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

}  // namespace

FolderWatch::FolderWatch(const fs::path& root, const fs::path& exclude)
    : root_(root),
      exclude_(exclude),
      identity_(identity_of(root)),
      descriptor_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  watch_all();
}

FolderWatch::~FolderWatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool FolderWatch::wait(const std::stop_token& stop) {
  const auto start = Clock::now();
  auto last = start;
  bool changed = false;
  while (!stop.stop_requested()) {
    pollfd request{descriptor_, POLLIN, 0};
    if (descriptor_ < 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    } else if (::poll(&request, 1, 100) > 0 && read_events()) {
      changed = true;
      last = Clock::now();
    }
    check_there();
    const auto now = Clock::now();
    const bool settled = changed && (now - last >= kQuiet || now - start >= kLongest);
    if (settled || (!complete_ && now - start >= kLongest)) {
      watch_all();
      return true;
    }
  }
  return false;
}

/// The watches are on folders, not on names: those of a folder that was moved see nothing of the
/// one that has its name now.
void FolderWatch::check_there() const {
  const auto now = identity_of(root_);
  if (now == identity_) return;
  const bool gone = now == decltype(now){};
  throw Error(ErrorCode::not_found,
              "the watched folder '" + root_.native() + "' " +
                  (gone ? "is gone; put it back" : "was moved away, and another one has its name"),
              Remedy{"index", {"--watch"}, "to start again then"});
}

void FolderWatch::watch_all() {
  complete_ = descriptor_ >= 0;
  std::vector<fs::path> folders{root_};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    if (descriptor_ >= 0 && inotify_add_watch(descriptor_, folder.c_str(), kEvents) < 0) {
      complete_ = false;
    }
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      std::error_code ignored;
      if (!entries->is_directory(ignored) || entries->is_symlink(ignored)) continue;
      const bool hidden = entries->path().filename().native().starts_with('.');
      if (hidden || fs::equivalent(entries->path(), exclude_, ignored)) continue;
      folders.push_back(entries->path());
    }
    if (error) complete_ = false;  // changes there are looked for from time to time instead
  }
}

bool FolderWatch::read_events() {
  alignas(inotify_event) std::array<char, 16384> buffer{};
  bool seen = false;
  while (::read(descriptor_, buffer.data(), buffer.size()) > 0) seen = true;
  return seen;
}

}  // namespace alike::collection
