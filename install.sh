#!/bin/sh
# Builds git-incident from this checkout and installs it with its manual page and
# completions. Everything it writes is under one prefix and listed in
# PREFIX/share/git-incident/installed, from which --uninstall works. No repository
# is touched, this one included.
set -eu

usage() {
	cat <<'END'
usage: ./install.sh [--prefix DIR] [--uninstall]

  --prefix DIR   where to install (default: ~/.local)
  --uninstall    remove what was installed there, and folders it made that are empty
  --help         this text

Exit codes: 0 done, 1 it did not work, 2 the command line was not understood.
END
}

fail() {
	echo "install.sh: $1" >&2
	exit 1
}

misused() {
	echo "install.sh: $1" >&2
	usage >&2
	exit 2
}

# What is installed beside the program, below cmd/git-incident.
files="git-incident.1 completion/git-incident.bash completion/_git-incident
	completion/git-incident.fish completion/git-incident.conf.fish"

# place_of prints where a file of ours goes, below the prefix.
place_of() {
	case $1 in
	git-incident | git-incident.exe) echo "bin/$1" ;;
	git-incident.1) echo share/man/man1/git-incident.1 ;;
	git-incident.bash) echo share/bash-completion/completions/git-incident ;;
	_git-incident) echo share/zsh/site-functions/_git-incident ;;
	git-incident.fish) echo share/fish/vendor_completions.d/git-incident.fish ;;
	git-incident.conf.fish) echo share/fish/vendor_conf.d/git-incident.fish ;;
	esac
}

# make_folder makes a folder and the ones above it, and records those that were
# not there.
make_folder() {
	[ ! -d "$1" ] || return 0
	make_folder "$(dirname -- "$1")"
	mkdir -- "$1" || fail "cannot make the folder $1"
	echo "d ${1#"$prefix"/}" >>"$record"
}

# replace puts a file in a place in one step, so that a program that is running,
# and whoever looks meanwhile, has the old one or the new one.
replace() {
	[ ! -d "$2" ] || fail "$2 is a folder; move it away and try again"
	temp=$(dirname -- "$2")/.git-incident.$$
	{ cp -- "$1" "$temp" && chmod "$3" "$temp" && mv -f -- "$temp" "$2"; } || fail "cannot write $2"
	temp=
}

clean_up() {
	[ -z "$temp" ] || rm -f -- "$temp"
	[ -z "$work" ] || rm -rf -- "$work"
}

# wanted_go prints the version of Go in go.mod, as "1.26".
wanted_go() { sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' "$source/go.mod"; }

check_go() {
	command -v go >/dev/null 2>&1 || fail "Go is missing. Install Go $(wanted_go) or newer and try again."
	have=$(cd "$source" && go env GOVERSION 2>/dev/null) || have=
	[ -n "$have" ] || have=$(cd / && GOTOOLCHAIN=local go version 2>/dev/null | cut -d' ' -f3) || have=
	number=${have#go}
	want=$(wanted_go)
	case $number in
	[0-9]*.[0-9]*) ;;
	*) return 0 ;; # a Go from its own repository: the build will tell
	esac
	minor=${number#*.}
	minor=${minor%%[!0-9]*}
	[ "${number%%.*}" -gt "${want%%.*}" ] || [ "$minor" -ge "${want#*.}" ] ||
		fail "Go is too old: this needs Go $want or newer, and here is $have."
}

check_writable() {
	dir=${prefix:-/}
	while [ ! -e "$dir" ]; do dir=$(dirname -- "$dir"); done
	[ -d "$dir" ] || fail "$dir is not a folder"
	[ -w "$dir" ] || fail "$dir is not writable for you; choose another place with --prefix DIR"
}

build() {
	if [ -z "${HOME-}" ]; then # Go keeps its caches there
		: "${GOCACHE:=$work/cache}" "${GOPATH:=$work/go}"
		GOFLAGS="${GOFLAGS-} -modcacherw"
		export GOCACHE GOPATH GOFLAGS
	fi
	stamp=auto
	git -C "$source" rev-parse -q --verify HEAD >/dev/null 2>&1 || stamp=false
	program=git-incident$(go env GOEXE)
	(cd "$source" && GIT_OPTIONAL_LOCKS=0 CGO_ENABLED=0 go build -buildvcs="$stamp" -tags urfave_cli_no_docs \
		-trimpath -ldflags "-s -w" -o "$work/$program" ./cmd/git-incident) ||
		fail "the build did not work; nothing was installed"
}

install() {
	check_go
	check_writable
	work=$(mktemp -d "${TMPDIR:-/tmp}/git-incident-install.XXXXXX") || fail "cannot make a temporary folder"
	record=$work/installed
	build
	! [ -f "$list" ] || cp -- "$list" "$record" # folders that an earlier run made are still ours
	make_folder "$(dirname -- "$list")"
	for file in "$program" $files; do
		path=$(place_of "$(basename -- "$file")")
		make_folder "$(dirname -- "$prefix/$path")"
		echo "f $path" >>"$record"
	done
	awk '!seen[$0]++' "$record" >"$work/list"
	replace "$work/list" "$list" 644 # before what it lists, so that --uninstall knows more than there is
	replace "$work/$program" "$prefix/$(place_of "$program")" 755
	for file in $files; do
		replace "$source/cmd/git-incident/$file" "$prefix/$(place_of "$(basename -- "$file")")" 644
	done
	advise
}

# has reports whether a list of folders with colons has a folder.
has() {
	case :$1: in
	*":$2:"*) return 0 ;;
	esac
	return 1
}

