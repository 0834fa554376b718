// All of a collection in one checked file, and back. Layout: docs/file-formats.md.
#include <algorithm>
#include <array>
#include <cstring>

#include "alike/base/draft_folder.h"
#include "alike/base/error.h"
#include "alike/base/folder.h"
#include "alike/base/parallel.h"
#include "alike/base/paths.h"
#include "alike/collection/care/care.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/catalog/lock.h"
#include "alike/collection/catalog/trust.h"
#include "alike/collection/names.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/map_store.h"
#include "alike/collection/store/segment.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMagic = 0x70616E73'6B696C61;  // "aliksnap"
constexpr std::uint64_t kVersion = 2;
constexpr std::uint64_t kWithoutMaps = 1;  ///< Version of a snapshot that holds none.
constexpr std::size_t kPiece = 1 << 20;
constexpr std::uint64_t kMostFiles = 1 << 20;

/// A file in a snapshot: its name in the collection's folder and its content.
struct Entry {
  std::string name;
  File file;
  std::uint64_t size = 0;
};

void stop_if_asked(const Watcher& watcher, const char* what) {
  if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, what);
}

/// Appends to a file, with a checksum after every piece.
class Output {
 public:
  explicit Output(const fs::path& path) : file_(path, File::Mode::fresh) {}

  void put(std::span<const std::byte> bytes) {
    file_.write_at(offset_, bytes);
    offset_ += bytes.size();
    const std::uint64_t sum = checksum(bytes);
    file_.write_at(offset_, bytes_of(sum));
    offset_ += sizeof sum;
  }
  void sync() { file_.sync(); }

 private:
  File file_;
  std::uint64_t offset_ = 0;
};

/// Reads the file of an `Output`.
class Source {
 public:
  explicit Source(const fs::path& path) : file_(path, File::Mode::read), size_(file_.size()) {}

  std::vector<std::byte> take(std::uint64_t size) {
    if (offset_ + size + sizeof(std::uint64_t) > size_) fail("the file is cut short");
    std::vector<std::byte> bytes(size);
    std::uint64_t sum = 0;
    file_.read_at(offset_, bytes);
    file_.read_at(offset_ + size, {reinterpret_cast<std::byte*>(&sum), sizeof sum});
    if (checksum(bytes) != sum) fail("the piece does not have its checksum");
    offset_ += size + sizeof sum;
    return bytes;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    const auto bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::corrupt, "'" + file_.path().native() + "', offset " +
                                        std::to_string(offset_) + ": " + what +
                                        "; use another copy of the snapshot");
  }
  bool at_end() const { return offset_ == size_; }

 private:
  File file_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
};

/// The file of a map as a snapshot takes it.
struct MapFile {
  bool fits = true;        ///< The catalog names it.
  std::uint64_t size = 0;  ///< Bytes to take.
};

/// A damaged map is no newer one: the snapshot takes it as it is, but no bytes behind its end, and
/// where the head does not tell its end, no more than show that. They may be more than any disk
/// has.
MapFile map_file(Catalog& catalog, const MapEntry& map, const File& file) {
  const std::uint64_t size = file.size();
  try {
    const MappedFile mapped(file);
    const Group group = read_group(mapped.bytes(), 0, GroupType::map);
    return {is_current_map(catalog, map.name, group.sum), std::min(size, group.size)};
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
    constexpr std::uint64_t kHead = 4096;
    return {true, std::min(size, kHead)};
  }
}

/// The parts of a snapshot.
struct Gathered {
  std::vector<Entry> entries;
  bool maps_fit = true;  ///< Each is one that the catalog names.

  void add(const std::string& name, File file, std::uint64_t size) {
    entries.push_back({name, std::move(file), size});
  }
  void add(const std::string& name, File file) {
    const std::uint64_t size = file.size();
    add(name, std::move(file), size);
  }
};

