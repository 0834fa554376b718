// An untrusted snapshot: restored, checked and read. The mutator makes its checksums valid
// again.
#include <algorithm>

#include "alike/base/error.h"
#include "alike/collection/care/care.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/store/map_store.h"
#include "alike/collection/store/writer.h"
#include "fuzz/support.h"

namespace {

using namespace alike;
using namespace alike::collection;
using fuzz::folder;

std::string made_snapshot() {
  const auto home = folder() / "seed" / ".alike";
  std::filesystem::create_directories(home.parent_path());
  auto collection = Collection::create(home.parent_path(), home);
  Matrix rows(4, 3);
  import_rows(collection, rows, {"a/b.png", "a/c.png", "d.png", "e.png"}, "rows",
              index::Metric::l2);
  write_map(collection, "a.map", "rows", bytes_of(std::string(100, 'm')));
  snapshot(home, folder() / "seed.snap", {});
  return read_text(folder() / "seed.snap");
}

/// Walks the pieces as `restore` does and mends the checksum of each.
class Mender {
 public:
  explicit Mender(std::span<std::uint8_t> bytes) : bytes_(bytes) {}

  void run() {
    piece(8);
    piece(8);
    const std::uint64_t files = number();
    for (std::uint64_t i = 0; i < files && !over_; ++i) {
      piece(std::min<std::uint64_t>(number(), 4096));
      const std::uint64_t size = number();
      for (std::uint64_t done = 0; done < size && !over_; done += kPiece) {
        piece(std::min<std::uint64_t>(kPiece, size - done));
      }
    }
  }

 private:
  static constexpr std::uint64_t kPiece = 1 << 20;

  void piece(std::uint64_t size) {
    over_ = over_ || bytes_.size() - at_ < 8 || size > bytes_.size() - at_ - 8;
    if (over_) return;
    fuzz::put_checksum(bytes_, at_, at_ + size, at_ + size);
    at_ += size + 8;
  }
  std::uint64_t number() {
    const auto value = fuzz::number_at<std::uint64_t>(bytes_, at_);
    piece(8);
    return over_ ? 0 : value;
  }

  std::span<std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool over_ = false;
};

void read_all(const std::filesystem::path& home) {
  const Collection collection(home);
  collection.status();
  for (const auto& space : collection.spaces()) {
    const auto rows = collection.rows(space.name);
    for (std::size_t i = 0; i < rows->block_count(); ++i) rows->block(i);
    collection.row(1, space.name);
    collection.pca(space.name);
  }
  for (const auto& map : collection.maps()) {
    try {
      read_map(collection, map.name);
    } catch (const Error&) {
      // A damaged map keeps nothing else from being read.
    }
  }
  collection.matching("width >= 0 and path like \"%.png\"");
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments, {made_snapshot()});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (seed % 8 != 0) Mender({data, size}).run();
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::bytes_from(data, size));
  const auto home = folder() / "pictures" / ".alike";
  std::filesystem::create_directories(home.parent_path());
  try {
    restore(file.path(), home, home.parent_path(), {});
    verify(home, {});
    read_all(home);
    compact(home, {});
    repair(home, {});
  } catch (const Error&) {
  }
  std::filesystem::remove_all(folder() / "pictures");
  return 0;
}
