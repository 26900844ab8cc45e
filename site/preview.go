package site

import (
	"bytes"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// Preview serves a built site to the browser of the person who writes it, and to
// nobody else. Hosts are the exact values of the Host header it answers to, such
// as "127.0.0.1:8080" and "localhost:8080": another name that was made to lead
// here gets nothing. A nil reload serves no events.
//
// The file system should be that of an [os.Root], which symbolic links do not
// leave.
func Preview(site fs.FS, hosts []string, reload *Reloader) http.Handler {
	p := &preview{site: site, hosts: hosts, reload: reload}
	return http.HandlerFunc(p.serve)
}

type preview struct {
	site   fs.FS
	hosts  []string
	reload *Reloader
}

// reloadPath is where pages listen for the next build.
const reloadPath = "/_reload"

func (p *preview) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	switch {
	case !slices.Contains(p.hosts, r.Host):
		http.Error(w, "this preview does not answer to that name", http.StatusForbidden)
	case !p.own(r):
		http.Error(w, "this preview answers its own pages only", http.StatusForbidden)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "a preview can only be read", http.StatusMethodNotAllowed)
	case r.URL.Path == reloadPath && p.reload != nil:
		p.reload.serve(w, r)
	default:
		p.file(w, r)
	}
}

// own reports whether the request comes from one of our pages or from somebody
// who follows a link or types an address.
func (p *preview) own(r *http.Request) bool {
	if o := r.Header.Get("Origin"); o != "" {
		host, plain := strings.CutPrefix(o, "http://")
		if !plain || !slices.Contains(p.hosts, host) {
			return false
		}
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

func (p *preview) file(w http.ResponseWriter, r *http.Request) {
	name, ok := fileOf(r.URL.Path)
	var data []byte
	if ok {
		var err error
		data, err = fs.ReadFile(p.site, name)
		ok = err == nil
	}
	if !ok {
		p.lost(w)
		return
	}
	kind, known := contentTypes[path.Ext(name)]
	if !known {
		kind = "application/octet-stream"
		w.Header().Set("Content-Disposition", "attachment")
	}
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// fileOf is the file that a path of an address names, if it may be read.
func fileOf(address string) (string, bool) {
	name := strings.TrimPrefix(address, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	hidden := strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
	return name, fs.ValidPath(name) && !hidden && !strings.ContainsAny(name, "\\:\x00")
}

// contentTypes are what a browser may show. Text from the journal is plain text
// and nothing else; what is not listed is saved.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".xml":  "application/atom+xml; charset=utf-8",
	".txt":  "text/plain; charset=utf-8",
	".log":  "text/plain; charset=utf-8",
	".csv":  "text/plain; charset=utf-8",
	".json": "application/json",
	".png":  "image/png",
	".jpg":  "image/jpeg",
	".gif":  "image/gif",
	".webp": "image/webp",
}

func (p *preview) lost(w http.ResponseWriter) {
	data, err := fs.ReadFile(p.site, "404.html")
	if err != nil {
		http.Error(w, "nothing is here", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", contentTypes[".html"])
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write(data)
}
