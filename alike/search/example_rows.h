// Examples of a query → the query row.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "alike/collection/view.h"
#include "alike/encode/run/embedding.h"
#include "alike/search/query.h"

namespace alike::search {

/// Makes rows of a space from pictures and items of a query. An encoder is loaded at the first
/// picture of its space and kept; a picture shared by several examples is embedded once.
/// Safe from several threads.
class ExampleRows {
 public:
  /// `streams`: as of encode::EncoderOptions.
  ExampleRows(std::shared_ptr<const collection::Collection> collection, int streams);

  /// One example: its row. Several: as `combined_row` (combined_row.h). Throws as
  /// `Searcher::search`.
  std::vector<float> row(const Query& query, const collection::Space& space,
                         const collection::View& view);

 private:
  /// Rows of given bytes: where they begin, how many, and whether of the query's region alone.
  using Given = std::map<std::tuple<const std::byte*, std::size_t, bool>, std::vector<float>>;
  /// The space and encoder of one query, and the rows made so far.
  struct Place {
    const collection::Space& space;
    const collection::View& view;
    Given given{};
  };
  std::vector<float> row_of(const Example& example, const std::optional<image::Box>& region,
                            Place& place);
  std::vector<float> row_of_item(collection::ItemId id, const std::optional<image::Box>& region,
                                 const Place& place);
  std::vector<float> row_of_picture(const std::filesystem::path& file,
                                    const std::optional<image::Box>& region, const Place& place);
  std::vector<float> row_of_given(std::span<const std::byte> picture,
                                  const std::optional<image::Box>& region, Place& place);
  std::vector<float> row_of_bytes(std::span<const std::byte> picture, const std::string& name,
                                  const std::optional<image::Box>& region, const Place& place);
  std::shared_ptr<const encode::Embedder> embedder(const Place& place);

  std::shared_ptr<const collection::Collection> collection_;
  int streams_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const encode::Embedder>>
      embedders_;  // by the text of `maker`
};

}  // namespace alike::search
