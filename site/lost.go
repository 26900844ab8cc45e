package site

// lostPage is shown where nothing is. A host shows it at any depth, so its links
// start at the top of the host when that is known.
type lostPage struct {
	head
	Home string
}

func newLostPage(b *builder) lostPage {
	p := lostPage{head: b.head("404.html", "Nothing here", ""), Home: "index.html"}
	if b.base != nil {
		p.Root = b.base.Path
		p.Home = b.base.Path
	}
	return p
}
