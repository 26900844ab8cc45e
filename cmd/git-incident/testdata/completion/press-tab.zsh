# Reads lines and prints what zsh offers after each, then a record separator. zsh
# completes at a terminal only, so a second one runs at one of its own; what would
# be offered goes to a file.
zmodload zsh/zpty
export ZDOTDIR=$(mktemp -d) || exit
trap 'rm -rf $ZDOTDIR' EXIT

cat >$ZDOTDIR/.zshrc <<'RC'
PS1= PS2= RPS1=
fpath=($COMPLETION $fpath)
autoload -U compinit && compinit -u -d $ZDOTDIR/dump
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -A hits "$@"
  (( $#hits )) && print -rl -- $hits >>$ZDOTDIR/offered
}
press-tab() {
  zle complete-word
  print -r -- $'\036' >>$ZDOTDIR/offered
  BUFFER=
}
zle -N press-tab
bindkey '^I' press-tab
: >$ZDOTDIR/offered
RC

zpty inner zsh -i
integer n=0 patience=0
answered() {
  local -a marks
  [[ -e $ZDOTDIR/offered ]] || return
  marks=(${(M)${(f)"$(<$ZDOTDIR/offered)"}:#$'\036'})
  (( $#marks >= n ))
}
await() {
  patience=300
  until answered || (( patience-- <= 0 )); do
    zpty -rt inner _ignored
    sleep 0.01
  done
}
await
while IFS= read -r line; do
  (( n++ ))
  zpty -wn inner $line$'\t'
  await
done
cat $ZDOTDIR/offered
zpty -d inner
