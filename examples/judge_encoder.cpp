// How well does an encoder tell the folders of pictures apart? judge_encoder FOLDER
//
// FOLDER is one that has a collection (`alike index`, or search_folder.cpp), with a folder for each
// class. Each space of it (an encoder, a layer and a transform of rows) is judged by
// retrieval: is the nearest picture of the same class (recall@1), and how many of the nearest are
// (MAP@R)? The interval says how sure that is: two spaces with overlapping intervals may well be
// equally good.
#include <alike/alike.h>

#include <cstdio>
#include <filesystem>

int main(int count, char** words) try {
  if (count != 2) {
    std::fputs("usage: judge_encoder FOLDER\n", stderr);
    return 2;
  }
  const alike::collection::Collection collection(std::filesystem::path(words[1]) / ".alike");
  for (const auto& space : collection.spaces()) {
    // The rows of a space and the labels of their pictures, which are the names of their folders.
    const auto rows = alike::map::rows_of(collection, space.name);
    const auto judged = alike::judge::judged_rows(rows, {});
    const auto judgement = alike::judge::judge(
        judged.rows, judged.labels,
        {.protocols = {alike::judge::Protocol::retrieval}, .metric = rows.metric});
    for (const auto& section : judgement.sections) {
      for (const auto& [measure, interval, has_interval] : section.judged) {
        if (measure.name != "recall@1" && measure.name != "map@r") continue;
        std::printf("%s %s %.3f (%.3f to %.3f)\n", space.name.c_str(), measure.name.c_str(),
                    measure.value, interval.low, interval.high);
      }
    }
  }
  return 0;
} catch (const alike::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
