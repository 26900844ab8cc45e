package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"git-incident/journal"
)

// TestPurgeAndStaleClones purges what other clones have, who have written since
// and do not know. Whatever they did to the same text, in whatever order they
// sync: their own entries are there, and the purged one never is.
func TestPurgeAndStaleClones(t *testing.T) {
	for seed := range uint64(2) {
		for _, byText := range []bool{true, false} {
			t.Run(fmt.Sprintf("seed %d, by text %v", seed, byText), func(t *testing.T) {
				staleClones(t, rand.New(rand.NewPCG(seed, 1)), byText)
			})
		}
	}
}

func staleClones(t *testing.T, random *rand.Rand, byText bool) {
	tm := newTeam(t, 5)
	purger, editor, fetcher, pusher, writer := tm.clones[0], tm.clones[1], tm.clones[2], tm.clones[3], tm.clones[4]
	title := "checkout is 500ing"
	if byText {
		title = "the password " + secret + " leaked"
	}
	id := started(t, purger.open(), title)
	entry := logChange(id, "it was "+secret+" all along")
	applied(t, purger.open(), entry)
	purger.sync()
	for _, c := range tm.clones {
		c.sync()
	}

	edited(t, editor.open(), id, "all along", "from the beginning")
	edited(t, editor.open(), id, "## Timeline\n", "## What happened\n\nNobody knows.\n\n## Timeline\n")
	applied(t, editor.open(), setChange(id, "title", title+" again"))
	applied(t, fetcher.open(), logChange(id, "by the fetcher"))
	fetcher.git("fetch", "-q")
	applied(t, pusher.open(), logChange(id, "pushed by hand"))
	pusher.git("worktree", "add", "-q", "../by-hand", "incidents")
	byHand := pusher.in(pusher.path("../by-hand"))
	byHand.commit("2026/11/"+id+"/note.txt", "by hand, of "+secret+"\n")
	pusher.git("worktree", "remove", "../by-hand")
	pusher.git("push", "-q", "origin", "incidents")
	applied(t, pusher.open(), logChange(id, "by the pusher"))
	applied(t, writer.open(), logChange(id, "by the writer"))
	other := started(t, writer.open(), "something else")

	p := Purge{Incident: id, Entry: entry.Log[0].ID}
	if byText {
		p = Purge{Text: secret}
	}
	if done := purger.purge(p); done.Unsent != nil {
		t.Fatal(done.Unsent)
	}
	fetcher.git("fetch", "-q")
	fetcher.try("git", "push", "origin", "incidents")
	pusher.try("git", "push", "origin", "incidents")
	random.Shuffle(len(tm.clones), func(i, k int) { tm.clones[i], tm.clones[k] = tm.clones[k], tm.clones[i] })
	for _, c := range tm.clones {
		c.sync()
		if byText {
			tm.origin.nowhereReachable(inPart)
		}
	}
	tm.settle()
	tm.same()
	look := must(purger.open().Find(t.Context(), journal.ShortID(id)))(t)
	got := strings.Join(texts(purger, look.ID), "\n")
	for _, want := range []string{"by the fetcher", "pushed by hand", "by the pusher", "by the writer"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q is there %d times:\n%s", want, strings.Count(got, want), got)
		}
	}
	note := must(purger.open().Read(t.Context(), look.ID))(t)
	if !strings.Contains(string(note.Raw), "Nobody knows.") || strings.Contains(string(note.Raw), "from the beginning") {
		t.Errorf("the note is\n%s", note.Raw)
	}
	if texts(purger, other) == nil && must(purger.open().Find(t.Context(), journal.ShortID(other)))(t).ID != other {
		t.Error("the writer's other incident is gone")
	}
	value := inPart
	if !byText {
		value = "it was " + inPart
	}
	for _, s := range append(tm.clones, tm.origin) {
		s.nowhereReachable(value)
	}
	tm.origin.nowhere(value)
}
