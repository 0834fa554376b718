// A map as one page that needs no server.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <span>

#include "alike/base/base64.h"
#include "alike/base/human.h"
#include "alike/draw/plot_page.h"
#include "alike/draw/plot_parts.h"
#include "alike/image/write.h"

namespace alike::draw {
namespace {

constexpr int kThumbSide = 96;  // pixels
constexpr int kThumbQuality = 70;
constexpr double kSteps = 65535;  // of the longer or shorter side: what a coordinate is stored in

/// `text` as a JSON string that ends neither a script element nor a line.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : printable(text)) {
    switch (letter) {
      case '"': result += "\\\""; break;
      case '\\': result += "\\\\"; break;
      case '<': result += "\\u003c"; break;
      case '>': result += "\\u003e"; break;
      case '&': result += "\\u0026"; break;
      default: result += letter;
    }
  }
  return result + "\"";
}

std::string number(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

template <typename Items, typename Each>
std::string list(const Items& items, const Each& each) {
  std::string result = "[";
  for (const auto& item : items) {
    if (result.size() > 1) result += ",";
    result += each(item);
  }
  return result + "]";
}

std::string color_text(const Color& color) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "\"#%02x%02x%02x\"", color[0], color[1], color[2]);
  return text.data();
}

/// What all points lie in.
struct Extent {
  float left = 0, top = 0, right = 0, bottom = 0;  // top: the largest y

  explicit Extent(MatrixView points) {
    for (std::size_t i = 0; i < points.rows; ++i) {
      const auto point = points.row(i);
      left = i == 0 ? point[0] : std::min(left, point[0]);
      right = i == 0 ? point[0] : std::max(right, point[0]);
      bottom = i == 0 ? point[1] : std::min(bottom, point[1]);
      top = i == 0 ? point[1] : std::max(top, point[1]);
    }
  }
  double width() const { return static_cast<double>(right) - left; }
  double height() const { return static_cast<double>(top) - bottom; }
  /// 0 to 1 from the left and from the top.
  double x(float value) const { return width() > 0 ? (value - double{left}) / width() : 0.5; }
  double y(float value) const { return height() > 0 ? (double{top} - value) / height() : 0.5; }
};

/// (x, y, group) of each point, 16 bits each, low byte first.
std::string packed(const Plot& plot, const Legend& legend, const Extent& extent) {
  std::vector<std::byte> bytes;
  bytes.reserve(6 * plot.points.rows);
  const auto put = [&](unsigned value) {
    bytes.push_back(static_cast<std::byte>(value & 0xFFU));
    bytes.push_back(static_cast<std::byte>(value >> 8));
  };
  for (std::size_t i = 0; i < plot.points.rows; ++i) {
    const auto point = plot.points.row(i);
    put(static_cast<unsigned>(std::lround(kSteps * extent.x(point[0]))));
    put(static_cast<unsigned>(std::lround(kSteps * extent.y(point[1]))));
    put(legend.places.empty() ? 0 : legend.places[i]);
  }
  return base64(bytes);
}

std::string theme_text(Plot plot, bool dark) {
  plot.dark = dark;
  const Theme& colors = theme(dark);
  Legend legend = legend_of(plot, kMostGroups);
  if (legend.entries.empty()) legend.entries.push_back({"", 0, colors.style(0)});
  return "{\"paper\":" + color_text(colors.paper) + ",\"ink\":" + color_text(colors.ink) +
         ",\"groups\":" +
         list(legend.entries, [](const auto& entry) { return color_text(entry.style.color); }) +
         "}";
}

std::string marks_text() {
  std::string result = "[";
  for (std::size_t m = 0; m < kMarks; ++m) {
    result += m == 0 ? "" : ",";
    result += list(corners_of(static_cast<Mark>(m)), [](const auto& corner) {
      return "[" + number(corner.first) + "," + number(corner.second) + "]";
    });
  }
  return result + "]";
}

std::string pictures_text(const Plot& plot) {
  if (plot.pictures.size() > kMostInlinePictures) return "[]";
  std::vector<std::uint32_t> all(plot.pictures.size());
  std::iota(all.begin(), all.end(), 0U);
  const auto pictures = thumbnails_of(plot.pictures, all, kThumbSide, plot.threads);
  return list(pictures, [](const auto& picture) {
    if (picture.width == 0) return std::string("\"\"");  // cannot be read
    return "\"" + base64(image::encode_jpeg(picture, kThumbQuality)) + "\"";
  });
}

std::string data_text(const Plot& plot) {
  const Extent extent(plot.points);
  Legend legend = legend_of(plot, kMostGroups);
  const bool named = !legend.entries.empty();
  if (!named) legend.entries.push_back({"", plot.points.rows, theme(false).style(0)});
  auto remarks = plot.remarks;
  if (plot.pictures.size() > kMostInlinePictures) {
    remarks.push_back("more than " + human_count(kMostInlinePictures) +
                      " pictures: the page has their names only");
  }
  const double unit = std::max({extent.width(), extent.height(), 1e-30});
  std::string text = "{\"count\":" + std::to_string(plot.points.rows);
  text += ",\"width\":" + number(extent.width() > 0 ? extent.width() / unit : 0);
  text += ",\"height\":" + number(extent.height() > 0 ? extent.height() / unit : 0);
  text += ",\"points\":\"" + packed(plot, legend, extent) + "\"";
  text += std::string(",\"named\":") + (named ? "true" : "false");
  text += ",\"groups\":" + list(legend.entries, [](const auto& entry) {
            return "{\"name\":" + quoted(entry.name) + ",\"count\":" + std::to_string(entry.count) +
                   ",\"mark\":" + std::to_string(static_cast<int>(entry.style.mark)) + "}";
          });
  text += ",\"light\":" + theme_text(plot, false) + ",\"dark\":" + theme_text(plot, true);
  text += ",\"marks\":" + marks_text() + ",\"names\":" + list(plot.names, quoted);
  text += ",\"labels\":" + list(plot.labels, [&](const auto& label) {
            return "{\"text\":" + quoted(label.text) + ",\"x\":" + number(extent.x(label.x)) +
                   ",\"y\":" + number(extent.y(label.y)) + "}";
          });
  return text + ",\"remarks\":" + list(remarks, quoted) + ",\"pictures\":" + pictures_text(plot) +
         "}";
}

}  // namespace

std::string plot_html(const Plot& plot) {
  check(plot);
  std::string page;
  std::string_view rest = kPlotPage;
  for (auto at = rest.find('@'); at != std::string_view::npos; at = rest.find('@')) {
    page += rest.substr(0, at);
    rest.remove_prefix(at);
    if (rest.starts_with("@TITLE@")) {
      page += escaped_xml(plot.title.empty() ? "Map" : plot.title);
      rest.remove_prefix(7);
    } else if (rest.starts_with("@DATA@")) {
      page += data_text(plot);
      rest.remove_prefix(6);
    } else if (rest.starts_with("@SCRIPT@")) {
      page += kPlotScript;
      rest.remove_prefix(8);
    } else {  // of a style sheet
      page += '@';
      rest.remove_prefix(1);
    }
  }
  return page.append(rest);
}

}  // namespace alike::draw
