package store

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"git-incident/journal/git"
)

// failedFile says why the last sync did not work, for those that nobody watched.
const failedFile = "sync.failed"

// noteSync remembers how a sync ended. If even that cannot be written, the next sync
// says it again.
func (j *Journal) noteSync(err error) {
	if err == nil {
		_ = os.Remove(j.path(failedFile))
		return
	}
	reason := firstLine(err.Error())
	var network *git.NetworkError
	if errors.As(err, &network) {
		reason = network.Cause.String()
	}
	_ = j.writeDurably(j.dir, failedFile, []byte(strconv.FormatInt(j.now().Unix(), 10)+" "+reason+"\n"))
}

// LastSyncFailed gives when and why the last sync did not work, in a few words; a
// zero time when it did.
func (j *Journal) LastSyncFailed() (at time.Time, reason string) {
	text, err := os.ReadFile(j.path(failedFile))
	stamp, reason, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	seconds, parseErr := strconv.ParseInt(stamp, 10, 64)
	if err != nil || parseErr != nil {
		return time.Time{}, ""
	}
	return time.Unix(seconds, 0), reason
}
