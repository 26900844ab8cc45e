package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// record is one spooled file: changes that belong together, and the content of
// their attachments. On disk it is a line of JSON, then the contents one after
// the other.
type record struct {
	name    string // of the file: when it was spooled in nanoseconds, and the first change's id
	Branch  string `json:",omitempty"` // the journal it was written for; incident.branch may change
	Changes []journal.Change
	Files   []spooledFile

	result *journal.Incident // after applying
	commit Hash              // that has it
}

// spooledFile is the content of an attachment, named by the hash git gives it.
type spooledFile struct {
	Hash    string
	Size    int
	content []byte
}

// Names in the journal's directory.
const (
	spoolDir = "spool"
	doneDir  = "spool/done"
	stuckDir = "spool/stuck"
	whyEnds  = ".why" // beside a stuck record: the reason
	tempName = ".tmp-"
)

// stampLen is the length of the time in a record's name, in digits.
const stampLen = 19

// isRecord reports whether a file in the spool is a record: its time, and the id
// of a change.
func isRecord(name string) bool {
	stamp, id, ok := strings.Cut(name, "-")
	return ok && len(stamp) == stampLen && strings.Trim(stamp, digits) == "" &&
		id != "" && strings.Trim(id, digits+"abcdefghijklmnopqrstuvwxyz") == ""
}

const digits = "0123456789"

func (j *Journal) path(name ...string) string {
	return filepath.Join(append([]string{j.dir}, name...)...)
}

// spool writes a record so that it survives a power cut. Only then is a change
// acknowledged.
func (j *Journal) spool(r *record) error {
	r.name = fmt.Sprintf("%0*d-%s", stampLen, j.stamp(), r.Changes[0].ID)
	if !isRecord(r.name) {
		return fmt.Errorf("the change has no proper id: %q", r.Changes[0].ID)
	}
	r.Branch = j.branch
	body, err := r.encode()
	if err != nil {
		return err
	}
	dir := j.path(spoolDir)
	if err := j.makeDir(dir); err != nil {
		return err
	}
	return j.writeDurably(dir, r.name, body)
}

// encode is the record as it stands in a file.
func (r *record) encode() ([]byte, error) {
	head, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	body := append(head, '\n')
	for _, f := range r.Files {
		body = append(body, f.content...)
	}
	return body, nil
}

// stamp is the time for a new record's name: after everything that is pending,
// also when the clock was set back since.
func (j *Journal) stamp() int64 {
	now := j.now().UnixNano()
	names, _ := j.pendingNames()
	if len(names) == 0 {
		return now
	}
	newest, err := strconv.ParseInt(names[len(names)-1][:stampLen], 10, 64)
	if err != nil || newest == math.MaxInt64 {
		return now
	}
	return max(now, newest+1)
}

// writeDurably makes a file appear whole and stay, or not at all.
func (j *Journal) writeDurably(dir, name string, body []byte) error {
	temp, path := filepath.Join(dir, tempName+name), filepath.Join(dir, name)
	file, err := os.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(body)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		j.share(temp)
		err = os.Rename(temp, path)
	}
	if err != nil {
		_ = os.Remove(temp)
		return err
	}
	if err = syncDir(dir); err != nil && errors.Is(os.Remove(path), fs.ErrNotExist) {
		return nil // somebody was fast and has put it on the journal already
	}
	return err
}

// makeDir makes a directory below the common directory, and makes it stay.
func (j *Journal) makeDir(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is in the way: it is not a directory", dir)
		}
		return nil
	}
	parent := filepath.Dir(dir)
	if err := j.makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	j.share(dir)
	return syncDir(parent)
}

// syncDir flushes the names in a directory. Windows has no such thing.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// pendingNames lists the spool, oldest first.
func (j *Journal) pendingNames() ([]string, error) {
	return recordNames(j.path(spoolDir))
}

func recordNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // sorted by name, and so by time
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if isRecord(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// pending reads the spool, oldest first, and names what cannot be read.
func (j *Journal) pending() (records []*record, unread []heldRecord, err error) {
	names, err := j.pendingNames()
	if err != nil {
		return nil, nil, fmt.Errorf("read the spool: %w", err)
	}
	for _, name := range names {
		r, err := readRecord(j.path(spoolDir), name)
		switch {
		case errors.Is(err, fs.ErrNotExist): // another process was faster
		case err == nil && !j.isFor(context.Background(), r): // it waits until somebody is back on its journal
		case err != nil:
			unread = append(unread, heldRecord{&record{name: name}, err})
		default:
			records = append(records, r)
		}
	}
	slices.SortStableFunc(records, func(a, b *record) int { return cmp.Compare(a.order(), b.order()) })
	return records, unread, nil
}

// isFor reports whether a record was written for this journal.
// One whose journal was never made follows the name.
func (j *Journal) isFor(ctx context.Context, r *record) bool {
	if r.Branch == "" || r.Branch == j.branch {
		return true
	}
	ref, err := j.repo.Ref(ctx, r.Branch)
	return err == nil && ref.Absent()
}

// order is the time in a record's name; at the same time, starts come first.
func (r *record) order() string {
	stamp, _, _ := strings.Cut(r.name, "-")
	if r.Changes[0].Start != nil {
		return stamp + "-"
	}
	return stamp + "."
}

func readRecord(dir, name string) (*record, error) {
	body, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	return parseRecord(name, body)
}

func parseRecord(name string, body []byte) (*record, error) {
	head, rest, _ := bytes.Cut(body, []byte("\n"))
	r := &record{name: name}
	if err := json.Unmarshal(head, r); err != nil {
		return nil, unfit{fmt.Errorf("the spooled file is damaged: %w", err)}
	}
	if len(r.Changes) == 0 {
		return nil, unfit{errors.New("the spooled file is damaged: there is no change in it")}
	}
	for i, f := range r.Files {
		if f.Size < 0 || f.Size > len(rest) {
			return nil, unfit{errors.New("the spooled file is damaged: an attachment is cut off")}
		}
		r.Files[i].content, rest = rest[:f.Size], rest[f.Size:]
		if got := git.BlobHash(r.Files[i].content).String(); got != f.Hash {
			return nil, unfit{errors.New("the spooled file is damaged: an attachment has other content")}
		}
	}
	return r, nil
}
