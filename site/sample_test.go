package site

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git-incident/journal"
)

// fixed is when every sample archive was last written to.
var fixed = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

// filesIn is a Source over a map of names to contents.
type filesIn map[string][]byte

func (f filesIn) Attachment(_, name string) ([]byte, error) {
	if data, ok := f[name]; ok {
		return data, nil
	}
	return nil, fmt.Errorf("%q is not there", name)
}

// sample is the archive in testdata.
func sample(t testing.TB) Archive {
	t.Helper()
	a := Archive{
		Tip: "4f2c1d9e0b8a7766554433221100ffeeddccbbaa", Root: "0011223344", Updated: fixed,
		Unreadable: []Unreadable{{"2026-07-01-half-a-note-aaaa", "line 4: the front matter has no end; close it with a line of ---"}},
		Files:      filesIn{"queue.png": chart(t), "worker.log": []byte("14:21 AccessDenied\n"), "plan.svg": []byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")},
	}
	root := os.DirFS("testdata/journal")
	notes, err := fs.Glob(root, "*/*/*/README.md")
	if err != nil || len(notes) == 0 {
		t.Fatal("no notes in testdata:", err)
	}
	for _, name := range notes {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		s := Story{Incident: noteOf(t, path.Base(path.Dir(name)), string(text))}
		if strings.HasSuffix(s.ID, "k7f3") {
			s.Attachments = []journal.Attachment{{Name: "queue.png"}, {Name: "worker.log"}, {Name: "plan.svg"}, {Name: "gone.txt"}}
		}
		s.Draft = s.Status == journal.StatusOpen
		a.Stories = append(a.Stories, s)
	}
	return a
}

// noteOf parses a note.
func noteOf(t testing.TB, id, text string) *journal.Incident {
	t.Helper()
	inc, err := journal.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	inc.ID = id
	return inc
}

// build builds an archive into a new folder.
func build(t testing.TB, a Archive, cfg Config) (dir string, r Report) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "site")
	r, err := Build(context.Background(), dir, a, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return dir, r
}

// tree is every file below dir by name.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// chart is a small picture.
func chart(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 640, 220))
	for x := range 640 {
		h := 20 + (x/40*37)%150
		for y := range 220 {
			c := color.RGBA{240, 244, 241, 255}
			if 220-y < h {
				c = color.RGBA{60, 140, 140, 255}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
