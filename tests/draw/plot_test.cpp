#include "alike/draw/plot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "alike/base/base64.h"
#include "alike/base/error.h"
#include "alike/base/json.h"
#include "alike/draw/plot_parts.h"
#include "alike/draw/plot_series.h"
#include "tests/support/random_matrix.h"

namespace alike::draw {
namespace {

Plot grouped(const Matrix& points, std::uint32_t groups) {
  Plot plot;
  plot.points = points;
  for (std::uint32_t i = 0; i < points.rows(); ++i) plot.group.push_back(i % groups);
  for (std::uint32_t i = 0; i < groups; ++i) plot.groups.push_back("group " + std::to_string(i));
  plot.title = "a title";
  plot.remarks = {"a remark"};
  return plot;
}

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

/// All values of ` name="…"` in elements that begin with `element`, as numbers.
std::vector<double> values(const std::string& svg, const std::string& element,
                           const std::string& name) {
  std::vector<double> found;
  for (auto at = svg.find(element); at != std::string::npos; at = svg.find(element, at + 1)) {
    const auto begin = svg.find(" " + name + "=\"", at);
    found.push_back(std::stod(svg.substr(begin + name.size() + 3)));
  }
  return found;
}

TEST(Plot, DrawsEveryPointLeftOfTheLegend) {
  const Matrix points = test::random_matrix(500, 2, 1);
  const std::string svg = plot_svg(grouped(points, 5));
  const auto x = values(svg, "<use", "x"), y = values(svg, "<use", "y");
  ASSERT_EQ(x.size(), 505U);  // and five in the legend
  const double legend = x[0];
  for (std::size_t i = 5; i < x.size(); ++i) {
    EXPECT_LT(x[i], legend - 10);
    EXPECT_GT(x[i], 0);
    EXPECT_GT(y[i], 40);   // below the title
    EXPECT_LT(y[i], 860);  // above the remark
  }
}

TEST(Plot, KeepsProportionsAndTurnsYUp) {
  Matrix points(3, 2);
  points.row(1)[0] = 2;
  points.row(2)[1] = 1;
  Plot plot;
  plot.points = points;
  const std::string svg = plot_svg(plot);
  auto x = values(svg, "<use", "x"), y = values(svg, "<use", "y");
  std::ranges::sort(x);
  std::ranges::sort(y);
  EXPECT_NEAR((x[2] - x[0]) / 2, y[2] - y[0], 0.2);
  EXPECT_NEAR(y[1], y[2], 0.05);  // two at the bottom
}

TEST(Plot, ShowsTheTwentyLargestGroupsAndOthers) {
  const Matrix points = test::random_matrix(1000, 2, 1);
  Plot plot = grouped(points, 25);
  for (std::size_t i = 0; i < 30; ++i) plot.group[i] = 24;  // the largest
  plot.group[40] = kNoGroup;
  const std::string svg = plot_svg(plot);
  EXPECT_NE(svg.find(">group 24<"), std::string::npos);
  EXPECT_NE(svg.find(">5 others<"), std::string::npos);
  EXPECT_NE(svg.find(">no cluster<"), std::string::npos);
  const Legend legend = legend_of(plot, kMostGroups);
  ASSERT_EQ(legend.entries.size(), 22U);
  std::vector<std::uint64_t> counts(22);
  for (const auto place : legend.places) ++counts[place];
  for (std::size_t i = 0; i < 22; ++i) EXPECT_EQ(counts[i], legend.entries[i].count);
}

TEST(Plot, CutsLongNamesAndHarmlesslyWritesAnyBytes) {
  const Matrix points = test::random_matrix(10, 2, 1);
  Plot plot = grouped(points, 2);
  plot.groups = {std::string(500, 'w'), "</text><script>alert(1)</script>\"'&"};
  plot.title = std::string("nul \0 and \xff\xfe", 12);
  plot.labels = {{"]]></svg><img src=x>", 0, 0}};
  for (const bool dark : {false, true}) {
    plot.dark = dark;
    const std::string svg = plot_svg(plot);
    EXPECT_NE(svg.find("w…</text>"), std::string::npos);
    EXPECT_EQ(svg.find("<script"), std::string::npos);
    EXPECT_EQ(svg.find("<img"), std::string::npos);
    EXPECT_EQ(svg.find('\0'), std::string::npos);
    EXPECT_EQ(svg.find('\xff'), std::string::npos);
    EXPECT_EQ(count_of(svg, "http"), 1U);  // the name of SVG itself
    EXPECT_EQ(plot_png(plot).width, 1200);
  }
}

TEST(Plot, DrawsFewAndEqualPointsInTheMiddle) {
  for (const std::size_t n : {1U, 2U, 16U}) {
    const Matrix points(n, 2);
    Plot plot;
    plot.points = points;
    const auto image = plot_png(plot);
    const auto middle = 3U * (450U * 1200U + 600U);
    EXPECT_EQ(image.rgb[middle], 0) << n;
    EXPECT_EQ(image.rgb[middle + 1], 114) << n;
    EXPECT_EQ(image.rgb[middle + 2], 178) << n;
  }
  EXPECT_NE(plot_svg(Plot{}).find("no pictures on this map"), std::string::npos);
}

TEST(Plot, RefusesWhatDoesNotFit) {
  Matrix points = test::random_matrix(10, 2, 1);
  EXPECT_THROW(
      {
        auto plot = grouped(points, 2);
        plot.group.pop_back();
        plot_svg(plot);
      },
      Error);
  EXPECT_THROW(
      {
        auto plot = grouped(points, 2);
        plot.groups.pop_back();
        plot_svg(plot);
      },
      Error);
  for (const int width : {0, 299, 8001, -5}) {
    auto plot = grouped(points, 2);
    plot.width = width;
    EXPECT_THROW(plot_png(plot), Error) << width;
  }
  points.row(3)[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(plot_png(grouped(points, 2)), Error);
}

TEST(Plot, SaysWhichNamesFoundNoRoom) {
  const Matrix points = test::random_matrix(10, 2, 1);
  Plot plot = grouped(points, 2);
  plot.labels.assign(100, {"same place", 0, 0});
  EXPECT_NE(plot_svg(plot).find(" names found no room"), std::string::npos);
}

TEST(Style, IsTellableApartForSeventyGroups) {
  for (const bool dark : {false, true}) {
    std::set<std::pair<Color, Mark>> seen;
    for (std::size_t i = 0; i < 70; ++i) {
      const Style style = theme(dark).style(i);
      EXPECT_TRUE(seen.emplace(style.color, style.mark).second) << i;
      EXPECT_NE(style.color, theme(dark).paper);
    }
  }
}

TEST(PixelCanvas, CoversTheAreaOfAMark) {
  for (std::size_t m = 0; m < kMarks; ++m) {
    const auto& corners = corners_of(static_cast<Mark>(m));
    double twice = 0;  // by the shoelace formula
    for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
      twice += corners[j].first * corners[i].second - corners[i].first * corners[j].second;
    }
    PixelCanvas canvas(60, 60, {255, 255, 255});
    canvas.mark({{0, 0, 0}, static_cast<Mark>(m)}, 30.4, 29.7, 12);
    double covered = 0;
    for (std::size_t i = 0; i < canvas.image().rgb.size(); i += 3) {
      covered += 1 - canvas.image().rgb[i] / 255.0;
    }
    EXPECT_NEAR(covered, std::abs(twice) / 2 * 144, 10) << m;
  }
}

TEST(PicturesWithRoom, DoNotOverlapAndLeaveNoRoom) {
  Matrix points = test::random_matrix(400, 2, 3);
  for (std::size_t i = 0; i < 400; ++i) {
    for (auto& value : points.row(i)) value = 300 + 80 * value;
  }
  const Rectangle area{0, 0, 600, 600};
  const auto chosen = pictures_with_room(points, 30, area);
  const auto apart = [&](std::size_t a, std::size_t b) {
    return std::abs(points.row(a)[0] - points.row(b)[0]) >= 30 ||
           std::abs(points.row(a)[1] - points.row(b)[1]) >= 30;
  };
  EXPECT_GT(chosen.size(), 30U);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    EXPECT_GE(std::min(points.row(chosen[i])[0], points.row(chosen[i])[1]), 15);
    EXPECT_LE(std::max(points.row(chosen[i])[0], points.row(chosen[i])[1]), 585);
    for (std::size_t j = 0; j < i; ++j) EXPECT_TRUE(apart(chosen[i], chosen[j]));
  }
  for (std::size_t i = 0; i < 400; ++i) {
    const auto point = points.row(i);
    const bool inside = std::min(point[0], point[1]) >= 15 && std::max(point[0], point[1]) <= 585;
    const bool blocked = std::ranges::any_of(chosen, [&](auto at) { return !apart(i, at); });
    EXPECT_TRUE(blocked || !inside) << i;  // a chosen one blocks itself
  }
}

TEST(Series, DrawsEachMapAndItsScore) {
  const Matrix points = test::random_matrix(50, 2, 1);
  SeriesPlot plot;
  for (int i = 0; i < 7; ++i) {
    plot.panels.push_back({"layer " + std::to_string(i), points, i / 10.0, {"k-NN"}});
  }
  for (std::uint32_t i = 0; i < 50; ++i) plot.group.push_back(i % 3);
  plot.groups = {"a", "b", "c"};
  const std::string svg = series_svg(plot);
  EXPECT_EQ(count_of(svg, "<use"), 7U * 50 + 3);
  EXPECT_EQ(count_of(svg, ">layer 3<"), 2U);  // below its map and its bar
  EXPECT_EQ(count_of(svg, ">k-NN<"), 7U);
  EXPECT_EQ(series_png(plot).width, 1200);
  plot.panels[2].score = 1.5;
  EXPECT_THROW(series_svg(plot), Error);
  plot.panels.clear();
  EXPECT_THROW(series_svg(plot), Error);
}

/// A page with places for title and data, as that of the program has.
constexpr std::string_view kPage =
    "<title>@TITLE@</title><script type=json>@DATA@</script><script>run()</script>";

json::value data_of(const std::string& page) {
  const auto begin = page.find("<script type=json>") + 18;
  return parse_json(page.substr(begin, page.find("</script>", begin) - begin), "the page");
}

TEST(Page, IsHarmlessWhateverThingsAreCalled) {
  const Matrix points = test::random_matrix(3, 2, 1);
  Plot plot = grouped(points, 2);
  const std::string evil =
      "</script><script>alert(1)</script><!--\"><img src=http://x.test/ onerror=a>";
  plot.title = evil + "@DATA@";
  plot.groups = {evil, evil};
  plot.names = {evil, "@TITLE@ @DATA@", std::string("\0\xff\n\\", 4)};
  plot.remarks = {evil};
  plot.labels = {{evil, 0, 0}};
  plot.pictures = {"none", "none", "none"};
  const std::string page = plot_html(plot, kPage);
  EXPECT_EQ(count_of(page, "<script"), 2U);  // the data and the program
  EXPECT_EQ(count_of(page, "</script>"), 2U);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("<!--"), std::string::npos);
  EXPECT_EQ(page.find('\0'), std::string::npos);
  EXPECT_EQ(page.find('\xff'), std::string::npos);
  EXPECT_NE(page.find("\"@TITLE@ @DATA@\""), std::string::npos);  // put in once, not again
  EXPECT_NE(page.find("@DATA@</title>"), std::string::npos);
  EXPECT_EQ(count_of(page, " src=http"),
            count_of(page, "\\u003cimg src=http") + count_of(page, "&lt;img src=http"));
  EXPECT_EQ(data_of(page).at("names").at(0).as_string(), evil);
  plot.names.pop_back();
  EXPECT_THROW(plot_html(plot, kPage), Error);
}

