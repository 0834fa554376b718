#include <CLI/CLI.hpp>
#include <functional>

#include "alike/cli/context.h"

namespace alike::cli {
namespace {

struct Word {
  std::string name;  ///< As typed, such as "--encoder" or "index".
  std::string description;
  bool takes_value = false;
};

std::vector<Word> options_of(const CLI::App& app) {
  std::vector<Word> words;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->nonpositional()) continue;
    const bool value = option->get_items_expected_max() > 0;
    for (const auto& name : option->get_snames())
      words.push_back({"-" + name, option->get_description(), value});
    for (const auto& name : option->get_lnames())
      words.push_back({"--" + name, option->get_description(), value});
  }
  return words;
}

std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string names(const std::vector<Word>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word.name;
  return text;
}

std::string names(const std::vector<const CLI::App*>& verbs) {
  std::string text;
  for (const auto* verb : verbs) text += (text.empty() ? "" : " ") + verb->get_name();
  return text;
}

/// `text` between single quotes, where a shell reads it literally.
std::string quoted(const std::string& text, const std::string& quote) {
  std::string result = "'";
  for (const char letter : text) result += letter == '\'' ? quote : std::string(1, letter);
  return result + "'";
}

std::string bash(const CLI::App& app) {
  std::string cases;
  for (const auto* verb : verbs_of(app)) {
    cases += "    " + verb->get_name() + ") words='" + names(options_of(*verb)) + " " +
             names(verbs_of(*verb)) + "' ;;\n";
  }
  return R"(# bash completion of alike; read it with: . <(alike completion bash)
_alike() {
  local word=${COMP_WORDS[COMP_CWORD]} verb= each words
  for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " )" +
         names(verbs_of(app)) + R"( " in *" $each "*) verb=$each; break ;; esac
  done
  case $verb in
)" + cases +
         "    *) words='" + names(verbs_of(app)) + "' ;;\n" +
         R"(  esac
  case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "$words )" +
         names(options_of(app)) + R"(" -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "${words//--*([^ ])/}" -- "$word"; compgen -f -- "$word") ;;
  esac
}
shopt -s extglob
complete -o filenames -F _alike alike
)";
}

std::string fish(const CLI::App& app) {
  std::string text = "# fish completion of alike; read it with: alike completion fish | source\n";
  const auto add = [&](const std::string& condition, const Word& word) {
    const bool is_long = word.name.starts_with("--");
    text += "complete -c alike" + (condition.empty() ? "" : " -n " + quoted(condition, "\\'")) +
            (is_long ? " -l " + word.name.substr(2) : " -s " + word.name.substr(1)) +
            (word.takes_value ? " -r" : "") + " -d " + quoted(word.description, "\\'") + "\n";
  };
  for (const auto& word : options_of(app)) add("", word);
  for (const auto* verb : verbs_of(app)) {
    text += "complete -c alike -n __fish_use_subcommand -f -a " + verb->get_name() + " -d " +
            quoted(verb->get_description(), "\\'") + "\n";
    const std::string seen = "__fish_seen_subcommand_from " + verb->get_name();
    for (const auto& word : options_of(*verb)) add(seen, word);
    for (const auto* inner : verbs_of(*verb)) {
      text += "complete -c alike -n " + quoted(seen, "\\'") + " -f -a " + inner->get_name() +
              " -d " + quoted(inner->get_description(), "\\'") + "\n";
    }
  }
  return text;
}

/// One line of zsh's `_arguments`; brackets and colons have a meaning there.
std::string zsh_spec(const Word& word) {
  std::string description;
  for (const char letter : word.description) {
    if (letter == '[' || letter == ']' || letter == ':') description += '\\';
    description += letter;
  }
  return quoted(word.name + "[" + description + "]" + (word.takes_value ? ":value:_files" : ""),
                "'\\''");
}

std::string zsh(const CLI::App& app) {
  std::string verbs;
  std::string cases;
  std::string global;
  for (const auto& word : options_of(app)) global += " " + zsh_spec(word);
  for (const auto* verb : verbs_of(app)) {
    verbs += " " + quoted(verb->get_name() + ":" + verb->get_description(), "'\\''");
    std::string specs;
    for (const auto& word : options_of(*verb)) specs += " " + zsh_spec(word);
    const std::string inner = names(verbs_of(*verb));
    cases += "    " + verb->get_name() + ") _arguments" + specs + global +
             (inner.empty() ? "" : " '1:what:(" + inner + ")'") + " '*:file:_files' ;;\n";
  }
  return "#compdef alike\n# zsh completion of alike; read it with: . <(alike completion zsh)\n"
         "_alike() {\n  local verb\n  local -a verbs=(" +
         verbs +
         ")\n"
         "  verb=${words[(r)(" +
         [&] {
           std::string alternatives;
           for (const auto* each : verbs_of(app)) {
             alternatives += (alternatives.empty() ? "" : "|") + each->get_name();
           }
           return alternatives;
         }() +
         ")]}\n  case $verb in\n" + cases + "    *) _describe command verbs; _arguments" + global +
         " ;;\n  esac\n}\n"
         "compdef _alike alike\n";
}

}  // namespace

void add_completion(CLI::App& app, Context& context) {
  auto shell = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("completion", "Print the completion script of a shell");
  verb->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->callback([&app, &context, shell] {
    const std::string script = *shell == "bash"  ? bash(app)
                               : *shell == "zsh" ? zsh(app)
                                                 : fish(app);
    say(context, script);
    answer(context, json::object{{"shell", *shell}, {"script", script}});
  });
}

}  // namespace alike::cli
