// The interface of docs/openapi.yaml: addresses → library calls → JSON.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alike/collection/ingest/ingest.h"
#include "alike/serve/dispatcher.h"
#include "alike/serve/event_hub.h"
#include "alike/serve/jobs.h"
#include "alike/serve/open_collection.h"
#include "alike/serve/pixel_budget.h"
#include "alike/serve/thumbnails.h"

namespace alike::serve {

/// The state shared by the handlers. Safe from several threads.
struct Api {
  explicit Api(std::uint64_t megapixels = 128, std::function<void(const Job&)> job_failed = {})
      : jobs(events, std::move(job_failed)),
        pixels(megapixels * 1'000'000),
        thumbnails(megapixels * 1'000'000) {}

  OpenCollections collections;
  EventHub events;
  Jobs jobs;
  PixelBudget pixels;     ///< Of pictures that are decoded for searches.
  Thumbnails thumbnails;  ///< With a budget of their own: neither waits for the other.
  std::vector<std::filesystem::path> roots;  ///< That new collections may lie in.
  std::filesystem::path demo;             ///< Folder of the demo set; empty: not on this machine.
  std::filesystem::path demo_collection;  ///< Where the collection of the demo set is made.
  int threads = 1;                        ///< Of jobs.
  std::atomic<bool> ready = true;
};

/// One file for each part of the interface.
void add_server_routes(Router& router, Api& api);
void add_collection_routes(Router& router, Api& api);
void add_item_routes(Router& router, Api& api);
void add_search_routes(Router& router, Api& api);
void add_map_routes(Router& router, Api& api);
void add_job_routes(Router& router, Api& api);
void add_encoder_routes(Router& router, Api& api);

/// Starts a job on a collection; its numbers are read anew once the job ends, even by failure.
Job start_job(Api& api, const std::shared_ptr<const OpenCollection>& open, const std::string& kind,
              const std::string& title, JobWork work);

/// Brings a space of the collection in `folder` up to date.
json::object index_job(const std::filesystem::path& folder,
                       const collection::IngestOptions& options, const Watcher& watcher);

/// The largest whole number that every reader of JSON takes exactly.
inline constexpr std::int64_t kMostExact = (std::int64_t{1} << 53) - 1;

/// The document as an answer.
Response json_content(const json::value& document, int status = 200);
/// The JSON body of a request. Throws `invalid_argument` where it is none.
json::object body_of(const std::string& text);
/// Throws `invalid_argument` where `object` has a member that is not among `names`.
void allow_only(const json::object& object, std::initializer_list<std::string_view> names);
/// Longest name of a space, an encoder or a layer that is taken, bytes.
inline constexpr std::size_t kLongestName = 200;
/// A member that is a text of at most `most` bytes, "" where it is not given. Throws
/// `invalid_argument` for another kind.
std::string optional_text(const json::object& object, std::string_view name,
                          std::size_t most = 4096);
/// A member that is true or false. Throws `invalid_argument` for another kind.
bool optional_flag(const json::object& object, std::string_view name, bool otherwise = false);

/// Throws `invalid_argument` for a condition of more than 4,000 bytes.
void check_where(std::string_view where);

/// The fields of items in one answer. Whether the user trusts the collection is looked up
/// once.
class ItemText {
 public:
  /// `local`: also the full path, where pictures of the collection may be opened.
  ItemText(const collection::Collection& collection, bool local);

  json::object operator()(const collection::Item& item) const;

 private:
  std::optional<std::filesystem::path> pictures_;
};

/// Adds `etag`; true where the request has it already, and `response` is then a 304.
bool is_known(const Request& request, const std::string& etag, Response& response);

}  // namespace alike::serve
