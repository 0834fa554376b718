// One committed version of a collection, which a whole answer is made from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/matrix.h"
#include "alike/collection/collection.h"

namespace alike::collection {

/// All answers of a view belong to the same version, also while a writer goes on. Made in
/// microseconds; to be kept for one answer, since a writer's checkpoint waits for it. One thread at
/// a time. Every function throws `VersionGone` where files of the version have been replaced.
class View {
 public:
  explicit View(const Collection& collection);
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View();

  /// As the functions of the same name of `Collection`.
  std::vector<Space> spaces() const;
  Space space(const std::string& name = {}) const;
  std::vector<MapEntry> maps() const;
  std::optional<Item> item(ItemId id) const;
  std::optional<Item> item_at(const std::string& path) const;
  std::vector<Item> items(std::span<const ItemId> ids) const;
  std::uint64_t item_count() const;
  std::vector<ItemId> matching(const std::string& expression) const;
  /// The first `most` ids above `after`, ascending; costs no more than those.
  std::vector<ItemId> ids_after(ItemId after, std::size_t most) const;
  /// The largest id, −1 where there are no items.
  ItemId last_id() const;
  std::vector<std::pair<std::string, std::uint64_t>> labels() const;
  std::vector<Skipped> skipped() const;
  /// As `Catalog::excludes`.
  std::vector<std::string> excludes() const;
  std::shared_ptr<const index::RowSource> rows(const std::string& space = {}) const;
  SpaceIndex index(const std::string& space = {}) const;
  std::optional<std::vector<float>> row(ItemId id, const std::string& space = {}) const;
  std::optional<encode::Pca> pca(const std::string& space = {}) const;
  /// Throws `invalid_argument`, with the way out, where the rows of `space` were not made with
  /// `package`.
  void check_package(const Space& space, const encode::Package& package) const;

  /// The rows of several items as (ids, width of the space); `there[i]` is false, and row i zero,
  /// where item i has none.
  Matrix rows_of(std::span<const ItemId> ids, const std::string& space,
                 std::vector<bool>& there) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A version that a writer has replaced before all of it was read: ask a newer one.
class VersionGone : public Error {
 public:
  explicit VersionGone(const std::string& sentence) : Error(ErrorCode::busy, sentence) {}
};

/// The result of `answer` on one version of the collection; on a newer one where that has gone
/// meanwhile. `answer` is called again then, and has to begin from the start.
template <class Answer>
auto read(const Collection& collection, const Answer& answer) {
  constexpr int kTries = 20;
  for (int i = 1; i < kTries; ++i) {
    try {
      const View view(collection);
      return answer(view);
    } catch (const VersionGone&) {
      // The next view is of a newer version.
    }
  }
  const View view(collection);
  return answer(view);
}

}  // namespace alike::collection
