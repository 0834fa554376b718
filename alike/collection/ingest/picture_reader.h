// One file → its item and row. The part of an ingest that runs on several threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "alike/collection/ingest/scan.h"
#include "alike/encode/run/embedding.h"

namespace alike::collection {

/// A file that is new, changed, or without a row in the space.
struct Task {
  FoundFile file;
  std::optional<ItemId> known;  ///< The item of this path.
  bool registered = false;      ///< `known` was made by this run, for fitting a transform.
  std::string known_hash;       ///< Its content as it was, when it has a row; else empty.
};

struct Outcome {
  enum class Kind {
    row,       ///< Embedded.
    same,      ///< Known, with a row, and of the same content after all.
    familiar,  ///< New here, of the content of a vanished item that has a row.
    skipped,
    unsettled,  ///< Changed while it was read; its old item stays for now.
    gone,       ///< Deleted since the folder was scanned.
  };
  Kind kind = Kind::skipped;
  Item item;  ///< Without id and time of adding. Only the path is sure when it was not taken.
  std::vector<float> row;
  std::string reason;  ///< Why it was skipped.
  std::string note;    ///< Of a row: the fault of its file, which has all pixels; "" for none.
};

/// Reads files under `pictures`. Safe from several threads.
class PictureReader {
 public:
  /// `familiar`: hashes of vanished items with rows to take over.
  PictureReader(std::filesystem::path pictures, const encode::Embedder& embedder,
                std::unordered_set<std::string> familiar);

  /// Never throws for a bad picture; `embed_familiar`: do not leave out familiar content.
  Outcome read(const Task& task, bool embed_familiar = false) const;

 private:
  void take(const Task& task, bool embed_familiar, Outcome& outcome) const;

  std::filesystem::path pictures_;
  const encode::Embedder* embedder_;
  std::unordered_set<std::string> familiar_;
};

}  // namespace alike::collection
