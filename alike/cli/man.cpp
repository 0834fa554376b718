#include <sstream>

#include "alike/base/version.h"
#include "alike/cli/context.h"
#include "alike/cli/help.h"
#include "alike/cli/verb.h"

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

void print_option(std::ostream& page, const Option& option) {
  page << ".TP\n\\fB" << roff(head_of(option)) << "\\fR\n" << roff(description_of(option)) << "\n";
}

void print_literally(std::ostream& page, const std::string& text) {
  if (!text.empty()) page << ".PP\n.nf\n" << roff(text) << "\n.fi\n";
}

void print_options(std::ostream& page, const Verb& verb) {
  for (const Option& option : verb.options) print_option(page, option);
}

void print_verb(std::ostream& page, const Path& path) {
  const Verb& verb = *path.back();
  page << ".SS " << roff(full_name(path)) << "\n\\fB" << roff(synopsis(path)) << "\\fR\n.PP\n"
       << roff(verb.about) << ".\n";
  print_options(page, verb);
  print_literally(page, verb.notes);
  for (const Verb& part : verb.parts) {
    Path inner = path;
    inner.push_back(&part);
    print_verb(page, inner);
  }
}

constexpr const char* kSurroundings = R"(.SH ENVIRONMENT
.TP
.B ALIKE_HOME
The folder of encoders and of their compiled forms; otherwise
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
In the folder of pictures unless \-\-collection names another place: the collection.
.TP
.I $ALIKE_HOME/models/NAME/
The encoder NAME: model.onnx and encoder.json.
.TP
.I X.paths
Beside the rows X.npy or X.faiss that embed and export write: the path of each row's picture, a line each.
)";

std::string page_of(const Verb& program) {
  std::ostringstream page;
  page << ".TH ALIKE 1 \"\" \"alike " << version() << "\" \"User Commands\"\n"
       << ".SH NAME\nalike \\- searches images by meaning\n"
       << ".SH SYNOPSIS\n.B " << roff(synopsis({&program})) << "\n"
       << ".SH OPTIONS\nThese may stand anywhere.\n";
  print_options(page, program);
  page << ".SH VERBS\n";
  for (const Verb& verb : program.parts) print_verb(page, {&program, &verb});
  page << kSurroundings << ".SH EXAMPLES AND EXIT STATUS\n";
  print_literally(page, program.notes);
  return page.str();
}

}  // namespace

Verb man_verb(const Verb& program, Context& context) {
  return {.name = "man",
          .about = "Print the manual page; read it with: alike man | man -l -",
          .run = [&program, &context] {
            const std::string page = page_of(program);
            say(context, page);
            answer(context, json::object{{"page", page}});
          }};
}

}  // namespace alike::cli
