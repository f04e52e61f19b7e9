# Completion of aeexp in bash. In ~/.bashrc: eval "$(aeexp --completion bash)"
_aeexp() {
    local found
    COMPREPLY=()
    while IFS= read -r found; do
        [[ -n $found ]] && COMPREPLY+=("$found")
    done < <("$1" --completion line "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    # a key goes on after its dot or equals sign; bash before version 4 always adds a space
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=./:,] ]] && compopt -o nospace 2>/dev/null
}
complete -o nosort -F _aeexp aeexp 2>/dev/null || complete -F _aeexp aeexp
