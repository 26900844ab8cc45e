package site

import (
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
	"time"
)

// feedOf parses the feed of a built site and checks what RFC 4287 asks for.
func feedOf(t *testing.T, text string) atomFeed {
	t.Helper()
	var f atomFeed
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	if f.Title == "" || f.Author == "" || !strings.HasPrefix(f.ID, "tag:") {
		t.Errorf("title %q, author %q, id %q", f.Title, f.Author, f.ID)
	}
	ids := map[string]bool{f.ID: true}
	times := []string{f.Updated}
	for _, e := range f.Entries {
		if ids[e.ID] || !strings.HasPrefix(e.ID, "tag:") || e.Title == "" || e.Link.Rel != "alternate" {
			t.Errorf("entry %+v", e)
		}
		ids[e.ID] = true
		times = append(times, e.Published, e.Updated)
		if _, err := url.Parse(e.Link.Href); err != nil {
			t.Error(err)
		}
	}
	for _, s := range times {
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			t.Error(err)
		}
	}
	return f
}

func TestFeed(t *testing.T) {
	bare, _ := build(t, sample(t), Config{})
	here, _ := build(t, sample(t), Config{BaseURL: "https://stories.example/prod"})
	a, b := feedOf(t, tree(t, bare)["atom.xml"]), feedOf(t, tree(t, here)["atom.xml"])
	if len(a.Entries) != len(sample(t).Stories)-1 {
		t.Errorf("%d entries; drafts stay out", len(a.Entries))
	}
	if a.ID != b.ID {
		t.Errorf("the feed's id moves with the site: %s, %s", a.ID, b.ID)
	}
	for i, e := range a.Entries {
		if o := b.Entries[i]; e.ID != o.ID || e.Updated != o.Updated {
			t.Errorf("%+v is not %+v", e, o)
		}
		if strings.Contains(e.Link.Href, "://") || !strings.HasPrefix(b.Entries[i].Link.Href, "https://stories.example/prod/i/") {
			t.Errorf("links %s, %s", e.Link.Href, b.Entries[i].Link.Href)
		}
	}
	if b.Links[1].Rel != "self" || b.Links[1].Href != "https://stories.example/prod/atom.xml" {
		t.Errorf("links %+v", b.Links)
	}
	if a.Updated != atomTime(fixed) {
		t.Errorf("updated %s", a.Updated)
	}
}

func TestAFeedOfHostileTextIsXML(t *testing.T) {
	dir, _ := build(t, hostile(t), Config{})
	feedOf(t, tree(t, dir)["atom.xml"])
	empty, _ := build(t, Archive{}, Config{})
	feedOf(t, tree(t, empty)["atom.xml"])
}
