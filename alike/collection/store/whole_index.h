// An index over mapped files that answers from whole files only.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "alike/index/vector_index.h"

namespace alike::collection {

/// Passes on the result of `inner` unless a file was cut short, or its disk failed, meanwhile: then
/// `check_whole` throws, and no distance measured on lost pages is answered.
class WholeIndex final : public index::VectorIndex {
 public:
  WholeIndex(std::unique_ptr<const index::VectorIndex> inner, std::function<void()> check_whole)
      : inner_(std::move(inner)), check_whole_(std::move(check_whole)) {}

  std::size_t width() const override { return inner_->width(); }
  std::uint64_t size() const override { return inner_->size(); }
  index::SearchResult search(std::span<const float> query,
                             const index::SearchOptions& options) const override {
    auto result = inner_->search(query, options);
    check_whole_();
    return result;
  }
  std::vector<index::SearchResult> search_batch(
      MatrixView queries, const index::SearchOptions& options) const override {
    auto results = inner_->search_batch(queries, options);
    check_whole_();
    return results;
  }

 private:
  std::unique_ptr<const index::VectorIndex> inner_;
  std::function<void()> check_whole_;
};

}  // namespace alike::collection
