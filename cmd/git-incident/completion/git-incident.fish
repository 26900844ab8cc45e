# fish completion for git-incident; git-incident.conf.fish makes it that of git
# incident too. The flags are held to the program by completion_test.go.

function __git_incident_using
    set -l words (commandline -opc)
    set -q words[2]; and contains -- $words[2] $argv; and not contains -- -- $words
end

# Short ids with their titles. The status begins at the nineteenth character.
function __git_incident_all
    git incident list $argv 2>/dev/null | string replace -rf '^(\S+) .{24}(.*)$' '$1\t$2'
end

function __git_incident_drafts
    git incident list 2>/dev/null | string replace -rf '^(\S+) .{13}draft.{6}(.*)$' '$1\t$2'
end

# The incident that a command is to write to: one that is open, or any if none is.
function __git_incident_which
    set -l open (__git_incident_all --open)
    set -q open[1]; and printf '%s\n' $open; or __git_incident_all
end

# The first word of a text may be an id, which makes sense when several are open.
function __git_incident_first
    set -l words (commandline -opc)
    set -l open (__git_incident_all --open)
    test (count $words) -eq 2; and set -q open[2]; and printf '%s\n' $open
end

complete -c git-incident -f
complete -c git-incident -s h -l help -d 'What it does and its flags'

for entry in \
    "start Something is wrong: write it down" \
    "log Write down what you see or do" \
    "update Tell people: prints a text to paste" \
    "breathe The pause card: four questions before the next step" \
    "why The next link of the chain of problems" \
    "mitigate The harm has stopped, the work has not" \
    "resolve It is over" \
    "attach Keep a file beside the note" \
    "learn What you know now, and what follows from it" \
    "edit Work on the story in your editor" \
    "share Move a private draft to the journal" \
    "status What is open, and when people expect news" \
    "list Every incident, newest first" \
    "show One incident, whole" \
    "search The incidents in which all of these words stand" \
    "site Build the archive, a folder of plain files" \
    "serve Show the archive in a browser, on this machine only" \
    "export Print every incident as JSON" \
    "import Take over Markdown files from another archive" \
    "sync Share the journal with everybody, and get theirs" \
    "unshare Make an incident that never left this clone a private draft again" \
    "purge Take a secret that got in out of the whole history" \
    "init Make the journal's branch; start does it too" \
    "doctor Prove that nothing that was written is missing" \
    "merge-driver Unite two versions of a note; git merge calls it" \
    "demo A tour in a throw-away repository" \
    "version Which build this is"
    set -l name (string split -m 1 ' ' -- $entry)
    complete -c git-incident -n 'test (count (commandline -opc)) -eq 1' -k -a $name[1] -d $name[2]
end

# The incident
set -l named log update mitigate resolve why learn attach
complete -c git-incident -n "__git_incident_using $named" -s i -l incident -x -k -a '(__git_incident_which)' -d 'The incident, by any piece of its id'
complete -c git-incident -n "__git_incident_using $named" -k -a '(__git_incident_first)'
complete -c git-incident -n '__git_incident_using show edit unshare purge' -s i -l incident -x -k -a '(__git_incident_all)' -d 'The incident, by any piece of its id'
complete -c git-incident -n '__git_incident_using show edit unshare' -k -a '(__git_incident_all)'
complete -c git-incident -n '__git_incident_using share' -s i -l incident -x -k -a '(__git_incident_drafts)' -d 'The draft'
complete -c git-incident -n '__git_incident_using share' -k -a '(__git_incident_drafts)'

# What several commands share
complete -c git-incident -n '__git_incident_using start log update mitigate resolve attach' -l at -x -d 'When it was, if not now'
set -l written start log update mitigate resolve why learn attach
complete -c git-incident -n "__git_incident_using $written" -l mask -d 'Write secrets as [masked]'
complete -c git-incident -n "__git_incident_using $written edit import sync" -l allow-secret -d 'Write it although it looks like it has a secret'
complete -c git-incident -n '__git_incident_using status list show search export import sync doctor' -l json -d 'Print JSON'
complete -c git-incident -n '__git_incident_using site serve export' -l drafts -d 'Also those that are private to this clone'
complete -c git-incident -n '__git_incident_using site serve' -l title -x -d 'What the archive is called'
complete -c git-incident -n '__git_incident_using serve demo' -l port -x -d 'The port to listen on'

# What one command has
complete -c git-incident -n '__git_incident_using start' -l began -x -d 'When it began, if you know'
complete -c git-incident -n '__git_incident_using start' -l kind -x -a 'incident near-miss exercise' -d 'What it is'
complete -c git-incident -n '__git_incident_using start' -l noticed-by -x -a 'self teammate alert customer external unknown' -d 'Who noticed'
complete -c git-incident -n '__git_incident_using start list' -l service -x -d 'What is affected'
complete -c git-incident -n '__git_incident_using start' -l severity -x -d 'A word of your own'
complete -c git-incident -n '__git_incident_using start' -l private -d 'A draft that stays in this clone until you share it'
complete -c git-incident -n '__git_incident_using start' -s q -l quiet -d 'Print only the id'
complete -c git-incident -n '__git_incident_using attach' -l name -x -d 'The name it gets'
complete -c git-incident -n '__git_incident_using attach' -F
complete -c git-incident -n '__git_incident_using learn' -l so -x -d 'A consequence'
complete -c git-incident -n '__git_incident_using edit' -l from -r -F -d 'Take the text from a file'
complete -c git-incident -n '__git_incident_using list' -s n -l number -x -d 'How many'
complete -c git-incident -n '__git_incident_using list' -s a -l all -d 'Show all of them'
complete -c git-incident -n '__git_incident_using list' -l open -d 'Only those that are open'
complete -c git-incident -n '__git_incident_using show' -l raw -d 'Print the note as it is stored'
complete -c git-incident -n '__git_incident_using site' -l out -x -a '(__fish_complete_directories)' -d 'The folder to write'
complete -c git-incident -n '__git_incident_using site' -l base-url -x -d 'Where it will live'
complete -c git-incident -n '__git_incident_using site' -l force -d 'Write into a folder that has other files'
complete -c git-incident -n '__git_incident_using import' -x -a '(__fish_complete_directories)'
complete -c git-incident -n '__git_incident_using doctor' -l fix -d 'Put back what is missing, and mend what can be mended'
complete -c git-incident -n '__git_incident_using import purge' -l dry-run -d 'Report, and write nothing'
complete -c git-incident -n '__git_incident_using purge' -l text -d 'A text, read unseen'
complete -c git-incident -n '__git_incident_using purge' -l yes -d 'Do not ask'
complete -c git-incident -n '__git_incident_using sync' -l timeout -x -d 'How long the remote may keep one step waiting'
complete -c git-incident -n '__git_incident_using merge-driver' -F
complete -c git-incident -n '__git_incident_using demo' -l no-serve -d 'Build the archive and print its folder'
