#include "alike/judge/playground_files.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/json.h"
#include "alike/measure/labels.h"

namespace alike::judge {
namespace {

[[noreturn]] void refuse(std::string_view what, const std::string& why) {
  throw Error(ErrorCode::corrupt, std::string(what) + ": " + why);
}

json::value parse(std::string_view text, std::string_view what) {
  if (text.size() > kMaxPlaygroundBytes) {
    throw Error(ErrorCode::unsupported, std::string(what) + " has " + std::to_string(text.size()) +
                                            " bytes; files of the playground have at most " +
                                            std::to_string(kMaxPlaygroundBytes));
  }
  return parse_json(text, what);
}

void check_count(std::size_t count, std::string_view what) {
  if (count <= kMaxPlaygroundImages) return;
  throw Error(ErrorCode::unsupported, std::string(what) + " names " + std::to_string(count) +
                                          " images or layers; at most " +
                                          std::to_string(kMaxPlaygroundImages) + " are read");
}

const json::object& object_in(const json::value& value, std::string_view what,
                              const std::string& place) {
  const json::object* object = value.if_object();
  if (object == nullptr) refuse(what, place + " is not an object");
  check_count(object->size(), what);
  return *object;
}

const json::array& array_in(const json::value& value, std::string_view what,
                            const std::string& place) {
  const json::array* array = value.if_array();
  if (array == nullptr) refuse(what, place + " is not a list");
  check_count(array->size(), what);
  return *array;
}

std::string text_in(const json::value& value, std::string_view what, const std::string& place) {
  const json::string* text = value.if_string();
  if (text == nullptr) refuse(what, place + " is not a string");
  return {text->data(), text->size()};
}

/// A finite number.
double number_in(const json::value& value, std::string_view what, const std::string& place) {
  boost::system::error_code error;
  const double number = value.to_number<double>(error);
  if (error || !std::isfinite(number)) refuse(what, place + " is not a number");
  return number;
}

/// All of `text` as a number that `from_chars` reads.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || text.empty()) return std::nullopt;
  return number;
}

/// An image by its name, which is its number without leading zeros.
std::uint32_t image_of(std::string_view name, std::size_t images, std::string_view what) {
  const auto number = number_of<std::uint32_t>(name);
  if (!number || *number >= images || (name.size() > 1 && name.front() == '0')) {
    refuse(what, "'" + std::string(name) + "' is no image of the " + std::to_string(images) +
                     " that it has, numbered from 0");
  }
  return *number;
}

PlaygroundNeighbor neighbor_in(const json::value& value, std::size_t images, std::string_view what,
                               const std::string& place) {
  const json::array& pair = array_in(value, what, "a result of " + place);
  if (pair.size() != 2) refuse(what, "a result of " + place + " is not a pair [image, value]");
  const std::string value_text = text_in(pair[1], what, "a value of " + place);
  const auto number = number_of<double>(value_text);
  if (!number || !std::isfinite(*number)) {
    refuse(what, "the value '" + value_text + "' of " + place + " is not a number");
  }
  return {image_of(text_in(pair[0], what, "a result of " + place), images, what), *number};
}

/// The names in `value` ({"<image>": …}) by image; every image must be there once.
template <class Take>
void for_images(const json::object& object, std::string_view what, const Take& take) {
  for (const auto& item : object) {
    const std::string name(item.key());
    take(image_of(name, object.size(), what), item.value(), "image " + name);
  }
}

PlaygroundScores layers_in(const json::value& value, std::string_view what) {
  PlaygroundScores layers;
  for (const auto& item : object_in(value, what, "the list of layers")) {
    LayerScores of{std::string(item.key()), {}};
    for (const json::value& score : array_in(item.value(), what, "layer '" + of.layer + "'")) {
      of.scores.push_back(number_in(score, what, "a score of layer '" + of.layer + "'"));
    }
    layers.push_back(std::move(of));
  }
  return layers;
}

json::object layers_as_json(const PlaygroundScores& layers) {
  json::object object;
  for (const LayerScores& of : layers) {
    object[of.layer] = json::array(of.scores.begin(), of.scores.end());
  }
  return object;
}

/// As Python prints a number rounded to three places: "1.0", "0.51", "0.524".
std::string three_decimals(double value) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 3).ptr;
  std::string printed(text, end);
  while (printed.ends_with('0') && !printed.ends_with(".0")) printed.pop_back();
  return printed;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> PlaygroundSimilarity::rankings() const {
  std::vector<std::vector<std::uint32_t>> rankings(of.size());
  for (std::size_t i = 0; i < of.size(); ++i) {
    for (const PlaygroundNeighbor& neighbor : of[i]) rankings[i].push_back(neighbor.image);
  }
  return rankings;
}

