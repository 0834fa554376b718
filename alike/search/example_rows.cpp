#include "alike/search/example_rows.h"

#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/text.h"
#include "alike/collection/ingest/space_embedder.h"
#include "alike/image/decode.h"
#include "alike/index/combined_row.h"
#include "alike/search/bad_example.h"

namespace alike::search {
namespace {

namespace fs = std::filesystem;

std::string in_quotes(std::string_view bytes) { return "'" + valid_utf8(bytes) + "'"; }

void refuse_what_is_no_file(const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) {
    throw Error(ErrorCode::invalid_argument,
                in_quotes(file.native()) + " is a folder; give a picture file or id:N");
  }
  if (!fs::exists(file, ignored)) {
    throw Error(ErrorCode::not_found, in_quotes(file.native()) +
                                          " is not a file; give a picture file, or id:N for a "
                                          "picture of the collection");
  }
}

/// A text that names the embedder of `space`: spaces of the same text share one.
std::string maker(const collection::Space& space, const std::optional<encode::Pca>& pca) {
  const std::string transform = pca ? std::to_string(checksum(pca->bytes())) : "";
  return space.encoder + '\n' + space.model_sha256 + '\n' + space.layer + '\n' +
         std::string(encode::name_of(space.pooling)) + '\n' + transform + '\n' +
         std::string(index::name_of(space.metric));
}

}  // namespace

ExampleRows::ExampleRows(std::shared_ptr<const collection::Collection> collection, int streams)
    : collection_(std::move(collection)), streams_(streams) {}

std::vector<float> ExampleRows::row(const Query& query, const collection::Space& space,
                                    const collection::View& view) {
  Place place{space, view};
  std::vector<std::vector<float>> wanted, unwanted;
  for (const Example& example : query.examples) {
    const bool first = example.positive && wanted.empty();
    auto row = row_of(example, first ? query.region : std::nullopt, place);
    if (query.examples.size() == 1) return row;
    (example.positive ? wanted : unwanted).push_back(std::move(row));
  }
  return index::combined_row(wanted, unwanted);
}

std::vector<float> ExampleRows::row_of(const Example& example,
                                       const std::optional<image::Box>& region, Place& place) {
  switch (example.kind) {
    case Example::Kind::item: return row_of_item(example.id, region, place);
    case Example::Kind::picture: return row_of_picture(example.file, region, place);
    case Example::Kind::bytes: return row_of_given(example.bytes, region, place);
    case Example::Kind::text: break;
  }
  throw Error(ErrorCode::unsupported, in_quotes(example.text) +
                                          " is neither a file nor id:N, and there is no encoder "
                                          "of words yet; give a picture file or id:N");
}

std::vector<float> ExampleRows::row_of_item(collection::ItemId id,
                                            const std::optional<image::Box>& region,
                                            const Place& place) {
  const auto& [space, view, given] = place;
  const std::string name = "id:" + std::to_string(id);
  const auto item = view.item(id);
  if (!item) {
    throw Error(ErrorCode::not_found,
                name + " is not in the collection; search a picture to see the ids of others");
  }
  if (region) {
    if (item->path.empty()) {
      throw Error(ErrorCode::unsupported,
                  name + " is a row without a picture; leave the region out");
    }
    return row_of_picture(collection_->picture_file(*item), region, place);
  }
  if (auto row = view.row(id, space.name)) return std::move(*row);
  const std::string sentence = name + " has no row in the space '" + space.name + "'";
  if (space.encoder.empty()) {
    throw Error(ErrorCode::not_found, sentence + "; search it in another space");
  }
  throw Error(ErrorCode::not_found, sentence + " yet",
              Remedy{"index", {"--space", space.name}, "to add it"});
}

std::vector<float> ExampleRows::row_of_picture(const fs::path& file,
                                               const std::optional<image::Box>& region,
                                               const Place& place) {
  embedder(place);  // a space without an encoder says so, whatever the file is
  refuse_what_is_no_file(file);
  return row_of_bytes(read_file(file, image::kMaxFileBytes), in_quotes(file.native()), region,
                      place);
}

std::vector<float> ExampleRows::row_of_given(std::span<const std::byte> picture,
                                             const std::optional<image::Box>& region,
                                             Place& place) {
  auto& row = place.given[{picture.data(), picture.size(), region.has_value()}];
  if (!row.empty()) return row;
  embedder(place);  // a fault of the encoder is none of the picture
  try {
    row = row_of_bytes(picture, "the picture", region, place);
    return row;
  } catch (const Error& error) {
    throw BadExample(error.code(), error.what(), error.remedy());
  }
}

std::vector<float> ExampleRows::row_of_bytes(std::span<const std::byte> picture,
                                             const std::string& name,
                                             const std::optional<image::Box>& region,
                                             const Place& place) {
  const auto encoder = embedder(place);
  std::vector<float> row(encoder->width());
  try {
    encoder->embed(picture, row, region);
  } catch (const Error& error) {
    throw Error(error.code(), name + ": " + error.what(), error.remedy());
  }
  return row;
}

std::shared_ptr<const encode::Embedder> ExampleRows::embedder(const Place& place) {
  const auto& [space, view, given] = place;
  auto pca = view.pca(space.name);
  const std::lock_guard lock(mutex_);
  auto& kept = embedders_[maker(space, pca)];
  if (!kept) {
    kept = std::make_shared<const encode::Embedder>(
        collection::embedder_of(view, space, std::move(pca), streams_));
  }
  return kept;
}

}  // namespace alike::search
