package git

import (
	"errors"
	"strings"
	"testing"
)

func TestCause(t *testing.T) {
	for words, want := range map[string]Cause{
		"fatal: could not read Username for 'https://x': terminal prompts disabled":                                                                                NeedsPassword,
		"fatal: could not read Password for 'https://a@x': No such device or address":                                                                              NeedsPassword,
		"remote: Invalid username or password.\nfatal: Authentication failed for 'https://x/'":                                                                     NeedsPassword,
		"git@x: Permission denied (publickey,password).\nfatal: Could not read from remote repository.":                                                            NeedsPassword,
		"No ED25519 host key is known for x and you have requested strict checking.\nHost key verification failed.\nfatal: Could not read from remote repository.": HostKey,
		"fatal: unable to access 'https://x/': SSL certificate problem: self-signed certificate":                                                                   HostKey,
		"remote: Permission to a/b.git denied to c.\nfatal: unable to access 'https://x/': The requested URL returned error: 403":                                  Forbidden,
		"ERROR: Permission to a/b.git denied to c.\nfatal: Could not read from remote repository.":                                                                 Forbidden,
		"remote: Repository not found.\nfatal: repository 'https://x/y/' not found":                                                                                NotFound,
		"ERROR: Repository not found.\nfatal: Could not read from remote repository.":                                                                              NotFound,
		"fatal: remote error: access denied or repository not exported: /x":                                                                                        NotFound,
		"fatal: remote error: upload-pack: not our ref 1111":                                                                                                       NoRef,
		"fatal: unable to access 'https://x/': Could not resolve host: x":                                                                                          Unreachable,
		"ssh: Could not resolve hostname x: Name or service not known\nfatal: Could not read from remote repository.":                                              Unreachable,
		"kex_exchange_identification: Connection closed by remote host\nfatal: Could not read from remote repository.":                                             Unreachable,
		"fatal: unable to access 'https://x/': The requested URL returned error: 502":                                                                              Unreachable,
		"error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly\nfatal: early EOF":                                                                      Unreachable,
		"fatal: write error: No space left on device\nfatal: index-pack failed":                                                                                    LocalSpace,
		"remote: No space left on device\nremote: Connection refused\nfatal: odd":                                                                                  Broken,
		"fatal: repository 'x' is odd": Broken,
		"":                             Broken,
	} {
		if got := cause(words); got != want {
			t.Errorf("%q: %v, want %v", words, got, want)
		}
	}
}

func TestNetworkErrorWords(t *testing.T) {
	for want, e := range map[string]NetworkError{
		"ask x: no answer in time":                {Step: "ask", Remote: "x", Cause: TimedOut, Stderr: "fatal: hm"},
		"push x: wants a password or key: no":     {Step: "push", Remote: "x", Cause: NeedsPassword, Stderr: "odd\nfatal: no\nplease"},
		"fetch x: it did not work: the last line": {Step: "fetch", Remote: "x", Stderr: "first\nthe last line\n"},
		"fetch x: it did not work":                {Step: "fetch", Remote: "x"},
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for c := Broken; c <= LocalSpace; c++ {
		if c != Broken && c.String() == Broken.String() {
			t.Errorf("cause %d has no words", c)
		}
	}
}

// TestLongAnswers holds that a remote that does not stop talking is not listened
// to for ever.
func TestLongAnswers(t *testing.T) {
	var words tail
	for range 1000 {
		_, _ = words.Write([]byte(strings.Repeat("x", 999) + "\n"))
	}
	if _, _ = words.Write([]byte("fatal: end\n")); len(words.String()) != maxWords || !strings.HasSuffix(words.String(), "\nfatal: end\n") {
		t.Errorf("%d bytes, ending in %q", len(words.String()), words.String()[maxWords-20:])
	}
	if _, err := (&tail{}).Write(make([]byte, 10*maxWords)); err != nil {
		t.Error(err)
	}
	var answer bounded
	var err error
	for n := 0; err == nil && n <= maxAnswer; n += 1 << 20 {
		_, err = answer.Write(make([]byte, 1<<20))
	}
	if !errors.Is(err, errLong) || answer.Len() != maxAnswer {
		t.Errorf("%v after %d bytes", err, answer.Len())
	}
}