/// The catalog in the file `catalog_copy` and its files, opened, so that a writer may remove them
/// meanwhile. Throws `not_found` where a file is gone.
Gathered open_all(const Folder& files, const fs::path& catalog_copy) {
  Gathered all;
  all.add("catalog.db", File(catalog_copy, File::Mode::read));
  Catalog copy(catalog_copy.parent_path(), Database::Mode::immutable);
  for (const auto& map : copy.maps()) {
    File file = files.open(map_file_name(map.name), File::Mode::read);
    const MapFile taken = map_file(copy, map, file);
    all.maps_fit = all.maps_fit && taken.fits;
    all.add(map_file_name(map.name), std::move(file), taken.size);
  }
  auto statement = copy.database().prepare(
      "SELECT name, number, bytes FROM segments JOIN spaces ON key = space ORDER BY 1, 2");
  while (statement.step()) {
    const std::string name =
        space_folder_name(statement.text(0)) + "/" + segment_name(statement.integer(1));
    all.add(name, files.open(name, File::Mode::read),
            static_cast<std::uint64_t>(statement.integer(2)));
  }
  return all;
}

/// The catalog as of one moment as a file of its own, and the maps and segments it names.
std::vector<Entry> gather(const fs::path& folder, const fs::path& catalog_copy) {
  const Folder files(folder);
  constexpr int kTries = 5;
  for (int i = 1;; ++i) {
    check_catalog(files, false);
    remove_path(catalog_copy);
    { open_catalog(folder)->database().copy_to(catalog_copy); }
    try {
      Gathered all = open_all(files, catalog_copy);
      // A writer may have replaced a map since the catalog was copied; or it is an old one, put
      // back by hand, and stays so.
      if (all.maps_fit || i == kTries) return std::move(all.entries);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found || i == kTries) throw;
    }
  }
}

void write_snapshot(const std::vector<Entry>& entries, const fs::path& file,
                    const Watcher& watcher) {
  Output output(file);
  output.put(bytes_of(kMagic));
  const bool maps = std::ranges::any_of(
      entries, [](const Entry& entry) { return entry.name.starts_with("maps/"); });
  output.put(bytes_of(maps ? kVersion : kWithoutMaps));
  output.put(bytes_of(std::uint64_t{entries.size()}));
  std::uint64_t total = 0;
  std::uint64_t done = 0;
  for (const auto& entry : entries) total += entry.size;
  std::vector<std::byte> piece(kPiece);
  for (const auto& entry : entries) {
    output.put(bytes_of(std::uint64_t{entry.name.size()}));
    output.put(bytes_of(entry.name));
    output.put(bytes_of(entry.size));
    for (std::uint64_t offset = 0; offset < entry.size; offset += kPiece) {
      stop_if_asked(watcher, "stopped; no snapshot was made");
      const auto bytes =
          std::span(piece).first(std::min<std::uint64_t>(kPiece, entry.size - offset));
      entry.file.read_at(offset, bytes);
      output.put(bytes);
      done += bytes.size();
      watcher.tell({done, total, 0});
    }
  }
  output.sync();
}

/// A name that `gather` can have made; whatever else a hostile file says is not a path.
bool good_name(const std::string& name) {
  if (name == "catalog.db") return true;
  const fs::path path(name);
  const std::string file = path.filename().native();
  if (file.ends_with(".map") && name == "maps/" + file) {
    try {
      check_name(file.substr(0, file.size() - 4), "a map");
      return true;
    } catch (const Error&) {
      return false;
    }
  }
  const std::string space = path.parent_path().filename().native();
  const bool digits = file.size() > 12 && file.starts_with("vectors-") && file.ends_with(".seg") &&
                      std::all_of(file.begin() + 8, file.end() - 4,
                                  [](char letter) { return letter >= '0' && letter <= '9'; });
  return digits && !space.empty() && space[0] != '.' && name == "spaces/" + space + "/" + file &&
         name.find('\0') == std::string::npos;
}

/// Throws `corrupt` unless the restored folder is a collection through and through. The checksums
/// prove only that the file is as it was written, not its origin.
void check_restored(const fs::path& folder, const fs::path& file, const Watcher& watcher) {
  try {
    Catalog catalog(folder, Database::Mode::write);
    // A name leads to a folder, which a writer may clear.
    for (const auto& space : catalog.spaces()) check_space_name(space.name);
    for (const auto& map : catalog.maps()) check_name(map.name, "a map");
    catalog.next_id();
    for (const auto& place : verify(folder, watcher).damage) {
      if (place.file.starts_with("maps/")) continue;     // can be made again, and says how
      if (fs::path(place.file).is_absolute()) continue;  // of an encoder here
      throw Error(ErrorCode::corrupt,
                  place.file + ", offset " + std::to_string(place.offset) + ": " + place.what);
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted || error.code() == ErrorCode::unsupported) throw;
    throw Error(ErrorCode::corrupt, "'" + file.native() + "' does not hold a whole collection (" +
                                        error.what() + "); use another copy of the snapshot");
  }
}

