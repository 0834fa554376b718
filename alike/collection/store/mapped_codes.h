// The codes of a space as the coded index reads them: files derived from its segments.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alike/collection/store/mapped_rows.h"
#include "alike/index/codes/rabitq_index.h"

namespace alike::collection {

/// "codes-0007.seg"
std::string codes_name(std::int64_t segment);

/// The `Group::source` of a centre of codes of so many bits.
std::uint64_t center_source(std::size_t bits);

/// The codes of a group of rows.
struct CodeGroups {
  Group codes;
  std::optional<Group> fine;  ///< Their further bits, if they have any.
};

/// A file of codes as far as it can be used: a group with the centre, then a group of codes and, if
/// they have more than one bit, a group of the further bits for each group of rows of the segment,
/// in the same order.
struct CodeFile {
  MappedFile file;
  std::vector<float> center;
  std::size_t bits = 1;
  std::vector<CodeGroups> groups;  ///< Those that belong to the groups of rows they stand for.
  bool whole = false;              ///< Nothing but these is in the file.
};

/// Whether no block of `groups` is damaged.
bool undamaged(std::span<const std::byte> file, const CodeGroups& groups);

/// Reads the heads of file `name` and checks them and the centre against the groups of a segment.
/// nullopt when there is no file, or no centre in it. Throws `io` where the system cannot open or
/// map it, which says nothing of the file.
std::optional<CodeFile> read_code_file(const Folder& folder, const std::string& name,
                                       const std::vector<Group>& rows);

/// Codes of mapped rows. A group is checked when first read; a damaged one counts as missing.
class MappedCodes final : public index::CodeSource {
 public:
  /// The codes in folder `space` of `folder` for the segments of `rows`; null when there are none.
  /// Throws as `read_code_file`.
  static std::shared_ptr<const MappedCodes> open(const Folder& folder, const std::string& space,
                                                 std::shared_ptr<const MappedRows> rows,
                                                 index::Metric metric);

  const index::Rabitq& coding() const override { return coding_; }
  index::CodeBlock block(std::size_t i) const override;
  /// Rows that have a code, dead ones too.
  std::uint64_t rows() const;
  /// As `MappedRows::check_whole`.
  void check_whole() const;

 private:
  enum class State : std::uint8_t { unchecked, good, damaged };
  struct Segment {
    CodeFile codes;
    mutable std::vector<std::atomic<State>> states;  // of the groups
  };
  MappedCodes(std::shared_ptr<const MappedRows> rows, index::Rabitq coding,
              std::map<std::int64_t, Segment> segments);

  std::shared_ptr<const MappedRows> rows_;
  index::Rabitq coding_;
  std::map<std::int64_t, Segment> segments_;
};

}  // namespace alike::collection
