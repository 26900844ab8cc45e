// Package store keeps incidents on a ref. It takes a [journal.Change], makes it
// survive, applies it, commits it, and reads incidents back.
//
// # Nothing is lost
//
// [Journal.Write] first spools the change: a file under incident/spool in the
// common directory, flushed with its folder. From then on it survives a power
// cut, and a [Receipt] says so. Everything after that may fail, wait or be
// killed: the next command finds the file and goes on.
//
// Under a lock of our own (incident/lock, waited for at most half a second) all
// spooled changes are applied, oldest first, one commit each, and the refs move
// in one compare-and-swap. A lost race is built again from the new tip. What was
// written is read back from disk before its spool file moves to spool/done,
// where it stays until a remote-tracking branch has it, or two weeks have passed
// and the history still has it. A change that cannot be applied moves to spool/stuck and is in the way of no
// other.
//
// A gc that prunes at once may take objects that the ref has just come to reach.
// What was written has second names under incident/kept for ten to twenty minutes,
// and whoever misses an object finds it there.
//
// # The ref
//
// "Cannot read" is never "does not exist". The branch is created only when git
// says that it is absent, its reflog knows of no value, and no remote-tracking
// branch has a journal to adopt; and then only if it is still absent. Anything
// odd is a [*RefError] that names the commands to type.
//
// # Sharing
//
// [Journal.Sync] makes this clone and a remote have the same journal. It asks what
// the remote has, fetches it without moving a ref, and merges: notes by
// [journal.Merge] with the merge base that git names, several merge bases merged
// first, other files three-way by path. The merge is pushed, and only then do our
// own refs move, in one compare-and-swap. When somebody else was faster the merge is
// thrown away and made afresh, so that lost races leave no merges behind.
//
// A branch that does not take the push is left alone: the merge goes to an inbox on
// the remote, a ref that only this clone writes. Every sync reads all inboxes, and
// removes those that the branch has.
//
// What a remote once had may not be lost. refs/incident/seen remembers it; when it
// is missing there, what we had is kept below refs/incident/backup and put back.
// The one exception is a purge: the file "transitions" on the branch names the first
// commits of histories that were written anew. Such a history is never merged. Its
// changes that are nowhere else are put on the new one, each bringing only what it
// added itself.
//
// Nothing leaves before every new file and message was searched for secrets. Drafts
// never leave: no push of ours names their ref.
//
// # Repair
//
// [Journal.Examine] proves from the history that nothing was dropped: every entry
// that a trailer names, in a commit that has it, is at the tip or has a tombstone.
// It also looks at the spool, the refs, their reflogs and locks, backups, the notes
// and the caches. [Journal.Repair] does what can be done without a person, and puts
// entries back through [Journal.Write] like everybody else.
//
// # Reading
//
// Everything on the ref is untrusted. Paths that do not have the layout of the
// journal are skipped with a [Warning]; a note that cannot be read is listed
// with the reason; the rest is there.
//
// incident/index and incident/open are caches of [journal.Summary], checked by
// checksum and by the tip they were made at. Losing them costs time and nothing
// else; a repository that cannot be written to does without.
package store
