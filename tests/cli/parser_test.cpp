#include "alike/cli/parser.h"

#include <gtest/gtest.h>

#include "alike/cli/help.h"
#include "alike/cli/options.h"

namespace alike::cli {
namespace {

using Words = std::vector<std::string>;

/// A program with an option of every kind.
struct Example {
  bool loud = false;
  bool lines = true;
  int size = 3;
  std::size_t k = 10;
  float within = 0;
  double share = 0.25;
  std::string name, kind;
  std::filesystem::path file;
  Words words, layers, limits;
  std::vector<std::filesystem::path> out;
  Verb program{
      .name = "try",
      .about = "Tries.",
      .options = {Option("-h,--help", Target(), "", "Print this help message and exit"),
                  Option("--version", Target(), "", "Tell the version"),
                  Option("-l,--loud", &loud, "Loudly")},
      .parts = {
          {.name = "list", .about = "List", .run = [] {}},
          {.name = "find",
           .about = "Find",
           .options = {Option("WORD", &words, "QUERY", "What"),
                       Option("-k", &k, "N", "How many",
                              {.range = Range{1, 20}, .shows_default = true}),
                       Option("--size", &size, "N", "Side", {.needs = {"--share"}}),
                       Option("--within", &within, "DISTANCE", "At most"),
                       Option("--share", &share, "SHARE", "Part", {.range = Range{0.01, 1}}),
                       Option("--name", &name, "NAME", "Called", {.excludes = {"--kind", "WORD"}}),
                       Option("--kind", &kind, one_of({"flat", "graph"}), "Sort"),
                       Option("--file", &file, "FILE.png", "Sheet", {.checks = {named_png}}),
                       Option("--layers", &layers, "LAYER,LAYER", "Of each", {.comma = true}),
                       Option("--limit", &limits, "NAME=N", "Bound"),
                       Option("--out", &out, "FILE", "Where"),
                       Option("--no-lines", &lines, "Without lines", {.sets = false})},
           .notes = "Example:\n  try find a",
           .run = [] {}},
          {.name = "keep",
           .about = "Keep",
           .parts = {{.name = "this",
                      .about = "This",
                      .options = {Option("FILE", &file, "FILE", "Which", {.required = true})},
                      .run = [] {}}}}}};

