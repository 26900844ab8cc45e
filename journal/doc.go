// Package journal is the domain of git-incident: what an incident is, how it is
// written down, and how it changes. It is pure. It does no IO, reads no clock
// and starts no process: everything comes in as a value and goes out as one.
//
// This comment is the contract. A file that follows it is read by every later
// version; a file that a later version writes is still a Markdown page that a
// person can read on any forge.
//
// # Where notes live
//
// A journal is a ref, refs/heads/incidents unless the configuration
// incident.branch names another. Drafts live in the same layout under
// refs/incident/drafts, which no push of ours names.
//
//	README.md                                             what this branch is
//	.gitattributes                                        how git merges notes
//	transitions                                           histories that were purged
//	2026/11/2026-11-20-checkout-500s-k7f3/README.md       the note of one incident
//	2026/11/2026-11-20-checkout-500s-k7f3/graph.png       an attachment
//
// The folder's name is the incident's id: the day it was written down, a slug of
// its first title, and four characters of base 32. It is fixed at creation.
// A new title changes the title only. See [NewID] and [Path].
//
// # The note
//
// A note is UTF-8 text: front matter, then prose and lists under headings.
//
//	---
//	schema: 1
//	title: Checkout returned 500s
//	kind: incident
//	status: resolved
//	visibility: team
//	times:
//	  began: ~2026-11-20T13:40:00Z
//	  noticed: 2026-11-20T14:02:00Z
//	noticed_by: customer
//	services: [checkout]
//	---
//
//	## What happened
//
//	Prose, kept byte for byte.
//
//	## Timeline
//
//	- 2026-11-20T14:05:02Z rolled back to v41 <!-- e:9xq2kd r1 -->
//	- ~2026-11-20T14:09:00Z errors are going down
//	  and the graph agrees <!-- is not an id: only the end of the first line is -->
//	<!-- x:4mm0ap r2 -->
//
//	## Chain of problems
//
//	1. The new version could not read old rows <!-- c:0gk2wd r1 -->
//
//	## Learnings
//
//	1. A clean-up script is a deploy <!-- l:hq81s3 r1 -->
//	   → scripts go through the same review {done: 1f0c9ab}
//	   → keep deleted rows for a week {waiting}
//
// # Front matter
//
// YAML between two lines of three dashes, one key a line, starting in the first
// column. schema and title are required; everything else is optional, and what
// is absent is unknown. Unknown is never zero and never "no".
//
//	schema       1
//	title        one line of text
//	kind         incident | near-miss | exercise
//	status       open | mitigated | resolved | reviewed
//	visibility   team | public
//	times        began, noticed, told, mitigated, resolved: RFC 3339 with an
//	             offset; a leading ~ means about
//	noticed_by   self | teammate | alert | customer | external | unknown
//	severity     free text
//	services     list of names
//	factors      list of names
//	undo         reversible: yes | no, data_repair: true | false
//	paths        list of paths that this touched
//	git          change, revert, fix: lists of commits
//	talk         ok: true | false, told: list of dates (2026-12-04)
//	credit       list of names of people who asked to be named
//	source       where an imported note came from, raw values
//
// Keys that this version does not know, and comments, are kept where they
// stood. Anchors, aliases and several documents are refused.
//
// # Body
//
// A heading is a line that starts with "## " in the first column and is not
// inside a fenced code block that starts in the first two columns. Sections are
// kept in the order they stand in; a section that a command adds goes to its
// place in this order: In one breath, What we believed, What happened, Impact,
// Timeline, Chain of problems, Why we were surprised, What went well, Where we
// got lucky, Learnings, Kind words, Aside. Headings match without regard to
// case. Other headings are kept where they stood.
//
// Three sections hold lists with a grammar: Timeline, Chain of problems and
// Learnings. Text above the first item is prose and is kept. Below it stand
// items only.
//
//   - An item starts with "- " in Timeline and with a number and a full stop in
//     the other two. Lines indented to the item's text belong to it, code fences
//     too.
//   - An item of Timeline is an [Event]. It starts with a time as in times, or
//     with "(time unknown)"; without either its time is unknown.
//   - The first line may end in a comment with the item's id, its revision and,
//     for events, a mark: <!-- e:9xq2kd r1 update -->. Items typed by hand need
//     none: they get an id derived from their content, the same in every clone.
//   - <!-- e:ab12cd r1 of:9xq2kd.2 --> is a sibling: another version of revision 2
//     of 9xq2kd, written at the same time. See "Two versions".
//   - A line → starts a [Consequence] of the learning above it, with an optional
//     state at its end: {waiting}, {done: commit or URL}, {declined: why}. A line
//     of a learning's own text that starts with → is written \→.
//   - <!-- x:9xq2kd r2 --> after the items is a tombstone: the item with this id
//     was deleted and stays deleted.
//
// # Two versions
//
// [Merge] unites two versions of one note. What comes out depends on the versions
// alone, not on which is whose, and no clock decides anything; with the same base
// every clone writes the same bytes. Without a base the order in which several
// versions are merged makes no difference either.
//
//   - Items are united by id. A tombstone absorbs, for ever. Otherwise the highest
//     revision stays, with everything that was written at that revision: the text
//     with the highest hash under the id, each other one right after it as a
//     sibling with an id derived from its text. A sibling stays as long as its item
//     stands at the revision it names. Whoever changes or deletes the item makes
//     its siblings items of their own first, and whoever changes a sibling makes
//     that one an item of its own, so that no edit takes away a text that it does
//     not mention. Revisions end at a million; an edit past that gets a new id and
//     buries the old one.
//   - The order of items is that of the base, and what one side added stands after
//     what it stands after there; new events with a time go to their place by time.
//     Without a base an order that both sides share stays; otherwise events stand
//     by time and id, the others by id.
//   - Fields are merged three-way; lists as sets. If both sides changed a field, the
//     earlier beginning and the later other times win, otherwise the higher hash,
//     and the value that lost becomes an event of unknown time. So do unknown keys.
//   - Prose is merged three-way, line by line in each section; sections that have no
//     base are merged as a whole. Where both sides changed the same lines all
//     versions are kept, one after the other, between lines of bold text in a
//     quotation that say so. What was taken out on one side and changed on the other
//     stays as it was changed. A conflict is merged as a whole: further versions
//     join it, and editing the marks away settles it.
//   - Attachments are merged three-way by name. If both sides have other content
//     under one name, the higher hash keeps the name, the other file gets a name of
//     its own, and an event of unknown time links to it.
//
// A version that cannot be read, or a merged note that would be too large, is kept
// as a file beside the note; see [ConflictName].
//
// # What happens to unusual bytes
//
//   - CRLF line ends become LF. A byte order mark is dropped. A missing newline at
//     the end of the file stays missing until something is added after it.
//   - NUL and bytes that are not UTF-8 are an error that names the line.
//   - Control and bidirectional characters are kept in the file as they are.
//     [VisibleLine] and [VisibleText] make them visible wherever text is shown.
//   - Front matter over [MaxHeader] and notes over [MaxNote] are refused before
//     any parser runs. A line may be as long as the note.
//
// # Promises
//
// Parse(Format(x)) equals x, and Format(Parse(b)) is stable: done twice it gives
// the same bytes. Prose is never reflowed.
//
// Everything that changes an incident is a [Change], a value with an id.
// [Apply] is a pure function, and applying a change twice is applying it once.
//
// A commit on the ref carries the trailers Incident, Incident-Entry and
// Incident-Change (see [Change.Message]), so that the history of the ref is the
// list of operations.
//
// One operation is not in it: a purge writes the history anew without a secret that
// got in. Then "[purged]" stands in its place. If the secret had left the clone,
// the first commit has the trailer Incident-Purge, and a line of the file
// transitions,
//
//	purge <first commit of the old history> <date>
//
// tells every clone not to merge the old history again. Lines of that file that
// say something else are kept.
package journal
