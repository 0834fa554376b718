#include "alike/collection/code_files.h"

#include <algorithm>
#include <memory>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/parallel.h"
#include "alike/collection/mapped_codes.h"
#include "alike/collection/segment_views.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

bool undamaged(const CodeFile& codes) {
  return std::ranges::all_of(codes.groups, [&](const Group& group) {
    return damaged_block(codes.file.bytes(), group, 0, group.payload_size) < 0;
  });
}

/// The codes of one space.
class Refresh {
 public:
  Refresh(fs::path folder, const MappedRows& rows, index::Metric metric, int threads)
      : folder_(std::move(folder)), rows_(rows), metric_(metric), threads_(threads) {
    for (const std::int64_t number : rows_.segments()) {
      known_.push_back(read_code_file(folder_ / codes_name(number), rows_.groups(number)));
      if (center_.empty() && known_.back()) center_ = known_.back()->center;
    }
  }

  bool run(const Watcher& watcher) {
    bool changed = false;
    const auto numbers = rows_.segments();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (watcher.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted,
                    "stopped; what is done is kept, and the same command goes on from there");
      }
      changed = refresh(numbers[i], known_[i]) || changed;
    }
    return changed;
  }

 private:
  bool refresh(std::int64_t number, const std::optional<CodeFile>& known) {
    const auto& groups = rows_.groups(number);
    if (groups.empty()) return false;
    if (center_.empty()) center_ = index::center_of(rows_, metric_);
    const index::Coding coding(metric_, center_);
    const auto path = folder_ / codes_name(number);
    const bool good = known && known->whole && known->center == center_ && undamaged(*known);
    if (!good) {
      const auto center = make_group({.type = GroupType::center,
                                      .width = static_cast<std::uint32_t>(center_.size()),
                                      .rows = 1,
                                      .source = index::kCodingVersion},
                                     bytes_of(center_));
      replace_file(path, joined(center, encoded(coding, number, 0)));
      return true;
    }
    if (known->groups.size() == groups.size()) return false;
    File file(path, File::Mode::update);
    file.write_at(file.size(), joined({}, encoded(coding, number, known->groups.size())));
    file.sync();
    return true;
  }

  /// Groups of codes for the groups of segment `number` from `first` on.
  std::vector<std::vector<std::byte>> encoded(const index::Coding& coding, std::int64_t number,
                                              std::size_t first) const {
    const auto& groups = rows_.groups(number);
    std::vector<std::vector<std::size_t>> blocks(groups.size());
    for (std::size_t i = 0; i < rows_.block_count(); ++i) {
      const auto place = rows_.place(i);
      if (place.segment == number) blocks[place.group].push_back(i);
    }
    std::vector<std::vector<std::byte>> made(groups.size() - first);
    parallel_for(made.size(), 1, threads_, [&](std::size_t i, std::size_t) {
      const Group& of = groups[first + i];
      const float* values = nullptr;
      for (const std::size_t block : blocks[first + i]) {
        const index::RowBlock checked = rows_.block(block);
        if (values == nullptr) values = checked.values;
      }
      made[i] = make_group(
          {.type = GroupType::codes, .width = of.width, .rows = of.rows, .source = of.sum},
          coding.encode(values, of.rows));
      rows_.forget(number, first + i);
    });
    return made;
  }

  static std::vector<std::byte> joined(std::vector<std::byte> bytes,
                                       const std::vector<std::vector<std::byte>>& groups) {
    for (const auto& group : groups) bytes.insert(bytes.end(), group.begin(), group.end());
    return bytes;
  }

  fs::path folder_;
  const MappedRows& rows_;
  index::Metric metric_;
  int threads_;
  std::vector<std::optional<CodeFile>> known_;  // one per segment
  std::vector<float> center_;
};

bool remove_codes(const fs::path& folder) {
  bool changed = false;
  if (!fs::is_directory(folder)) return false;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (!file.path().filename().native().starts_with("codes-")) continue;
    fs::remove(file.path());
    changed = true;
  }
  return changed;
}

}  // namespace

bool refresh_codes(Writer& writer, std::int64_t space, int threads, const Watcher& watcher) {
  Catalog& catalog = writer.catalog();
  const Space of = catalog.space(catalog.name_of(space));
  const auto folder = writer.space_folder(space);
  bool changed = false;
  if (wants_codes(of.index, of.rows, of.width)) {
    const MappedRows rows(of.width, segment_views(catalog, writer.folder(), of));
    changed = Refresh(folder, rows, of.metric, threads).run(watcher);
  } else {
    changed = remove_codes(folder);
  }
  if (!changed) return false;
  // Readers look again after any change of the catalog.
  Transaction transaction(writer.database(), true);
  catalog.set_codes_changed(space);
  writer.commit(transaction);
  return true;
}

}  // namespace alike::collection
