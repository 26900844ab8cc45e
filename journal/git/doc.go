// Package git is the only door to git. Objects are read and built in this
// process with go-git's object model; everything that only git knows is asked
// of the git binary: where the repository is, what the configuration says, who
// the user is, what a ref points at, and every write that must survive.
//
// # What it promises
//
//   - Refs are moved by git alone, by compare-and-swap ([Repo.UpdateRefs]). They
//     are read from their files where these are plain, and by git otherwise.
//     "Cannot read" is never "does not exist": a ref is found, absent, or an error
//     that wraps [ErrBrokenRef].
//   - Objects are on disk, flushed and under their names, when [Objects.Persist]
//     returns.
//   - The index, HEAD and the files of a work tree are never opened.
//   - What is read is handed over as it is. Names in a [TreeEntry] or [File] may
//     be hostile; whoever uses them validates them. What is written is validated
//     here ([Objects.EditTree]).
//   - Nothing is read without a limit: an object over it is a [TooLargeError],
//     found before its content is in memory.
//   - Children get an argument list and never a shell line, with the exception of
//     the editor and the pager, whose setting is a shell line by git's definition.
//     None of them prompts, runs a file system monitor, or starts a gc.
//
// # Whose environment
//
// [Open] takes the environment as a value and drops what belongs to the user's
// own commit when we are called from a hook: their index, their author, their
// prefix. Where the repository is, extra configuration, object directories and
// the committer are kept.
//
// git 2.31 or newer is needed; from 2.36 on objects and refs are flushed to disk
// before a write returns.
package git
