// Package scan is one pull of the trigger: its key, the scan log, and the Step that answers it.
package scan

import "github.com/google/uuid"

// Key names one pull of the trigger. The browser makes it at the scan and sends it again with every retry,
// so a scan that arrives twice counts once while two scans of equal codes count twice.
type Key = uuid.UUID

// Result says what the last scan did.
type Result string

const (
	Right  Result = "right"  // counted; the next instruction follows
	Wrong  Result = "wrong"  // recorded, nothing counted
	Decide Result = "decide" // a person must choose between the Choices
	Done   Result = "done"   // counted, and the job is finished
)

// Step is the screen of every scanning job: what the last scan did, what to do now, and how far the job is.
// It is stored with its scan, so a repeated scan is answered word for word.
type Step struct {
	Result   Result   `json:"result,omitempty"`   // what the last scan did; "" before the first
	Message  string   `json:"message,omitempty"`  // the same in words: "A-06-1-C: +1 Red mug, 3 of 3"
	Title    string   `json:"title,omitempty"`    // "Picking P-104 · tote T-3"
	Next     string   `json:"next,omitempty"`     // one instruction: "Scan the bin"
	Target   string   `json:"target,omitempty"`   // the thing to find, shown large: "A-07-3-B"
	Here     bool     `json:"here,omitempty"`     // the Target is reached; the first Detail is what to find there, and shown large
	Detail   []string `json:"detail,omitempty"`   // "Blue mug 330 ml", "SKU-0012 · 4006381333931"
	Quantity int64    `json:"quantity,omitempty"` // how many to take; 0 shows none
	Into     string   `json:"into,omitempty"`     // where they go: "tote T-12"
	Done     int64    `json:"done,omitempty"`     // how far the job is, counted by the server
	Total    int64    `json:"total,omitempty"`    // 0 hides the progress
	Expect   []string `json:"expect,omitempty"`   // kinds of code this screen accepts, in order
	Choices  []Choice `json:"choices,omitempty"`  // answers and buttons
	Recent   []Recent `json:"recent,omitempty"`   // the last five scans, newest first
	Finished bool     `json:"finished,omitempty"` // the job is over
	Goto     string   `json:"goto,omitempty"`     // path of the screen that follows a finished job
	Replayed bool     `json:"-"`                  // this answer was given before; nothing was done now
}

// Style says where a Choice stands on the screen.
type Style string

const (
	Answer  Style = "answer"  // a big answer below the question; Enter on a bench gives the first one
	Bar     Style = "bar"     // a button of the bar at the thumb: "Skip"
	Problem Style = "problem" // a line of the list behind the Problem button: "Damaged"
)

// Choice is a button. It posts Action as "action", or Code as if it had been scanned.
// Without a Style it is an Answer on a screen that asks for a decision and else stands in the Bar.
type Choice struct {
	Label  string `json:"label"`
	Action string `json:"action,omitempty"`
	Code   string `json:"code,omitempty"`
	Style  Style  `json:"style,omitempty"`
	Key    string `json:"key,omitempty"` // that presses it together with Alt, where there is a keyboard
}

// Recent is one of the last scans of a job.
type Recent struct {
	Key      Key    `json:"key"`
	Message  string `json:"message"`
	Result   Result `json:"result"`
	Undoable bool   `json:"undoable,omitempty"`
}
