package print

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

// rawLine is a printer that takes bytes on a port and says nothing.
type rawLine struct {
	conn *net.TCPConn
	data []byte
}

func (l rawLine) hangUp() { _ = l.conn.Close() }

func (rawLine) ready(context.Context) string { return "" }

// print writes all of it. That the printer took the last byte is all one can know.
func (l rawLine) print(context.Context) (outcome, error) {
	if err := l.write(); err != nil {
		return outcome{}, err
	}
	return outcome{state: Printed}, l.close()
}

// write is all or nothing, or halfway.
func (l rawLine) write() error {
	if err := l.conn.SetDeadline(time.Now().Add(patience.send)); err != nil {
		return err
	}
	n, err := l.conn.Write(l.data)
	if err != nil && n > 0 {
		return halfway{err}
	}
	return err
}

// close waits for the printer to close too: it may break off over what it has not read yet.
func (l rawLine) close() error {
	if err := l.conn.CloseWrite(); err != nil {
		return halfway{err}
	}
	if err := l.conn.SetReadDeadline(time.Now().Add(patience.hangUp)); err != nil {
		return halfway{err}
	}
	if _, err := io.Copy(io.Discard, l.conn); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return halfway{err}
	}
	return nil
}

// zplLine is a label printer: it can be asked how it is (~HS). One that does not answer is simply sent to.
type zplLine struct {
	rawLine
	answers bool
	in      *bufio.Reader
}

func (l *zplLine) ready(ctx context.Context) string {
	l.in = bufio.NewReaderSize(l.conn, 512)
	status, ok := l.ask()
	l.answers = ok
	return status.trouble()
}

// print sends the label and, where the printer talks, watches until it is out.
func (l *zplLine) print(ctx context.Context) (outcome, error) {
	if err := l.write(); err != nil {
		return outcome{}, err
	}
	for until := time.Now().Add(patience.follow); l.answers && time.Now().Before(until); {
		status, ok := l.ask()
		if why := status.trouble(); why != "" {
			return outcome{state: Unsure, says: why + " The label may be printed half, or come out when that is mended. " + lookFirst}, nil
		}
		if !ok || status.idle {
			break
		}
		select {
		case <-ctx.Done():
			return outcome{}, halfway{ctx.Err()}
		case <-time.After(patience.status / 4):
		}
	}
	return outcome{state: Printed}, l.close()
}

// hostStatus is what ~HS says, as far as we need it.
type hostStatus struct{ paper, paused, head, ribbon, idle bool }

func (s hostStatus) trouble() string {
	switch {
	case s.head:
		return "The printer is open. Close its head."
	case s.paper:
		return "The printer is out of paper. Put in a new roll."
	case s.ribbon:
		return "The printer is out of ribbon. Put in a new one."
	case s.paused:
		return "The printer is paused. Press its pause key."
	}
	return ""
}

// ask sends ~HS and reads the three lines of its answer; ok is false when there is none in time.
func (l *zplLine) ask() (s hostStatus, ok bool) {
	if l.conn.SetDeadline(time.Now().Add(patience.status)) != nil {
		return s, false
	}
	if _, err := l.conn.Write([]byte("~HS")); err != nil {
		return s, false
	}
	var lines [3][]string
	for i := range lines {
		line, err := l.in.ReadSlice(etx)
		if err != nil {
			return hostStatus{}, false
		}
		_, text, found := bytes.Cut(line[:len(line)-1], []byte{stx})
		if !found {
			return hostStatus{}, false
		}
		lines[i] = strings.Split(string(text), ",")
	}
	return readStatus(lines)
}

const (
	stx = 0x02
	etx = 0x03
)

// readStatus reads the fields by the manual: in the first line paper out, pause and the labels that wait, in the second
// head up, ribbon out and the labels left of a batch.
func readStatus(lines [3][]string) (s hostStatus, ok bool) {
	first, second := lines[0], lines[1]
	if len(first) < 9 || len(second) < 9 {
		return s, false
	}
	zeros := func(text string) bool { return strings.Trim(text, "0") == "" }
	return hostStatus{
		paper: first[1] == "1", paused: first[2] == "1", head: second[2] == "1", ribbon: second[3] == "1",
		idle: zeros(first[4]) && zeros(first[7]) && zeros(second[8]),
	}, true
}
