// Pictures of a collection, damaged, as rows of a space.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/collection/collection.h"
#include "alike/judge/judge.h"

namespace alike::actions {

/// Damages the pictures at `queries` in every way at every strength and judges the searches by
/// them. `rows` and `paths` are of all pictures of `space`, which must have an encoder. Throws as
/// `collection::embedder_of`, and errors of reading a picture, with its path.
judge::Section judge_damaged(const collection::Collection& collection,
                             const collection::Space& space, MatrixView rows,
                             const std::vector<std::string>& paths, const alike::Labels& labels,
                             std::span<const std::uint32_t> queries,
                             const judge::JudgeOptions& options, const Watcher& watcher);

}  // namespace alike::actions