  Request parse(const Words& typed) const { return cli::parse(program, typed); }
  std::string complaint(const Words& typed) const {
    const Request request = parse(typed);
    EXPECT_EQ(request.kind, Request::Kind::wrong);
    return request.complaint.substr(0, request.complaint.find('\n'));
  }
};

TEST(Parser, ReadsEveryKindOfValueIntoItsPlace) {
  Example example;
  const Request request = example.parse(
      {"find",    "a",          "-k",      "7",     "--size=-4", "--within", "0.5",
       "--share", "0.75",       "--kind",  "graph", "--file",    "X.PNG",    "--layers",
       "one,two", "--limit",    "a=1",     "b",     "--out",     "x",        "--out=y",
       "-l",      "--no-lines", "--limit", "b=2"});
  EXPECT_EQ(request.kind, Request::Kind::run) << request.complaint;
  EXPECT_EQ(full_name(request.path), "try find");
  EXPECT_TRUE(example.loud);
  EXPECT_FALSE(example.lines);
  EXPECT_EQ(example.size, -4);
  EXPECT_EQ(example.k, 7U);
  EXPECT_EQ(example.within, 0.5F);
  EXPECT_EQ(example.share, 0.75);
  EXPECT_EQ(example.kind, "graph");
  EXPECT_EQ(example.file, "X.PNG");
  EXPECT_EQ(example.words, Words({"a", "b"}));
  EXPECT_EQ(example.layers, Words({"one", "two"}));
  EXPECT_EQ(example.limits, Words({"a=1", "b=2"}));
  EXPECT_EQ(example.out, (std::vector<std::filesystem::path>{"x", "y"}));
}

TEST(Parser, LeavesWhatIsNotGivenAsItWas) {
  Example example;
  example.parse({"list"});
  EXPECT_EQ(example.k, 10U);
  EXPECT_TRUE(example.lines);
  EXPECT_TRUE(example.words.empty());
}

TEST(Parser, SaysWhatIsWrongWithWords) {
  const Example example;
  EXPECT_EQ(example.complaint({"find", "-k", "0"}), "-k: Value 0 not in range 1 to 20");
  EXPECT_EQ(example.complaint({"find", "--share", "2"}),
            "--share: Value 2 not in range 0.010000 to 1.000000");
  EXPECT_EQ(example.complaint({"find", "--size", "1"}), "--size requires --share");
  EXPECT_EQ(example.complaint({"find", "--name", "a", "--kind", "flat"}), "--name excludes --kind");
  EXPECT_EQ(example.complaint({"find", "--kind", "sort"}), "--kind: sort not in {flat,graph}");
  EXPECT_EQ(example.complaint({"find", "--file", "a.jpg"}),
            "--file: 'a.jpg' does not end in .png: only a PNG is written");
  EXPECT_EQ(example.complaint({"find", "--within", "far"}), "Could not convert: --within = far");
  EXPECT_EQ(example.complaint({"find", "--name"}), "--name: 1 required NAME missing");
  EXPECT_EQ(example.complaint({"keep", "this"}), "FILE is required");
  EXPECT_EQ(example.complaint({"keep"}), "A subcommand is required");
  EXPECT_EQ(example.complaint({}), "a verb is missing, such as 'index' or 'search'");
  EXPECT_EQ(example.complaint({"list", "a"}), "'try list' has no use for 'a'");
  EXPECT_EQ(example.complaint({"fnd"}), "'try' has no verb 'fnd'; did you mean 'find'?");
  EXPECT_EQ(example.complaint({"find", "--shar", "1"}),
            "'try find' has no option '--shar'; did you mean '--share'?");
  EXPECT_TRUE(example.parse({"keep", "this"}).complaint.ends_with("\nSee 'try keep this --help'"));
}

TEST(Parser, KnowsWhatHelpAndTheVersionAreAskedOf) {
  const Example example;
  EXPECT_EQ(example.parse({"--version"}).kind, Request::Kind::version);
  const Request request = example.parse({"keep", "this", "-h"});
  EXPECT_EQ(request.kind, Request::Kind::help);
  EXPECT_EQ(full_name(request.path), "try keep this");
}

Words entered;

TEST(Parser, CallsAtOnceWhatTheChecksOfOtherValuesNeed) {
  entered.clear();
  std::string folder, file;
  const Verb program{
      .name = "try",
      .options = {Option("-h,--help", Target(), "", ""),
                  Option("FILE", &file, "FILE", "",
                         {.checks = {[](const std::string&) {
                            return std::string(entered == Words{"there"} ? "" : "too early");
                          }}}),
                  Option("-C", &folder, "DIR", "",
                         {.at_once = [](const std::string& value) { entered.push_back(value); }})}};
  const Request request = parse(program, {"a", "-C", "there"});
  EXPECT_EQ(request.complaint, "");
  EXPECT_EQ(entered, Words{"there"});
}

TEST(Help, ShowsWordsOptionsDefaultsAndNotes) {
  Example example;
  example.parse({"find", "-k", "7"});
  const Path path{&example.program, find_part(example.program, "find")};
  const std::string help = help_of(path);
  EXPECT_TRUE(
      help.starts_with("Find\nUsage: try find [WORD...] [options]\n\nWords:\n"
                       "  WORD                      What\n\nOptions:\n"
                       "  -h, --help                Print this help message and exit\n"
                       "  -k N                      How many (otherwise 10)\n"))
      << help;
  EXPECT_NE(help.find("  --kind flat|graph         Sort\n"), help.npos) << help;
  EXPECT_NE(help.find("\n\nExample:\n  try find a\n"), help.npos) << help;
}

}  // namespace
}  // namespace alike::cli
