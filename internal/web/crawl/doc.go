// Package crawl has no code of its own: its tests follow every link of a warehouse at work and send bad input to every form
// they find. They stand apart from those of internal/web so that both run at once.
package crawl
