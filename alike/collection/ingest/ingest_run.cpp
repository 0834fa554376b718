#include "alike/collection/ingest/ingest_run.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/ordered_work.h"
#include "alike/collection/ingest/pca_sample.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/space_package.h"
#include "alike/image/isolated/picture_decoder.h"

namespace alike::collection {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kWindow = 64;            ///< Pictures read ahead of the one to be kept next.
constexpr std::size_t kBatchBytes = 1 << 20;   ///< Of rows.
constexpr std::chrono::seconds kBatchTime{1};  ///< Finished work is durable at the latest then.

/// How many threads read pictures: one more than compute, where they wait while others decode.
int readers(int threads) {
  return threads + (image::picture_decoder().decodes_elsewhere() ? 1 : 0);
}

[[noreturn]] void throw_interrupted() {
  throw Error(ErrorCode::interrupted,
              "stopped; finished work is kept, and the same command goes on from there");
}

/// Which tasks a transform is fitted on: the choice does not depend on anything but the pictures.
std::vector<std::size_t> draw_tasks(const std::vector<Task>& tasks, std::size_t wanted) {
  std::vector<std::uint64_t> keys;
  for (const Task& task : tasks) keys.push_back(checksum(bytes_of(task.file.path)));
  return draw_sample(keys, wanted);
}

}  // namespace

IngestRun::IngestRun(std::filesystem::path folder, std::filesystem::path pictures,
                     IngestOptions options)
    : folder_(std::move(folder)), pictures_(std::move(pictures)), options_(std::move(options)) {
  if (options_.threads < 1) {
    throw Error(ErrorCode::invalid_argument,
                "threads is " + std::to_string(options_.threads) + "; it must be at least 1");
  }
}

void IngestRun::Pass::forget_pictures() {
  known = {};
  scan = {};
  tasks = {};
  sample = {};
  vanished = {};
  vanished_with_row = {};
}

IngestSummary IngestRun::run(const Watcher& watcher) {
  const auto start = Clock::now();
  Pass pass(folder_);
  pass.plan = plan_space(pass.writer.catalog(), options_);
  if (!pass.plan.is_new) pass.space = pass.writer.catalog().key_of(pass.plan.space.name);
  remember_old(pass);
  load_known(pass);
  bring_excludes(pass);
  look(pass, watcher);
  keep_absent_mounts(pass);
  pass.summary.ignored = pass.scan.ignored;
  pass.summary.left_out = pass.scan.left_out;
  const bool empty = pass.scan.pictures.empty();
  compare(pass);
  if (empty && !options_.allow_empty) check_not_emptied(pass);

  double embedding_seconds = 0;
  if (pass.tasks.empty()) {
    forget(pass, nullptr);
  } else {
    watcher.tell({0, pass.tasks.size(), 0});
    load_encoder(pass);
    const auto embedding_start = Clock::now();
    if (pass.plan.is_new) make_space(pass, watcher);
    process(pass, watcher);
    embedding_seconds = std::chrono::duration<double>(Clock::now() - embedding_start).count();
  }

  pass.forget_pictures();
  bring_index(pass, watcher);

  IngestSummary& summary = pass.summary;
  summary.space = pass.plan.space.name;
  summary.skipped = pass.writer.catalog().skipped();
  summary.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (embedding_seconds > 0) {
    summary.images_per_second = static_cast<double>(summary.embedded) / embedding_seconds;
  }
  return summary;
}

void IngestRun::remember_old(Pass& pass) {
  if (pass.plan.is_new || remembers_package(pass.writer.catalog(), pass.space)) return;
  Transaction transaction(pass.writer.database(), true);
  remember_package(pass.writer.catalog(), pass.space, pass.plan.space, pass.plan.package);
  pass.writer.commit(transaction);
}

void IngestRun::bring_index(Pass& pass, const Watcher& watcher) const {
  if (pass.space < 0) return;
  if (options_.index) {
    Transaction transaction(pass.writer.database(), true);
    pass.writer.catalog().set_index(pass.space, *options_.index);
    pass.writer.commit(transaction);
  }
  pass.summary.index = refresh_index(pass.writer, pass.space, options_.threads, watcher);
}

void IngestRun::load_known(Pass& pass) const {
  Catalog& catalog = pass.writer.catalog();
  const auto with_row = pass.space < 0 ? std::vector<ItemId>{} : catalog.items_with_row(pass.space);
  catalog.each_item([&](const Item& item) {
    if (item.path.empty()) return;
    const bool has_row = std::ranges::binary_search(with_row, item.id);
    pass.known.emplace(item.path, Entry{item.id, item.size, item.modified_ns, item.changed_ns,
                                        has_row, false, item.hash.empty()});
  });
}

void IngestRun::load_encoder(Pass& pass) {
  const Space& space = pass.plan.space;
  if (loaded_for_ == space.name) return;
  std::optional<encode::Pca> pca;
  if (space.pca && !pass.plan.is_new) {
    const std::string bytes = pass.writer.catalog().transform(pass.space);
    pca = encode::Pca::from_bytes(bytes_of(bytes), "the transform of space '" + space.name + "'");
  }
  encode::Encoder encoder(pass.plan.package, {space.layer, space.pooling, options_.threads});
  const bool normalize = space.metric == index::Metric::cosine && !(space.pca && !pca);
  embedder_.emplace(std::move(encoder), std::move(pca), normalize);
  loaded_for_ = space.name;
}