PlaygroundSimilarity playground_similarity_from(std::string_view text, std::string_view what) {
  const json::value root = parse(text, what);
  const json::object& object = object_in(root, what, "the file");
  PlaygroundSimilarity similarity;
  similarity.of.resize(object.size());
  for_images(object, what, [&](std::uint32_t image, const json::value& value, const auto& place) {
    for (const json::value& pair : array_in(value, what, place)) {
      similarity.of[image].push_back(neighbor_in(pair, object.size(), what, place));
    }
  });
  return similarity;
}

std::vector<PlaygroundPoint> playground_points_from(std::string_view text, std::string_view what) {
  const json::value root = parse(text, what);
  std::vector<PlaygroundPoint> points;
  for (const json::value& point : array_in(root, what, "the file")) {
    points.push_back({number_in(member(point, "x", what), what, "an x"),
                      number_in(member(point, "y", what), what, "a y"),
                      text_member(point, "class", what)});
  }
  return points;
}

PlaygroundScores playground_scores_from(std::string_view text, std::string_view what) {
  return layers_in(parse(text, what), what);
}

std::vector<ModelScores> playground_model_scores_from(std::string_view text,
                                                      std::string_view what) {
  const json::value root = parse(text, what);
  std::vector<ModelScores> all;
  for (const auto& dataset : object_in(root, what, "the file")) {
    for (const auto& model : object_in(dataset.value(), what, "a dataset")) {
      for (const auto& metric : object_in(model.value(), what, "a model")) {
        all.push_back({std::string(dataset.key()), std::string(model.key()),
                       std::string(metric.key()), layers_in(metric.value(), what)});
      }
    }
  }
  return all;
}

std::vector<PlaygroundDataset> playground_datasets_from(std::string_view text,
                                                        std::string_view what) {
  const json::value root = parse(text, what);
  std::vector<PlaygroundDataset> datasets;
  for (const auto& item : object_in(member(root, "dictionary", what), what, "'dictionary'")) {
    const json::object& images = object_in(item.value(), what, "a dataset");
    PlaygroundDataset dataset{std::string(item.key()), {}};
    dataset.classes.resize(images.size());
    for_images(images, what, [&](std::uint32_t image, const json::value& value, const auto& place) {
      dataset.classes[image] = text_in(value, what, "the class of " + place);
    });
    datasets.push_back(std::move(dataset));
  }
  return datasets;
}

std::string text_of(const PlaygroundSimilarity& similarity) {
  json::object object;
  for (std::size_t i = 0; i < similarity.of.size(); ++i) {
    json::array results;
    for (const PlaygroundNeighbor& neighbor : similarity.of[i]) {
      results.push_back(
          json::array{std::to_string(neighbor.image), three_decimals(neighbor.value)});
    }
    object[std::to_string(i)] = std::move(results);
  }
  return print_json_line(object);
}

std::string text_of(std::span<const PlaygroundPoint> points) {
  json::array array;
  for (const PlaygroundPoint& point : points) {
    array.push_back(
        json::object{{"x", point.x}, {"y", point.y}, {"class", json_text(point.class_name)}});
  }
  return print_json_line(array);
}

std::string text_of(const PlaygroundScores& scores) {
  return print_json_line(layers_as_json(scores));
}

std::string text_of(std::span<const ModelScores> scores) {
  json::object root;
  for (const ModelScores& of : scores) {
    json::value& dataset = root[of.dataset];
    if (!dataset.is_object()) dataset.emplace_object();
    json::value& model = dataset.get_object()[of.model];
    if (!model.is_object()) model.emplace_object();
    model.get_object()[of.metric] = layers_as_json(of.layers);
  }
  return print_json_line(root);
}

std::string text_of(std::span<const PlaygroundDataset> datasets) {
  json::object dictionary, lists;
  for (const PlaygroundDataset& dataset : datasets) {
    json::object images;
    for (std::size_t i = 0; i < dataset.classes.size(); ++i) {
      images[std::to_string(i)] = json_text(dataset.classes[i]);
    }
    dictionary[dataset.name] = std::move(images);
    json::array names;
    for (const std::string& name : number_labels(dataset.classes).names) {
      names.push_back(json_text(name));
    }
    lists[dataset.name] = std::move(names);
  }
  return print_json_line(
      json::object{{"dictionary", std::move(dictionary)}, {"classlist", std::move(lists)}});
}

}  // namespace alike::judge
