#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/parallel.h"
#include "alike/base/paths.h"
#include "alike/collection/care/care.h"
#include "alike/collection/catalog/catalog_file.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/map_store.h"
#include "alike/collection/store/rewrite.h"
#include "alike/collection/store/salvage.h"
#include "alike/collection/store/segment.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

class Repair {
 public:
  Repair(const fs::path& folder, const Watcher& watcher)
      : folder_(folder), files_(folder), watcher_(watcher) {}

  RepairReport run() {
    {
      const WriterLock lock(files_);
      finish_salvage(files_);
      mend_catalog();
    }
    Writer writer(folder_, Writer::Begin::as_is);
    for (const auto& space : writer.catalog().spaces()) mend_space(writer, space);
    for (const auto& map : writer.catalog().maps()) mend_map(writer, map);
    writer.remove_leftovers();
    for (const auto& space : writer.catalog().spaces()) {
      const std::int64_t key = writer.catalog().key_of(space.name);
      if (refresh_index(writer, key, available_processors(), watcher_).any()) {
        done("space '" + space.name + "': its index made anew from its rows");
      }
    }
    return std::move(report_);
  }

 private:
  void write(const std::string& name, std::uint64_t offset, std::span<const std::byte> bytes) {
    File file = files_.open(name, File::Mode::update);
    file.write_at(offset, bytes);
    file.sync();
  }

  void done(const std::string& sentence, std::optional<Remedy> remedy = std::nullopt) {
    report_.done.push_back({sentence, std::move(remedy)});
  }

  void mend_catalog() {
    mend_sum();
    const auto damage = catalog_damage(files_);
    bool whole = std::ranges::all_of(
        damage, [&](const CatalogDamage& place) { return mend_catalog_block(place); });
    whole = whole && catalog_is_sound(folder_);
    if (!whole) {
      report_.rows_lost += salvage_catalog(folder_);
      done("catalog.db: rebuilt from its readable part");
    }
    if (!whole || !damage.empty() || !files_.size_of("catalog.sum")) {
      write_catalog_sum(files_);
    }
  }

  /// A damaged sum would hide damage of the catalog, so it is mended first, or else removed.
  void mend_sum() {
    std::uint64_t place = 0;
    try {
      read_catalog_sum(files_);
      return;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::corrupt) throw;
      place = catalog_damage(files_).at(0).offset;
    }
    if (mend_sum_near(files_, place)) {
      done("catalog.sum: one flipped bit put right at offset " + std::to_string(place));
      return;
    }
    remove_catalog_sum(files_);
    done("catalog.sum: damaged beyond mending, measured again");
  }

  bool mend_catalog_block(const CatalogDamage& place) {
    const auto sum = read_catalog_sum(files_).value();
    const std::uint64_t number = place.offset / kBlockSize;
    CatalogFile file(files_, CatalogFile::Mode::update);
    if (number >= sum.blocks.size() || place.offset >= file.size()) return false;
    std::vector<std::byte> block(std::min<std::uint64_t>(kBlockSize, file.size() - place.offset));
    file.read_at(place.offset, block);
    if (!mend_one_bit(block, sum.blocks[number])) return false;
    file.write_at(place.offset, block);
    file.sync();
    done(place.file + ": one flipped bit put right in the block at offset " +
         std::to_string(place.offset));
    return true;
  }

  void mend_space(Writer& writer, const Space& space) {
    const std::int64_t key = writer.catalog().key_of(space.name);
    std::vector<SegmentEntry> hopeless;
    for (const auto& entry : writer.catalog().segments(key)) {
      const std::string name = space_folder_name(space.name) + "/" + segment_name(entry.number);
      if (!mend_segment(name, entry)) hopeless.push_back(entry);
    }
    if (hopeless.empty()) return;
    const auto lost = rewrite_segments(writer, key, hopeless, DamagedRows::drop, watcher_);
    report_.rows_lost += lost;
    done("space '" + space.name + "': " + std::to_string(lost) + " rows in damaged blocks dropped");
  }

  /// True when the segment is whole now.
  bool mend_segment(const std::string& name, const SegmentEntry& entry) {
    const auto size = files_.size_of(name);
    if (!size || *size < entry.bytes || entry.bytes > kMostSegmentBytes) return false;
    const File file = files_.open(name, File::Mode::read);
    std::vector<std::byte> bytes(entry.bytes);
    file.read_at(0, bytes);
    bool whole = true;
    std::uint64_t rows = 0;
    for (std::uint64_t offset = 0; offset < bytes.size();) {
      try {
        const Group group = read_group(bytes, offset);
        whole = mend_blocks(name, bytes, group) && whole;
        rows += group.rows;
        offset += group.size;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::corrupt || !mend_head(bytes, offset)) return false;
        const Group group = read_group(bytes, offset);
        write(name, offset, std::span(bytes).subspan(offset, group.payload_offset - offset));
        done(name + ": one flipped bit put right in the head at offset " + std::to_string(offset));
      }
    }
    return whole && rows == entry.rows;
  }

  /// A map that cannot be mended goes: it can be made again.
  void mend_map(Writer& writer, const MapEntry& map) {
    const std::string name = map_file_name(map.name);
    try {
      const File file = files_.open(name, File::Mode::read);
      std::vector<std::byte> bytes(std::min(file.size(), kMostSegmentBytes));
      file.read_at(0, bytes);
      const Group group = read_group(bytes, 0, GroupType::map);
      const bool whole = mend_blocks(name, bytes, group) && group.size == bytes.size();
      if (whole && is_current_map(writer.catalog(), map.name, group.sum)) return;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::io || error.code() == ErrorCode::no_space) throw;
    }
    Transaction transaction(writer.database(), true);
    writer.catalog().remove_map(map.name);
    writer.commit(transaction);
    done(name + ": damaged beyond mending, removed", map_remedy(map));
  }

  bool mend_blocks(const std::string& name, std::vector<std::byte>& bytes, const Group& group) {
    bool whole = true;
    for (std::uint64_t begin = 0; begin < group.payload_size; begin += kBlockSize) {
      if (damaged_block(bytes, group, begin, begin + 1) < 0) continue;
      const std::uint64_t offset = group.payload_offset + begin;
      const auto size = std::min<std::uint64_t>(kBlockSize, group.payload_size - begin);
      const auto place = std::span(bytes).subspan(offset, size);
      std::vector<std::byte> block(place.begin(), place.end());
      if (!mend_one_bit(block, block_checksum(bytes, group, begin / kBlockSize))) {
        whole = false;
        continue;
      }
      std::ranges::copy(block, place.begin());
      write(name, offset, block);
      done(name + ": one flipped bit put right in the block at offset " + std::to_string(offset));
    }
    return whole;
  }

  fs::path folder_;
  Folder files_;  ///< The same, held open.
  const Watcher& watcher_;
  RepairReport report_;
};

}  // namespace

RepairReport repair(const fs::path& folder, const Watcher& watcher) {
  if (!path_exists(folder / "catalog.db")) {
    throw Error(ErrorCode::not_found, "'" + folder.native() + "' is not a collection");
  }
  return Repair(folder, watcher).run();
}

}  // namespace alike::collection
