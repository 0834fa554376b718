#include "alike/cli/shell_completion.h"

#include <algorithm>
#include <exception>
#include <map>

#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/base/paths.h"
#include "alike/encode/package/known_encoders.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  std::string word;
  std::string meaning;
};

/// Where the words before the last one lead.
struct Place {
  Path path;                                  ///< To the innermost verb.
  const Option* option = nullptr;             ///< Its value comes next.
  std::size_t words = 0;                      ///< Neither options nor values nor verbs.
  std::map<std::string, std::string> values;  ///< Of the options, by the name they are called.
};

Place place_of(const Verb& program, const std::vector<std::string>& words) {
  Place place;
  place.path = {&program};
  std::string name;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "=") continue;  // bash makes a word of it
    if (place.option != nullptr) {
      place.values[name] = word;
      place.option = nullptr;
    } else if (word.starts_with('-')) {
      const auto equals = word.find('=');
      name = word.substr(0, equals);
      const Option* option = find_option(place.path, name);
      if (option == nullptr || !takes_value(*option)) continue;
      if (equals == word.npos) place.option = option;
      if (equals != word.npos) place.values[name] = word.substr(equals + 1);
    } else if (const Verb* part = find_part(*place.path.back(), word)) {
      place.path.push_back(part);
      place.words = 0;
    } else {
      ++place.words;
    }
  }
  return place;
}

std::vector<Candidate> encoders() {
  std::vector<Candidate> all;
  for (const auto& package : encode::list_packages()) all.push_back({package.name, package.title});
  for (const auto& known : encode::known_encoders()) {
    const bool there = std::ranges::count(all, known.name, &Candidate::word) > 0;
    if (!there) all.push_back({known.name, known.title});
  }
  return all;
}

std::vector<Candidate> layers(const Place& place) {
  const auto named = place.values.find("--encoder");
  const std::string encoder = named == place.values.end() ? encode::kDefaultEncoder : named->second;
  std::vector<Candidate> all;
  for (const auto& layer : encode::load_package(encoder).layers) {
    all.push_back({layer.name, layer.tensor});
  }
  return all;
}

std::vector<Candidate> spaces(Context context, const Place& place) {
  if (const auto named = place.values.find("-C"); named != place.values.end()) {
    enter_folder(named->second);
  }
  if (const auto named = place.values.find("--collection"); named != place.values.end()) {
    context.collection = named->second;
  }
  std::vector<Candidate> all;
  for (const auto& space : collection::Collection(collection_folder(context)).spaces()) {
    all.push_back({space.name, space.encoder.empty() ? "imported" : space.layer});
  }
  return all;
}

/// The files that `+begin` and `-begin` can become.
std::vector<Candidate> examples(const std::string& word) {
  std::vector<Candidate> all;
  const fs::path begin = word.substr(1);
  const fs::path folder = begin.parent_path();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, error)) {
    const fs::path name = folder / entry.path().filename();
    if (!name.native().starts_with(begin.native())) continue;
    all.push_back({word[0] + name.native() + (entry.is_directory(error) ? "/" : ""), "example"});
  }
  return all;
}

/// The possible values of `option` (or of the word it is).
std::vector<Candidate> values(const Option& option, const Context& context, const Place& place) {
  const std::string& kind = option.type.shown;
  if (kind == "ENCODER") return encoders();
  if (kind == "LAYER") return layers(place);
  if (kind == "SPACE") return spaces(context, place);
  if (kind == "DIR") return {{":folders", ""}};
  if (kind == "PATH" || kind == "QUERY" || kind.starts_with("FILE")) return {{":files", ""}};
  std::vector<Candidate> all;
  for (const auto& value : option.type.values) all.push_back({value, ""});
  return all;
}

/// The word that comes next in a verb: the last one of its words may come again.
const Option* next_word(const Place& place) {
  const Option* last = nullptr;
  std::size_t left = place.words + 1;
  for (const Option& option : place.path.back()->options) {
    if (!is_word(option)) continue;
    last = &option;
    if (--left == 0) return last;
  }
  return last != nullptr && takes_many(*last) ? last : nullptr;
}

std::vector<Candidate> all_candidates(const Verb& program, const Context& context,
                                      const std::vector<std::string>& words) {
  const Place place = place_of(program, words);
  const std::string& word = words.back();
  if (place.option != nullptr) return values(*place.option, context, place);
  std::vector<Candidate> all;
  const Option* next = next_word(place);
  const bool query = next != nullptr && next->type.shown == "QUERY";
  if (query && !word.empty() && (word[0] == '+' || word[0] == '-')) all = examples(word);
  if (word.starts_with('-')) {
    for (const Option* option : options_of(place.path)) {
      for (const auto& name : names_of(*option)) all.push_back({name, option->help});
    }
    return all;
  }
  if (place.words == 0) {
    for (const Verb& part : place.path.back()->parts) all.push_back({part.name, part.about});
  }
  if (next == nullptr) return all;
  for (auto& value : values(*next, context, place)) all.push_back(value);
  return all;
}

}  // namespace

std::string candidates(const Verb& program, const Context& context,
                       const std::vector<std::string>& words) {
  if (words.empty()) return "";
  const std::string word = words.back() == "=" ? "" : words.back();
  std::string text;
  try {
    for (const auto& each : all_candidates(program, context, words)) {
      if (each.word[0] != ':' && !each.word.starts_with(word)) continue;
      if (each.word.find_first_of("\n\t") != each.word.npos) continue;
      text += each.word + "\t" + printable(each.meaning) + "\n";
    }
  } catch (const std::exception&) {  // an error would only break the command line
  }
  return text;
}

}  // namespace alike::cli
