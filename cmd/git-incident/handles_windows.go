package main

// enoughHandles is always true: Windows has no such limit.
func enoughHandles() error { return nil }
