#include "alike/collection/store/code_files.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/ordered_work.h"
#include "alike/collection/store/mapped_codes.h"
#include "alike/collection/store/segment_views.h"

namespace alike::collection {
namespace {

constexpr std::size_t kWindow = 16;  ///< Groups of codes made ahead of the one to be written next.

bool undamaged(const CodeFile& codes) {
  return std::ranges::all_of(codes.groups, [&](const CodeGroups& groups) {
    const bool good = undamaged(codes.file.bytes(), groups);
    codes.file.forget(groups.codes.offset, groups.codes.size);
    if (groups.fine) codes.file.forget(groups.fine->offset, groups.fine->size);
    return good;
  });
}

/// The codes of one space.
class Refresh {
 public:
  Refresh(const Folder& folder, std::string place, const MappedRows& rows, const Space& of,
          int threads, const Watcher& watcher)
      : folder_(folder),
        place_(std::move(place)),
        rows_(rows),
        metric_(of.metric),
        bits_(wanted_bits(of.index, of.rows, of.width)),
        threads_(threads),
        watcher_(watcher) {
    for (const std::int64_t number : rows_.segments()) {
      known_.push_back(read_code_file(folder_, name_of(number), rows_.groups(number)));
      if (!known_.back()) continue;
      if (center_.empty()) center_ = known_.back()->center;
      known_.back()->file.forget(0, known_.back()->file.bytes().size());  // read for its heads
    }
  }

  std::uint64_t run() {
    std::uint64_t made = 0;
    const auto numbers = rows_.segments();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      made += refresh(numbers[i], known_[i]);
    }
    return made;
  }

 private:
  /// Rows that got a code.
  std::uint64_t refresh(std::int64_t number, const std::optional<CodeFile>& known) {
    const auto& groups = rows_.groups(number);
    if (groups.empty()) return 0;
    if (center_.empty()) find_center();
    const index::Rabitq coding(metric_, center_, bits_);
    const std::string name = name_of(number);
    // Nothing is added to a file that is hard-linked, as by 'cp -al'.
    const bool good = known && folder_.links_of(name) == 1 && known->whole &&
                      known->center == center_ && known->bits == bits_ && undamaged(*known);
    if (!good) {
      const auto center = make_group({.type = GroupType::center,
                                      .width = static_cast<std::uint32_t>(center_.size()),
                                      .rows = 1,
                                      .source = center_source(bits_)},
                                     bytes_of(center_));
      std::uint64_t made = 0;
      folder_.replace(name, [&](File& file) {
        file.write_at(0, center);
        made = write_codes(coding, number, 0, file);
      });
      return made;
    }
    if (known->groups.size() == groups.size()) return 0;
    File file = folder_.open(name, File::Mode::update);
    const std::uint64_t made = write_codes(coding, number, known->groups.size(), file);
    file.sync();
    return made;
  }

  void find_center() {
    center_ = index::center_of(rows_, metric_);
    for (const std::int64_t number : rows_.segments()) {
      for (std::size_t g = 0; g < rows_.groups(number).size(); ++g) rows_.forget(number, g);
    }
  }

  /// Writes groups of codes for the groups of segment `number` from `first` on to the end of
  /// `file`, each as soon as it is made: there may be more of them than is good for memory. Returns
  /// how many rows they are of.
  std::uint64_t write_codes(const index::Rabitq& coding, std::int64_t number, std::size_t first,
                            File& file) const {
    const auto blocks = blocks_of(number);
    const std::size_t count = blocks.size() - first;
    OrderedWork<std::vector<std::byte>> work(count, kWindow, threads_, [&](std::size_t i) {
      return encoded(coding, number, first + i, blocks[first + i]);
    });
    std::uint64_t end = file.size();
    std::uint64_t rows = 0;
    for (std::size_t i = 0; i < count;) {
      if (watcher_.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted,
                    "stopped; finished work is kept, and the same command goes on from there");
      }
      const auto group = work.take(std::chrono::milliseconds(100));
      if (!group) continue;
      file.write_at(end, *group);
      end += group->size();
      rows += rows_.groups(number)[first + i++].rows;
    }
    rows_.check_whole();
    return rows;
  }

  /// The blocks of each group of segment `number`.
  std::vector<std::vector<std::size_t>> blocks_of(std::int64_t number) const {
    std::vector<std::vector<std::size_t>> blocks(rows_.groups(number).size());
    for (std::size_t i = 0; i < rows_.block_count(); ++i) {
      const auto place = rows_.place(i);
      if (place.segment == number) blocks[place.group].push_back(i);
    }
    return blocks;
  }

  /// The groups of codes for group `g` of segment `number`, which consists of `blocks`.
  std::vector<std::byte> encoded(const index::Rabitq& coding, std::int64_t number, std::size_t g,
                                 const std::vector<std::size_t>& blocks) const {
    const Group& of = rows_.groups(number)[g];
    const float* values = nullptr;
    for (const std::size_t block : blocks) {
      const index::RowBlock checked = rows_.block(block);
      if (values == nullptr) values = checked.values;
    }
    const index::Encoded codes = coding.encode(values, of.rows);
    auto made =
        make_group({.type = GroupType::codes, .width = of.width, .rows = of.rows, .source = of.sum},
                   codes.codes);
    if (bits_ > 1) {
      const auto width = static_cast<std::uint32_t>(codes.fine.size() / of.rows);
      const auto fine = make_group(
          {.type = GroupType::fine, .width = width, .rows = of.rows, .source = of.sum}, codes.fine);
      made.insert(made.end(), fine.begin(), fine.end());
    }
    rows_.forget(number, g);
    return made;
  }

  std::string name_of(std::int64_t number) const { return place_ + "/" + codes_name(number); }

  const Folder& folder_;
  std::string place_;
  const MappedRows& rows_;
  index::Metric metric_;
  std::size_t bits_;
  int threads_;
  const Watcher& watcher_;
  std::vector<std::optional<CodeFile>> known_;  // one per segment
  std::vector<float> center_;
};

/// How many files there were.
std::uint64_t remove_codes(const Folder& folder, const std::string& place) {
  std::uint64_t removed = 0;
  for (const auto& name : folder.names(place)) {
    if (name.starts_with("codes-") && folder.remove(place + "/" + name)) ++removed;
  }
  return removed;
}

}  // namespace

IndexChange refresh_codes(Writer& writer, std::int64_t space, int threads, const Watcher& watcher) {
  Catalog& catalog = writer.catalog();
  const Space of = catalog.space(catalog.name_of(space));
  const std::string place = writer.space_folder(space);
  IndexChange change;
  if (wanted_bits(of.index, of.rows, of.width) > 0) {
    const MappedRows rows(of.width, segment_views(catalog, of), writer.folder());
    change.made = Refresh(writer.folder(), place, rows, of, threads, watcher).run();
  } else {
    change.removed = remove_codes(writer.folder(), place);
  }
  return change;
}

}  // namespace alike::collection
