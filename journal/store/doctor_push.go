package store

import (
	"context"
	"fmt"
	"strings"
)

// pushes looks for a configuration by which a plain `git push` would publish
// drafts.
func (x *exam) pushes(ctx context.Context) error {
	if x.sides[side(true)].tip.IsZero() && len(x.below(ctx, draftBackups, false)) == 0 {
		return nil
	}
	for _, remote := range x.j.repo.Remotes() {
		key := "remote." + remote
		if mirror, err := x.j.repo.ConfigBool(key+".mirror", false); err == nil && mirror {
			x.add(Finding{Kind: PushesDrafts, Subject: key + ".mirror",
				Sentence: fmt.Sprintf("git push to %s sends every ref there is, private drafts too.", quote(remote)),
				Way: []string{
					"git config --unset-all " + quote(key+".mirror"),
					"git config --add " + quote(key+".push") + " '+refs/heads/*:refs/heads/*'",
					"git config --add " + quote(key+".push") + " '+refs/tags/*:refs/tags/*'",
					"git config --add " + quote(key+".push") + " '^" + x.j.branch + "'", // sync pushes it, and never by force
				}})
			continue
		}
		specs, err := x.j.repo.ConfigAll(ctx, key+".push")
		if err != nil {
			return err
		}
		if covering := covers(specs, Drafts); covering != "" {
			x.add(Finding{Kind: PushesDrafts, Subject: key + ".push",
				Sentence: fmt.Sprintf("git push to %s sends private drafts too, by %s.", quote(remote), subject(covering)),
				Way:      []string{"git config --add " + quote(key+".push") + " '^refs/incident/*'"}})
		}
	}
	return nil
}

// fetches looks for a configuration by which a plain `git fetch` would write over
// what only this clone has, as in a clone that was made with --mirror.
func (x *exam) fetches(ctx context.Context) error {
	for _, remote := range x.j.repo.Remotes() {
		key := "remote." + remote + ".fetch"
		specs, err := x.j.repo.ConfigAll(ctx, key)
		if err != nil {
			return err
		}
		var over, way []string
		for _, ref := range []struct{ name, not string }{{x.j.branch, x.j.branch}, {Drafts, "refs/incident/*"}} {
			if writesOver(specs, ref.name) != "" {
				over = append(over, ref.name)
				way = append(way, "git config --add "+quote(key)+" '^"+ref.not+"'")
			}
		}
		if len(over) > 0 {
			x.add(Finding{Kind: FetchesOver, Subject: key,
				Sentence: fmt.Sprintf("git fetch %s writes over %s here, also over what only this clone has.", quote(remote), strings.Join(over, " and ")),
				Way:      way})
		}
	}
	return nil
}

// writesOver gives the refspec by which a fetch would write a ref, "" for none.
func writesOver(specs []string, ref string) string {
	var turned []string
	for _, spec := range specs {
		if from, to, ok := strings.Cut(strings.TrimPrefix(spec, "+"), ":"); ok && (from == to || !strings.HasPrefix(to, "refs/remotes/")) {
			turned = append(turned, to+":"+from)
		} else if strings.HasPrefix(spec, "^") {
			turned = append(turned, spec) // a mirror has the same names on both sides
		}
	}
	return covers(turned, ref)
}

// covers gives the refspec that would push a ref, "" for none.
func covers(specs []string, ref string) string {
	covering := ""
	for _, spec := range specs {
		from, _, _ := strings.Cut(strings.TrimPrefix(spec, "+"), ":")
		if not, isNot := strings.CutPrefix(from, "^"); isNot && matches(not, ref) {
			return ""
		}
		if matches(from, ref) {
			covering = spec
		}
	}
	return covering
}

func matches(pattern, ref string) bool {
	before, after, glob := strings.Cut(pattern, "*")
	if !glob {
		return pattern == ref
	}
	return len(ref) >= len(before)+len(after) && strings.HasPrefix(ref, before) && strings.HasSuffix(ref, after)
}
