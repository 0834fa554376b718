#include "alike/index/live/live_rows.h"

#include <algorithm>
#include <map>

namespace alike::index {
namespace {

constexpr std::size_t kBlockBytes = 256 << 10;

}  // namespace

RowBlock LiveRows::block(std::size_t i) const {
  const Block& block = blocks_[i];
  return {block.ids->data(), block.values->data(), block.values->rows(),
          block.dead ? block.dead->data() : nullptr};
}

std::vector<LiveRows::Place> LiveRows::append(std::span<const std::int64_t> ids, MatrixView rows,
                                              std::size_t first_open) {
  const std::size_t most = std::max<std::size_t>(1, kBlockBytes / (width_ * sizeof(float)));
  std::vector<Place> places;
  for (std::size_t done = 0; done < rows.rows;) {
    const bool room = blocks_.size() > first_open && blocks_.back().values->rows() < most;
    if (!room) blocks_.push_back({});
    Block& last = blocks_.back();
    const std::size_t before = room ? last.values->rows() : 0;
    const std::size_t count = std::min(most - before, rows.rows - done);
    auto values = std::make_shared<Matrix>(before + count, width_);
    auto all_ids = std::make_shared<std::vector<std::int64_t>>();
    if (room) {
      std::copy_n(last.values->data(), before * width_, values->data());
      *all_ids = *last.ids;
    }
    std::copy_n(rows.data + done * width_, count * width_, values->data() + before * width_);
    for (std::size_t i = 0; i < count; ++i) {
      all_ids->push_back(ids[done + i]);
      places.push_back({blocks_.size() - 1, before + i});
    }
    if (last.dead) {
      auto dead = std::make_shared<std::vector<std::uint8_t>>(*last.dead);
      dead->resize(before + count);
      last.dead = std::move(dead);
    }
    last.ids = std::move(all_ids);
    last.values = std::move(values);
    done += count;
  }
  rows_ += rows.rows;
  return places;
}

void LiveRows::bury(std::span<const Place> places) {
  std::map<std::size_t, std::vector<std::size_t>> by_block;
  for (const auto& [block, row] : places) by_block[block].push_back(row);
  for (const auto& [number, gone] : by_block) {
    Block& block = blocks_[number];
    auto dead = block.dead ? std::make_shared<std::vector<std::uint8_t>>(*block.dead)
                           : std::make_shared<std::vector<std::uint8_t>>(block.values->rows());
    for (const std::size_t row : gone) (*dead)[row] = 1;
    block.dead = std::move(dead);
  }
  dead_ += places.size();
}

void LiveRows::append_alive(const LiveRows& other, std::size_t begin, std::size_t end,
                            std::size_t first_open) {
  for (std::size_t b = begin; b < end; ++b) {
    const RowBlock from = other.block(b);
    std::vector<std::int64_t> ids;
    std::vector<float> values;
    for (std::size_t r = 0; r < from.rows; ++r) {
      if (from.dead != nullptr && from.dead[r] != 0) continue;
      ids.push_back(from.ids[r]);
      values.insert(values.end(), from.values + r * width_, from.values + (r + 1) * width_);
    }
    append(ids, {values.data(), ids.size(), width_}, first_open);
  }
}

}  // namespace alike::index
