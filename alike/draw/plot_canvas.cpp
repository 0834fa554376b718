#include "alike/draw/plot_canvas.h"

#include "alike/base/human.h"

namespace alike::draw {

Canvas::Canvas(int width, int height, const Color& paper)
    : width_(width), height_(height), paper_(paper) {}

Lettering& Canvas::letters(int size) { return letters_.try_emplace(size, size).first->second; }

double Canvas::width_of(const std::string& text, int size) {
  return widening() * letters(size).width(printable(text));
}

void Canvas::write(const std::string& text, const Writing& how) {
  const int room = static_cast<int>(how.width / widening());
  const std::string shown = letters(how.size).fitted(printable(text), room);
  if (!shown.empty()) write_fitted(shown, how);
}

}  // namespace alike::draw
