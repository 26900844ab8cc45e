# Reads lines and prints what bash offers after each, then a record separator.
# shellcheck disable=SC1090,SC1091
source "$GIT_COMPLETION"
source "$COMPLETION/git-incident.bash"

while IFS= read -r COMP_LINE; do
	IFS=' ' read -ra COMP_WORDS <<<"$COMP_LINE"
	case "$COMP_LINE" in
	*\ )	COMP_WORDS+=("") ;;
	esac
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	# shellcheck disable=SC2034
	COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_KEY=9
	COMPREPLY=()
	__git_wrap__git_main git "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	[ "${#COMPREPLY[@]}" -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
	printf '\036\n'
done
