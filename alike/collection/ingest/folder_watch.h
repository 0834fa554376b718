// Waiting until something changes in a folder or below it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <utility>

namespace alike::collection {

/// Linux's inotify on every folder of a tree. Not for several threads. Where the system has no room
/// for so many watches, a change is assumed every ten seconds.
class FolderWatch {
 public:
  /// Watches `root` and all below it but hidden folders and `exclude`.
  FolderWatch(const std::filesystem::path& root, const std::filesystem::path& exclude);
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;
  ~FolderWatch();

  /// Returns true half a second after the last of some changes since the construction or the last
  /// call, false when `stop` is requested. Throws `not_found` when `root` is gone, or another
  /// folder stands in its place.
  bool wait(const std::stop_token& stop);

 private:
  void watch_all();
  bool read_events();
  void check_there() const;

  std::filesystem::path root_;
  std::filesystem::path exclude_;
  std::pair<std::uint64_t, std::uint64_t> identity_;  // device and number of `root_`
  int descriptor_ = -1;
  bool complete_ = true;
};

}  // namespace alike::collection
