package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"git-incident/site"
)

// pollEvery is how often serve looks whether the journal moved.
const pollEvery = 500 * time.Millisecond

func (a *app) serveCommand() *cli.Command {
	return &cli.Command{
		Name: "serve", Category: archive, Usage: "show the archive in a browser, on this machine only",
		Description: "Listens on 127.0.0.1. When the journal moves, the archive is built again and open\n" +
			"pages load themselves anew. Ctrl-C ends it.",
		Flags: append([]cli.Flag{
			&cli.IntFlag{Name: "port", Usage: "listen on port `N`; 0 takes any that is free"},
		}, siteFlags()...),
		Action: a.serve,
	}
}

func (a *app) serve(c *cli.Context) error {
	if _, err := a.open(c.Context); err != nil {
		return err
	}
	dir := filepath.Join(a.repo.CommonDir, "incident", "serve")
	s := server{app: a, dir: dir, drafts: c.Bool("drafts"), cfg: site.Config{Title: a.siteTitle(c), LiveReload: true}}
	return s.run(c.Context, c.Int("port"))
}

// server shows an archive and keeps it up to date.
type server struct {
	*app
	dir    string
	drafts bool
	cfg    site.Config
}

func (s server) run(ctx context.Context, port int) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return &problem{code: exitFailed, err: fmt.Errorf("listen: %w", err), hints: []string{"git incident serve --port 0   takes any port that is free"}}
	}
	s.cfg.BaseURL = "http://" + listener.Addr().String() + "/"
	if err := s.rebuild(ctx); err != nil {
		_ = listener.Close()
		return err
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	reloader := &site.Reloader{}
	srv := &http.Server{
		Handler:           site.Preview(root.FS(), hosts(listener.Addr()), reloader),
		ReadHeaderTimeout: 5 * time.Second,
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go s.follow(ctx, reloader)
	go func() {
		<-ctx.Done()
		_ = srv.Close() // open pages wait for news and would keep it from ending
	}()
	s.print("http://%s/\n", listener.Addr())
	s.say("Ctrl-C ends it.")
	if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// hosts are the names under which a browser on this machine may ask.
func hosts(addr net.Addr) []string {
	_, port, _ := net.SplitHostPort(addr.String())
	return []string{"127.0.0.1:" + port, "localhost:" + port}
}

func (s server) rebuild(ctx context.Context) error {
	_, err := s.build(ctx, s.dir, s.cfg, s.drafts)
	return err
}

// follow builds the archive again whenever the journal moves. What goes wrong is
// said and tried again with the next move.
func (s server) follow(ctx context.Context, reloader *site.Reloader) {
	last, _ := s.state(ctx)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := s.state(ctx)
		if err != nil || now == last {
			continue
		}
		last = now
		if err := s.rebuild(ctx); err != nil {
			s.say("git incident: the archive could not be built: %s", harmless(err.Error()))
			continue
		}
		reloader.Notify()
	}
}

// state tells one state of the journal from another.
func (s server) state(ctx context.Context) (string, error) {
	tip, err := s.store.Tip(ctx)
	if err != nil || !s.drafts {
		return tip.Hash.String(), err
	}
	drafts, err := s.store.DraftTip(ctx)
	return tip.Hash.String() + drafts.Hash.String(), err
}
