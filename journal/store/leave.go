package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// SecretError says that what is about to leave this clone looks like it holds
// secrets. Nothing has left.
type SecretError struct{ Leaks []Leak }

func (e *SecretError) Error() string {
	return fmt.Sprintf("what would be sent looks like it holds a secret (%s)", e.Leaks[0].Kind)
}

// Leak is where a secret was found. The value is not in it.
type Leak struct {
	Incident string // id, "" when it is in none
	Path     string // of the file on the branch, "" when it is in a commit's message
	Commit   Hash   // whose message it is in
	Kind     string // "password", "github token"
}

// mayLeave looks at every file and every message that the remote does not have
// yet. What somebody has allowed when it was written may leave.
func (j *Journal) mayLeave(ctx context.Context, tip Hash, known []Hash, allow bool) error {
	if allow {
		return nil
	}
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	look := leaving{j: j, objs: objs, allowed: j.allowed()}
	if err := look.there(known); err != nil {
		return err
	}
	if err := look.files(ctx, tip, known); err != nil {
		return err
	}
	if err := look.messages(ctx, tip, known); err != nil {
		return err
	}
	if len(look.leaks) > 0 {
		return &SecretError{Leaks: look.leaks}
	}
	return nil
}

// leaving is one look at what is about to leave.
type leaving struct {
	j       *Journal
	objs    *git.Objects
	allowed map[string]bool // fingerprints
	trees   []Hash          // what the remote has now
	leaks   []Leak
	said    map[string]bool // messages that the remote has, once somebody asked
}

func (l *leaving) there(known []Hash) error {
	for _, h := range known {
		commit, err := l.objs.Commit(h)
		if err != nil {
			return err
		}
		l.trees = append(l.trees, commit.Tree)
	}
	return nil
}

func (l *leaving) files(ctx context.Context, tip Hash, known []Hash) error {
	files, err := l.j.repo.NewBlobs(ctx, []Hash{tip}, known...)
	if err != nil {
		return err
	}
	seen := map[Leak]bool{}
	for _, f := range files {
		content, err := l.objs.Blob(f.Hash, journal.MaxAttachment)
		kinds := l.found(f.Path, "")
		if isTooLarge(err) {
			kinds, err = append(kinds, unsearched), nil // no command of ours writes one
		}
		if err != nil {
			return err
		}
		kinds = append(kinds, l.found(string(content), f.Path)...)
		for _, kind := range append(kinds, l.found(journal.Narrow(content), f.Path)...) {
			leak := Leak{Incident: incidentOf(f.Path), Path: f.Path, Kind: kind}
			if !seen[leak] {
				seen[leak] = true
				l.leaks = append(l.leaks, leak)
			}
		}
	}
	return nil
}

// unsearched is the kind of what could not be looked into.
const unsearched = "a file too large to be searched"

// incidentOf is the id of the incident whose folder a path is in, or "".
func incidentOf(name string) string {
	id := path.Base(path.Dir(name))
	if journal.ValidID(id) && journal.Path(id) == path.Dir(name) {
		return id
	}
	return ""
}

// messages looks at commits that somebody may have written by hand.
func (l *leaving) messages(ctx context.Context, tip Hash, known []Hash) error {
	entries, err := l.j.repo.Log(ctx, tip, 0, known...)
	if err != nil {
		return err
	}
	for _, e := range entries {
		commit, err := l.objs.Commit(e.Hash)
		if err != nil {
			return err
		}
		kinds := l.found(commit.Message, "")
		if len(kinds) > 0 && l.isSaid(ctx, commit.Message, known) {
			continue
		}
		for _, kind := range kinds {
			leak := Leak{Commit: e.Hash, Kind: kind}
			if ids := e.Values(journal.TrailerIncident); len(ids) == 1 && journal.ValidID(ids[0]) {
				leak.Incident = ids[0]
			}
			l.leaks = append(l.leaks, leak)
		}
	}
	return nil
}

// isSaid reports whether the remote has a commit with the same message: after a
// purge all commits are new.
func (l *leaving) isSaid(ctx context.Context, message string, known []Hash) bool {
	if l.said == nil {
		l.said = map[string]bool{}
		nodes, _ := l.j.commitsOf(ctx, known) // unknown is not said
		for _, n := range nodes {
			if c, err := l.objs.Commit(n.Hash); err == nil {
				l.said[c.Message] = true
			}
		}
	}
	return l.said[message]
}

// found are the kinds of the secrets in a text that nobody has allowed, and that
// the remote does not have in the same file.
func (l *leaving) found(text, name string) []string {
	var kinds []string
	for _, s := range journal.FindSecrets(text) {
		value := text[s.Start:s.End]
		if !l.allowed[fingerprint(value)] && !l.known(name, value) {
			kinds = append(kinds, s.Kind)
		}
	}
	return kinds
}

func (l *leaving) known(name, value string) bool {
	if name == "" {
		return false
	}
	for _, tree := range l.trees {
		_, list, err := descend(l.objs, tree, path.Dir(name))
		if err != nil {
			continue
		}
		for _, e := range list {
			if e.Name != path.Base(name) {
				continue
			}
			content, err := l.objs.Blob(e.Hash, journal.MaxAttachment)
			if err == nil && strings.Contains(string(content), value) {
				return true
			}
		}
	}
	return false
}

// allowedFile holds the fingerprints of what looked like a secret and was written
// on purpose. It stays in this clone.
const allowedFile = "allowed"

func fingerprint(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

func (j *Journal) allowed() map[string]bool {
	text, _ := os.ReadFile(j.path(allowedFile)) // unreadable: nothing is allowed
	all := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		all[strings.TrimSpace(line)] = true
	}
	return all
}

// allow remembers what looks like a secret in texts that are written: whoever
// wrote them was asked before. If it cannot be remembered the writing goes on, and
// the next sync asks once more.
func (j *Journal) allow(texts ...string) {
	var known map[string]bool
	var lines strings.Builder
	for _, text := range texts {
		for _, s := range journal.FindSecrets(text) {
			if known == nil {
				known = j.allowed()
			}
			if f := fingerprint(text[s.Start:s.End]); !known[f] {
				known[f] = true
				lines.WriteString(f + "\n")
			}
		}
	}
	if lines.Len() == 0 || j.makeDir(j.dir) != nil {
		return
	}
	file, err := os.OpenFile(j.path(allowedFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	_, _ = file.WriteString(lines.String())
	_ = file.Close()
}

// texts are what a record writes, as it will stand in the note.
func (r *record) texts() []string {
	var all []string
	for _, c := range r.Changes {
		if c.Start != nil {
			all = append(all, c.Start.Title)
		}
		for _, s := range c.Set {
			all = append(all, s.Values...)
		}
		for _, e := range c.Log {
			all = append(all, e.Text)
		}
		for _, p := range c.Why {
			all = append(all, p.Text)
		}
		for _, l := range c.Learn {
			all = append(all, l.Text)
			for _, q := range l.Consequences {
				all = append(all, q.String())
			}
		}
		if c.Edit != nil {
			all = append(all, c.Edit.Text)
		}
		all = append(all, c.Adopt, c.Summary)
	}
	for _, f := range r.Files {
		all = append(all, string(f.content))
	}
	return all
}
