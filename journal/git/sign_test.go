package git

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestSignedCommitsAreSignedAsGitWould(t *testing.T) {
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("SIGNING IS NOT TESTED HERE: ssh-keygen is not installed")
	}
	s := newRepo(t)
	key := filepath.Join(t.TempDir(), "key")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	public, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	signers := filepath.Join(t.TempDir(), "signers")
	if err := os.WriteFile(signers, []byte("ada@example.com "+string(public)), 0o600); err != nil {
		t.Fatal(err)
	}
	s.git("config", "gpg.format", "ssh")
	s.git("config", "user.signingKey", key)
	s.git("config", "gpg.ssh.allowedSignersFile", signers)
	o := s.open().Objects(t.Context())
	defer o.Close()
	blob := must(o.AddBlob([]byte("x\n")))(t)
	tree := must(o.EditTree(Hash{}, []TreeEdit{{Path: "a/b", Hash: blob}}))(t)
	root := must(o.AddCommit(t.Context(), Commit{Tree: tree, Author: who, Committer: who, Message: "one\n"}, true))(t)
	h := must(o.AddCommit(t.Context(), Commit{Tree: tree, Parents: []Hash{root}, Author: who, Committer: who, Message: "two\n\nIncident: x\n"}, true))(t)
	if out := s.git("verify-commit", h.String()); !strings.Contains(out, `Good "git" signature for ada@example.com`) {
		t.Error(out)
	}
	if got := s.git("log", "--format=%G? %an %ad %cn %cd %s", "--date=iso-strict", h.String()); got !=
		"G Ada 2026-11-20T14:05:00+01:00 Ada 2026-11-20T14:05:00+01:00 two\nG Ada 2026-11-20T14:05:00+01:00 Ada 2026-11-20T14:05:00+01:00 one" {
		t.Error(got)
	}
	if c := must(o.Commit(h))(t); c.Message != "two\n\nIncident: x\n" || c.Parents[0] != root || c.Author.When.Unix() != who.When.Unix() {
		t.Errorf("%+v", c)
	}
	s.git("config", "user.signingKey", "/nowhere")
	if _, err := s.open().Objects(t.Context()).AddCommit(t.Context(), Commit{Tree: tree, Author: who, Committer: who}, true); err == nil {
		t.Error("a commit that cannot be signed was made")
	}
}
