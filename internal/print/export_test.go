package print

import "time"

// Hurry shortens how long a printer is waited for.
func Hurry(send, hangUp, stuck time.Duration) {
	patience.send, patience.hangUp, patience.stuck = send, hangUp, stuck
}
