# Reads lines and prints what fish offers after each, then a record separator.
set -p fish_complete_path $COMPLETION
source $COMPLETION/git-incident.conf.fish

while read -l line
    complete -C $line
    printf '\036\n'
end
