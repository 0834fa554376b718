// Writing the embeddings of pictures to an array.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/base/progress.h"
#include "alike/collection/types.h"
#include "alike/encode/run/embedding.h"

namespace alike::actions {

struct EmbedReport {
  std::uint64_t taken = 0;
  std::size_t width = 0;
  std::string encoder, layer;
  double seconds = 0;
  std::vector<collection::Skipped> skipped{};  ///< Files that are no pictures, or have no line.
  double per_second() const;
};

/// Embeds files, and of folders all pictures below, into the `.npy` at `out`, with their paths
/// beside it as `.paths`; both are as before when it does not come to the end. `skip` hears at once
/// of each file that is left out. Throws `invalid_argument` where none is a picture, `interrupted`,
/// `io`, `no_space`.
EmbedReport embed_files(const encode::Embedder& embedder,
                        const std::vector<std::filesystem::path>& files,
                        const std::filesystem::path& out, int threads, const Watcher& watcher,
                        const std::function<void(const collection::Skipped&)>& skip);
json::object to_json(const EmbedReport& report);

}  // namespace alike::actions
