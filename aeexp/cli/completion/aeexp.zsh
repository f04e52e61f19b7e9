#compdef aeexp
# Completion of aeexp in zsh. In ~/.zshrc: source <(aeexp --completion zsh)
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
_aeexp() {
    local -a before found
    before=("${(@Q)words[2,CURRENT-1]}")
    found=("${(@f)$("${(Q)words[1]}" --completion query "${before[@]}" "${(Q)PREFIX}" 2>/dev/null)}")
    compadd -S '' -- ${(M)found:#*[=./:,]}   # a key goes on after its dot or equals sign
    compadd -- ${found:#(|*[=./:,])}
}
compdef _aeexp aeexp
