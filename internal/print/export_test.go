package print

import "time"

// Hurry shortens how long a printer is waited for.
func Hurry(send, hangUp, stuck time.Duration) {
	patience.send, patience.hangUp, patience.stuck = send, hangUp, stuck
	patience.status, patience.follow = hangUp, 3*send
}

// Patient gives printers of flesh and blood their time, until the test is over.
func Patient(t interface{ Cleanup(func()) }, send time.Duration) {
	was := patience
	patience.send, patience.follow = send, send
	t.Cleanup(func() { patience = was })
}
