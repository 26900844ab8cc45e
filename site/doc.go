// Package site turns incidents into a folder of static files: a home page, a
// page and a deck for every story, a feed. [Build] writes the folder, [Preview]
// serves one to the person who is writing.
//
// # What is written
//
//	index.html              home: what was learned, newest story first
//	i/2026/<id>.html        one story
//	i/2026/<id>.talk.html   the same story as slides
//	m/<sha256>.<ext>        attachments, under names that are ours
//	a/                      style sheets, and a script for the slides
//	atom.xml 404.html .nojekyll
//	.incident-site/         the list of the files above
//
// # Promises
//
//   - The same archive and configuration give the same bytes, whatever the
//     number of workers. No clock is read.
//   - Every link is relative and names a file, so that the site works from a
//     sub-path and from a disk. Only 404.html, which is shown at any depth, has
//     absolute links, and only when it is told its address.
//   - Nothing needs a script to be read, and no page asks anything of another
//     host.
//   - A folder that Build did not make is not touched. In its own folder it
//     writes what differs and removes what it wrote earlier and does not want
//     any more. A build that is interrupted leaves whole files behind, old or
//     new, and the next one finishes the work.
//
// # What comes from the journal is not trusted
//
// Text becomes HTML in two places: html/template escapes it, or prose renders it
// as Markdown. Markdown has no raw HTML here: what looks like a tag is text.
// Links lead to http, https, mailto, or to a file of this site; pictures are
// attachments that are pictures by their first bytes. Control and bidirectional
// characters are made visible in whole pages, as the last step.
package site
