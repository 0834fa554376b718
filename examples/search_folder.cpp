// Searches a folder of pictures: search_folder FOLDER PICTURE ENCODER
//
// The first run makes the collection `.alike` in the folder and embeds every picture; a later one
// embeds new pictures and forgets removed ones. Ctrl-C loses nothing that was reported as done.
// Then the pictures that are most alike are printed, nearest first, and a line where likeness ends.
#include <alike/alike.h>

#include <cstdio>
#include <filesystem>
#include <memory>

namespace fs = std::filesystem;
using alike::collection::Collection;

int main(int count, char** words) try {
  if (count != 4) {
    std::fputs("usage: search_folder FOLDER PICTURE ENCODER\n", stderr);
    return 2;
  }
  const fs::path folder = words[1];
  // A collection is opened where there is one. Its folder is `.alike` beside the pictures.
  auto pictures = std::make_shared<Collection>(fs::exists(folder / ".alike/catalog.db")
                                                   ? Collection(folder / ".alike")
                                                   : Collection::create(folder, folder / ".alike"));

  // A watcher hears of progress and can ask the work to stop (`stop`).
  alike::Watcher watcher;
  watcher.report = [](const alike::Progress& progress) {
    std::fprintf(stderr, "\r%llu of %llu", static_cast<unsigned long long>(progress.done),
                 static_cast<unsigned long long>(progress.total));
  };
  const auto summary = alike::collection::ingest(*pictures, {.encoder = words[3]}, watcher);
  std::fprintf(stderr, "\r%llu pictures embedded\n",
               static_cast<unsigned long long>(summary.embedded));
  // A file that cannot be read is a value, not the end of the work.
  for (const auto& skipped : summary.skipped) {
    std::fprintf(stderr, "skipped %s: %s\n", skipped.path.c_str(), skipped.reason.c_str());
  }

  const alike::search::Searcher searcher(pictures);
  alike::search::Query query;
  query.examples = {alike::search::parse_example(words[2])};
  query.k = 5;
  for (const auto& result : searcher.search(query).results) {
    std::printf("%.3f %s%s\n", static_cast<double>(result.score), result.item.path.c_str(),
                result.relevant ? "" : "  (not alike)");
  }
  return 0;
} catch (const alike::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
