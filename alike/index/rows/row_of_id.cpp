#include "alike/index/rows/row_of_id.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace alike::index {
namespace {

/// Whether all ids of `rows`, block by block, ascend and no block is empty.
bool ascending(const RowSource& rows) {
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (std::size_t b = 0; b < rows.block_count(); ++b) {
    const RowBlock keys = rows.keys(b);
    if (keys.rows == 0) return false;
    for (std::size_t r = 0; r < keys.rows; ++r) {
      if ((b > 0 || r > 0) && keys.ids[r] <= last) return false;
      last = keys.ids[r];
    }
  }
  return true;
}

/// The first of `keys` with an id not below `id`. Where ids have few gaps it is about as far from
/// the start as `id` is above the first one.
std::size_t row_from(const RowBlock& keys, std::int64_t id) {
  const std::int64_t* ids = keys.ids;
  if (id <= ids[0]) return 0;
  const auto above = static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(ids[0]);
  const std::size_t guess = std::min<std::uint64_t>(above, keys.rows - 1);
  if (ids[guess] == id) return guess;
  const std::int64_t* end = ids[guess] < id ? ids + keys.rows : ids + guess;
  return static_cast<std::size_t>(std::lower_bound(ids, end, id) - ids);
}

}  // namespace

RowOfId::RowOfId(std::shared_ptr<const RowSource> rows) : rows_(std::move(rows)) {
  std::size_t first = 0;
  for (std::size_t b = 0; b < rows_->block_count(); ++b) {
    first_nodes_.push_back(static_cast<Node>(first));
    first += rows_->block_rows(b);
  }
  if (rows_->block_count() > 0) usual_rows_ = std::max<std::size_t>(1, rows_->block_rows(0));
}

void RowOfId::learn() const {
  if (ascending(*rows_)) {
    for (std::size_t b = 0; b < rows_->block_count(); ++b) {
      first_ids_.push_back(rows_->keys(b).ids[0]);
    }
    return;
  }
  std::size_t count = 0;
  for (std::size_t b = 0; b < rows_->block_count(); ++b) count += rows_->block_rows(b);
  by_id_.resize(count);
  std::iota(by_id_.begin(), by_id_.end(), Node{0});
  std::stable_sort(by_id_.begin(), by_id_.end(),
                   [this](Node a, Node b) { return id_of(a) < id_of(b); });
}

RowOfId::Place RowOfId::place(Node node) const {
  // Nearly always all blocks are as long as the first one.
  const std::size_t guess = node / usual_rows_;
  if (guess + 1 < first_nodes_.size() && first_nodes_[guess] <= node &&
      node < first_nodes_[guess + 1]) {
    return {guess, node - first_nodes_[guess]};
  }
  const auto after = std::upper_bound(first_nodes_.begin(), first_nodes_.end(), node);
  const auto block = static_cast<std::size_t>(after - first_nodes_.begin()) - 1;
  return {block, node - first_nodes_[block]};
}

std::int64_t RowOfId::id_of(Node node) const {
  const auto [block, row] = place(node);
  return rows_->keys(block).ids[row];
}

std::vector<Node> RowOfId::find(std::span<const std::int64_t> ids) const {
  std::call_once(learnt_, [this] { learn(); });
  std::vector<Node> found;
  found.reserve(ids.size());
  if (by_id_.empty()) {
    find_ascending(ids, found);
  } else {
    find_sorted(ids, found);
  }
  return found;
}

std::size_t RowOfId::blocks_up_to(std::int64_t id, std::size_t from) const {
  if (id >= first_ids_[from]) {
    // As `row_from`: where ids have few gaps.
    const auto above =
        static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(first_ids_[from]);
    const std::size_t guess = from + above / usual_rows_;
    if (guess + 1 < first_ids_.size() && first_ids_[guess] <= id && id < first_ids_[guess + 1]) {
      return guess + 1;
    }
  }
  const auto after = std::upper_bound(first_ids_.begin() + static_cast<std::ptrdiff_t>(from),
                                      first_ids_.end(), id);
  return static_cast<std::size_t>(after - first_ids_.begin());
}

void RowOfId::find_ascending(std::span<const std::int64_t> ids, std::vector<Node>& found) const {
  std::size_t block = 0;
  for (std::size_t i = 0; i < ids.size() && !first_ids_.empty();) {
    const std::size_t after = blocks_up_to(ids[i], block);
    if (after == 0) {  // below all
      ++i;
      continue;
    }
    block = after - 1;
    const RowBlock keys = rows_->keys(block);
    for (; i < ids.size() && (after == first_ids_.size() || ids[i] < first_ids_[after]); ++i) {
      const std::size_t row = row_from(keys, ids[i]);
      if (row < keys.rows && keys.ids[row] == ids[i]) add(block, keys, row, found);
    }
  }
}

void RowOfId::find_sorted(std::span<const std::int64_t> ids, std::vector<Node>& found) const {
  auto from = by_id_.begin();
  for (const std::int64_t id : ids) {
    from = std::lower_bound(from, by_id_.end(), id, [this](Node node, std::int64_t wanted) {
      return id_of(node) < wanted;
    });
    for (; from != by_id_.end() && id_of(*from) == id; ++from) {
      const auto [block, row] = place(*from);
      add(block, rows_->keys(block), row, found);
    }
  }
}

void RowOfId::add(std::size_t block, const RowBlock& keys, std::size_t row,
                  std::vector<Node>& found) const {
  if (keys.dead == nullptr || keys.dead[row] == 0) {
    found.push_back(first_nodes_[block] + static_cast<Node>(row));
  }
}

}  // namespace alike::index
