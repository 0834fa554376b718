// The served collections, with the open parts of each.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "alike/collection/collection.h"
#include "alike/map/map.h"
#include "alike/map/place.h"
#include "alike/search/searcher.h"

namespace alike::serve {

/// A map with the data for placing pictures on it.
struct OpenMap {
  std::string tag;  ///< Changes with the map.
  map::Map map;
  std::vector<std::string> labels;     ///< Ascending; "" where the picture has none.
  std::vector<std::uint16_t> of;       ///< (n) place in `labels`.
  std::vector<std::int64_t> added_ms;  ///< (n)
  std::unique_ptr<const map::Placer> placer;
};

/// One collection. Safe from several threads.
class OpenCollection {
 public:
  /// `folder`: the `.alike` itself. Throws as `collection::Collection`.
  OpenCollection(std::string id, const std::filesystem::path& folder);

  const std::string& id() const { return id_; }
  /// Before another thread knows of it.
  void set_id(std::string id) { id_ = std::move(id); }
  /// Its name for people: that of the folder of pictures.
  std::string name() const;
  const std::filesystem::path& folder() const { return folder_; }
  /// Throws `not_found` where the collection is not in its folder any more.
  void check_there() const;
  /// Whether another collection is in its folder now.
  bool is_replaced() const;
  const collection::Collection& collection() const { return *collection_; }
  const search::Searcher& searcher() const { return *searcher_; }
  /// Its numbers, at most a second old.
  collection::Status status() const;
  /// It has changed.
  void forget_status() const;
  /// A kept map, read once while it stays the same. Throws as `map::load_map`.
  std::shared_ptr<const OpenMap> map(const std::string& name) const;

 private:
  using Clock = std::chrono::steady_clock;
  using Identity = std::pair<std::uint64_t, std::uint64_t>;  // device and number of a file

  static Identity identity_in(const std::filesystem::path& folder);

  std::string id_;
  std::filesystem::path folder_;
  Identity identity_;  // before it was opened
  std::shared_ptr<const collection::Collection> collection_;
  std::unique_ptr<const search::Searcher> searcher_;
  mutable std::mutex mutex_;
  mutable collection::Status status_;
  mutable Clock::time_point status_at_{};
  mutable std::map<std::string, std::shared_ptr<const OpenMap>> maps_;
};

/// All of them, by their short names. Safe from several threads; opening one, which a slow disk
/// makes slow, does not hold up requests for another.
class OpenCollections {
 public:
  /// Opens the collection in `folder` under a short name made from that of its pictures. Returns
  /// it, or the one of this folder that is open already.
  std::shared_ptr<const OpenCollection> add(const std::filesystem::path& folder);
  /// Opens it anew where it was replaced. Throws `not_found` with all names, and the errors
  /// of opening.
  std::shared_ptr<const OpenCollection> get(const std::string& id) const;
  /// Also those that are not there any more or cannot be opened again.
  std::vector<std::shared_ptr<const OpenCollection>> all() const;

 private:
  std::vector<std::shared_ptr<const OpenCollection>> listed() const;
  /// `open`, or the collection that replaced it in its folder, opened.
  std::shared_ptr<const OpenCollection> as_it_is_now(
      const std::shared_ptr<const OpenCollection>& open) const;

  mutable std::mutex mutex_;
  mutable std::vector<std::shared_ptr<const OpenCollection>> all_;
};

/// "My Photos (2019)" → "my-photos-2019": small letters, digits and dashes, at most 64; "pictures"
/// where nothing is left.
std::string short_name(const std::string& name);

}  // namespace alike::serve
