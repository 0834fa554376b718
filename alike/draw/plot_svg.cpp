// Maps as SVG.
#include <cstdio>

#include "alike/base/base64.h"
#include "alike/base/human.h"
#include "alike/draw/plot_canvas.h"
#include "alike/image/write.h"

namespace alike::draw {
namespace {

constexpr double kRimmed = 3;  // the least radius with a rim

std::string hex(const Color& color) {
  char text[16];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", color[0], color[1], color[2]);
  return text;
}

std::string attribute(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + value + "\"";
}

}  // namespace

std::string escaped_xml(std::string_view text) {
  std::string result;
  for (const char letter : printable(text)) {
    switch (letter) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += letter;
    }
  }
  return result;
}

/// Where the condensed font is missing, its upright cut or another one of that width comes in.
double SvgCanvas::widening() const { return 1.13; }

void SvgCanvas::rectangle(const Rectangle& where, const Color& color) {
  body_ += "<rect" + attribute("x", decimals(where.left, 1)) +
           attribute("y", decimals(where.top, 1)) + attribute("width", decimals(where.width, 1)) +
           attribute("height", decimals(where.height, 1)) + attribute("fill", hex(color)) + "/>\n";
}

void SvgCanvas::line(double x1, double y1, double x2, double y2, double thickness,
                     const Color& color) {
  body_ += "<line" + attribute("x1", decimals(x1, 1)) + attribute("y1", decimals(y1, 1)) +
           attribute("x2", decimals(x2, 1)) + attribute("y2", decimals(y2, 1)) +
           attribute("stroke", hex(color)) + attribute("stroke-width", decimals(thickness, 1)) +
           "/>\n";
}

void SvgCanvas::mark(const Style& style, double x, double y, double radius) {
  const auto [shape, fresh] = shapes_.try_emplace({style.mark, radius}, shapes_.size());
  const std::string name = "m" + std::to_string(shape->second);
  if (fresh) {
    std::string path = "M";
    for (const auto& [cx, cy] : corners_of(style.mark)) {
      char text[64];
      std::snprintf(text, sizeof text, "%.2f %.2f ", cx * radius, cy * radius);
      path += text;
    }
    shape_text_ += "<path" + attribute("id", name) + attribute("d", path + "z");
    if (radius >= kRimmed) {
      shape_text_ += attribute("stroke", hex(paper())) + attribute("stroke-width", "1");
    }
    shape_text_ += "/>\n";
  }
  body_ += "<use" + attribute("href", "#" + name) + attribute("x", decimals(x, 1)) +
           attribute("y", decimals(y, 1)) + attribute("fill", hex(style.color)) + "/>\n";
}

void SvgCanvas::picture(const image::Image& picture, double left, double top) {
  body_ += "<image" + attribute("x", decimals(left, 1)) + attribute("y", decimals(top, 1)) +
           attribute("width", std::to_string(picture.width)) +
           attribute("height", std::to_string(picture.height)) +
           attribute("href", "data:image/jpeg;base64," + base64(image::encode_jpeg(picture))) +
           "/>\n";
}

void SvgCanvas::write_fitted(const std::string& text, const Writing& how) {
  body_ += "<text" + attribute("x", decimals(how.x, 1)) + attribute("y", decimals(how.y, 1)) +
           attribute("font-size", std::to_string(how.size)) + attribute("fill", hex(how.color));
  if (how.anchor != Anchor::start) {
    body_ += attribute("text-anchor", how.anchor == Anchor::middle ? "middle" : "end");
  }
  if (how.halo) {
    body_ += attribute("paint-order", "stroke") + attribute("stroke", hex(paper())) +
             attribute("stroke-width", "6") + attribute("stroke-linejoin", "round");
  }
  body_ += ">" + escaped_xml(text) + "</text>\n";
}

std::string SvgCanvas::text(const std::string& title, const std::string& description) const {
  const std::string wide = std::to_string(width()), high = std::to_string(height());
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"" + attribute("width", wide) +
                    attribute("height", high) + attribute("viewBox", "0 0 " + wide + " " + high) +
                    attribute("role", "img") +
                    attribute("font-family", "'DejaVu Sans Condensed', 'DejaVu Sans', sans-serif") +
                    attribute("font-stretch", "condensed") + ">\n<title>" + escaped_xml(title) +
                    "</title>\n<desc>" + escaped_xml(description) + "</desc>\n<defs>\n" +
                    shape_text_ + "</defs>\n";
  svg += "<rect width=\"100%\" height=\"100%\"" + attribute("fill", hex(paper())) + "/>\n";
  return svg + body_ + "</svg>\n";
}

}  // namespace alike::draw
