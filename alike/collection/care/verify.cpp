#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/paths.h"
#include "alike/collection/care/care.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/catalog/lock.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/map_store.h"
#include "alike/collection/store/mapped_codes.h"
#include "alike/collection/store/mapped_graph.h"
#include "alike/collection/store/segment.h"
#include "alike/collection/store/space_package.h"
#include "alike/collection/store/writer.h"
#include "alike/index/graph/graph_file.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

/// The damage that is still there without a writer.
std::vector<CatalogDamage> settled_damage(const Folder& folder) {
  constexpr int kTries = 100;
  for (int i = 0;; ++i) {
    const WriterBarrier barrier(folder);
    auto damage = catalog_damage(folder);
    if (damage.empty() || barrier.held() || i == kTries) return damage;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

class Verification {
 public:
  Verification(const fs::path& folder, const Watcher& watcher)
      : folder_(folder), files_(folder), watcher_(watcher) {}

  VerifyReport run() {
    if (!path_exists(folder_ / "catalog.db")) {
      throw Error(ErrorCode::not_found, "'" + folder_.native() + "' is not a collection");
    }
    for (const char* name : {"catalog.db", "catalog.sum"}) {
      if (const auto size = files_.size_of(name)) count_file(*size);
    }
    for (const auto& damage : settled_damage(files_)) {
      add(damage.file, damage.offset, damage.what);
    }
    if (report_.damage.empty()) {
      try {
        check_against_catalog();
      } catch (const Error& error) {
        if (error.code() != ErrorCode::corrupt) throw;
        add("catalog.db", 0, error.what());
      }
    } else {
      check_files_alone();
    }
    return std::move(report_);
  }

 private:
  void check_against_catalog() {
    const auto opened = open_catalog(folder_);
    Catalog& catalog = *opened;
    const Transaction transaction(catalog.database());
    if (catalog.was_migrated())
      return check_against_catalog();  // just now: it reads an older format
    auto check = catalog.database().prepare("PRAGMA integrity_check(10)");
    while (check.step()) {
      if (check.text(0) != "ok") add("catalog.db", 0, check.text(0));
    }
    check.reset();
    report_.items = catalog.item_count();
    for (const auto& space : catalog.spaces()) {
      const std::int64_t key = catalog.key_of(space.name);
      for (const auto& entry : catalog.segments(key)) {
        const std::string name = space_folder_name(space.name) + "/" + segment_name(entry.number);
        check_segment(
            name, entry.bytes,
            [&](const Group& group, std::uint64_t first_row, std::span<const std::byte> bytes) {
              check_rows(catalog, key, entry.number, name, group, first_row, bytes);
            });
        check_codes(space_folder_name(space.name), entry);
      }
      check_graph(space_folder_name(space.name));
      const auto counted = catalog.items_with_row(key).size();
      if (counted != space.rows) {
        add("catalog.db", 0,
            "space '" + space.name + "' has " + std::to_string(counted) + " rows, but " +
                std::to_string(space.rows) + " that are not dead");
      }
      report_.rows += counted;
    }
    check_packages(catalog);
    for (const auto& map : catalog.maps()) check_map(catalog, map);
  }

  /// An encoder that is here but no longer gives the rows that a space holds. One that is not here
  /// is no damage.
  void check_packages(Catalog& catalog) {
    const auto packages = encode::list_packages();
    for (const auto& space : catalog.spaces()) {
      for (const auto& package : packages) {
        if (package.name != space.encoder) continue;
        const auto misfit = package_misfit(catalog, space, package);
        if (misfit)
          add((package.folder / "encoder.json").native(), 0, *misfit, package_remedy(package));
      }
    }
  }

  /// Checks the segments without a readable catalog: each group stands for
  /// itself.
  void check_files_alone() {
    for (const auto& space : files_.names("spaces")) {
      if (!files_.has_folder("spaces/" + space)) continue;
      for (const auto& name : files_.names("spaces/" + space)) {
        if (!name.starts_with("vectors-")) continue;
        const std::string path = space_folder_name(space) + "/" + name;
        check_segment(path, files_.size_of(path).value_or(0),
                      [](const Group&, std::uint64_t, std::span<const std::byte>) {});
      }
    }
  }

  template <class CheckGroup>
  void check_segment(const std::string& name, std::uint64_t wanted, const CheckGroup& check_group) {
    MappedFile file;
    try {
      file = MappedFile(files_.open(name, File::Mode::read));
    } catch (const Error& error) {
      add(name, 0, error.what());
      return;
    }
    if (file.bytes().size() < wanted) {
      add(name, file.bytes().size(),
          "the file is cut short, it had " + std::to_string(wanted) + " bytes");
    }
    if (wanted > kMostSegmentBytes) add(name, kMostSegmentBytes, "it is longer than any can be");
    const auto bytes =
        file.bytes().first(std::min({wanted, file.bytes().size(), kMostSegmentBytes}));
    count_file(bytes.size());
    std::uint64_t row = 0;
    for (std::uint64_t offset = 0; offset < bytes.size();) {
      if (watcher_.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped");
      watcher_.tell({report_.bytes, 0, 0});
      try {
        const Group group = read_group(bytes, offset);
        if (check_blocks(name, bytes, group)) check_group(group, row, bytes);
        row += group.rows;
        offset += group.size;
      } catch (const Error& error) {
        add(name, offset, error.what());
        offset = find_group(bytes, offset + 1);
      }
    }
  }

  bool check_blocks(const std::string& name, std::span<const std::byte> bytes, const Group& group) {
    bool whole = true;
    for (std::uint64_t begin = 0; begin < group.payload_size; begin += kBlockSize) {
      if (damaged_block(bytes, group, begin, begin + 1) < 0) continue;
      add(name, group.payload_offset + begin, "the block does not have its checksum");
      whole = false;
    }
    return whole;
  }

  /// Every row that is not dead is where the catalog says that the row of its item is.
  void check_rows(Catalog& catalog, std::int64_t key, std::int64_t number, const std::string& name,
                  const Group& group, std::uint64_t first_row, std::span<const std::byte> bytes) {
    const auto dead = catalog.dead_rows(key, number);
    for (std::uint64_t i = 0; i < group.rows; ++i) {
      if (std::ranges::binary_search(dead, first_row + i)) continue;
      const ItemId id = ids_of(bytes, group)[i];
      const auto place = catalog.row_place(key, id);
      if (place && place->segment == number && place->row == first_row + i) continue;
      add(name, group.payload_offset + i * sizeof(ItemId),
          "the row of item " + std::to_string(id) + " is not where the catalog says");
    }
  }

  /// Codes may be missing or behind, but existing ones must be whole and of these rows.
  void check_codes(const std::string& space_folder, const SegmentEntry& entry) {
    const std::string name = space_folder + "/" + codes_name(entry.number);
    const std::string of_rows = space_folder + "/" + segment_name(entry.number);
    if (!there(name) || !there(of_rows)) return;
    std::uint64_t offset = 0, row_offset = 0;
    try {
      const MappedFile file(files_.open(name, File::Mode::read)),
          rows(files_.open(of_rows, File::Mode::read));
      const auto bytes = file.bytes();
      count_file(bytes.size());
      const Group center = read_group(bytes, 0, GroupType::center);
      check_blocks(name, bytes, center);
      for (offset = center.size; offset < bytes.size();) {
        const Group group = read_group(bytes, offset, GroupType::codes);
        const Group of = read_group(rows.bytes().first(entry.bytes), row_offset);
        if (group.source != of.sum) add(name, offset, "these are the codes of other rows");
        check_blocks(name, bytes, group);
        offset += group.size;
        row_offset += of.size;
        if (center.source == center_source(1)) continue;  // of one bit
        const Group fine = read_group(bytes, offset, GroupType::fine);
        if (fine.source != of.sum) add(name, offset, "these are the codes of other rows");
        check_blocks(name, bytes, fine);
        offset += fine.size;
      }
    } catch (const Error& error) {
      add(name, offset, error.what());
    }
  }

  /// A graph may be missing or behind, but an existing one must be whole.
  void check_graph(const std::string& space_folder) {
    const std::string name = space_folder + "/" + std::string(kGraphFile);
    if (!there(name)) return;
    std::uint64_t offset = 0;
    try {
      const auto file = std::make_shared<const MappedFile>(files_.open(name, File::Mode::read));
      const auto bytes = file->bytes();
      count_file(bytes.size());
      const Group cover = read_group(bytes, 0, GroupType::cover);
      bool whole = check_blocks(name, bytes, cover);
      offset = cover.size;
      const Group graph = read_group(bytes, offset, GroupType::graph);
      whole = check_blocks(name, bytes, graph) && whole;
      if (whole) index::graph_from(payload_of(bytes, graph), file);
      offset += graph.size;
      if (offset != bytes.size()) add(name, offset, "bytes follow the end of the graph");
    } catch (const Error& error) {
      add(name, offset, error.what());
    }
  }

  void check_map(Catalog& catalog, const MapEntry& map) {
    const std::string name = map_file_name(map.name);
    const Remedy remedy = map_remedy(map);
    try {
      const MappedFile file(files_.open(name, File::Mode::read));
      count_file(file.bytes().size());
      const Group group = read_group(file.bytes(), 0, GroupType::map);
      for (std::uint64_t begin = 0; begin < group.payload_size; begin += kBlockSize) {
        if (damaged_block(file.bytes(), group, begin, begin + 1) < 0) continue;
        add(name, group.payload_offset + begin, "the block does not have its checksum", remedy);
      }
      if (group.size != file.bytes().size()) {
        add(name, group.size, "bytes follow the end of the map", remedy);
      }
      if (!is_current_map(catalog, map.name, group.sum) && !is_newer_map(map.name, group.sum)) {
        add(name, 0, "it is not the map that was kept last", remedy);
      }
    } catch (const Error& error) {
      add(name, 0, error.what(), remedy);
    }
  }

  /// Whether there is a file of that name. Anything else of that name is damage.
  bool there(const std::string& name) {
    try {
      return files_.size_of(name).has_value();
    } catch (const Error& error) {
      add(name, 0, error.what());
      return false;
    }
  }

  /// A writer may have replaced a map since this began.
  bool is_newer_map(const std::string& name, std::uint64_t sum) const {
    const auto catalog = open_catalog(folder_);
    return is_current_map(*catalog, name, sum);
  }

  void count_file(std::uint64_t bytes) {
    ++report_.files;
    report_.bytes += bytes;
  }

  void add(const std::string& file, std::uint64_t offset, const std::string& what,
           const Remedy& remedy = repair_remedy()) {
    report_.damage.push_back({file, offset, what, remedy});
  }

  fs::path folder_;
  Folder files_;  ///< The same, held open.
  const Watcher& watcher_;
  VerifyReport report_;
};

}  // namespace

namespace {

/// Changes with every write.
std::vector<std::int64_t> stamp_of(const fs::path& folder) {
  std::vector<std::int64_t> stamp;
  for (const char* name : {"catalog.db", "catalog.db-wal", "catalog.sum"}) {
    struct stat status {};
    if (::stat((folder / name).c_str(), &status) != 0) status = {};
    stamp.insert(stamp.end(), {static_cast<std::int64_t>(status.st_ino), status.st_size,
                               status.st_mtim.tv_sec, status.st_mtim.tv_nsec});
  }
  return stamp;
}

}  // namespace

VerifyReport verify(const fs::path& folder, const Watcher& watcher) {
  // A writer goes on meanwhile, and files are not read all at once: only a fault that every look
  // finds at the same place is damage.
  constexpr int kLooks = 4;
  constexpr std::chrono::milliseconds kPause{200};
  std::optional<std::vector<Damage>> found;
  for (int look = 1;; ++look) {
    const bool writing = current_writer(folder).has_value();
    const auto before = stamp_of(folder);
    VerifyReport report = Verification(folder, watcher).run();
    if (found) {
      std::erase_if(report.damage, [&](const Damage& each) {
        return std::ranges::find(*found, each) == found->end();
      });
    }
    const bool settled = !writing && !current_writer(folder) && stamp_of(folder) == before;
    if (report.damage.empty() || settled || look == kLooks) return report;
    found = std::move(report.damage);
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace alike::collection
