#include "alike/actions/embed.h"

#include <chrono>

#include "alike/actions/skipped.h"
#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "alike/base/ordered_work.h"
#include "alike/base/paths.h"
#include "alike/collection/ingest/scan.h"
#include "alike/image/decode.h"

namespace alike::actions {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWindow = 64;

/// The row of one file, or why there is none.
struct Outcome {
  std::vector<float> row;
  std::string reason;
};

Outcome embed_one(const encode::Embedder& embedder, const fs::path& file) {
  Outcome outcome;
  try {
    outcome.row.resize(embedder.width());
    embedder.embed(read_file(file, image::kMaxFileBytes), outcome.row);
  } catch (const Error& error) {
    outcome.row.clear();
    outcome.reason = error.what();
  }
  return outcome;
}

/// The files as given; of folders, all pictures below. Unusable ones are reported as skipped.
class Files {
 public:
  Files(const std::vector<fs::path>& all, const std::stop_token& stop) {
    for (const auto& given : all) {
      const fs::path path = given.lexically_normal();
      if (is_folder(path)) {
        add_folder(path, stop);
      } else {
        add(path);
      }
    }
  }
  const std::vector<fs::path>& pictures() const { return pictures_; }
  const std::vector<collection::Skipped>& skipped() const { return skipped_; }

 private:
  void add(const fs::path& file) {
    if (file.native().find('\n') == std::string::npos) {
      pictures_.push_back(file);
    } else {
      skipped_.push_back({file.native(), "its name has a line break, and the paths are lines"});
    }
  }
  void add_folder(const fs::path& folder, const std::stop_token& stop) {
    const auto found = collection::scan(
        folder, folder / ".alike", {},
        [](const collection::FoundFile&) { return collection::Known::no; }, stop);
    for (const auto& file : found.pictures) add((folder / file.path).lexically_normal());
    for (const auto& file : found.skipped) {
      skipped_.push_back({(folder / file.path).native(), file.reason});
    }
  }

  std::vector<fs::path> pictures_;
  std::vector<collection::Skipped> skipped_;
};

}  // namespace

double EmbedReport::per_second() const { return static_cast<double>(taken) / seconds; }

EmbedReport embed_files(const encode::Embedder& embedder,
                        const std::vector<std::filesystem::path>& files,
                        const std::filesystem::path& out, int threads, const Watcher& watcher,
                        const std::function<void(const collection::Skipped&)>& skip) {
  EmbedReport report{.width = embedder.width(),
                     .encoder = embedder.encoder().package().name,
                     .layer = embedder.encoder().layer().name};
  const auto leave_out = [&](const collection::Skipped& file) {
    report.skipped.push_back(file);
    skip(file);
  };
  const Files found(files, watcher.stop);
  const auto& pictures = found.pictures();
  for (const auto& file : found.skipped()) leave_out(file);
  NpyWriter writer(out, embedder.width());
  std::string paths;
  const auto start = std::chrono::steady_clock::now();
  OrderedWork<Outcome> outcomes(pictures.size(), kWindow, threads,
                                [&](std::size_t i) { return embed_one(embedder, pictures[i]); });
  for (std::size_t i = 0; i < pictures.size();) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped; '" + out.native() + "' was not written");
    }
    const auto outcome = outcomes.take(std::chrono::milliseconds(100));
    if (!outcome) continue;
    if (outcome->row.empty()) {
      leave_out({pictures[i].native(), outcome->reason});
    } else {
      writer.append(outcome->row);
      paths += pictures[i].native() + "\n";
      ++report.taken;
    }
    watcher.tell({++i, pictures.size(), report.skipped.size()});
  }
  if (report.taken == 0) throw Error(ErrorCode::invalid_argument, "none of the files is a picture");
  writer.finish();
  replace_file(fs::path(out).replace_extension(".paths"), paths);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  report.seconds = seconds.count();
  return report;
}

json::object to_json(const EmbedReport& report) {
  return {{"n", report.taken},
          {"width", report.width},
          {"seconds", report.seconds},
          {"images_per_second", report.per_second()},
          {"encoder", report.encoder},
          {"layer", report.layer},
          {"skipped", to_json(report.skipped)}};
}

}  // namespace alike::actions
