package main

import (
	"slices"
	"strings"

	"git-incident/journal"
)

// shellQuote writes words as a shell reads them, with stars for what looks like a
// secret: such a line is shown.
func shellQuote(words ...string) string {
	quoted := slices.Clone(words)
	text := join(words)
	for _, s := range journal.FindSecrets(text) {
		for i, w := range quoted {
			quoted[i] = strings.ReplaceAll(w, text[s.Start:s.End], "***")
		}
	}
	for i, w := range quoted {
		if w == "" || strings.ContainsAny(w, " \t\n\"'`$&|;<>()*?[]{}~#!\\^") {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
