#include "alike/cli/map_output.h"

#include "alike/base/file.h"
#include "alike/base/json.h"
#include "alike/base/npy.h"
#include "alike/base/replacing_file.h"
#include "alike/cli/map_plot.h"
#include "alike/cli/map_report.h"
#include "alike/cli/options.h"
#include "alike/image/write.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

/// The points, and beside them the paths, a line each.
void write_points(const fs::path& file, const map::Map& map,
                  const std::vector<collection::Item>& items) {
  std::string paths;
  NpyWriter writer(file, 2);
  for (std::size_t i = 0; i < map.size(); ++i) {
    writer.append(map.points.row(i));
    const bool one_line = items[i].path.find('\n') == std::string::npos;
    paths += (one_line ? items[i].path : "") + "\n";
  }
  writer.finish();
  replace_file(fs::path(file).replace_extension(".paths"), paths);
}

}  // namespace

void check_writable(const fs::path& file) {
  ReplacingFile draft(file);
  draft.append(bytes_of(std::string("is there room and leave?")));
}

void write_map_file(const fs::path& file, const map::Map& map,
                    const collection::Collection& collection,
                    const std::vector<collection::Item>& items, const MapLook& look) {
  const std::string ending = ending_of(file);
  if (ending == ".npy") return write_points(file, map, items);
  if (ending == ".json") return replace_file(file, print_json(map_to_json(map, items)));
  const Plot plot = plot_of(map, collection, items, look);
  if (ending == ".svg") return replace_file(file, plot_svg(plot));
  replace_file(file, image::encode_png(plot_png(plot)));
}

}  // namespace alike::cli
