// A verb of the program and its options, as data for parsing, help and completion.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace alike::cli {

struct Context;

/// Where the value of an option goes; it must outlive the option. bool: a flag, without a value. A
/// vector takes the values of all times that the option is given. Nowhere: --help and --version.
using Target = std::variant<std::monostate, bool*, int*, std::size_t*, float*, double*,
                            std::string*, std::filesystem::path*, std::vector<std::string>*,
                            std::vector<std::filesystem::path>*>;

/// The fault of a value as it was typed, as a sentence; "" where there is none.
using Check = std::string (*)(const std::string& value);

/// From the least to the most that a number may be, both included; as exact as a double.
struct Range {
  double least = 0;
  double most = 0;
};

/// The name of an option's value in the help, which also decides the completion: "FILE",
/// "ENCODER".
struct ValueType {
  ValueType(const char* name) : shown(name) {}
  std::string shown;
  std::vector<std::string> values{};  ///< All possible values, where they are few.
};

/// The type of a choice among `values`; shown as "none|avg|max|gem".
ValueType one_of(std::vector<std::string> values);

/// The rules for an option and its values.
struct Rules {
  std::optional<Range> range{};  ///< Of a number.
  /// Of each value, in this order; where there are some, `values` are only shown and completed.
  std::vector<Check> checks{};
  bool required = false;
  bool comma = false;                   ///< The values of a vector may be joined by commas.
  bool shows_default = false;           ///< The help names the value in its place.
  bool sets = true;                     ///< The value that a flag sets.
  std::vector<std::string> needs{};     ///< Names of options of the verb that must be given too.
  std::vector<std::string> excludes{};  ///< Those that must not be given; holds both ways.
  /// Called as soon as a value was read and checked, before the values of others are checked.
  void (*at_once)(const std::string& value) = nullptr;
};

/// An option, or a word by itself, of a verb.
struct Option {
  Option(std::string name, Target to, ValueType type, std::string help, Rules rules = {});
  /// A flag.
  Option(std::string name, bool* to, std::string help, Rules rules = {});

  std::string name;  ///< "--space"; "-q,--quiet", the short one first; "FILE": a word by itself.
  Target to;
  ValueType type;
  std::string help;  ///< Without the default.
  Rules rules;
  std::string standard;  ///< The default as it is shown; "" where it is not.
};

/// A command of the program.
struct Verb {
  std::string name{};
  std::string about{};  ///< One line for lists of verbs.
  std::vector<Option> options{};
  std::vector<Verb> parts{};    ///< Verbs of its own, as `models get`; one is named at most.
  std::string notes{};          ///< The text below the options in its help.
  std::function<void()> run{};  ///< Does the work; where there is none, a part must be named.
};

/// The program and the verbs that were named, each a part of the one before it; never empty. The
/// first option of the program is --help, which every verb has.
using Path = std::vector<const Verb*>;

/// The options of all these, in this order.
std::vector<Option> joined(const std::vector<std::vector<Option>>& lists);

/// "--space", "-q" and "--quiet"; none for a word.
std::vector<std::string> names_of(const Option& option);
/// Whether it is a word by itself, such as FILE.
bool is_word(const Option& option);
bool takes_value(const Option& option);
/// Whether it takes several values.
bool takes_many(const Option& option);

/// All that can be given where the path leads, the innermost first after --help.
std::vector<const Option*> options_of(const Path& path);
/// The option called `name` (with its dashes), or null.
const Option* find_option(const Path& path, const std::string& name);
std::vector<std::string> option_names(const Path& path);

/// The verb of `verb` that is called `name`, or null.
const Verb* find_part(const Verb& verb, const std::string& name);
std::vector<std::string> part_names(const Verb& verb);

/// One verb of the program; its options are read into places that `run` keeps.
using MakeVerb = Verb (*)(Context& context);

Verb index_verb(Context& context);
Verb search_verb(Context& context);
Verb embed_verb(Context& context);
Verb models_verb(Context& context);
Verb layers_verb(Context& context);
Verb spaces_verb(Context& context);
Verb status_verb(Context& context);
Verb verify_verb(Context& context);
Verb repair_verb(Context& context);
Verb compact_verb(Context& context);
Verb snapshot_verb(Context& context);
Verb restore_verb(Context& context);
Verb import_verb(Context& context);
Verb export_verb(Context& context);
Verb map_verb(Context& context);
Verb eval_verb(Context& context);
Verb compare_verb(Context& context);
Verb playground_verb(Context& context);
Verb serve_verb(Context& context);
Verb bench_verb(Context& context);
Verb doctor_verb(Context& context);
Verb completion_verb(Context& context);
/// The manual of `program`, which must outlive the verb.
Verb man_verb(const Verb& program, Context& context);

}  // namespace alike::cli
