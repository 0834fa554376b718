#include "alike/collection/store/writer.h"

#include <fcntl.h>

#include <algorithm>
#include <set>

#include "alike/base/error.h"
#include "alike/base/paths.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/mapped_codes.h"
#include "alike/collection/store/mapped_graph.h"
#include "alike/collection/store/salvage.h"
#include "alike/collection/store/segment.h"

namespace alike::collection {
namespace {

constexpr std::uint64_t kSegmentBytes = 256 << 20;
constexpr std::uint64_t kWalBytes = 32 << 20;
constexpr off_t kReservedBytes = 1 << 20;

/// So that no lock file is left in a folder that is no collection.
Folder existing(const std::filesystem::path& folder) {
  if (path_exists(folder / "catalog.db")) return folder;
  throw Error(ErrorCode::not_found, "'" + folder.native() + "' is not a collection",
              Remedy{"index", {}, "to make one"});
}

/// Keeps blocks of the disk for the next changes, so that items can be removed when it is full.
void reserve_wal(const Folder& folder) {
  try {
    const File wal = folder.open("catalog.db-wal", File::Mode::update);
    // Not everywhere possible; then a full disk refuses.
    ::fallocate(wal.descriptor(), FALLOC_FL_KEEP_SIZE, 0, kReservedBytes);
  } catch (const Error&) {
    // None is there, or it is not ours.
  }
}

/// Holds the catalog to its sum before SQLite reads a byte of it.
std::filesystem::path checked(const Folder& folder) {
  finish_salvage(folder);
  check_catalog(folder, true);
  return folder.path();
}

}  // namespace

std::string segment_name(std::int64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return "vectors-" + digits + ".seg";
}

std::string space_folder_name(const std::string& name) { return "spaces/" + name; }

std::string map_file_name(const std::string& name) { return "maps/" + name + ".map"; }

Writer::Writer(const std::filesystem::path& folder, Begin begin)
    : folder_(existing(folder)), lock_(folder_), catalog_(checked(folder_), Database::Mode::write) {
  if (!catalog_.is_current()) {
    Transaction transaction(database(), true);
    catalog_.migrate();
    commit(transaction);
  }
  if (begin == Begin::as_is) return;
  cut_uncommitted();
  remove_leftovers();
}

Writer::~Writer() {
  try {
    checkpoint();
  } catch (const std::exception&) {
    // All that counts is in the WAL; the next writer brings it over.
  }
}

std::string Writer::space_folder(std::int64_t space) {
  return space_folder_name(catalog_.name_of(space));
}

std::vector<RowPlace> Writer::append(std::int64_t space, std::span<const ItemId> ids,
                                     MatrixView rows) {
  std::vector<RowPlace> places;
  const std::size_t most = rows_per_group(rows.width);
  for (std::size_t begin = 0; begin < ids.size(); begin += most) {
    const std::size_t count = std::min(most, ids.size() - begin);
    const auto group =
        make_group(ids.subspan(begin, count), {rows.data + begin * rows.width, count * rows.width});
    Tail& end = tail(space);
    end.file.write_at(end.segment.bytes, group);
    for (std::size_t i = 0; i < count; ++i) {
      places.push_back({end.segment.number, end.segment.rows + i});
    }
    end.segment.bytes += group.size();
    end.segment.rows += count;
    end.changed = true;
    end.file.sync();
  }
  return places;
}

void Writer::begin_segment(std::int64_t space) {
  std::int64_t number = catalog_.next_segment(space);
  const auto held = tails_.find(space);
  if (held != tails_.end()) {
    number = std::max(number, held->second.segment.number + 1);
    if (held->second.changed) finished_.emplace_back(space, held->second.segment);
  }
  const std::string place = space_folder(space);
  folder_.make_folder("spaces");
  folder_.make_folder(place);
  Tail fresh;
  fresh.segment.number = number;
  fresh.file = folder_.open(place + "/" + segment_name(number), File::Mode::fresh);
  folder_.sync(place);
  tails_.insert_or_assign(space, std::move(fresh));
}

void Writer::commit(Transaction& transaction) {
  for (const auto& [space, segment] : finished_) catalog_.set_segment(space, segment);
  for (const auto& [space, end] : tails_) {
    if (end.changed) catalog_.set_segment(space, end.segment);
  }
  transaction.commit();
  finished_.clear();
  for (auto& [space, end] : tails_) end.changed = false;
  if (folder_.size_of("catalog.db-wal").value_or(0) > kWalBytes) checkpoint();
}

void Writer::checkpoint() {
  remove_catalog_sum(folder_);
  database().checkpoint();
  write_catalog_sum(folder_);
  reserve_wal(folder_);
}

Writer::Tail& Writer::tail(std::int64_t space) {
  auto found = tails_.find(space);
  if (found == tails_.end()) {
    const auto entries = catalog_.segments(space);
    const std::string place = space_folder(space) + "/";
    // One that is hard-linked, as by 'cp -al', stays as it is.
    if (!entries.empty() && folder_.links_of(place + segment_name(entries.back().number)) < 2) {
      Tail end;
      end.segment = entries.back();
      end.file = folder_.open(place + segment_name(end.segment.number), File::Mode::update);
      found = tails_.emplace(space, std::move(end)).first;
    }
  }
  const bool full = found != tails_.end() && found->second.segment.bytes >= kSegmentBytes;
  if (found == tails_.end() || full) {
    begin_segment(space);
    found = tails_.find(space);
  }
  return found->second;
}

void Writer::cut_uncommitted() {
  for (const auto& space : catalog_.spaces()) {
    const std::int64_t key = catalog_.key_of(space.name);
    for (const auto& entry : catalog_.segments(key)) {
      const std::string name = space_folder_name(space.name) + "/" + segment_name(entry.number);
      const File file = folder_.open(name, File::Mode::read);
      const std::uint64_t size = file.size();
      if (size < entry.bytes) {
        throw Error(ErrorCode::corrupt,
                    "'" + file.path().native() + "', offset " + std::to_string(size) +
                        ": the file is cut short, it had " + std::to_string(entry.bytes) + " bytes",
                    repair_remedy());
      }
      // Rows behind the end do not count; of a hard-linked file they stay.
      if (size == entry.bytes || folder_.links_of(name) > 1) continue;
      folder_.open(name, File::Mode::update).resize(entry.bytes);
    }
  }
}

void Writer::remove_leftover_maps() {
  std::set<std::string> named;
  for (const auto& map : catalog_.maps()) named.insert(map_file_name(map.name));
  for (const auto& name : folder_.names("maps")) {
    const bool ours = name.ends_with(".map") || name.ends_with(".map.new");
    if (ours && named.count("maps/" + name) == 0) folder_.remove("maps/" + name);
  }
}

void Writer::remove_leftovers() {
  remove_leftover_maps();
  tails_.clear();  // one of them may be about to go
  std::set<std::string> named;
  for (const auto& space : catalog_.spaces()) {
    named.insert(space.name);
    named.insert(space.name + "/" + std::string(kGraphFile));
    for (const auto& entry : catalog_.segments(catalog_.key_of(space.name))) {
      named.insert(space.name + "/" + segment_name(entry.number));
      named.insert(space.name + "/" + codes_name(entry.number));
    }
  }
  for (const auto& space : folder_.names("spaces")) {
    if (named.count(space) == 0) {
      folder_.remove_all("spaces/" + space);
      continue;
    }
    for (const auto& name : folder_.names("spaces/" + space)) {
      const bool ours =
          name.starts_with("vectors-") || name.starts_with("codes-") || name.starts_with("graph");
      const std::string path = space + "/" + name;
      if (ours && named.count(path) == 0) folder_.remove("spaces/" + path);
    }
  }
}

}  // namespace alike::collection
