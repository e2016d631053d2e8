package pg

import (
	"context"
	"net"
	"strconv"
	"sync/atomic"
	"time"
)

// socket is a connection whose every read and write carries a deadline. lib/pq ignores contexts
// while a server is frozen or a network drops packets; only the socket can give up.
type socket struct {
	net.Conn
	answer atomic.Int64 // how long one read or write may take, nanoseconds
	limit  atomic.Int64 // a deadline set by the driver itself (while connecting), unix nanoseconds; 0 = none
}

func (s *socket) deadline() time.Time {
	d := time.Now().Add(time.Duration(s.answer.Load()))
	if limit := s.limit.Load(); limit != 0 && limit < d.UnixNano() {
		return time.Unix(0, limit)
	}
	return d
}

func (s *socket) Read(b []byte) (int, error) {
	if err := s.Conn.SetReadDeadline(s.deadline()); err != nil {
		return 0, err
	}
	return s.Conn.Read(b)
}

func (s *socket) Write(b []byte) (int, error) {
	if err := s.Conn.SetWriteDeadline(s.deadline()); err != nil {
		return 0, err
	}
	return s.Conn.Write(b)
}

// SetDeadline is called by the driver around the handshake; it caps the deadlines armed here.
func (s *socket) SetDeadline(t time.Time) error {
	if t.IsZero() {
		s.limit.Store(0)
	} else {
		s.limit.Store(t.UnixNano())
	}
	return s.Conn.SetDeadline(t)
}

// dialer makes sockets. The driver passes Connect's context through, which is how the connector
// gets hold of the socket beneath its connection.
type dialer struct{}

type socketKey struct{}

func (dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	raw, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	s := &socket{Conn: raw}
	s.answer.Store(int64(answerTimeout))
	if slot, ok := ctx.Value(socketKey{}).(**socket); ok {
		*slot = s
	}
	return s, nil
}

func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

type patienceKey struct{}

// Patience lets the statements run under the returned context wait d for the server's next byte:
// for migrations, checks of the whole ledger and reports. Scans never need it.
func Patience(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, d)
}

func milliseconds(d time.Duration) string {
	return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
}