advise() {
	echo "git-incident is in $prefix."
	echo
	shell=$(basename -- "${SHELL:-sh}")
	if ! has "$PATH" "$prefix/bin"; then
		echo "So that git finds it, add this line to what your shell reads at its start:"
		case $shell in
		fish) echo "  fish_add_path '$prefix/bin'" ;;
		*) echo "  PATH='$prefix/bin':\$PATH" ;;
		esac
		echo
	fi
	if [ -n "${MANPATH-}" ] && ! has "$MANPATH" "$prefix/share/man" && ! has "$MANPATH" ""; then
		echo "MANPATH is set. For the manual page, add this line after it:"
		echo "  MANPATH='$prefix/share/man':\$MANPATH"
		echo
	fi
	data=${XDG_DATA_HOME:-${HOME-}/.local/share}:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}
	case $shell in
	zsh)
		if ! has "$(zsh -fc 'print -rn -- ${(j.:.)fpath}' 2>/dev/null)" "$prefix/share/zsh/site-functions"; then
			echo "For completion in zsh, add this line to ~/.zshrc, before compinit:"
			echo "  fpath=('$prefix/share/zsh/site-functions' \$fpath)"
			echo
		fi ;;
	bash)
		if ! has "$data" "$prefix/share"; then
			echo "For completion in bash, add this line to ~/.bashrc, after git's own completion:"
			echo "  . '$prefix/$(place_of git-incident.bash)'"
			echo
		fi ;;
	fish)
		if ! has "$data" "$prefix/share"; then
			echo "For completion in fish, add these lines to ~/.config/fish/config.fish:"
			echo "  set -p fish_complete_path '$prefix/share/fish/vendor_completions.d'"
			echo "  source '$prefix/$(place_of git-incident.conf.fish)'"
			echo
		fi ;;
	esac
	echo "When something is wrong:  git incident start <what you see>"
	echo "A tour of two minutes:    git incident demo"
	echo "Everything:               git incident --help"
}

uninstall() {
	if [ ! -f "$list" ]; then
		echo "Nothing of git-incident is installed in $prefix."
		return
	fi
	work=$(mktemp -d "${TMPDIR:-/tmp}/git-incident-install.XXXXXX") || fail "cannot make a temporary folder"
	# The last that was made goes first. A folder above the prefix has its whole path.
	awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$list" >"$work/list"
	grep '^f ' "$work/list" | while read -r _ path; do
		rm -f -- "$prefix/$path" || fail "cannot remove $prefix/$path"
	done
	rm -f -- "$list" || fail "cannot remove $list"
	grep '^d ' "$work/list" | while read -r _ path; do
		case $path in
		/*) rmdir -- "$path" ;;
		*) rmdir -- "$prefix/$path" ;;
		esac 2>/dev/null || : # somebody else has something in it
	done
	echo "git-incident is gone from $prefix. Journals stay where they are, in their repositories."
}

source=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
prefix=
action=install
temp=
work=
while [ $# -gt 0 ]; do
	case $1 in
	--prefix | --prefix=*)
		case $1 in
		*=*) prefix=${1#*=} ;;
		*) prefix=${2-} ;;
		esac
		[ -n "$prefix" ] || misused "--prefix needs a folder after it"
		[ "$1" != --prefix ] || shift ;;
	--uninstall) action=uninstall ;;
	-h | --help)
		usage
		exit ;;
	*) misused "$1 is not understood" ;;
	esac
	shift
done
if [ -z "$prefix" ]; then
	[ -n "${HOME-}" ] || misused "HOME is empty; say where to install with --prefix DIR"
	prefix=$HOME/.local
fi
case $prefix in
/*) ;;
*) prefix=$(pwd -P)/$prefix ;;
esac
while [ "$prefix" != "${prefix%/}" ]; do prefix=${prefix%/}; done
list=$prefix/share/git-incident/installed

trap clean_up EXIT
trap 'exit 1' HUP INT TERM
$action
