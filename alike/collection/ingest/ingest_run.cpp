#include "alike/collection/ingest/ingest_run.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/ordered_work.h"
#include "alike/base/paths.h"
#include "alike/base/random.h"
#include "alike/collection/ingest/moved_pictures.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/space_package.h"
#include "alike/image/isolated/picture_decoder.h"

namespace alike::collection {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kWindow = 64;            ///< Pictures read ahead of the one to be kept next.
constexpr std::size_t kBatchBytes = 1 << 20;   ///< Of rows.
constexpr std::chrono::seconds kBatchTime{1};  ///< Finished work is durable at the latest then.
constexpr std::size_t kSampleBytes = 512 << 20;  ///< Of rows to fit a transform on.

/// How many threads read pictures: one more than compute, where they wait while others decode.
int readers(int threads) {
  return threads + (image::picture_decoder().decodes_elsewhere() ? 1 : 0);
}

[[noreturn]] void throw_interrupted() {
  throw Error(ErrorCode::interrupted,
              "stopped; finished work is kept, and the same command goes on from there");
}

/// Which tasks a transform is fitted on: drawn by the checksum of the path, so that the choice does
/// not depend on anything but the pictures.
std::vector<std::size_t> draw_sample(const std::vector<Task>& tasks, std::size_t wanted) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    order.emplace_back(random_bits(checksum(bytes_of(tasks[i].file.path)), 0), i);
  }
  std::ranges::sort(order);
  std::vector<std::size_t> sample;
  for (std::size_t i = 0; i < std::min(wanted, order.size()); ++i) {
    sample.push_back(order[i].second);
  }
  std::ranges::sort(sample);
  return sample;
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

bool IngestRun::Pass::lost(const std::string& path, const Entry& item) const {
  return !item.seen && !item.imported && !scan.may_hold(path);
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

void IngestRun::look(Pass& pass, const Watcher& watcher) const {
  const auto look_up = [&](const FoundFile& file) {
    const auto found = pass.known.find(file.path);
    if (found == pass.known.end() || found->second.imported) return Known::no;
    return unchanged(found->second, file) ? Known::same : Known::changed;
  };
  try {
    pass.scan = scan(pictures_, folder_, pass.excludes, look_up, watcher.stop);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found || path_exists(pictures_)) throw;
    throw Error(error.code(), error.what(),
                Remedy{"index", {"NEWDIR"}, "if the pictures were moved to NEWDIR"});
  }
}

void IngestRun::bring_excludes(Pass& pass) const {
  std::set<std::string> globs;
  for (const auto& glob : pass.writer.catalog().excludes()) {
    if (Excludes::fault(glob).empty()) globs.insert(glob);  // a catalog may say anything
  }
  for (const auto& glob : options_.exclude) globs.insert(Excludes::checked(glob));
  for (const auto& glob : options_.include) globs.erase(Excludes::checked(glob));
  pass.excludes = Excludes({globs.begin(), globs.end()});
}

bool IngestRun::unchanged(const Entry& item, const FoundFile& file) const {
  return !options_.reread && item.size == file.size && item.modified_ns == file.modified_ns &&
         (item.changed_ns == 0 || item.changed_ns == file.changed_ns);
}

void IngestRun::keep_absent_mounts(Pass& pass) const {
  Catalog& catalog = pass.writer.catalog();
  std::set<std::string> mounts(pass.scan.mounts.begin(), pass.scan.mounts.end());
  std::map<std::string, std::uint64_t> absent;  // and how many of its pictures are known
  if (!options_.allow_empty) {
    for (const auto& mount : catalog.mounts()) {
      if (!shows_known(pass, mount)) absent.emplace(mount, 0);
    }
  }
  for (const auto& [path, known] : pass.known) {
    if (absent.empty() || known.imported) continue;
    for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
      const auto found = absent.find(path.substr(0, end));
      if (found == absent.end()) continue;
      ++found->second;
      break;
    }
  }
  for (const auto& [mount, count] : absent) {
    if (count == 0) continue;
    mounts.insert(mount);
    pass.summary.away += count;
    pass.scan.leave_unread(mount, "another disk was mounted here; its " + std::to_string(count) +
                                      " pictures are kept");
  }
  const std::vector<std::string> all(mounts.begin(), mounts.end());
  if (all == catalog.mounts()) return;
  // At once, since a run that is stopped has embedded pictures of them.
  Transaction transaction(pass.writer.database(), true);
  catalog.set_mounts(all);
  pass.writer.commit(transaction);
}

bool IngestRun::shows_known(const Pass& pass, const std::string& folder) {
  const auto& found = pass.scan.pictures;
  auto each = std::ranges::lower_bound(found, folder + "/", {}, &FoundFile::path);
  for (; each != found.end() && each->path.starts_with(folder + "/"); ++each) {
    if (pass.known.contains(each->path)) return true;
  }
  return false;
}

