#include "alike/search/example_rows.h"

#include <cmath>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/text.h"
#include "alike/collection/space_embedder.h"
#include "alike/image/decode.h"

namespace alike::search {
namespace {

namespace fs = std::filesystem;

/// What an example against counts beside one for: most right among the 10 nearest, and relatives
/// are still above the relevance line (docs/relevance.md, "Examples against").
constexpr double kAgainst = 0.3;
/// A sum of unit rows shorter than this is what rounding left of examples that cancel out.
constexpr double kNothingLeft = 1e-5;

std::string in_quotes(std::string_view bytes) { return "'" + valid_utf8(bytes) + "'"; }

double length_of(std::span<const float> row) {
  double square = 0;
  for (const double value : row) square += value * value;
  return std::sqrt(square);
}

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

/// What makes rows of `space`: two spaces of the same text have the same embedder.
std::string maker(const collection::Space& space, const std::optional<encode::Pca>& pca) {
  const std::string transform = pca ? std::to_string(checksum(pca->bytes())) : "";
  return space.encoder + '\n' + space.model_sha256 + '\n' + space.layer + '\n' +
         std::string(encode::name_of(space.pooling)) + '\n' + transform + '\n' +
         std::string(index::name_of(space.metric));
}

}  // namespace

ExampleRows::ExampleRows(std::shared_ptr<const collection::Collection> collection)
    : collection_(std::move(collection)) {}

std::vector<float> ExampleRows::row(const Query& query, const collection::Space& space) {
  std::vector<double> wanted(space.width), unwanted(space.width);
  double length_wanted = 0;
  int wanted_count = 0, unwanted_count = 0;
  for (const Example& example : query.examples) {
    const bool first = example.positive && wanted_count == 0;
    auto row = row_of(example, first ? query.region : std::nullopt, space);
    if (query.examples.size() == 1) return row;
    const double length = length_of(row);
    if (example.positive) length_wanted += length;
    ++(example.positive ? wanted_count : unwanted_count);
    auto& sum = example.positive ? wanted : unwanted;
    const double scale = length > 0 ? 1 / length : 0;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += scale * static_cast<double>(row[i]);
  }
  std::vector<float> row(space.width), difference(space.width);
  const double share = unwanted_count > 0 ? 1.0 / unwanted_count : 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = static_cast<float>(wanted[i] / wanted_count - kAgainst * share * unwanted[i]);
    difference[i] = static_cast<float>(wanted[i] / wanted_count - share * unwanted[i]);
  }
  const double length = length_of(row);
  if (length < kNothingLeft || length_of(difference) < kNothingLeft) {
    throw Error(ErrorCode::invalid_argument,
                "the examples cancel out: what is wanted is also unwanted; leave one of them out");
  }
  const double scale = length_wanted / wanted_count / length;
  for (float& value : row) value = static_cast<float>(scale * static_cast<double>(value));
  return row;
}

std::vector<float> ExampleRows::row_of(const Example& example,
                                       const std::optional<image::Box>& region,
                                       const collection::Space& space) {
  switch (example.kind) {
    case Example::Kind::item: return row_of_item(example.id, region, space);
    case Example::Kind::picture: return row_of_picture(example.file, region, space);
    case Example::Kind::text: break;
  }
  throw Error(ErrorCode::unsupported, in_quotes(example.text) +
                                          " is neither a file nor id:N, and there is no encoder "
                                          "of words yet; give a picture file or id:N");
}

std::vector<float> ExampleRows::row_of_item(collection::ItemId id,
                                            const std::optional<image::Box>& region,
                                            const collection::Space& space) {
  const std::string name = "id:" + std::to_string(id);
  const auto item = collection_->item(id);
  if (!item) {
    throw Error(ErrorCode::not_found,
                name + " is not in the collection; search a picture to see the ids of others");
  }
  if (region) {
    if (item->path.empty()) {
      throw Error(ErrorCode::unsupported,
                  name + " is a row without a picture; leave the region out");
    }
    return row_of_picture(collection_->pictures() / item->path, region, space);
  }
  if (auto row = collection_->row(id, space.name)) return std::move(*row);
  throw Error(ErrorCode::not_found,
              name + " has no row in the space '" + space.name + "'" +
                  (space.encoder.empty() ? "; search it in another space"
                                         : " yet; run 'alike index --space " + space.name + "'"));
}

std::vector<float> ExampleRows::row_of_picture(const fs::path& file,
                                               const std::optional<image::Box>& region,
                                               const collection::Space& space) {
  const auto encoder = embedder(space);
  refuse_what_is_no_file(file);
  const auto picture = read_file(file, image::kMaxFileBytes);
  std::vector<float> row(encoder->width());
  try {
    encoder->embed(picture, row, region);
  } catch (const Error& error) {
    throw Error(error.code(), in_quotes(file.native()) + ": " + error.what());
  }
  return row;
}

std::shared_ptr<const encode::Embedder> ExampleRows::embedder(const collection::Space& space) {
  const auto pca = collection_->pca(space.name);
  const std::lock_guard lock(mutex_);
  auto& kept = embedders_[maker(space, pca)];
  if (!kept) {
    kept =
        std::make_shared<const encode::Embedder>(collection::embedder_of(*collection_, space, 1));
  }
  return kept;
}

}  // namespace alike::search
