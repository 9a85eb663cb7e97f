# bash completion for agentctl
_agentctl() {
  local line current="${COMP_WORDS[COMP_CWORD]}"
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
  done < <("${COMP_WORDS[0]}" __complete bash "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -F _agentctl agentctl