void IngestRun::compare(Pass& pass) const {
  Catalog& catalog = pass.writer.catalog();
  for (auto& file : pass.scan.pictures) {
    const auto found = pass.known.find(file.path);
    if (found == pass.known.end()) {
      pass.tasks.push_back({std::move(file), std::nullopt, false, ""});
      continue;
    }
    Entry& known = found->second;
    known.seen = true;
    const bool same = unchanged(known, file);
    if (same && known.changed_ns == 0) pass.first_changed.emplace_back(known.id, file.changed_ns);
    if (same && known.has_row) {
      ++pass.summary.unchanged;
      continue;
    }
    const std::string hash = known.has_row ? catalog.item(known.id).value().hash : "";
    pass.tasks.push_back({std::move(file), known.id, false, hash});
  }
  pass.scan.pictures = {};
  for (const auto& [path, known] : pass.known) {
    if (!pass.lost(path, known)) continue;
    const std::string hash = catalog.item(known.id).value().hash;
    pass.vanished.emplace(hash, Vanished{known.id, path, known.has_row});
    if (known.has_row) pass.vanished_with_row.insert(hash);
  }
}

void IngestRun::check_not_emptied(const Pass& pass) const {
  const auto lost = std::ranges::count_if(pass.known, [&](const auto& entry) {
    return pass.lost(entry.first, entry.second) && !pass.excludes.match_within(entry.first);
  });
  if (lost == 0) return;
  throw Error(ErrorCode::not_found,
              "there is no picture in '" + pictures_.native() + "' any more (other files: " +
                  std::to_string(pass.scan.ignored + pass.scan.skipped.size()) +
                  "), of which the collection has " + std::to_string(lost) +
                  ": is the disk mounted? Nothing was dropped",
              Remedy{"index", {"--allow-empty"}, "to drop all of them"});
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

std::size_t IngestRun::sample_size(const Pass& pass, std::size_t dimensions) const {
  const std::size_t width = embedder_->width();
  const std::size_t affordable = std::max<std::size_t>(1, kSampleBytes / (width * sizeof(float)));
  const std::size_t most = std::min({width, affordable - 1, pass.tasks.size() - 1});
  if (dimensions > most) {
    throw Error(ErrorCode::invalid_argument,
                "a PCA to " + std::to_string(dimensions) + " dimensions cannot be fitted on " +
                    std::to_string(pass.tasks.size()) + " new pictures with rows of " +
                    std::to_string(width) + " numbers; ask for at most " + std::to_string(most));
  }
  return std::clamp(4 * dimensions + 1000, dimensions + 1, affordable);
}

encode::Pca IngestRun::fit_pca(Pass& pass, const encode::PcaOptions& options,
                               const Watcher& watcher) {
  const auto sample = draw_sample(pass.tasks, sample_size(pass, options.dimensions));
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

std::vector<ItemId> IngestRun::to_forget(Pass& pass, const IngestBatch* ingested) {
  std::vector<ItemId> gone;  // not told by the owner
  std::vector<ItemId> left_out;
  std::size_t files = 0;
  for (const auto& [path, known] : pass.known) {
    files += known.imported ? 0 : 1;
    if (!pass.lost(path, known)) continue;
    if (ingested != nullptr && ingested->found_again(known.id)) continue;
    (pass.excludes.match_within(path) ? left_out : gone).push_back(known.id);
  }
  std::ranges::sort(gone);
  Catalog& catalog = pass.writer.catalog();
  const std::string before = catalog.setting("missing");
  const std::size_t most = before == kJustMoved ? 0 : files / 2;
  const bool many = !options_.allow_empty && gone.size() > most;
  const std::string which = many ? std::to_string(checksum(std::as_bytes(std::span(gone)))) : "";
  if (many && (which != before || which == missing_)) {
    pass.summary.missing = gone.size();
    missing_ = which;
    gone.clear();
  }
  const std::string kept = pass.summary.missing > 0 ? which : "";
  if (kept != before) catalog.set_setting("missing", kept);
  gone.insert(gone.end(), left_out.begin(), left_out.end());
  return gone;
}

void IngestRun::forget(Pass& pass, const IngestBatch* ingested) {
  Catalog& catalog = pass.writer.catalog();
  Transaction transaction(pass.writer.database(), true);
  for (const ItemId id : to_forget(pass, ingested)) {
    catalog.remove_item(id);
    ++pass.summary.removed;
  }
  for (const auto& [id, changed_ns] : pass.first_changed) catalog.set_changed(id, changed_ns);
  for (const auto& glob : catalog.excludes()) {
    if (!pass.excludes.contains(glob)) catalog.remove_exclude(glob);
  }
  for (const auto& glob : pass.excludes.globs()) catalog.add_exclude(glob);
  std::set<std::string> skipped;
  if (ingested != nullptr) skipped = ingested->skipped_paths();
  for (const auto& entry : pass.scan.skipped) {
    catalog.set_skipped(entry);
    skipped.insert(entry.path);
  }
  for (const auto& entry : catalog.skipped()) {
    const bool stale = skipped.count(entry.path) == 0 && !pass.scan.may_hold(entry.path);
    if (stale) catalog.clear_skipped(entry.path);
  }
  if (pass.space >= 0) catalog.set_filling(pass.space, false);
  pass.writer.commit(transaction);
}

}  // namespace alike::collection
