package picking

import (
	"fmt"

	"tote/labels"
)

// ListID names a pick list; TaskID one of its tasks.
type (
	ListID int64
	TaskID int64
)

// String is the list as it is printed: P-104.
func (l ListID) String() string { return labels.ListCode(int64(l)).String() }

// Path is the address of the list's screen.
func (l ListID) Path() string { return fmt.Sprintf("/picking/%d", l) }

// ListState is how far a list is.
type ListState string

// The states of a list.
const (
	ListReleased  ListState = "released"
	ListStarted   ListState = "started"
	ListPicked    ListState = "picked"
	ListCancelled ListState = "cancelled"
)

// WaveID names a wave.
type WaveID int64

// String is the wave as it is printed: W-7.
func (w WaveID) String() string { return labels.WaveCode(int64(w)).String() }
