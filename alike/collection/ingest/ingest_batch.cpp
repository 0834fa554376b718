#include "alike/collection/ingest/ingest_batch.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "alike/base/error.h"

namespace alike::collection {

IngestBatch::IngestBatch(Writer& writer, std::int64_t space, const PictureReader& reader,
                         VanishedItems vanished)
    : writer_(&writer), space_(space), reader_(&reader), vanished_(std::move(vanished)) {}

void IngestBatch::keep(const std::vector<const Task*>& tasks, std::vector<Outcome> outcomes) {
  if (tasks.empty()) return;
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    entries.push_back(prepare(*tasks[i], std::move(outcomes[i])));
  }
  ItemId next_id = writer_->catalog().next_id();
  for (auto& entry : entries) {
    if (entry.is_new) entry.item.id = next_id++;
  }
  std::vector<RowPlace> places;
  append_rows(entries, places);

  Transaction transaction(writer_->database(), true);
  std::size_t row = 0;
  for (const auto& entry : entries) {
    apply(entry);
    if (entry.outcome.kind == Outcome::Kind::row) {
      writer_->catalog().add_row(space_, entry.item.id, places[row++]);
    }
  }
  writer_->catalog().set_next_id(next_id);
  writer_->commit(transaction);
  for (const auto& entry : entries) count(entry);
}

IngestBatch::Entry IngestBatch::prepare(const Task& task, Outcome outcome) {
  const bool familiar = outcome.kind == Outcome::Kind::familiar;
  const bool picture = familiar || outcome.kind == Outcome::Kind::row;
  const auto claimable = picture && !task.known
                             ? successor(outcome.item.hash, task.file.path, familiar)
                             : vanished_.end();
  if (familiar && claimable == vanished_.end()) {
    // Two new files have the content of one vanished item, and the other one got it.
    return prepare(task, reader_->read(task, true));
  }
  Entry entry;
  entry.task = &task;
  entry.item = outcome.item;
  if (task.known) {
    const Item before = writer_->catalog().item(*task.known).value();
    entry.content_changed = picture && before.hash != outcome.item.hash;
    entry.item.id = before.id;
    if (outcome.kind == Outcome::Kind::same) {
      entry.item.width = before.width;
      entry.item.height = before.height;
    }
  } else if (picture && claimable != vanished_.end()) {
    entry.moved = true;
    entry.item.id = claimable->second.id;
    found_again_.insert(claimable->second.id);
    vanished_.erase(claimable);
  } else {
    entry.is_new = picture;
    entry.item.added_ms = now_ms();
  }
  entry.outcome = std::move(outcome);
  return entry;
}

VanishedItems::iterator IngestBatch::successor(const std::string& hash, const std::string& path,
                                               bool with_row) {
  constexpr int kMostCompared = 256;  // of very many copies any one will do
  const auto [begin, end] = vanished_.equal_range(hash);
  auto best = vanished_.end();
  std::pair<std::size_t, ItemId> best_rank;
  int compared = 0;
  for (auto each = begin; each != end && compared < kMostCompared; ++each) {
    const auto& [id, before, has_row] = each->second;
    if (with_row && !has_row) continue;
    ++compared;
    const auto differ = std::mismatch(before.rbegin(), before.rend(), path.rbegin(), path.rend());
    const std::pair rank(static_cast<std::size_t>(differ.first - before.rbegin()), -id);
    if (best != vanished_.end() && rank <= best_rank) continue;
    best = each;
    best_rank = rank;
  }
  return best;
}

void IngestBatch::append_rows(std::vector<Entry>& entries, std::vector<RowPlace>& places) {
  std::vector<ItemId> ids;
  std::vector<float> values;
  for (auto& entry : entries) {
    if (entry.outcome.kind != Outcome::Kind::row) continue;
    ids.push_back(entry.item.id);
    values.insert(values.end(), entry.outcome.row.begin(), entry.outcome.row.end());
    entry.outcome.row = {};
  }
  if (ids.empty()) return;
  places = writer_->append(space_, ids, {values.data(), ids.size(), values.size() / ids.size()});
}

void IngestBatch::apply(const Entry& entry) {
  Catalog& catalog = writer_->catalog();
  const std::string& path = entry.task->file.path;
  switch (entry.outcome.kind) {
    case Outcome::Kind::row:
    case Outcome::Kind::familiar:
    case Outcome::Kind::same:
      if (entry.is_new) {
        catalog.add_item(entry.item);
      } else {
        if (entry.content_changed) catalog.drop_rows(entry.item.id);
        catalog.update_item(entry.item);
      }
      catalog.clear_skipped(path);
      break;
    case Outcome::Kind::unsettled: catalog.set_skipped({path, entry.outcome.reason}); break;
    case Outcome::Kind::gone:
      // With its disk perhaps: the next look at the folder decides.
      catalog.set_skipped({path, "it went while the folder was indexed"});
      break;
    case Outcome::Kind::skipped:
      // A known picture may be half copied: it stays, with its last row, until it is gone or good.
      catalog.set_skipped(
          {path,
           entry.outcome.reason + (entry.task->known ? "; its item and last row are kept" : "")});
      break;
  }
}

void IngestBatch::count(const Entry& entry) {
  switch (entry.outcome.kind) {
    case Outcome::Kind::row:
    case Outcome::Kind::familiar:
      if (entry.is_new || entry.task->registered) {
        ++summary_.added;
      } else if (entry.moved || entry.content_changed) {
        ++summary_.updated;
      } else {
        ++summary_.unchanged;
      }
      if (entry.outcome.kind == Outcome::Kind::row) ++summary_.embedded;
      if (!entry.outcome.note.empty()) {
        summary_.noted.push_back({entry.task->file.path, entry.outcome.note});
      }
      break;
    case Outcome::Kind::same: ++summary_.unchanged; break;
    case Outcome::Kind::gone:
    case Outcome::Kind::skipped:
    case Outcome::Kind::unsettled: skipped_paths_.insert(entry.task->file.path); break;
  }
}

}  // namespace alike::collection
