#include "alike/serve/query_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/base/json.h"
#include "alike/base/text.h"
#include "alike/image/isolated/picture_decoder.h"
#include "alike/search/bad_example.h"
#include "alike/serve/api.h"
#include "alike/serve/multipart.h"
#include "alike/serve/picture_file.h"

namespace alike::serve {
namespace {

constexpr std::size_t kMostPictures = 8, kMostExamples = 32;
constexpr std::int64_t kMostResults = 1000;
constexpr std::uint64_t kBytesOfPixel = 3;

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

std::int64_t whole(const json::value& value, const std::string& name, std::int64_t least,
                   std::int64_t most) {
  std::optional<std::int64_t> number;
  if (value.is_int64()) number = value.as_int64();
  if (value.is_double()) {  // JSON knows one kind of number: 50.0 is 50
    const double given = value.as_double();
    const bool fits = given >= static_cast<double>(least) && given <= static_cast<double>(most);
    if (fits && given == std::floor(given)) number = static_cast<std::int64_t>(given);
  }
  if (!number || *number < least || *number > most) {
    refuse("'" + name + "' must be a whole number from " + std::to_string(least) + " to " +
           std::to_string(most));
  }
  return *number;
}

search::Example example_of(const json::value& value,
                           const std::vector<std::string_view>& pictures) {
  if (!value.is_object()) refuse("an example must be an object");
  const json::object& object = value.as_object();
  allow_only(object, {"id", "upload", "positive"});
  search::Example example;
  example.positive = optional_flag(object, "positive", true);
  const json::value* id = object.if_contains("id");
  const json::value* upload = object.if_contains("upload");
  if ((id == nullptr) == (upload == nullptr)) refuse("an example has either 'id' or 'upload'");
  if (id != nullptr) {
    example.kind = search::Example::Kind::item;
    example.id = whole(*id, "id", 0, kMostExact);
    return example;
  }
  const auto at = static_cast<std::size_t>(whole(*upload, "upload", 0, kMostPictures - 1));
  if (at >= pictures.size()) {
    refuse("'upload' is " + std::to_string(at) + " and the request has " +
           counted(pictures.size(), "picture") + "; uploads are numbered from 0");
  }
  example.kind = search::Example::Kind::bytes;
  example.bytes = std::as_bytes(std::span(pictures[at].data(), pictures[at].size()));
  return example;
}

/// Shares of the sides → pixels.
image::Box region_of(const json::value& value, double width, double height) {
  std::array<double, 4> shares{};
  if (!value.is_array() || value.as_array().size() != shares.size()) {
    refuse("'region' must be four numbers: x, y, width, height");
  }
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const json::value& each = value.as_array()[i];
    if (!each.is_number()) refuse("'region' must be four numbers");
    shares[i] = each.to_number<double>();
  }
  const auto& [x, y, w, h] = shares;
  if (!(x >= 0 && x < 1 && y >= 0 && y < 1 && w > 0 && h > 0 && x + w <= 1.000001 &&
        y + h <= 1.000001)) {
    refuse("'region' must lie inside the picture, in shares of its sides from 0 to 1");
  }
  return {x * width, y * height, std::min(w, 1 - x) * width, std::min(h, 1 - y) * height};
}

std::uint64_t area_of(const image::Header& header) {
  return static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height);
}

/// A PNG of 2 MB can claim four times as many, for seconds of decoding.
constexpr std::uint64_t kMostUploadPixels = 120'000'000;

