package main

import (
	"strings"
	"time"

	"git-incident/journal"
)

// The stories of the tour. They are made up, after kinds of mistakes that most
// teams meet.

// at is a step that runs a command some time after the step before.
func at(after time.Duration, line string) demoStep {
	return demoStep{after: after, args: strings.Fields(line)}
}

// piped is a step whose command reads standard input.
func piped(after time.Duration, from, line, stdin string) demoStep {
	s := at(after, line)
	s.from, s.stdin = from+" | ", stdin
	return s
}

// learned is a step that writes down a learning and its consequences.
func learned(after time.Duration, what string, consequences ...string) demoStep {
	args := append([]string{"learn"}, strings.Fields(what)...)
	for _, c := range consequences {
		args = append(args, "--"+flagSo, c)
	}
	return demoStep{after: after, args: args}
}

// told is a step that works on the story in the editor.
func told(after time.Duration, prose ...[2]string) demoStep {
	return demoStep{after: after, args: []string{"edit"}, prose: prose}
}

// bucketStory is told live: a policy that locked out whoever could change it.
var bucketStory = []demoStep{
	at(0, "start uploads fail with 403 for everybody --service uploads --noticed-by customer --began ~-8m"),
	at(time.Minute, "breathe"),
	at(2*time.Minute, "log the only change today is the bucket policy I applied 10 minutes ago"),
	at(time.Minute, "log tried to take it back: our own role may not change the policy any more"),
	at(3*time.Minute, "update uploads fail, downloads work, we know the change and are getting access back"),
	piped(9*time.Minute, "cat what-the-owner-sees.txt", "log -", "the account owner can still get in, and sees this:\n\n```\n"+
		"$ policy show uploads\ndeny * unless role = uploads-admin\n$ role list\nuploads-writer\n```\n\nthe role we name does not exist here\n"),
	at(4*time.Minute, "mitigate the account owner removed the policy, uploads work"),
	at(2*time.Minute, "why the policy denied everything to everybody but one role"),
	at(time.Minute, "why that role has another name in production"),
	at(time.Minute, "why the policy was tried in staging, where the name is the old one"),
	at(6*time.Minute, "resolve retried the failed uploads from the queue, none were lost"),
	at(25*time.Minute, "learn a policy can lock out the person who writes it --so policies are applied with a second role that they do not touch"),
	learned(time.Minute, "staging and production name the same role differently",
		"role names come from one file {done: 4c1d2e7}", "rename the old role {declined: three other teams use it}"),
	told(5*time.Minute,
		[2]string{journal.InOneBreath, "A new bucket policy denied uploads to everybody, and denied us the right to take it back."},
		[2]string{journal.WhatWeBelieved, "The policy had worked in staging for a week. We believed that applying it in production was the boring part, and that taking it back would be one command."},
		[2]string{journal.WhySurprised, "We knew that a policy can deny too much. It was new to us that it can deny its own removal. The role it made an exception for does not exist in production, so the exception was for nobody."},
		[2]string{journal.WhatWentWell, "The second person on the call asked who can still get in before anybody tried a third command."},
		[2]string{journal.GotLucky, "The upload queue keeps failed files for a day. An hour longer and it would have been somebody's night."},
	),
	at(time.Minute, "show"),
}

// cleanUpStory deleted rows that were still in use.
var cleanUpStory = []demoStep{
	at(0, "start order pages say not found for some customers --service orders --service warehouse --noticed-by teammate --began ~-3h"),
	at(4*time.Minute, "log support has 11 tickets, all about orders from before March"),
	at(3*time.Minute, "log the nightly clean-up deleted 40 thousand rows more than usual"),
	at(2*time.Minute, "log stopped the clean-up job so that it cannot run again tonight"),
	at(5*time.Minute, "update some older orders are not shown, nothing is charged twice, we are restoring them from last night's backup"),
	at(30*time.Minute, "update no change, the backup is being read"),
	at(48*time.Minute, "mitigate rows are back, two hours of changes to them are not"),
	at(90*time.Minute, "resolve replayed the changes from the event log, compared counts with the warehouse: equal"),
	at(time.Hour, "why the clean-up takes what has no open shipment to be finished"),
	at(time.Minute, "why returns have no shipment, and they came after the clean-up was written"),
	at(time.Minute, "why nobody has owned that script since the team was split"),
	learned(2*time.Minute, "a clean-up script is a deploy, even when it has run every night for two years",
		"it goes through review and a dry run in production first {done: 9e02b7f}"),
	at(time.Minute, "learn what we delete, we cannot compare afterwards --so deleted rows move to a side table for 30 days"),
	at(time.Minute, "learn an old task without an owner is somebody's surprise --so list the nightly jobs and give each a team"),
	told(10*time.Minute,
		[2]string{journal.InOneBreath, "A clean-up script that had been right for two years deleted orders that had become something else."},
		[2]string{journal.WhatWeBelieved, "An order without an open shipment is finished. That was true when the script was written."},
		[2]string{journal.Impact, "About 900 customers could not see an order for up to five hours. The orders themselves were shipped: the warehouse keeps a list of its own."},
		[2]string{journal.WhySurprised, "Nothing was deployed that day. The world had changed under a script that had not."},
		[2]string{journal.KindWords, "To whoever wrote the clean-up: it did its work every night for two years, and your comments are why we found this in minutes."},
	),
}

// migrationStory is a slow migration in somebody's second week.
var migrationStory = []demoStep{
	at(0, "start the site hangs right after my deploy --service web --service database --noticed-by self"),
	at(time.Minute, "log my migration adds a column with a default, and it is still running"),
	at(time.Minute, "log asked in the channel whether it is safe to stop it"),
	at(3*time.Minute, "log two people are here and one knows that stopping it is safe before the last step"),
	at(2*time.Minute, "mitigate stopped the migration, pages load again"),
	at(20*time.Minute, "resolve took the migration out of the deploy, deployed the rest"),
	at(40*time.Minute, "why adding a column with a default rewrites the whole table in our version of the database"),
	at(time.Minute, "why on the test data that takes 40 milliseconds, and the table in production is 30,000 times larger"),
	learned(2*time.Minute, "migrations are slow where the data is",
		"the check in review says how large the table is in production {done: 77ab310}"),
	at(time.Minute, "learn asking early cost three minutes and saved an hour --so the page for new people says: ask before the second thing you try"),
	told(10*time.Minute,
		[2]string{journal.InOneBreath, "A migration locked the largest table for six minutes, in its author's second week."},
		[2]string{journal.WhatWeBelieved, "It ran in an instant on my machine and in review, so it would run in an instant."},
		[2]string{journal.WhySurprised, "The review had four eyes on what the migration does and none on how large the table is."},
		[2]string{journal.WhatWentWell, "The person who deployed said so in the channel within two minutes. Everything after that was easy."},
		[2]string{journal.KindWords, "Everybody in the room has one of these. Welcome."},
	),
}
