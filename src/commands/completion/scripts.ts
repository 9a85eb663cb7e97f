import { COMPLETE_CALL } from "./complete-line.js";

/** bash gives words that it split at `=` and `:` itself, so the line is sent; only the last part is replaced. */
const bash = `# bash completion for agentctl
_agentctl() {
  local line current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  case "$current" in =|:) current="" ;; esac
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
    elif [ -n "$line" ]; then
      printf -v line %q "$line"
      COMPREPLY+=("$line")
    fi
  done < <("\${COMP_WORDS[0]}" ${COMPLETE_CALL} bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -F _agentctl agentctl
`;

const zsh = `#compdef agentctl
_agentctl() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" ${COMPLETE_CALL} zsh "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("\${(@)candidates:#}")
  if (( \${candidates[(I):files]} )); then
    candidates=("\${(@)candidates:#:files}")
    _files
  fi
  (( \${#candidates} )) && _describe 'agentctl' candidates
}
if [ "\${funcstack[1]}" = "_agentctl" ]; then _agentctl "$@"; else compdef _agentctl agentctl; fi
`;

const fish = `# fish completion for agentctl
function __agentctl_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in ($words[1] ${COMPLETE_CALL} fish $words[2..-1] "$current" 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c agentctl -f -a '(__agentctl_complete)'
`;

/** What a shell has to read, by its name. */
export const COMPLETION_SCRIPTS = { bash, zsh, fish } as const;

export type Shell = keyof typeof COMPLETION_SCRIPTS;
