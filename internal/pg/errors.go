package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"tote/internal/fault"
)

// The states of PostgreSQL this package acts on.
const (
	unknownStatement = pqerror.Code("26000")
	queryCanceled    = pqerror.Code("57014")
	featureMissing   = pqerror.Code("0A000")
)

// IsUnique reports whether err is a violation of the unique constraint or index of that name, or of
// any when constraint is empty. Do not provoke one to learn something: the transaction is lost with
// it. Ask first with "on conflict do nothing"; this is for the last wall.
func IsUnique(err error, constraint string) bool {
	e := pq.As(err, pqerror.UniqueViolation)
	return e != nil && (constraint == "" || e.Constraint == constraint)
}

// staleplan reports "cached plan must not change result type": the same code stands for any missing
// feature, so the routine decides.
func staleplan(e *pq.Error) bool {
	return e.Code == featureMissing && e.Routine == "RevalidateCachedQuery"
}

// ErrAgain is what a function returns to InTx when it finds that another transaction got there first
// and that a fresh look will tell what to do: it is rolled back and run again, like a deadlock.
var ErrAgain = errors.New("pg: another transaction got there first")

// beaten reports that another transaction won, or that a prepared statement went stale: the whole
// transaction was undone by the server and may simply run again.
func beaten(err error) bool {
	if errors.Is(err, ErrAgain) {
		return true
	}
	e := pq.As(err)
	if e == nil {
		return false
	}
	switch e.Code {
	case "40001", "40P01", unknownStatement:
		return true
	}
	return staleplan(e)
}

// lost reports that the line broke or the server is restarting, without a time-out: waiting for the
// same frozen server once more would only double the wait.
func lost(err error) bool {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return false
	}
	if e := pq.As(err); e != nil {
		switch e.Code {
		case "57P01", "57P02", "57P03", "08006", "08003", "08000":
			return true
		}
		return false
	}
	if errors.Is(err, errBegin) && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return true // later, lib/pq calls these ErrBadConn; a bare EOF then is the caller's own file
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ENOENT)
}

// broken reports that the line failed in any way, so that what was sent may or may not have arrived.
func broken(err error) bool {
	var network net.Error
	return lost(err) || errors.As(err, &network)
}

// Explain sorts what a read outside of InTx met, and what is left after InTx's last try: a database that is away is
// no broken program. What somebody gave a kind keeps it.
func Explain(err error) error {
	var kind fault.Kind
	var timeout net.Error
	switch e := pq.As(err); {
	case err == nil, errors.As(err, &kind):
		return err
	case errors.Is(err, errOutcome), errors.Is(err, errUnreplicated):
		return fault.Because(err, fault.Unavailable, "The database went away while this was being saved. Send it once more: if it is stored already, it will not count twice.")
	case e != nil && e.Code == "55P03", beaten(err):
		return fault.Because(err, fault.Unavailable, "Somebody else is working on the same thing. Nothing was changed: try again.")
	case e != nil && (e.Code == "22021" || e.Code == "22P05"):
		return fault.Because(err, fault.Invalid, "The text contains characters that cannot be stored. Take them out and try again.")
	case e != nil && e.Code == "25006":
		return fault.Because(err, fault.Unavailable, "The database is changing over and cannot save yet. Nothing was changed: try again in a moment.")
	case lost(err), e != nil && e.Code == queryCanceled, errors.As(err, &timeout),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, errPoolBusy):
		return fault.Because(err, fault.Unavailable, "The database does not answer in time. Nothing was changed: try again in a moment.")
	}
	return err
}
