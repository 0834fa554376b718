// The part of a run that compares the folder with the catalog: what is new, changed, gone, or may
// be there.
#include <algorithm>
#include <map>
#include <set>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/paths.h"
#include "alike/collection/ingest/ingest_run.h"
#include "alike/collection/ingest/moved_pictures.h"

namespace alike::collection {

bool IngestRun::Pass::lost(const std::string& path, const Entry& item) const {
  return !item.seen && !item.imported && !scan.may_hold(path);
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
  catalog.set_excludes(pass.excludes.globs());
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
