// A map of vectors of one's own: own_map FOLDER
//
// Rows that another program made become a space of a collection without pictures; its map puts each
// row on a plane, so that rows that are near each other stay near each other, and says how far that
// can be trusted. FOLDER must not have a collection yet.
#include <alike/alike.h>

#include <cmath>
#include <cstdio>
#include <filesystem>

int main(int count, char** words) try {
  if (count != 2) {
    std::fputs("usage: own_map FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = words[1];
  std::filesystem::create_directories(folder);
  auto collection = alike::collection::Collection::create(folder, folder / ".alike");

  // Three crowds in ten dimensions.
  alike::Matrix rows(90, 10);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t i = 0; i < rows.width(); ++i) {
      const float noise = std::sin(static_cast<float>((r * 10 + i) * (r + 7) % 1009));
      rows.row(r)[i] = noise + (i == r % 3 ? 12.0F : 0.0F);
    }
  }
  alike::collection::import_rows(collection, rows, {}, "crowds", alike::index::Metric::l2);

  // The same rows and options give the same map, on any machine and number of threads.
  const auto map = alike::map::make_map(alike::map::rows_of(collection, "crowds"), {}, 2);
  for (std::size_t i = 0; i < 6; ++i) {
    std::printf("%ld at %.2f, %.2f\n", static_cast<long>(map.ids[i]),
                static_cast<double>(map.points.row(i)[0]),
                static_cast<double>(map.points.row(i)[1]));
  }
  std::printf("trustworthiness %.3f\n", map.figures.trustworthiness.value_or(0));

  // Kept with the collection: `alike map` and the page of `alike serve` show it as well.
  const auto name = alike::map::keep_map(collection, "", map);
  std::printf("kept as %s, %zu clusters\n", name.c_str(),
              alike::map::load_map(collection, name).clusters.size());
  return 0;
} catch (const alike::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