TEST(Page, HasThePlacesOfThePointsInTheUnitSquare) {
  Matrix points(3, 2);
  const float where[] = {1, 10, 3, 10, 2, 14};
  std::ranges::copy(where, points.data());
  Plot plot = grouped(points, 3);
  plot.labels = {{"middle", 2, 12}, {"corner", 0, 10}};
  const json::value data = data_of(plot_html(plot, kPage));
  std::vector<int> places;
  const std::string bytes = from_base64(data.at("points").as_string());
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    places.push_back(static_cast<unsigned char>(bytes[i]) +
                     256 * static_cast<unsigned char>(bytes[i + 1]));
  }
  EXPECT_EQ(places, (std::vector<int>{16384, 0, 49151, 0, 32768, 65535}));  // y up, one scale
  EXPECT_EQ(from_base64(data.at("group").as_string()), std::string("\0\1\2", 3));
  EXPECT_EQ(data.at("labels").at(0).at("x").to_number<double>(), 0.5);
  EXPECT_EQ(data.at("labels").at(1).at("x").to_number<double>(), 0);
  EXPECT_EQ(data.at("own").to_number<int>(), 3);
}

TEST(Page, OpensWithoutPoints) {
  const std::string page = plot_html(Plot{}, kPage);
  EXPECT_NE(page.find("{\"count\":0,"), std::string::npos);
  EXPECT_NE(page.find("<title>Map</title>"), std::string::npos);
}

TEST(Page, IsThatOfTheProgramOrNone) {
  EXPECT_THROW(plot_html(Plot{}, ""), Error);
  EXPECT_THROW(plot_html(Plot{}, "a page without places"), Error);
  if (map_page().empty()) {
    EXPECT_THROW(check_map_page(), Error);
  } else {
    EXPECT_NE(plot_html(Plot{}).find("<title>Map</title>"), std::string::npos);
  }
}

TEST(Grid, DrawsUnreadablePicturesAsEmptyCellsAndRefusesDoubles) {
  GridPlot plot;
  plot.columns = 2;
  plot.rows = 2;
  plot.cell = {0, 3, 1};
  plot.pictures = {"none", "none", "none"};
  EXPECT_EQ(count_of(grid_svg(plot), "<rect x"), 3U);
  EXPECT_EQ(grid_png(plot).width, 1200);
  plot.cell = {0, 3, 3};
  EXPECT_THROW(grid_svg(plot), Error);
  plot.cell = {0, 3, 4};
  EXPECT_THROW(grid_svg(plot), Error);
  plot.cell = {0, 3};
  EXPECT_THROW(grid_svg(plot), Error);
}

}  // namespace
}  // namespace alike::draw
