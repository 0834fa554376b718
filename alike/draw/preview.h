// Pictures in a terminal.
#pragma once

#include <string>
#include <vector>

#include "alike/draw/sheet.h"

namespace alike::draw {

/// The text that draws `queries` and then `results` in the terminal on stdout: kitty's graphics or
/// sixel where it has them, else two pixels to a character as "▀" (true colour, or 256 colours).
std::string preview(const std::vector<Cell>& queries, const std::vector<Cell>& results,
                    const SheetOptions& options);

/// The contact sheet in kitty's graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol).
std::string kitty(const image::Image& image);
/// … as sixels, 256 colours.
std::string sixel(const image::Image& image);
/// Cells side by side in `columns` characters, captions below: five to a line where there is room
/// for them to be 18 to 40 characters wide.
std::string half_blocks(const std::vector<Cell>& cells, int columns, bool true_color,
                        int threads = 1);

}  // namespace alike::draw