/// Of the largest picture that came, as far as heads can be read: a fault of one is reported
/// when it is decoded. However many examples name a picture, it is looked at once.
std::uint64_t largest_of(const std::vector<search::Example>& examples) {
  std::set<const std::byte*> seen;
  std::uint64_t largest = 0;
  for (const search::Example& example : examples) {
    if (example.kind != search::Example::Kind::bytes) continue;
    if (!seen.insert(example.bytes.data()).second) continue;
    try {
      largest = std::max(largest, area_of(image::picture_decoder().inspect(example.bytes)));
      if (largest > kMostUploadPixels) {
        throw search::BadExample(ErrorCode::unsupported, "an uploaded picture may have " +
                                                             std::to_string(kMostUploadPixels) +
                                                             " pixels, and one has " +
                                                             std::to_string(largest));
      }
    } catch (const search::BadExample&) {
      throw;
    } catch (const image::WorkerLost& error) {
      throw search::BadExample(error.code(), error.what());
    } catch (const Error&) {
      continue;
    }
  }
  return largest;
}

const search::Example& first_wanted(const search::Query& query) {
  const auto wanted = std::ranges::find(query.examples, true, &search::Example::positive);
  if (wanted == query.examples.end()) {
    refuse("a region needs a positive example, and the query has none");
  }
  return *wanted;
}

image::Header head_of_upload(std::span<const std::byte> picture) {
  try {
    return image::picture_decoder().inspect(picture);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
    throw search::BadExample(error.code(), error.what());
  }
}

/// Adds the region. The catalog is not asked how large a picture is: it may say anything.
void add_region(const json::value& region, ReadQuery& read,
                const collection::Collection& collection) {
  const search::Example& example = first_wanted(read.query);
  if (example.kind == search::Example::Kind::bytes) {
    const image::Header head = head_of_upload(example.bytes);
    read.query.region = region_of(region, head.width, head.height);
    return;
  }
  const auto item = collection.item(example.id);
  if (!item) {
    throw Error(ErrorCode::not_found, "there is no item " + std::to_string(example.id));
  }
  const auto bytes = read_picture(*open_picture(collection, *item));
  const image::Header head = image::picture_decoder().inspect(bytes);
  read.query.region = region_of(region, head.width, head.height);
  read.pixels = std::max(read.pixels, area_of(head) + bytes.size() / kBytesOfPixel);
}

ReadQuery query_of(const std::string& text, const std::vector<std::string_view>& pictures,
                   const collection::Collection& collection) {
  const json::object body = body_of(text);
  allow_only(body, {"examples", "region", "k", "space", "where", "exact", "fold"});
  const json::value* examples = body.if_contains("examples");
  if (examples == nullptr || !examples->is_array() || examples->as_array().empty() ||
      examples->as_array().size() > kMostExamples) {
    refuse("'examples' must be a list of 1 to 32 of them");
  }
  ReadQuery read;
  search::Query& query = read.query;
  for (const json::value& each : examples->as_array()) {
    query.examples.push_back(example_of(each, pictures));
  }
  query.k = 50;
  if (const json::value* k = body.if_contains("k")) {
    query.k = static_cast<std::size_t>(whole(*k, "k", 1, kMostResults));
  }
  query.space = optional_text(body, "space");
  query.where = optional_text(body, "where");
  check_where(query.where);
  query.exact = optional_flag(body, "exact");
  read.fold = optional_flag(body, "fold");
  read.pixels = largest_of(query.examples);
  if (const json::value* region = body.if_contains("region"); region != nullptr) {
    add_region(*region, read, collection);
  }
  return read;
}

}  // namespace

ReadQuery read_query(const Request& request, const collection::Collection& collection) {
  const std::string_view type = request.header("content-type");
  if (request.media_type() != "multipart/form-data") return query_of(request.body, {}, collection);
  std::optional<std::string> text;
  std::vector<std::string_view> pictures;
  for (const Part& part : parse_multipart(type, request.body)) {
    if (part.name == "picture") {
      pictures.push_back(part.body);
    } else if (part.name == "query" && !text) {
      text = part.body;
    } else {
      refuse("a part is called '" + valid_utf8(part.name.substr(0, 100)) +
             "'; there are one 'query' and up to 8 'picture'");
    }
  }
  if (!text) refuse("the part 'query' is missing");
  if (pictures.size() > kMostPictures) refuse("at most 8 pictures can be sent at once");
  return query_of(*text, pictures, collection);
}

}  // namespace alike::serve
