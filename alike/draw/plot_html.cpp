// A map as one page that needs no server: web/src/standalone/data.ts reads its data.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "alike/base/base64.h"
#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/base/json.h"
#include "alike/draw/plot_parts.h"
#include "alike/image/write.h"
#include "alike/map/reading/square.h"

namespace alike::draw {
namespace {

constexpr int kThumbSide = 96;  // pixels
constexpr int kThumbQuality = 70;

/// `value` as JSON that neither ends a script element nor begins one or a comment.
std::string quiet(const json::value& value) {
  std::string result;
  for (const char letter : print_json_line(value)) {
    switch (letter) {  // within strings only
      case '<': result += "\\u003c"; break;
      case '>': result += "\\u003e"; break;
      case '&': result += "\\u0026"; break;
      case '\n': break;  // at the end
      default: result += letter;
    }
  }
  return result;
}

template <typename Items, typename Each>
json::array list(const Items& items, const Each& each) {
  json::array result;
  for (const auto& item : items) result.push_back(each(item));
  return result;
}

json::value text(const std::string& line) { return json_text(printable(line)); }

/// (x, y) of each point, 16 bits each, low byte first.
std::string packed(MatrixView points, const map::Square& square) {
  std::vector<std::byte> bytes;
  bytes.reserve(4 * points.rows);
  for (std::size_t i = 0; i < points.rows; ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const auto value = std::lround(map::kSquareSteps * square.share(axis, points.row(i)[axis]));
      bytes.push_back(static_cast<std::byte>(value & 0xFF));
      bytes.push_back(static_cast<std::byte>(value >> 8));
    }
  }
  return base64(bytes);
}

std::string group_bytes(const Legend& legend) {
  std::vector<std::byte> bytes;  // at most kMostGroups + 2 groups
  for (const auto place : legend.places) bytes.push_back(static_cast<std::byte>(place));
  return base64(bytes);
}

json::array pictures_of(const Plot& plot) {
  if (plot.pictures.size() > kMostInlinePictures) return {};
  std::vector<std::uint32_t> all(plot.pictures.size());
  std::iota(all.begin(), all.end(), 0U);
  const auto pictures = thumbnails_of(plot.pictures, all, kThumbSide, plot.threads);
  return list(pictures, [](const auto& picture) {
    if (picture.width == 0) return json::string();  // cannot be read
    return json::string(base64(image::encode_jpeg(picture, kThumbQuality)));
  });
}

json::object data_of(const Plot& plot) {
  const map::Square square(plot.points);
  const Legend legend = legend_of(plot, kMostGroups);
  auto remarks = plot.remarks;
  if (plot.pictures.size() > kMostInlinePictures) {
    remarks.push_back("more than " + human_count(kMostInlinePictures) +
                      " pictures: the page has their names only");
  }
  const auto group_of = [](const LegendEntry& entry) {
    return json::object{{"name", text(entry.name)}, {"count", entry.count}};
  };
  const auto label_of = [&](const PlotLabel& label) {
    return json::object{{"text", text(label.text)},
                        {"x", square.share(0, label.x)},
                        {"y", square.share(1, label.y)}};
  };
  return {{"count", plot.points.rows},
          {"points", packed(plot.points, square)},
          {"group", group_bytes(legend)},
          {"groups", list(legend.entries, group_of)},
          {"own", std::min(plot.groups.size(), kMostGroups)},
          {"names", list(plot.names, text)},
          {"labels", list(plot.labels, label_of)},
          {"remarks", list(remarks, text)},
          {"pictures", pictures_of(plot)}};
}

void put(std::string& page, std::string_view place, const std::string& content) {
  const auto at = page.find(place);
  require(at != std::string::npos, "the page of a map has no place for " + std::string(place));
  page.replace(at, place.size(), content);
}

}  // namespace

std::string plot_html(const Plot& plot, std::string_view page) {
  check(plot);
  check_map_page(page);
  std::string whole(page);
  put(whole, "@DATA@", quiet(data_of(plot)));  // the last place first: the data may name one
  put(whole, "@TITLE@", escaped_xml(plot.title.empty() ? "Map" : plot.title));
  return whole;
}

void check_map_page(std::string_view page) {
  if (!page.empty()) return;
  throw Error(ErrorCode::unsupported,
              "this alike was built without its pages (ALIKE_WEB=OFF), so it has none to put a map "
              "into; .svg and .png draw it");
}

}  // namespace alike::draw
