package store

import (
	"context"
	"os"
	"strings"
)

// caches looks whether the caches are what was written. They cost time when they
// are lost and nothing else, so that Repair just makes new ones.
func (x *exam) caches(context.Context) error {
	for _, name := range []string{indexFile, openFile} {
		raw, err := os.ReadFile(x.j.path(name))
		if err != nil || !x.isDamaged(name, string(raw)) {
			continue
		}
		x.add(Finding{Kind: DamagedCache, Subject: x.j.path(name),
			Sentence: "The cache " + name + " is damaged. It is not used, and lists are slower until it is made anew.",
			Kept:     "It holds nothing that is not on the journal.",
			repair: func(ctx context.Context) (string, error) {
				if err := os.Remove(x.j.path(name)); err != nil {
					return "", err
				}
				if _, err := x.j.OpenIncidents(ctx); err != nil {
					return "", err
				}
				_, err := x.j.index(ctx)
				return "It was made anew.", err
			},
		})
	}
	return nil
}

// isDamaged reports a cache that does not fit its checksum, or that says of these
// very tips what is not so. One of another version is just not ours.
func (x *exam) isDamaged(name, text string) bool {
	c, err := decodeCache(text)
	if err != nil {
		first, _, _ := strings.Cut(text, "\n")
		version, isCache := strings.CutPrefix(first, cacheName)
		return !isCache || version == strings.TrimPrefix(cacheMagic, cacheName)
	}
	for _, draft := range []bool{false, true} {
		l := x.sides[side(draft)]
		if l.tip != c.tips[side(draft)] {
			continue
		}
		n := 0
		for _, e := range c.entries {
			if e.Draft == draft {
				n++
				if l.notes[e.ID].note != e.blob {
					return true
				}
			}
		}
		if name == indexFile && n != len(l.notes) {
			return true
		}
	}
	return false
}

// cacheName begins the first line of every version of a cache.
const cacheName = "git-incident cache "
