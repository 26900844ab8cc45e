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
// # Other repositories
//
// [Repo.LsRemote], [Repo.Fetch] and [Repo.Push] are one step each with a remote
// of the configuration, by the user's own git: its credential helpers, proxies
// and ssh settings count.
//
//   - Nothing of the user's moves. A fetch brings objects and leaves refs, tags,
//     FETCH_HEAD and the shallow boundary alone; a push does not touch the
//     tracking ref. Their hooks for code do not run. The caller moves refs with
//     UpdateRefs when it is sure.
//   - A step has a deadline. It runs in a session of its own, so that nothing it
//     starts can open the terminal, and at its end or the context's the whole
//     group is asked to end, which lets git remove its lock files, and made to
//     half a second later. An interrupt typed at the terminal does not reach that
//     session: the process has to turn it into the end of the context. On Windows
//     only git itself is ended.
//   - A password is asked for only if [Network] says that there is a person, and
//     only after the silent try failed for want of one. Then git runs at the
//     terminal, among the user's own processes, for two minutes at most.
//   - What goes wrong is a [*NetworkError] with a [Cause], read off git's, curl's
//     and ssh's words in English; what cannot be read is Broken. What a remote
//     decides about a ref is not an error but a [PushResult]. Both carry the
//     remote's text raw: whoever shows it makes it visible.
//   - After a push that failed or took too long nobody knows what arrived. Ask.
//   - Remotes give any names and objects they like. Names are checked here,
//     objects by whoever reads them: one bad entry must not keep the others away,
//     so what arrives is not put through fsck, whatever the configuration says.
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
