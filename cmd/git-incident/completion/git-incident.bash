# bash completion for git incident. git's own completion finds _git_incident,
# and bash-completion loads this file when it is needed. bash 3.2 is enough.
#
# The lists of flags are held to the program by completion_test.go.
# shellcheck disable=SC2154 # cur, prev, words and cword are set by git's completion

# __git_incident_ids completes short ids: "open" ones, "drafts" or "all". Where
# bash shows a choice and inserts nothing, the titles stand beside them.
__git_incident_ids ()
{
	local only='' line id found=()
	[ "$1" = open ] && only=--open
	while IFS= read -r line; do
		id=${line%% *}
		[ "$1" != drafts ] || [ "${line:18:5}" = draft ] || continue
		case "$id" in
		"$cur"*) found+=("$id  ${line:29}") ;;
		esac
	done < <(__git incident list $only)
	[ "${#found[@]}" -gt 0 ] || return
	COMPREPLY=("${found[@]%% *}")
	COMPREPLY=("${COMPREPLY[@]/%/ }")
	case "${#found[@]} ${COMP_TYPE-}" in
	1\ *)	;;
	*\ 33 | *\ 63 | *\ 64) # bash lists
		COMPREPLY=("${found[@]}") ;;
	esac
}

# __git_incident_which completes the incident that a command is to write to:
# one that is open, or any if none is.
__git_incident_which ()
{
	__git_incident_ids open || __git_incident_ids all
}

__git_incident_value ()
{
	case "$1" in
	--kind)	__gitcomp "incident near-miss exercise" "" "$2" ;;
	--noticed-by)
		__gitcomp "self teammate alert customer external unknown" "" "$2" ;;
	*)	return 1 ;;
	esac
}

_git_incident ()
{
	local secret="--mask --allow-secret" common="--incident --at" flags='' i
	local at=$((${__git_cmd_idx:-1} + 1))
	local first=$((at + 1))

	if [ "$cword" -le "$at" ]; then
		__gitcomp "start log update breathe why mitigate resolve attach
			learn edit share
			status list show search
			site serve export import
			sync unshare purge
			init doctor merge-driver demo version"
		return
	fi
	for ((i = first; i < cword; i++)); do
		[ "${words[i]}" != -- ] || return # all the rest is text
	done

	case "${words[at]}" in
	start)	flags="--at --began --kind --noticed-by --service --severity --private --quiet $secret" ;;
	log | update | mitigate | resolve)
		flags="$common $secret" ;;
	why)	flags="--incident $secret" ;;
	attach)	flags="$common --name $secret" ;;
	learn)	flags="--incident --so $secret" ;;
	edit)	flags="--incident --from --allow-secret" ;;
	share | unshare)
		flags="--incident" ;;
	purge)	flags="--incident --text --dry-run --yes" ;;
	doctor)	flags="--fix --json" ;;
	sync)	flags="--timeout --allow-secret --json" ;;
	status | search)
		flags="--json" ;;
	list)	flags="--number --all --open --service --json" ;;
	show)	flags="--incident --raw --json" ;;
	site)	flags="--out --base-url --title --drafts --force" ;;
	serve)	flags="--port --title --drafts" ;;
	export)	flags="--json --drafts" ;;
	import)	flags="--dry-run --allow-secret --json" ;;
	demo)	flags="--no-serve --port" ;;
	esac

	case "$cur" in
	--*=*)	__git_incident_value "${cur%%=*}" "${cur#*=}"; return ;;
	-*)	__gitcomp "$flags --help"; return ;;
	esac
	case "$prev ${words[at]}" in
	-i\ share | --incident\ share)
		__git_incident_ids drafts; return ;;
	-i\ show | -i\ edit | -i\ unshare | -i\ purge | --incident\ show | --incident\ edit | --incident\ unshare | --incident\ purge)
		__git_incident_ids all; return ;;
	-i\ * | --incident\ *)
		__git_incident_which; return ;;
	esac
	__git_incident_value "$prev" "$cur" && return

	[ "$cword" -eq "$first" ] || return
	case "${words[at]}" in
	share)	__git_incident_ids drafts ;;
	show | edit | unshare)
		__git_incident_ids all ;;
	log | update | mitigate | resolve | why | learn | attach)
		__git_incident_ids open
		[ "${#COMPREPLY[@]}" -gt 1 ] || COMPREPLY=() ;; # one needs no name
	esac
}
