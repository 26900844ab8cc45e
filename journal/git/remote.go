package git

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// checkRemote refuses what is not the name of a configured remote: git would
// take it for a path or a URL, or for an option.
func (r *Repo) checkRemote(remote string) error {
	_, known := r.Config("remote." + remote + ".url")
	switch {
	case !known:
		return fmt.Errorf("there is no remote %q", remote)
	case strings.HasPrefix(remote, "-") || strings.Contains(remote, "=") || !validRef("refs/remotes/"+remote):
		return fmt.Errorf("remote %q: the name cannot be handed to git", remote)
	}
	return nil
}

// URL gives where a remote is, for people: without user, password and query,
// and with visible characters only. It is the remote's name when the URL cannot
// be read well enough to be sure of that.
func (r *Repo) URL(remote string) string {
	address, _ := r.Config("remote." + remote + ".url")
	shown := publicURL(address)
	if shown == "" {
		shown = remote
	}
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return unicode.ReplacementChar
		}
		return c
	}, shown)
}

// publicURL gives "" for what it cannot read.
func publicURL(address string) string {
	if strings.Contains(address, "://") {
		u, err := url.Parse(address)
		if err != nil {
			return ""
		}
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		return u.String()
	}
	start, _, _ := strings.Cut(address, "/")
	if !strings.Contains(start, ":") {
		return address // a folder
	}
	host := address[strings.LastIndex(start, "@")+1:]
	if !strings.Contains(host, ":") {
		return ""
	}
	return host
}
