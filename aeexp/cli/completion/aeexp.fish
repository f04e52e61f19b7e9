# Completion of aeexp in fish. In ~/.config/fish/config.fish: aeexp --completion fish | source
function __aeexp_complete
    set -l before (commandline -opc)
    set -l program $before[1]
    set -e before[1]
    set -l word (commandline -ct | string replace -r '^[\'"]' '')
    $program --completion query $before "$word" 2>/dev/null
end
complete -c aeexp -f -a '(__aeexp_complete)'
