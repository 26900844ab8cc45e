package store

import (
	"context"
	"slices"
	"time"

	"git-incident/journal/git"
)

// Finding is one thing that is not as it should be.
type Finding struct {
	Kind     string   // one of the words below; scripts may rely on them
	Subject  string   // the ref, file, setting or incident that it is about
	Sentence string   // what is the matter
	Kept     string   // what is safe all the same; "" when nothing was in danger
	Way      []string // commands that lead out
	Fixable  bool     // Repair can do it
	Fixed    string   // what Repair did; "" when it did nothing

	repair func(context.Context) (string, error)
}

// The kinds of findings.
const (
	BrokenRef       = "broken-ref"       // a ref that cannot be read, or whose tip cannot
	LostRef         = "lost-ref"         // a ref that is gone, while its reflog is there
	SymbolicRef     = "symbolic-ref"     // a ref that stands for another
	CheckedOut      = "checked-out"      // the journal's branch in a work tree
	DamagedObject   = "damaged-object"   // a file of the tip that cannot be read
	DamagedHistory  = "damaged-history"  // commits that cannot be read
	MissingChange   = "missing-change"   // a change that was on the journal and is not
	MissingEntries  = "missing-entries"  // entries that the history names and the note has not
	MissingIncident = "missing-incident" // the same of a whole incident
	LostEntries     = "lost-entries"     // entries of which no copy is left
	LeftBehind      = "left-behind"      // entries on another ref, or on what the journal once was
	Behind          = "behind"           // entries that a remote has
	Waiting         = "waiting"          // written down, and cannot be put on the journal
	DamagedSpool    = "damaged-spool"    // written down, and cannot be read
	SetAside        = "set-aside"        // written down, and did not fit the journal
	Locked          = "locked"           // a lock file that somebody left behind
	UnreadableNote  = "unreadable-note"  // a note that does not follow the grammar
	DamagedCache    = "damaged-cache"    // a cache that is not what was written
	Clock           = "clock"            // commits from a clock that was wrong
	PushesDrafts    = "pushes-drafts"    // a configuration that would publish drafts
	FetchesOver     = "fetches-over"     // a configuration by which git fetch would write over the journal
)

// Report is what an examination found.
type Report struct {
	Incidents int
	Entries   int // of all incidents: events, problems, learnings
	Findings  []Finding
}

// Healthy reports that nothing is left to do.
func (r Report) Healthy() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Fixed == "" })
}

// exam is one examination. It writes nothing, not even a cache.
type exam struct {
	j     *Journal
	objs  *git.Objects
	sides [2]*ledger
	spool spoolView

	purge       purges
	purgedUntil time.Time

	report  Report
	claimed map[string]bool // entries that a finding brings back already
	named   map[string]bool // refs that a finding is about
	budget  int             // folders of the history that may still be read
	folders map[string]folder
	backs   map[string]back // by ref
}

// maxFolders keeps a hostile history, which may name anything, from costing more
// than moments. An honest journal misses a few entries, if any.
const maxFolders = 2000

// Examine looks at everything the journal consists of and proves that nothing that
// was written is missing. The repository stays as it is, to the byte; only in a
// partial clone git fetches the notes it has not, as for every reader.
func (j *Journal) Examine(ctx context.Context) (Report, error) {
	x := &exam{
		j: j, objs: j.repo.Objects(ctx), budget: maxFolders,
		claimed: map[string]bool{}, named: map[string]bool{}, folders: map[string]folder{}, backs: map[string]back{},
	}
	defer x.objs.Close()
	j.repo.BringBack(ctx)
	locks := j.refLocks()
	for _, step := range []func(context.Context) error{
		x.readSpool, x.readRefs, x.prove, x.examineSpool, x.notes, x.caches, x.clocks, x.pushes, x.fetches,
	} {
		if err := step(ctx); err != nil {
			return Report{}, err
		}
	}
	x.locks(locks)
	return x.report, ctx.Err()
}

func (x *exam) add(f Finding) {
	f.Fixable = f.repair != nil
	x.report.Findings = append(x.report.Findings, f)
}

// prove compares what should be on the refs with what is. While a tip cannot be
// read everything would seem to be missing.
func (x *exam) prove(ctx context.Context) error {
	if x.isBlind() {
		return nil
	}
	if err := x.readPurges(); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{x.applied, x.history, x.otherTips} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (x *exam) isBlind() bool {
	return slices.ContainsFunc(x.sides[:], func(l *ledger) bool { return l.blind })
}
