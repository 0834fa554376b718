// Items, their thumbnails and their files.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <optional>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/collection/view.h"
#include "alike/serve/api.h"
#include "alike/serve/picture_file.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

using collection::Item;

collection::Item item_of(const OpenCollection& open, const Call& call) {
  const std::int64_t id = call.integer_at("id");
  if (auto item = open.collection().item(id)) return *item;
  throw Error(ErrorCode::not_found,
              "there is no item " + std::to_string(id) + " in '" + open.id() + "'");
}

/// Some of the items that are asked for, and how many there are.
struct Page {
  std::vector<collection::ItemId> ids;
  std::uint64_t total = 0;
  bool more = false;  ///< Whether others follow.
};

/// All of the ids are read where there is a condition; such requests are not for `Lane::light`.
Page page_that_fits(const collection::View& view, const std::string& where, std::int64_t after,
                    std::size_t limit) {
  check_where(where);
  const auto ids = view.matching(where);
  const auto first = std::ranges::upper_bound(ids, after);
  const auto count = std::min(limit, static_cast<std::size_t>(ids.end() - first));
  const auto last = first + static_cast<std::ptrdiff_t>(count);
  return {{first, last}, ids.size(), last != ids.end()};
}

Page page_of_all(const collection::View& view, std::uint64_t total, std::int64_t after,
                 std::size_t limit) {
  Page page{view.ids_after(after, limit + 1), total};
  page.more = page.ids.size() > limit;
  if (page.more) page.ids.pop_back();
  return page;
}

Response list(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const auto after = call.integer("after", -1, kMostExact, -1);
  const auto limit = static_cast<std::size_t>(call.integer("limit", 1, 1000, 100));
  const ItemText item_text(open->collection(), Guard::is_local(call.request));
  return collection::read(open->collection(), [&](const collection::View& view) {
    const Page page = call.query.contains("where")
                          ? page_that_fits(view, call.parameter("where"), after, limit)
                          : page_of_all(view, open->status().items, after, limit);
    json::array items;
    for (const Item& item : view.items(page.ids)) items.push_back(item_text(item));
    json::value next = nullptr;
    if (page.more) next = page.ids.back();
    return json_content(
        json::object{{"items", std::move(items)}, {"next", next}, {"total", page.total}});
  });
}

std::uint64_t draw(std::uint64_t below) {
  static std::atomic<std::uint64_t> drawn =
      static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  return random_bits(drawn++, 0) % below;
}

/// Any of all items: ids that are gone are drawn again, up to a hundred times; then it is the next
/// one there is.
std::optional<Item> any_item(const collection::View& view) {
  constexpr int kDraws = 100;
  const auto last = view.last_id();
  std::int64_t id = 0;
  for (int i = 0; i < kDraws && last >= 0; ++i) {
    id = static_cast<std::int64_t>(draw(static_cast<std::uint64_t>(last) + 1));
    if (auto item = view.item(id)) return item;
  }
  const auto next = view.ids_after(id - 1, 1);
  return next.empty() ? std::nullopt : view.item(next.front());
}

std::optional<Item> any_that_fits(const collection::View& view, const std::string& where) {
  check_where(where);
  const auto ids = view.matching(where);
  return ids.empty() ? std::nullopt : view.item(ids[draw(ids.size())]);
}

Response random(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const auto item = collection::read(open->collection(), [&](const collection::View& view) {
    return call.query.contains("where") ? any_that_fits(view, call.parameter("where"))
                                        : any_item(view);
  });
  if (!item) throw Error(ErrorCode::not_found, "no item fits");
  return json_content(ItemText(open->collection(), Guard::is_local(call.request))(*item));
}

/// The longer side of a picture that stands for a file which browsers do not show, pixels.
constexpr int kWholeSize = 4096;

Response thumbnail(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const auto size = call.integer("size", 64, kWholeSize, 256);
  if (size != 64 && size != 256 && size != 512 && size != 1024 && size != kWholeSize) {
    throw Error(ErrorCode::invalid_argument, "size is 64, 256, 512, 1024 or 4096");
  }
  const Item item = item_of(*open, call);
  Response response = content("image/jpeg", "");
  if (is_known(call.request, item.hash + "-" + std::to_string(size), response)) return response;
  response.shared = api.thumbnails.get(open->collection(), item, static_cast<int>(size));
  return response;
}

/// "bytes=first-last" of a file of `size` bytes, one range only; false where there is none to be
/// followed. Throws 416.
bool range_of(std::string_view header, std::uint64_t size, FilePart& part) {
  if (!header.starts_with("bytes=") || header.find(',') != std::string_view::npos) return false;
  header.remove_prefix(6);
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos) return false;
  const auto number = [](std::string_view text, std::uint64_t& value) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size();
  };
  std::uint64_t first = 0, last = size - 1;
  const std::string_view begin = header.substr(0, dash), end = header.substr(dash + 1);
  if (begin.empty()) {
    std::uint64_t count = 0;
    if (!number(end, count)) return false;
    first = size - std::min(count, size);
    if (count == 0) first = size;
  } else if (!number(begin, first) || (!end.empty() && !number(end, last))) {
    return false;
  }
  last = std::min(last, size - 1);
  if (first >= size || first > last) {
    throw HttpError(416, "range", "the file has " + std::to_string(size) + " bytes",
                    {{"content-range", "bytes */" + std::to_string(size)}});
  }
  part.begin = first;
  part.size = last - first + 1;
  return true;
}

Response image(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const Item item = item_of(*open, call);
  const auto file = open_picture(open->collection(), item);
  const std::uint64_t size = file->size();
  const std::string type = media_type_of(*file);
  if (!is_shown_by_browsers(type)) {
    Response response;
    response.status = 302;
    response.headers["location"] = "thumbnail?size=" + std::to_string(kWholeSize);
    return response;
  }
  Response response = content(type, "");
  response.headers["accept-ranges"] = "bytes";
  if (is_known(call.request, tag_of(*file), response)) return response;
  FilePart part{file, 0, size};
  const std::string_view only_if = call.request.header("if-range");
  const bool same = only_if.empty() || only_if == response.headers["etag"];
  if (same && range_of(call.request.header("range"), size, part)) {
    response.status = 206;
    response.headers["content-range"] = "bytes " + std::to_string(part.begin) + "-" +
                                        std::to_string(part.begin + part.size - 1) + "/" +
                                        std::to_string(size);
  }
  response.part = part;
  return response;
}

}  // namespace

void add_item_routes(Router& router, Api& api) {
  router.add({"GET", "/v1/collections/{c}/items",
              [&api](const Call& call) { return list(call, api); }, Lane::light});
  router.add({"GET", "/v1/collections/{c}/random",
              [&api](const Call& call) { return random(call, api); }, Lane::light});
  router.add({"GET", "/v1/collections/{c}/items/{id}",
              [&api](const Call& call) {
                const auto open = api.collections.get(call.at("c"));
                const ItemText item_text(open->collection(), Guard::is_local(call.request));
                return json_content(item_text(item_of(*open, call)));
              },
              Lane::light});
  router.add({"GET", "/v1/collections/{c}/items/{id}/thumbnail",
              [&api](const Call& call) { return thumbnail(call, api); }, Lane::thumbnail});
  router.add({"GET", "/v1/collections/{c}/items/{id}/image",
              [&api](const Call& call) { return image(call, api); }, Lane::light});
}

}  // namespace alike::serve
