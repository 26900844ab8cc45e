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
