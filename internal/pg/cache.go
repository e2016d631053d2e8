package pg

import (
	"container/list"
	"database/sql/driver"
)

const (
	cacheSize    = 256     // statements kept prepared per connection; more than the program has
	longestQuery = 8 << 10 // longer ones are generated, and would only push the others out
)

// cache keeps the statements of one connection prepared, the least recently used leaving first.
// It is used by one goroutine at a time, as every driver connection is.
type cache struct {
	byQuery map[string]*list.Element
	recent  *list.List // of *prepared, the most recent in front
}

type prepared struct {
	query string
	stmt  statement
}

// statement is what lib/pq's prepared statements can do.
type statement interface {
	driver.Stmt
	driver.StmtQueryContext
	driver.StmtExecContext
}

func newCache() *cache {
	return &cache{byQuery: map[string]*list.Element{}, recent: list.New()}
}

func (c *cache) get(query string) (statement, bool) {
	e, ok := c.byQuery[query]
	if !ok {
		return nil, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(*prepared).stmt, true
}

// put keeps st and returns the statement that had to leave for it, or nil.
func (c *cache) put(query string, st statement) (evicted statement) {
	c.byQuery[query] = c.recent.PushFront(&prepared{query, st})
	if c.recent.Len() > cacheSize {
		oldest := c.recent.Back().Value.(*prepared)
		c.drop(oldest.query)
		return oldest.stmt
	}
	return nil
}

func (c *cache) drop(query string) {
	if e, ok := c.byQuery[query]; ok {
		c.recent.Remove(e)
		delete(c.byQuery, query)
	}
}

// clear forgets all: the server no longer knows our names (discard all, a pooler in between).
func (c *cache) clear() {
	clear(c.byQuery)
	c.recent.Init()
}
