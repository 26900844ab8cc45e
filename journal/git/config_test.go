package git

import (
	"errors"
	"slices"
	"testing"
)

func TestConfig(t *testing.T) {
	s := newRepo(t)
	s.git("config", "incident.branch", "first")
	s.git("config", "--add", "incident.branch", "second")
	s.git("config", "Branch.Keep.Case", "yes")
	s.git("config", "incident.empty", "")
	s.git("config", "incident.odd", "perhaps")
	s.git("config", "incident.number", "2")
	s.write(".git/config", s.file(".git/config")+"[incident]\n\tbare\n")
	r := s.with("GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=incident.fromEnv", "GIT_CONFIG_VALUE_0=a=b").open()
	for key, want := range map[string]string{
		"incident.branch": "second", "INCIDENT.Branch": "second", "branch.Keep.case": "yes",
		"incident.empty": "", "incident.fromenv": "a=b", "incident.bare": "",
	} {
		if got, ok := r.Config(key); got != want || !ok {
			t.Errorf("Config(%q) = %q, %v", key, got, ok)
		}
	}
	for _, key := range []string{"incident.none", "branch.keep.case", "GIT_EDITOR", "nodot"} {
		if got, ok := r.Config(key); ok {
			t.Errorf("Config(%q) = %q", key, got)
		}
	}
	for key, want := range map[string]bool{"incident.bare": true, "incident.number": true, "incident.empty": false, "Branch.Keep.case": true, "incident.none": true} {
		if got, err := r.ConfigBool(key, true); got != want || err != nil {
			t.Errorf("ConfigBool(%q) = %v, %v", key, got, err)
		}
	}
	if _, err := r.ConfigBool("incident.odd", true); err == nil {
		t.Error("a value that is no boolean passes")
	}
}

// TestALineOfAValueIsNoKey has values whose further lines look like settings and
// like git's own variables.
func TestALineOfAValueIsNoKey(t *testing.T) {
	s := newRepo(t)
	body := "!f() {\nincident.branch=wrong\nGIT_PAGER=wrong\nGIT_COMMITTER_IDENT=Eve <eve@example.com> 1 +0000\n}; f"
	s.git("config", "alias.x", body)
	s.git("config", "branch.a=b.remote", "c")
	s.write(".git/config", s.file(".git/config")+"[incident]\n\tbare\n")
	r := s.with("GIT_EDITOR=ed", "GIT_PAGER=less").open()
	if got, ok := r.Config("incident.branch"); ok {
		t.Errorf("incident.branch = %q", got)
	}
	if got, _ := r.Config("alias.x"); got != body {
		t.Errorf("alias.x = %q", got)
	}
	if got, _ := r.Config("branch.a=b.remote"); got != "c" {
		t.Errorf("branch.a=b.remote = %q", got)
	}
	if r.Editor != "ed" || r.Pager != "less" {
		t.Errorf("editor %q, pager %q", r.Editor, r.Pager)
	}
	if got := must(r.Committer(t.Context()))(t); got.Name != "Ada" {
		t.Errorf("%+v", got)
	}
	none := s.with("TERM=dumb", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=alias.y", "GIT_CONFIG_VALUE_0=!f\nGIT_EDITOR=wrong").open()
	if none.Editor == "wrong" {
		t.Error("an alias is taken for the editor")
	}
}

func TestRemotes(t *testing.T) {
	s := newRepo(t)
	for _, name := range []string{"team/b", "a", "origin"} {
		s.git("remote", "add", name, "/nowhere")
	}
	s.git("config", "remote.pushDefault", "a")
	if got := s.open().Remotes(); !slices.Equal(got, []string{"origin", "a", "team/b"}) {
		t.Errorf("Remotes = %q", got)
	}
}

func TestIdentity(t *testing.T) {
	s := newRepo(t)
	s.git("config", "user.name", "Ada <Lovelace>")
	if got := must(s.open().Committer(t.Context()))(t); got != (Ident{Name: "Ada Lovelace", Email: "ada@example.com"}) {
		t.Errorf("%+v", got)
	}
	env := s.with("GIT_COMMITTER_NAME=Bot", "GIT_COMMITTER_EMAIL=bot@example.com")
	if got := must(env.open().Committer(t.Context()))(t); got.Name != "Bot" || got.Email != "bot@example.com" {
		t.Errorf("%+v", got)
	}
}

func TestNoIdentity(t *testing.T) {
	s := newRepo(t)
	none := s.with("GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=user.useConfigOnly", "GIT_CONFIG_VALUE_0=true")
	if _, err := none.open().Committer(t.Context()); !errors.Is(err, ErrNoIdentity) {
		t.Errorf("Committer = %v", err)
	}
}
