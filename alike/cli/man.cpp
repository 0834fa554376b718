#include <CLI/CLI.hpp>
#include <sstream>

#include "alike/base/version.h"
#include "alike/cli/context.h"

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
  std::string head;
  for (const auto& name : option.get_snames()) head += (head.empty() ? "" : ", ") + ("-" + name);
  for (const auto& name : option.get_lnames()) head += (head.empty() ? "" : ", ") + ("--" + name);
  const bool positional = head.empty();
  if (positional) head = option.get_name();
  page << ".TP\n\\fB" << roff(head) << "\\fR";
  if (!positional && option.get_items_expected_max() > 0) {
    page << " \\fI" << roff(option.get_type_name()) << "\\fR";
  }
  page << "\n" << roff(option.get_description());
  if (!option.get_default_str().empty()) {
    page << " (" << roff(option.get_default_str()) << ")";
  }
  page << "\n";
}

void print_options(std::ostream& page, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) print_option(page, *option);
}

void print_verb(std::ostream& page, const CLI::App& verb, const std::string& before) {
  const std::string name = before + verb.get_name();
  page << ".SS " << roff(name) << "\n" << roff(verb.get_description()) << ".\n";
  print_options(page, verb);
  for (const CLI::App* inner : verb.get_subcommands([](const CLI::App*) { return true; })) {
    print_verb(page, *inner, name + " ");
  }
}

std::string page_of(const CLI::App& app) {
  std::ostringstream page;
  page << ".TH ALIKE 1 \"\" \"alike " << version() << "\" \"User Commands\"\n"
       << ".SH NAME\nalike \\- searches images by meaning\n"
       << ".SH SYNOPSIS\n.B alike\n[options] \\fIverb\\fR [options] [words]\n"
       << ".SH OPTIONS\nThese may stand anywhere.\n";
  print_options(page, app);
  page << ".SH VERBS\n";
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    print_verb(page, *verb, "alike ");
  }
  page << ".SH EXAMPLES AND EXIT STATUS\n.nf\n" << roff(app.get_footer()) << "\n.fi\n";
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
