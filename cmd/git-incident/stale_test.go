//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// staleClones is how many clones do not know what happened to the remote.
const staleClones = 10

// staleTeam is a journal that all clones have, and an entry in each that nobody else
// has. The first clone has none.
func staleTeam(t *testing.T, texts ...string) (team *team, acked []string) {
	t.Helper()
	team = newTeam(t, 1+staleClones)
	first := team.clones[0]
	first.run(team.bin, "start", "-q", "checkout is 500ing")
	for _, text := range texts {
		first.run(team.bin, "log", "--allow-secret", text)
		first.run(team.bin, "sync")
		acked = append(acked, text)
	}
	for i, c := range team.clones {
		c.run(team.bin, "sync")
		if i > 0 {
			text := fmt.Sprintf("only in clone %d", i)
			c.run(team.bin, "log", text)
			acked = append(acked, text)
		}
	}
	return team, acked
}

// syncInAnyOrder syncs every clone once.
func (team *team) syncInAnyOrder() {
	for _, i := range rand.Perm(len(team.clones)) {
		team.clones[i].run(team.bin, "sync")
	}
}

// TestRollbackLosesNothing puts the remote back behind the back of all clones.
func TestRollbackLosesNothing(t *testing.T) {
	t.Parallel()
	team, acked := staleTeam(t, "one", "two", "three", "four")
	team.remote.run("git", "update-ref", "refs/heads/incidents", "incidents~3")
	team.syncInAnyOrder()
	team.remote.run("git", "update-ref", "-d", "refs/heads/incidents")
	team.syncInAnyOrder()
	team.quiet(t)
	team.check(t, acked, nil)
	kept := ""
	for _, c := range team.clones { // those that came first saw it
		kept += c.run("git", "for-each-ref", "refs/incident/backup")
	}
	if kept == "" {
		t.Error("what the clones had before is not kept")
	}
}

// TestPurgeStaysPurged takes a secret out of a journal that ten clones still have,
// while each has something of its own on top of it.
func TestPurgeStaysPurged(t *testing.T) {
	t.Parallel()
	const secret = "correct-horse-battery-7"
	entry := "the password is password=" + secret
	team, acked := staleTeam(t, "one", entry, "three")
	acked = append(acked[:1], acked[2:]...) // the entry itself is about to be another
	first, edits, fetches, pushes := team.clones[0], team.clones[1], team.clones[2], team.clones[3]

	note := filepath.Join(t.TempDir(), "note")
	raw := strings.Replace(edits.run(team.bin, "show", "--raw"), entry, entry+", and it is everywhere", 1)
	if err := os.WriteFile(note, []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	edits.run(team.bin, "edit", "--allow-secret", "--from", note)
	pushes.run("git", "push", "-q", "origin", "incidents")

	purge := exec.Command(team.bin, "purge", "--text", "--yes")
	purge.Dir, purge.Env, purge.Stdin = first.dir, first.env, strings.NewReader(secret+"\n")
	if out, err := purge.CombinedOutput(); err != nil {
		t.Fatalf("purge: %v\n%s", err, out)
	}
	fetches.run("git", "fetch", "-q", "origin")
	team.syncInAnyOrder()
	team.quiet(t)
	team.check(t, acked, nil)

	for i, repo := range append(team.clones, team.remote) {
		reachable := repo.run("sh", "-c", "git rev-list --objects --all | cut -d' ' -f1 | git cat-file --batch")
		if strings.Contains(reachable, secret) {
			t.Errorf("a ref of repository %d reaches the secret again", i)
		}
		if !strings.Contains(reachable, "the password is") {
			t.Errorf("repository %d has lost the entry around the secret", i)
		}
	}
}
