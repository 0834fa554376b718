// Where the rows of given ids are.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "alike/index/rows/adjacency.h"
#include "alike/index/rows/rows.h"

namespace alike::index {

/// The rows of a source counted over all its blocks, dead ones too, and found by their ids. Safe
/// from several threads. Takes 4 bytes a row once an id was searched, or next to none where ids
/// ascend.
class RowOfId {
 public:
  /// Reads no ids yet.
  explicit RowOfId(std::shared_ptr<const RowSource> rows);

  /// A row as its source has it.
  struct Place {
    std::size_t block;
    std::size_t row;  ///< In the block.
  };
  /// Of a row there is.
  Place place(Node node) const;
  /// The first row of block `block`.
  Node first_of(std::size_t block) const { return first_nodes_[block]; }
  /// Those that are alive and have an id of `ids` (ascending).
  std::vector<Node> find(std::span<const std::int64_t> ids) const;

 private:
  void learn() const;
  std::int64_t id_of(Node node) const;
  /// The number of leading blocks with a first id not above `id`, which is not below the first
  /// id of block `from` unless that is 0.
  std::size_t blocks_up_to(std::int64_t id, std::size_t from) const;
  void find_ascending(std::span<const std::int64_t> ids, std::vector<Node>& found) const;
  void find_sorted(std::span<const std::int64_t> ids, std::vector<Node>& found) const;
  void add(std::size_t block, const RowBlock& keys, std::size_t row,
           std::vector<Node>& found) const;

  std::shared_ptr<const RowSource> rows_;
  std::vector<Node> first_nodes_;  // of each block
  std::size_t usual_rows_ = 1;     // in a block
  mutable std::once_flag learnt_;
  mutable std::vector<std::int64_t> first_ids_;  // of each block, where all ids ascend
  mutable std::vector<Node> by_id_;              // elsewhere
};

}  // namespace alike::index
