#compdef agentctl
_agentctl() {
  local -a candidates
  candidates=("${(@f)$("${words[1]}" __complete zsh "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("${(@)candidates:#}")
  if (( ${candidates[(I):files]} )); then
    candidates=("${(@)candidates:#:files}")
    _files
  fi
  (( ${#candidates} )) && _describe 'agentctl' candidates
}
if [ "${funcstack[1]}" = "_agentctl" ]; then _agentctl "$@"; else compdef _agentctl agentctl; fi
