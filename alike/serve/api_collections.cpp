// /v1/collections and the routes below, without items, searches and maps.
#include <algorithm>

#include "alike/actions/index.h"
#include "alike/actions/skipped.h"
#include "alike/actions/status.h"
#include "alike/base/error.h"
#include "alike/base/paths.h"
#include "alike/base/sentence.h"
#include "alike/base/text.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/serve/api.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

namespace fs = std::filesystem;

json::object to_json(const collection::Space& space, const collection::Collection& collection) {
  json::object text{{"name", space.name},
                    {"encoder", space.encoder},
                    {"layer", space.layer},
                    {"pooling", encode::name_of(space.pooling)},
                    {"pca", nullptr},
                    {"metric", index::name_of(space.metric)},
                    {"index", collection::name_of(collection::IndexKind::flat)},
                    {"wanted_index", collection::name_of(space.index)},
                    {"recall", nullptr},
                    {"width", space.width},
                    {"rows", space.rows},
                    {"behind", space.behind},
                    {"complete", space.complete()},
                    {"is_default", space.is_default}};
  if (space.pca) text["pca"] = space.width;
  if (space.rows == 0) return text;
  const auto answering = collection.index(space.name);
  text["index"] = collection::name_of(answering.kind);
  text["scan_reason"] = actions::scan_reason(answering);
  if (answering.kind == collection::IndexKind::graph) text["recall"] = answering.measured_recall;
  return text;
}

json::object to_json(const OpenCollection& open, bool local) {
  json::object text{{"id", open.id()}, {"name", open.name()}, {"items", 0},
                    {"skipped", 0},    {"bytes", 0},          {"writer", nullptr}};
  json::array spaces, maps;
  if (local) text["folder"] = json_text(open.collection().pictures().native());
  try {
    open.check_there();
    const auto status = open.status();
    text["items"] = status.items;
    text["skipped"] = status.skipped;
    text["bytes"] = status.bytes;
    if (status.writer) text["writer"] = *status.writer;
    for (const auto& space : status.spaces) spaces.push_back(to_json(space, open.collection()));
    for (const auto& [name, space] : status.maps) {
      maps.push_back(json::object{{"name", name}, {"space", space}});
    }
  } catch (const std::exception& error) {
    text["problem"] = json_text(sentence_of(error));
  }
  text["spaces"] = std::move(spaces);
  text["maps"] = std::move(maps);
  return text;
}

/// Whether `folder` is one of the roots or lies in one, with all links followed.
bool is_inside(const fs::path& folder, const std::vector<fs::path>& roots) {
  return std::ranges::any_of(roots, [&](const fs::path& root) {
    const fs::path below = folder.lexically_relative(likely_path(root));
    return !below.empty() && *below.begin() != "..";
  });
}

void check_local(const Call& call) {
  if (Guard::is_local(call.request)) return;
  throw HttpError(403, "forbidden", "folders are added from the machine itself only");
}

/// Pictures and where their collection is kept.
struct NewCollection {
  fs::path pictures, folder;
  std::string encoder;
};

NewCollection new_collection(const Call& call, const Api& api) {
  check_local(call);
  const json::object body = body_of(call.request.body);
  allow_only(body, {"folder", "demo", "encoder"});
  NewCollection made;
  made.encoder = optional_text(body, "encoder", kLongestName);
  const std::string written = optional_text(body, "folder");
  if (optional_flag(body, "demo")) {
    if (api.demo.empty()) {
      throw Error(ErrorCode::not_found,
                  "the demo set is not on this machine; install tuxpaint-stamps-default");
    }
    made.pictures = api.demo;
    made.folder = api.demo_collection;
    return made;
  }
  if (written.find('\0') != std::string::npos) {
    throw Error(ErrorCode::invalid_argument, "'folder' holds a byte of zero");
  }
  const fs::path folder = written;
  std::error_code error;
  made.pictures = fs::canonical(folder, error);
  // The answer must not reveal whether a folder outside exists.
  if (error || !folder.is_absolute() || !is_inside(made.pictures, api.roots) ||
      !fs::is_directory(made.pictures, error)) {
    throw Error(ErrorCode::not_found,
                "'" + valid_utf8(folder.native()) +
                    "' is no folder below those that 'alike serve' was started with; start it "
                    "with --root DIR to allow more");
  }
  made.folder = made.pictures / ".alike";
  collection::Collection::refuse_linked(made.folder);
  return made;
}