/// Makes all below `folder` durable.
void sync_all(const fs::path& folder) {
  for (const auto& path : paths_below(folder)) {
    if (is_folder(path)) {
      sync_folder(path);
    } else {
      File(path, File::Mode::update).sync();
    }
  }
  sync_folder(folder);
}

/// Reads a snapshot from end to end; `write` gets each piece of each file.
template <class Write>
void read_snapshot(const fs::path& file, const Watcher& watcher, const Write& write) {
  Source source(file);
  if (source.number() != kMagic) source.fail("this is not a snapshot");
  const std::uint64_t version = source.number();
  if (version == 0 || version > kVersion) {
    throw Error(ErrorCode::unsupported, "'" + file.native() + "' is of version " +
                                            std::to_string(version) +
                                            "; it comes from a newer alike");
  }
  const std::uint64_t files = source.number();
  if (files == 0 || files > kMostFiles) source.fail("the number of files is not possible");
  for (std::uint64_t i = 0; i < files; ++i) {
    const std::uint64_t length = source.number();
    if (length > 4096) source.fail("the name of a file is too long");
    const auto bytes = source.take(length);
    const std::string name(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!good_name(name) || (i == 0) != (name == "catalog.db")) {
      source.fail("the name of a file is not one of a collection");
    }
    const std::uint64_t size = source.number();
    for (std::uint64_t offset = 0; offset < size || offset == 0; offset += kPiece) {
      stop_if_asked(watcher, "stopped; nothing was restored");
      if (size == 0) break;
      write(name, offset, source.take(std::min<std::uint64_t>(kPiece, size - offset)));
    }
  }
  if (!source.at_end()) source.fail("there is more in the file than it says");
}

}  // namespace

void snapshot(const fs::path& folder, const fs::path& file, const Watcher& watcher) {
  if (path_exists(file)) {
    throw Error(ErrorCode::invalid_argument,
                "'" + file.native() + "' exists; choose another name or remove it first");
  }
  const DraftFolder draft(file);
  const auto part = draft.path() / "snapshot";
  write_snapshot(gather(folder, draft.path() / "catalog.db"), part, watcher);
  rename_path(part, file);
  sync_folder(absolute_path(file).parent_path());
}

void restore(const fs::path& file, const fs::path& folder, const fs::path& pictures,
             const Watcher& watcher) {
  if (path_exists(folder)) {
    throw Error(ErrorCode::invalid_argument,
                "'" + folder.native() +
                    "' exists; restore to another place with --collection PATH, "
                    "or move it away");
  }
  if (path_exists(pictures) && !is_folder(pictures)) {
    throw Error(ErrorCode::invalid_argument,
                "'" + pictures.native() + "' is not a folder; name the one the pictures lie in");
  }
  read_snapshot(file, watcher, [](const std::string&, std::uint64_t, const auto&) {});
  make_folders(pictures);
  const DraftFolder draft(folder);
  const auto part = draft.path() / "collection";
  make_folders(part / "spaces");
  read_snapshot(
      file, watcher,
      [&](const std::string& name, std::uint64_t offset, const std::vector<std::byte>& bytes) {
        make_folders((part / name).parent_path());
        File target(part / name, File::Mode::create);
        target.write_at(offset, bytes);
      });
  check_restored(part, file, watcher);
  {
    Database catalog(part / "catalog.db", Database::Mode::create);
    const auto above = likely_path(absolute_path(folder)).parent_path();
    const auto where = real_path(pictures);
    catalog.prepare("UPDATE settings SET value = ? WHERE key = 'pictures'")
        .bind(above == where ? std::string() : where.native())
        .run();
    catalog.checkpoint();
    catalog.checkpoint_on_close(true);
  }
  write_catalog_sum(part);
  sync_all(part);
  rename_path(part, folder);
  sync_folder(absolute_path(folder).parent_path());
  trust_own(folder, real_path(pictures));
  Writer writer(folder);  // makes the parts that a snapshot omits, since they follow from the rest
  for (const auto& space : writer.catalog().spaces()) {
    refresh_index(writer, writer.catalog().key_of(space.name), available_processors(), watcher);
  }
}

}  // namespace alike::collection
