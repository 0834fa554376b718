// The canvas for maps: one way of drawing, pixels or SVG.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "alike/draw/lettering.h"
#include "alike/draw/plot_style.h"
#include "alike/image/image.h"

namespace alike::draw {

/// Pixels, y downwards.
struct Rectangle {
  double left = 0, top = 0, width = 0, height = 0;
  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

/// Which end of a text its x is.
enum class Anchor { start, middle, end };

/// One line of writing.
struct Writing {
  double x = 0, y = 0;  ///< Of its base line.
  double width = 0;     ///< Wider text ends in "…".
  int size = 16;        ///< Height of a line, pixels.
  Color color{};
  Anchor anchor = Anchor::start;
  bool halo = false;  ///< With a rim in the colour of the paper, to be read over points.
};

/// One thread at a time.
class Canvas {
 public:
  Canvas(int width, int height, const Color& paper);
  virtual ~Canvas() = default;

  int width() const { return width_; }
  int height() const { return height_; }
  const Color& paper() const { return paper_; }

  virtual void rectangle(const Rectangle& where, const Color& color) = 0;
  /// A line of `thickness` pixels.
  virtual void line(double x1, double y1, double x2, double y2, double thickness,
                    const Color& color) = 0;
  /// From 3 pixels on with a thin rim in the colour of the paper.
  virtual void mark(const Style& style, double x, double y, double radius) = 0;
  virtual void picture(const image::Image& picture, double left, double top) = 0;
  /// Writes `text`, any bytes; see `printable`.
  void write(const std::string& text, const Writing& how);

  /// Pixels that `text` takes; for SVG with room for wider letters than the program's own.
  double width_of(const std::string& text, int size);

 protected:
  virtual void write_fitted(const std::string& text, const Writing& how) = 0;
  /// How much wider letters may turn out than the program's own.
  virtual double widening() const { return 1; }
  Lettering& letters(int size);

 private:
  int width_, height_;
  Color paper_;
  std::map<int, Lettering> letters_;
};

/// Onto pixels, edges smoothed.
class PixelCanvas final : public Canvas {
 public:
  PixelCanvas(int width, int height, const Color& paper);

  void rectangle(const Rectangle& where, const Color& color) override;
  void line(double x1, double y1, double x2, double y2, double thickness,
            const Color& color) override;
  void mark(const Style& style, double x, double y, double radius) override;
  void picture(const image::Image& picture, double left, double top) override;
  const image::Image& image() const { return image_; }

 private:
  /// How much of each pixel a shape covers, of 255; (side, side) from (−side/2, −side/2) on.
  struct Stamp {
    int side = 0;
    std::vector<std::uint8_t> cover;
  };
  using StampKey = std::tuple<Mark, double, int, int>;  // shape, radius, parts of a pixel

  void write_fitted(const std::string& text, const Writing& how) override;
  void stamp(Mark mark, double x, double y, double radius, const Color& color);
  void blend(int x, int y, int cover, const Color& color);

  image::Image image_;
  std::map<StampKey, Stamp> stamps_;
};

/// As SVG that needs nothing else.
class SvgCanvas final : public Canvas {
 public:
  SvgCanvas(int width, int height, const Color& paper) : Canvas(width, height, paper) {}

  void rectangle(const Rectangle& where, const Color& color) override;
  void line(double x1, double y1, double x2, double y2, double thickness,
            const Color& color) override;
  void mark(const Style& style, double x, double y, double radius) override;
  void picture(const image::Image& picture, double left, double top) override;
  /// The whole file. `title` and `description` are for screen readers.
  std::string text(const std::string& title, const std::string& description) const;

 private:
  void write_fitted(const std::string& text, const Writing& how) override;
  double widening() const override;

  std::map<std::pair<Mark, double>, std::size_t> shapes_;
  std::string shape_text_, body_;
};

/// `text` for XML and HTML, in elements and in quoted attributes.
std::string escaped_xml(std::string_view text);

}  // namespace alike::draw
