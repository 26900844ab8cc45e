package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"git-incident/journal"
)

// file is an attachment as the site shows it.
type file struct {
	Name    string
	Size    string
	Missing bool

	path    string // from the top of the site
	picture bool
}

// attachments writes the files of a story and returns them by name.
func (b *builder) attachments(inc *journal.Incident) (map[string]file, []Missing, error) {
	files := map[string]file{}
	var missing []Missing
	for _, a := range inc.Attachments {
		if f, ok := b.written(a); ok {
			files[a.Name] = f
			continue
		}
		data, err := b.read(inc.ID, a.Name)
		if err != nil {
			missing = append(missing, Missing{Incident: inc.ID, Name: a.Name, Err: err})
			continue
		}
		ext, picture := fileKind(a.Name, data)
		sum := sha256.Sum256(data)
		f := file{Name: a.Name, Size: size(len(data)), picture: picture}
		f.path = path.Join("m", hex.EncodeToString(sum[:8])+ext)
		if err := b.out.write(f.path, data); err != nil {
			return nil, nil, err
		}
		files[a.Name] = f
		b.remember(a, f)
	}
	return files, missing, nil
}

// sameFile tells attachments that become one file: the journal holds what is the
// same once, however many names it has.
type sameFile struct{ hash, ext string }

func sameAs(a journal.Attachment) sameFile {
	return sameFile{hash: a.Hash, ext: strings.ToLower(path.Ext(a.Name))}
}

// written is the file of an attachment that is there already under another name.
func (b *builder) written(a journal.Attachment) (file, bool) {
	b.reading.Lock()
	defer b.reading.Unlock()
	f, ok := b.same[sameAs(a)]
	f.Name = a.Name
	return f, ok && a.Hash != ""
}

func (b *builder) remember(a journal.Attachment, f file) {
	b.reading.Lock()
	defer b.reading.Unlock()
	b.same[sameAs(a)] = f
}

func (b *builder) read(id, name string) ([]byte, error) {
	if b.files == nil {
		return nil, fmt.Errorf("there is nowhere to read %q from", name)
	}
	b.reading.Lock()
	defer b.reading.Unlock()
	return b.files.Attachment(id, name)
}

// harmless are the extensions of files that a browser shows as text or offers to
// save. Everything else is saved as bytes.
var harmless = map[string]bool{
	".txt": true, ".log": true, ".csv": true, ".json": true, ".pdf": true,
	".zip": true, ".gz": true,
}

// fileKind chooses an extension. Pictures are told by their first bytes only; an
// SVG is a document with scripts in it and is not one.
func fileKind(name string, data []byte) (ext string, picture bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return ".png", true
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return ".jpg", true
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return ".gif", true
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return ".webp", true
	}
	if ext := strings.ToLower(path.Ext(name)); harmless[ext] {
		return ext, false
	}
	return ".bin", false
}

func size(n int) string {
	switch {
	case n < 1<<10:
		return plural(n, "byte")
	case n < 1<<20:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