Response add(const Call& call, Api& api) {
  const NewCollection wanted = new_collection(call, api);
  actions::opened_or_created(wanted.folder, wanted.pictures);
  const auto open = api.collections.add(wanted.folder);
  const Job job =
      start_job(api, open, "index", "Index " + open->name(),
                [folder = wanted.folder, encoder = wanted.encoder,
                 threads = api.threads](const Watcher& watcher) {
                  return index_job(folder, {.encoder = encoder, .threads = threads}, watcher);
                });
  return json_content(to_json(job), 202);
}

Response remove_space(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const std::string& name = call.at("s");
  collection::Collection collection(open->folder());
  if (collection.space(name).name == collection.space("").name) {
    throw HttpError(409, "conflict",
                    "'" + name + "' is the default space; make another one the default first");
  }
  collection.remove_space(name);
  open->forget_status();
  return json_content(to_json(*open, Guard::is_local(call.request)));
}

}  // namespace

json::object index_job(const fs::path& folder, const collection::IngestOptions& options,
                       const Watcher& watcher) {
  watcher.stage("pictures");
  collection::Collection collection(folder);
  return actions::brief_json(collection::ingest(collection, options, watcher));
}

void add_collection_routes(Router& router, Api& api) {
  router.add({"GET", "/v1/collections",
              [&api](const Call& call) {
                const bool local = Guard::is_local(call.request);
                json::array all, roots;
                for (const auto& open : api.collections.all()) all.push_back(to_json(*open, local));
                if (local) {
                  for (const auto& root : api.roots) roots.push_back(json_text(root.native()));
                }
                return json_content(json::object{{"collections", std::move(all)},
                                                 {"may_add", local},
                                                 {"roots", std::move(roots)},
                                                 {"demo", !api.demo.empty()}});
              },
              Lane::light});
  router.add({"POST", "/v1/collections", [&api](const Call& call) { return add(call, api); }});
  router.add({"GET", "/v1/collections/{c}",
              [&api](const Call& call) {
                return json_content(
                    to_json(*api.collections.get(call.at("c")), Guard::is_local(call.request)));
              },
              Lane::light});
  router.add({"GET", "/v1/collections/{c}/labels", [&api](const Call& call) {
                json::array labels;
                for (const auto& [label, count] :
                     api.collections.get(call.at("c"))->collection().labels()) {
                  labels.push_back(json::object{{"label", json_text(label)}, {"count", count}});
                }
                return json_content(json::object{{"labels", std::move(labels)}});
              }});
  router.add({"GET", "/v1/collections/{c}/skipped", [&api](const Call& call) {
                return json_content(json::object{
                    {"skipped",
                     actions::to_json(api.collections.get(call.at("c"))->collection().skipped())}});
              }});
  router.add({"PATCH", "/v1/collections/{c}/spaces/{s}", [&api](const Call& call) {
                const auto open = api.collections.get(call.at("c"));
                const json::object body = body_of(call.request.body);
                allow_only(body, {"is_default"});
                const json::value* wish = body.if_contains("is_default");
                if (wish == nullptr || !wish->is_bool() || !wish->as_bool()) {
                  throw Error(ErrorCode::invalid_argument, "send {\"is_default\": true}");
                }
                collection::Collection(open->folder()).set_default_space(call.at("s"));
                open->forget_status();
                return json_content(to_json(*open, Guard::is_local(call.request)));
              }});
  router.add({"DELETE", "/v1/collections/{c}/spaces/{s}",
              [&api](const Call& call) { return remove_space(call, api); }});
}

}  // namespace alike::serve
