// Jobs: their start on a collection, their state and their end.
#include "alike/actions/bench.h"
#include "alike/actions/care.h"
#include "alike/actions/compare.h"
#include "alike/actions/map.h"
#include "alike/actions/scores.h"
#include "alike/base/error.h"
#include "alike/serve/api.h"

namespace alike::serve {
namespace {

/// Makes a map anew; with `layers` also of the other spaces, each turned onto the one before.
json::object map_job(const std::filesystem::path& folder, const actions::MapOptions& options,
                     bool layers, const Watcher& watcher) {
  const collection::Collection collection(folder);
  json::array names;
  if (layers) {
    for (const auto& name : actions::map_spaces(collection, options, watcher).names) {
      names.push_back(json_text(name));
    }
  } else {
    names.push_back(json_text(actions::map_space(collection, options, watcher).name));
  }
  return {{"maps", std::move(names)}};
}

json::object verify_job(const std::filesystem::path& folder, const Watcher& watcher) {
  return actions::to_json(actions::verify(folder, false, watcher));
}

json::object compare_job(const std::filesystem::path& folder, int threads, const Watcher& watcher) {
  collection::Collection collection(folder);
  judge::CompareOptions options;
  options.encoders = actions::encoders_of(collection);
  options.judge.threads = threads;
  options.one_total = true;
  const auto found = judge::compare(collection, options, watcher);
  actions::keep_scores(collection, found);
  return {{"compared", found.all.size()}, {"best", found.all.front().name}};
}

json::object bench_job(const std::filesystem::path& folder, const std::string& space, int threads,
                       const Watcher& watcher) {
  watcher.stage("steps");
  const collection::Collection collection(folder);
  const search::IndexBenchOptions options{.space = space, .threads = threads};
  return actions::to_json(search::bench_index(collection, options, watcher), threads);
}

Response start(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const json::object body = body_of(call.request.body);
  allow_only(body, {"kind", "space", "encoder", "layer", "index", "method", "layers"});
  const std::string kind = optional_text(body, "kind");
  const std::string space = optional_text(body, "space", kLongestName);
  collection::IngestOptions options{.space = space,
                                    .encoder = optional_text(body, "encoder", kLongestName),
                                    .layer = optional_text(body, "layer", kLongestName),
                                    .threads = api.threads};
  if (body.contains("index")) {
    options.index = collection::index_kind_from(optional_text(body, "index"));
  }
  actions::MapOptions map;
  map.space = space;
  map.anew = true;
  map.threads = api.threads;
  if (body.contains("method")) map.map.method = map::method_from(optional_text(body, "method"));
  const bool layers = optional_flag(body, "layers");
  const auto folder = open->folder();
  const int threads = api.threads;
  JobWork work;
  std::string title;
  if (kind == "index") {
    title = "Index " + open->name();
    work = [=](const Watcher& watcher) { return index_job(folder, options, watcher); };
  } else if (kind == "map") {
    title = "Map of " + open->name();
    work = [=](const Watcher& watcher) { return map_job(folder, map, layers, watcher); };
  } else if (kind == "verify") {
    title = "Verify " + open->name();
    work = [=](const Watcher& watcher) { return verify_job(folder, watcher); };
  } else if (kind == "compare") {
    judge::check_folders(open->collection());
    title = "Compare the layers on " + open->name();
    work = [=](const Watcher& watcher) { return compare_job(folder, threads, watcher); };
  } else if (kind == "bench") {
    title = "Measure the speed of " + open->name();
    work = [=](const Watcher& watcher) { return bench_job(folder, space, threads, watcher); };
  } else {
    throw Error(
        ErrorCode::invalid_argument,
        "'kind' is '" + kind.substr(0, 100) + "'; there are index, map, verify, compare and bench");
  }
  return json_content(to_json(start_job(api, open, kind, title, std::move(work))), 202);
}

Response change(const Call& call, Api& api) {
  const auto id = static_cast<std::uint64_t>(call.integer_at("j"));
  const json::object body = body_of(call.request.body);
  allow_only(body, {"action"});
  const std::string action = optional_text(body, "action");
  if (action == "pause") return json_content(to_json(api.jobs.pause(id)));
  if (action == "resume" || action == "retry") return json_content(to_json(api.jobs.resume(id)));
  throw Error(ErrorCode::invalid_argument, "'action' is pause, resume or retry");
}

}  // namespace

void add_job_routes(Router& router, Api& api) {
  router.add(
      {"POST", "/v1/collections/{c}/jobs", [&api](const Call& call) { return start(call, api); }});
  router.add({"GET", "/v1/jobs",
              [&api](const Call&) {
                json::array jobs;
                for (const Job& job : api.jobs.all()) jobs.push_back(to_json(job));
                return json_content(json::object{{"jobs", std::move(jobs)}});
              },
              Lane::light});
  router.add({"GET", "/v1/jobs/events",
              [](const Call&) {
                Response response = content("text/event-stream", "");
                response.events = true;
                return response;
              },
              Lane::at_once});
  router.add({"GET", "/v1/jobs/{j}",
              [&api](const Call& call) {
                return json_content(
                    to_json(api.jobs.get(static_cast<std::uint64_t>(call.integer_at("j")))));
              },
              Lane::light});
  router.add({"PATCH", "/v1/jobs/{j}", [&api](const Call& call) { return change(call, api); },
              Lane::light});
  router.add({"DELETE", "/v1/jobs/{j}",
              [&api](const Call& call) {
                return json_content(
                    to_json(api.jobs.cancel(static_cast<std::uint64_t>(call.integer_at("j")))));
              },
              Lane::light});
}

}  // namespace alike::serve
