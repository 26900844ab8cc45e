package main

import "context"

// autosync starts a sync in the background after something was written, where
// incident.autosync says so. It is not waited for, and nothing that goes wrong with
// it is the business of the command that wrote: the next one shares it too.
func (a *app) autosync() {
	if !a.wrote || a.self == "" || !a.syncsByItself() || a.store.SyncWaits() {
		return
	}
	// Not the command's context: the sync outlives it.
	_ = a.repo.Detach(context.Background(), a.self, "sync", "--timeout", autosyncTimeout.String())
}

// syncsByItself reports whether writes start a sync.
func (a *app) syncsByItself() bool {
	on, err := a.repo.ConfigBool("incident.autosync", false)
	remote, unchosen := a.store.Remote()
	return err == nil && on && unchosen == nil && remote != ""
}
