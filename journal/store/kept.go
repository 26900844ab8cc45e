package store

import (
	"context"
	"os"
	"strconv"
	"time"
)

// keptDir is where objects that were just written have second names, in a folder
// for every period. See [git.Repo.KeepIn].
const keptDir = "kept"

// keptPeriod is longer than any gc takes to go through a repository. What was
// written is kept for the rest of its period and all of the next.
const keptPeriod = 10 * time.Minute

// lookEvery spares the look where many write at once: it costs as much as was
// written lately. What somebody misses meanwhile is looked for at once.
const lookEvery = 2 * time.Second

// lookedFile says when somebody looked last.
const lookedFile = ".looked"

func (j *Journal) period() int64 { return j.now().UnixNano() / int64(keptPeriod) }

// keepWritten has objects kept from now on.
func (j *Journal) keepWritten() {
	j.repo.KeepIn(j.path(keptDir), strconv.FormatInt(j.period(), 10))
}

// bringBack looks once whether a gc took what was kept, and lets go what none can
// take any more. In a repository that cannot be written to that waits for others.
func (j *Journal) bringBack(ctx context.Context) {
	if j.looked {
		return
	}
	j.looked = true
	if !j.isLookDue() {
		return
	}
	j.repo.BringBack(ctx)
	now := j.period()
	folders, _ := os.ReadDir(j.path(keptDir))
	for _, folder := range folders {
		of, err := strconv.ParseInt(folder.Name(), 10, 64)
		if folder.IsDir() && (err != nil || of < now-1 || of > now+1) {
			_ = os.RemoveAll(j.path(keptDir, folder.Name()))
		}
	}
}

// isLookDue reports whether it is time to look again, and notes that somebody does.
func (j *Journal) isLookDue() bool {
	if _, err := os.Stat(j.path(keptDir)); err != nil {
		return false // nothing was kept
	}
	stamp := j.path(keptDir, lookedFile)
	text, _ := os.ReadFile(stamp)
	last, _ := strconv.ParseInt(string(text), 10, 64)
	if age := j.now().Sub(time.Unix(0, last)); age >= 0 && age < lookEvery {
		return false
	}
	_ = os.WriteFile(stamp, []byte(strconv.FormatInt(j.now().UnixNano(), 10)), 0o666)
	return true
}
