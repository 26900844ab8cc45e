# Tells fish's completion of git to ask that of git-incident, which fish then
# loads. Some versions of fish (3.6) look under the wrong name by themselves.

function __git_incident_ask
    set -l words (commandline -opc)
    set -l at (contains -i -- incident $words); or return
    set -e words[1..$at]
    complete -C "git-incident "(string join ' ' -- (string escape -- $words) '')(commandline -ct)
end

complete -c git -f -n '__fish_git_using_command incident' -a '(__git_incident_ask)'