void IngestRun::make_space(Pass& pass, const Watcher& watcher) {
  Space& space = pass.plan.space;
  std::vector<std::byte> transform;
  if (space.pca) {
    const encode::Pca pca = fit_pca(pass, *space.pca, watcher);
    transform = pca.bytes();
    encode::Encoder encoder(pass.plan.package, {space.layer, space.pooling, options_.threads});
    embedder_.emplace(std::move(encoder), pca, true);
  }
  space.layer = embedder_->encoder().layer().name;
  space.width = embedder_->width();
  Catalog& catalog = pass.writer.catalog();
  Transaction transaction(pass.writer.database(), true);
  pass.space = catalog.add_space(space);
  remember_package(catalog, pass.space, space, pass.plan.package);
  if (space.pca) {
    catalog.set_transform(pass.space,
                          {reinterpret_cast<const char*>(transform.data()), transform.size()});
  }
  pass.writer.commit(transaction);
}

encode::Pca IngestRun::fit_pca(Pass& pass, const encode::PcaOptions& options,
                               const Watcher& watcher) {
  const std::size_t wanted =
      pca_sample_size(pass.tasks.size(), embedder_->width(), options.dimensions);
  const auto sample = draw_tasks(pass.tasks, wanted);
  const PictureReader reader(pictures_, *embedder_, {});
  OrderedWork<Outcome> work(sample.size(), kWindow, readers(options_.threads), [&](std::size_t i) {
    return reader.read(pass.tasks[sample[i]], true);
  });

  Catalog& catalog = pass.writer.catalog();
  std::vector<std::int64_t> ids;
  std::vector<bool> taken(pass.tasks.size());
  Transaction transaction(pass.writer.database(), true);
  ItemId next_id = catalog.next_id();
  for (std::size_t i = 0; i < sample.size();) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted,
                  "stopped while the PCA was fitted, of which nothing is kept; the same command "
                  "fits it anew");
    }
    auto outcome = work.take(std::chrono::milliseconds(100));
    if (!outcome) continue;
    watcher.tell({i + 1, pass.tasks.size(), 0});
    Task& task = pass.tasks[sample[i]];
    const bool usable = outcome->kind == Outcome::Kind::row;
    taken[sample[i++]] = usable;
    if (!usable) continue;
    if (!task.known) {
      outcome->item.id = next_id++;
      outcome->item.added_ms = now_ms();
      catalog.add_item(outcome->item);
      task.known = outcome->item.id;
      task.registered = true;
    }
    ids.push_back(*task.known);
    pass.sample_rows.insert(pass.sample_rows.end(), outcome->row.begin(), outcome->row.end());
    outcome->row = {};
    pass.sample_outcomes.push_back(std::move(*outcome));
  }
  auto pca =
      encode::Pca::fit({pass.sample_rows.data(), ids.size(), embedder_->width()}, ids, options);
  catalog.set_next_id(next_id);
  pass.writer.commit(transaction);
  std::vector<Task> rest;
  for (std::size_t i = 0; i < pass.tasks.size(); ++i) {
    (taken[i] ? pass.sample : rest).push_back(std::move(pass.tasks[i]));
  }
  pass.tasks = std::move(rest);
  return pca;
}

void IngestRun::keep_sample(Pass& pass, IngestBatch& ingested) const {
  std::vector<const Task*> tasks;
  for (std::size_t i = 0; i < pass.sample.size(); ++i) {
    tasks.push_back(&pass.sample[i]);
    const std::size_t width = embedder_->encoder().width();
    auto& row = pass.sample_outcomes[i].row;
    row.resize(embedder_->width());
    embedder_->transform(std::span(pass.sample_rows).subspan(i * width, width), row);
  }
  pass.sample_rows = {};
  ingested.keep(tasks, std::move(pass.sample_outcomes));
}

void IngestRun::process(Pass& pass, const Watcher& watcher) {
  const PictureReader reader(pictures_, *embedder_, pass.vanished_with_row);
  IngestBatch ingested(pass.writer, pass.space, reader, pass.vanished);
  OrderedWork<Outcome> work(pass.tasks.size(), kWindow, readers(options_.threads),
                            [&](std::size_t i) { return reader.read(pass.tasks[i]); });
  keep_sample(pass, ingested);
  std::vector<const Task*> tasks;
  std::vector<Outcome> outcomes;
  std::size_t done = 0;
  auto last = Clock::now();
  const auto keep = [&] {
    done += tasks.size();
    ingested.keep(tasks, std::move(outcomes));
    tasks.clear();
    outcomes.clear();
    last = Clock::now();
    watcher.tell(
        {pass.sample.size() + done, pass.sample.size() + pass.tasks.size(), ingested.skipped()});
  };
  const std::size_t batch =
      std::max<std::size_t>(1, kBatchBytes / (embedder_->width() * sizeof(float)));
  while (done + tasks.size() < pass.tasks.size()) {
    if (watcher.stop.stop_requested()) {
      keep();
      throw_interrupted();
    }
    if (auto outcome = work.take(std::chrono::milliseconds(100))) {
      tasks.push_back(&pass.tasks[done + tasks.size()]);
      outcomes.push_back(std::move(*outcome));
    }
    const bool due = tasks.size() >= batch || Clock::now() - last >= kBatchTime;
    if (due && !tasks.empty()) keep();
  }
  keep();
  forget(pass, &ingested);
  pass.summary.added += ingested.summary().added;
  pass.summary.updated += ingested.summary().updated;
  pass.summary.removed += ingested.summary().removed;
  pass.summary.unchanged += ingested.summary().unchanged;
  pass.summary.embedded += ingested.summary().embedded;
  pass.summary.noted = ingested.summary().noted;
  std::ranges::sort(pass.summary.noted, {}, &Skipped::path);
}

}  // namespace alike::collection
