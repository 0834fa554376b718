#include <CLI/CLI.hpp>
#include <sstream>

#include "alike/base/version.h"
#include "alike/cli/context.h"
#include "alike/cli/help.h"

namespace alike::cli {
namespace {

/// `text` as roff prints it literally.
std::string roff(const std::string& text) {
  std::string result;
  bool line_start = true;
  for (const char letter : text) {
    if (line_start && (letter == '.' || letter == '\'')) result += "\\&";
    if (letter == '\\') {
      result += "\\e";
    } else if (letter == '-') {
      result += "\\-";
    } else {
      result += letter;
    }
    line_start = letter == '\n';
  }
  return result;
}

void print_option(std::ostream& page, const CLI::Option& option) {
  page << ".TP\n\\fB" << roff(head_of(option)) << "\\fR\n" << roff(description_of(option)) << "\n";
}

void print_literally(std::ostream& page, const std::string& text) {
  if (!text.empty()) page << ".PP\n.nf\n" << roff(text) << "\n.fi\n";
}

void print_options(std::ostream& page, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const bool help = option == app.get_help_ptr() && app.get_parent() != nullptr;
    if (!help) print_option(page, *option);  // once is enough
  }
}

void print_verb(std::ostream& page, const CLI::App& verb, const std::string& before) {
  const std::string name = before + verb.get_name();
  page << ".SS " << roff(name) << "\n\\fB" << roff(synopsis(verb)) << "\\fR\n.PP\n"
       << roff(verb.get_description()) << ".\n";
  print_options(page, verb);
  print_literally(page, verb.get_footer());
  for (const CLI::App* inner : verb.get_subcommands([](const CLI::App*) { return true; })) {
    print_verb(page, *inner, name + " ");
  }
}

constexpr const char* kSurroundings = R"(.SH ENVIRONMENT
.TP
.B ALIKE_HOME
Where encoders and what is compiled from them are kept; otherwise
.I alike
in $XDG_DATA_HOME or ~/.local/share.
.TP
.B ALIKE_CACHE
Where downloads are kept; otherwise
.I alike
in $XDG_CACHE_HOME or ~/.cache.
.TP
.B ALIKE_SIMD
The highest level of vector instructions to use: scalar, avx2 or avx512.
.TP
.B ALIKE_BFLOAT16
off computes encoders in 32 bits throughout, where they would be computed partly in bfloat16.
.SH FILES
.TP
.I .alike/
In the folder of pictures unless \-\-collection names another place: what is known of them.
.TP
.I $ALIKE_HOME/models/NAME/
The encoder NAME: model.onnx and encoder.json.
.TP
.I X.paths
Beside the rows X.npy or X.faiss that embed and export write: the path of each row's picture, a line each.
)";

std::string page_of(const CLI::App& app) {
  std::ostringstream page;
  page << ".TH ALIKE 1 \"\" \"alike " << version() << "\" \"User Commands\"\n"
       << ".SH NAME\nalike \\- searches images by meaning\n"
       << ".SH SYNOPSIS\n.B " << roff(synopsis(app)) << "\n"
       << ".SH OPTIONS\nThese may stand anywhere.\n";
  print_options(page, app);
  page << ".SH VERBS\n";
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    print_verb(page, *verb, "alike ");
  }
  page << kSurroundings << ".SH EXAMPLES AND EXIT STATUS\n";
  print_literally(page, app.get_footer());
  return page.str();
}

}  // namespace

void add_man(CLI::App& app, Context& context) {
  app.add_subcommand("man", "Print the manual page; read it with: alike man | man -l -")
      ->callback([&app, &context] {
        const std::string page = page_of(app);
        say(context, page);
        answer(context, json::object{{"page", page}});
      });
}

}  // namespace alike::cli
