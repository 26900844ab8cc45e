package site

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
)

// Reloader tells open pages of a preview that there is a new build. The zero
// value is ready to use.
type Reloader struct {
	mu      sync.Mutex
	builds  int
	changed chan struct{} // closed at the next build
}

// Notify says that the site has been built anew.
func (l *Reloader) Notify() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.builds++
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// state is the number of builds so far and a channel that closes at the next.
func (l *Reloader) state() (builds int, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.builds, l.changed
}

// serve streams server-sent events until the page is gone. A page that lost the
// connection says which build it has, so that it does not miss one.
func (l *Reloader) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	has, err := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	fresh := err != nil
	if err := out.Flush(); err != nil { // the page waits for the headers
		return
	}
	for {
		builds, changed := l.state()
		event := "hello"
		if !fresh && builds != has {
			event = "reload"
		}
		if fresh || builds != has {
			_, _ = fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %d\n\n", builds, event, builds)
			if err := out.Flush(); err != nil {
				return
			}
		}
		has, fresh = builds, false
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}
