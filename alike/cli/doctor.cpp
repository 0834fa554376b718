// doctor: the data for a bug report.

#include "alike/actions/doctor.h"

#include <memory>
#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/base/paths.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"

namespace alike::cli {
namespace {

struct Options {
  std::filesystem::path log;
  bool names = false;
};

std::string text_of(const json::value& value) {
  if (value.is_string()) return printable(value.as_string().c_str());
  std::string text = print_json_line(value);
  text.pop_back();
  return printable(text);
}

/// A heading, and a line for each member; the members of a list below each other.
std::string section(const std::string& heading, const json::value& value) {
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const json::object& object) {
    for (const auto& member : object) {
      rows.push_back({"  " + std::string(member.key()), text_of(member.value())});
    }
  };
  if (value.is_object()) add(value.as_object());
  if (value.is_array()) {
    for (const auto& each : value.as_array()) add(each.as_object());
  }
  if (rows.empty()) rows.push_back({"  none", ""});
  return heading + "\n" + columns(rows, "ll");
}

/// Null where there is none; an error in finding it is reported as an error of its own.
json::value collection_of(const Context& context, bool names) {
  json::object report;
  try {
    const auto found = find_collection(context, working_folder());
    if (!found) return nullptr;
    return actions::collection_report(*found, names);
  } catch (const Error& error) {
    report["error"] = name_of(error.code());
    if (names) report["cause"] = json_text(error.what());
  }
  return report;
}

void doctor(const Context& context, const Options& options) {
  json::object report{{"versions", actions::versions_report()},
                      {"machine", actions::machine_report()},
                      {"encoders", actions::encoders_report()},
                      {"collection", collection_of(context, options.names)},
                      {"failures", json::array()}};
  if (!options.log.empty())
    report["failures"] = actions::failures_report(options.log, options.names);
  std::string text;
  for (const auto& part : report) text += section(std::string(part.key()), part.value());
  say(context, text);
  answer(context, report);
}

}  // namespace

Verb doctor_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {
      .name = "doctor",
      .about = "Print the data for a bug report",
      .options = {Option("--log-file", &options->log, "FILE",
                         "Also the last failures of 'alike serve --log-file'",
                         {.checks = {existing_file}}),
                  Option("--names", &options->names, "Also names of folders and files")},
      .notes =
          R"(Versions, processor, memory, the state of the encoders and of the collection of this folder. Nothing
of it names a picture or a folder unless --names is given.

Example:
  alike doctor --json > report.json)",
      .run = [&context, options] { doctor(context, *options); }};
}

}  // namespace alike::cli
