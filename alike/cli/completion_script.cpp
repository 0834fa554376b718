// completion: what a shell needs to complete words.
#include "alike/base/text.h"

#include <memory>
#include "alike/cli/context.h"
#include "alike/cli/verb.h"

namespace alike::cli {
namespace {

// Each asks the program, which knows its verbs, encoders and spaces: see complete.h.

constexpr const char* kBash =
    R"(# bash completion of alike; read it with: . <(alike completion bash)
_alike() {
  local line word=${COMP_WORDS[COMP_CWORD]}
  [[ $word == = ]] && word=
  COMPREPLY=()
  while IFS= read -r line; do
    case ${line%%$'\t'*} in
      :files) compopt -o filenames 2>/dev/null
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word") ;;
      :folders) compopt -o filenames 2>/dev/null
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$word") ;;
      */) compopt -o nospace 2>/dev/null; COMPREPLY+=("${line%%$'\t'*}") ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <(PROGRAM complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _alike alike
)";

constexpr const char* kZsh = R"(#compdef alike
# zsh completion of alike; read it with: . <(alike completion zsh)
_alike() {
  local line word files=0
  local -a described folders
  for line in "${(@f)$(PROGRAM complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    word=${line%%$'\t'*}
    case $word in
      '') ;;
      :files) files=1 ;;
      :folders) files=2 ;;
      */) folders+=("$word") ;;
      *) described+=("${word//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  (( $#described )) && _describe alike described
  (( $#folders )) && compadd -S '' -a folders
  (( files == 1 )) && _files
  (( files == 2 )) && _files -/
  return 0
}
# Sourced, it is bound; autoloaded from $fpath, it is called.
if [[ ${funcstack[1]} == _alike ]]; then _alike "$@"; else compdef _alike alike; fi
)";

constexpr const char* kFish =
    R"(# fish completion of alike; read it with: alike completion fish | source
function __alike_complete
    set -l typed (commandline -opc) (commandline -ct)
    for line in (PROGRAM complete $typed[2..-1] 2>/dev/null)
        switch $line
            case ':files*'
                __fish_complete_path (commandline -ct)
            case ':folders*'
                __fish_complete_directories (commandline -ct)
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c alike -f -a '(__alike_complete)'
)";

}  // namespace

Verb completion_verb(Context& context) {
  auto shell = std::make_shared<std::string>();
  const auto print = [&context, shell] {
    std::string script = *shell == "bash" ? kBash : *shell == "zsh" ? kZsh : kFish;
    const std::string placeholder = "PROGRAM";
    script.replace(script.find(placeholder), placeholder.size(),
                   shell_word(context.program.native()));
    say(context, script);
    answer(context, json::object{{"shell", *shell}, {"script", script}});
  };
  return {.name = "completion",
          .about = "Print the completion script of a shell",
          .options = {Option("SHELL", shell.get(), one_of({"bash", "zsh", "fish"}),
                             "bash, zsh or fish", {.required = true})},
          .notes =
              "Examples:\n"
              "  . <(alike completion bash)                for this shell\n"
              "  alike completion fish > ~/.config/fish/completions/alike.fish",
          .run = print};
}

}  // namespace alike::cli
