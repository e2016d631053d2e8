package print_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/print/ipp"
	"tote/labels"
)

// spooler is CUPS as a process of this test, with one queue. What it prints goes to a script that keeps the document, and
// behaves as the file "mood" says.
type spooler struct {
	address, dir string
}

const script = `#!/bin/sh
[ $# -eq 0 ] && exit 0
cat ${6:+"$6"} > "$(mktemp "%[1]s/printed.XXXXXX")"
case "$(cat %[1]s/mood 2>/dev/null)" in
jam) exit 1;;
empty) echo "STATE: +media-empty-error" >&2; while [ -s %[1]s/mood ]; do sleep 0.05; done; echo "STATE: -media-empty-error" >&2;;
esac
exit 0
`

const cupsFiles = `ServerRoot %[1]s
ServerBin %[1]s/bin
DataDir %[1]s/data
RequestRoot %[1]s/spool
CacheDir %[1]s/cache
StateDir %[1]s/state
TempDir %[1]s/spool
ErrorLog %[1]s/log
AccessLog %[1]s/log
PageLog %[1]s/log
`

const cupsConf = `Listen 127.0.0.1:%d
Browsing No
WebInterface No
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
`

const cupsQueue = `<Printer tote>
DeviceURI tote:/x
State Idle
Accepting Yes
ErrorPolicy abort-job
</Printer>
`

func startCUPS(t *testing.T) *spooler {
	t.Helper()
	if _, err := os.Stat("/usr/sbin/cupsd"); err != nil {
		t.Fatal("cupsd is missing: apt-get install cups-daemon")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	e := &spooler{fmt.Sprintf("ipp://localhost:%d/printers/tote", port), t.TempDir()}
	for name, text := range map[string]string{"cups-files.conf": fmt.Sprintf(cupsFiles, e.dir), "cupsd.conf": fmt.Sprintf(cupsConf, port), "printers.conf": cupsQueue, "log": "", "spool/x": "", "cache/x": "", "state/x": "",
		"data/mime/x.types": "application/pdf pdf string(0,%PDF)\napplication/octet-stream\n", "bin/filter/x": "", "bin/backend/tote": fmt.Sprintf(script, e.dir)} {
		file := filepath.Join(e.dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/usr/lib/cups/daemon", filepath.Join(e.dir, "bin/daemon")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/sbin/cupsd", "-f", "-c", filepath.Join(e.dir, "cupsd.conf"), "-s", filepath.Join(e.dir, "cups-files.conf"))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			said, _ := os.ReadFile(filepath.Join(e.dir, "log"))
			t.Logf("CUPS says:\n%s", said)
		}
	})
	p, err := ipp.New(e.address, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err = p.Condition(context.Background()); err == nil {
			return e
		}
		if time.Now().After(until) {
			said, _ := os.ReadFile(filepath.Join(e.dir, "log"))
			t.Fatalf("CUPS does not start: %v\n%s", err, said)
		}
	}
}

func (e *spooler) mood(t *testing.T, mood string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, "mood"), []byte(mood), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (e *spooler) printed(t *testing.T) (all [][]byte) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(e.dir, "printed.*"))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// A printer that speaks IPP gets the PDF, and says itself when it is printed, that it gave up, or that it has no paper:
// CUPS on the other side.
func TestAnIPPPrinterSaysWhatBecameOfAPaper(t *testing.T) {
	s, e := open(t), startCUPS(t)
	print.Patient(t, 10*time.Second)
	s.speak(print.IPP, e.address)
	slip, err := print.Drawn(203, labels.BinLabel{Location: "A-07-3-B"})
	if err != nil {
		t.Fatal(err)
	}
	good := s.request("good", string(slip.PDF))
	if err := print.Send(ctx, s.DB, good); err != nil {
		t.Fatal(err)
	}
	s.want(good, print.Printed, "")
	if got := e.printed(t); len(got) != 1 || !bytes.Equal(got[0], slip.PDF) {
		t.Fatalf("%d documents arrived, or other bytes", len(got))
	}

	e.mood(t, "jam")
	jammed := s.request("jammed", string(slip.PDF))
	for range 2 {
		if err := print.Send(ctx, s.DB, jammed); err != nil {
			t.Fatal(err)
		}
		s.want(jammed, print.Unsure, "gave up")
	}

	print.Patient(t, time.Second)
	e.mood(t, "empty")
	waiting := s.request("waiting", string(slip.PDF))
	if err := print.Send(ctx, s.DB, waiting); err == nil {
		t.Error("a label that is not out yet is not asked after again")
	}
	s.want(waiting, print.Taken, "out of paper")
	if err := pg.InTx(ctx, s.DB, func(tx *sql.Tx) error { return print.Retry(ctx, tx, waiting, s.site.Staff) }); !errors.Is(err, fault.Conflict) {
		t.Errorf("what the printer has is sent again: %v", err)
	}
	behind := s.request("behind", string(slip.PDF))
	if err := print.Send(ctx, s.DB, behind); err == nil {
		t.Error("a printer without paper got another one")
	}
	s.want(behind, print.Queued, "out of paper")
	e.mood(t, "")
	print.Patient(t, 10*time.Second)
	if err := print.Send(ctx, s.DB, waiting); err != nil {
		t.Error(err)
	}
	s.want(waiting, print.Printed, "")

	print.Patient(t, time.Second)
	e.mood(t, "empty")
	if err := print.Send(ctx, s.DB, behind); err == nil {
		t.Error("it is out already")
	}
	s.want(behind, print.Taken, "out of paper")
	if err := print.TakeBack(ctx, s.DB, behind); err != nil {
		t.Fatal(err)
	}
	e.mood(t, "")
	s.want(behind, print.Failed, "taken back")
	if got := e.printed(t); len(got) != 4 {
		t.Errorf("the printer was given %d documents, want 4", len(got))
	}
}

// A server that is no printer, refuses, or dies when it has the document, is told apart by what may have been printed.
func TestAnIPPPrinterThatRefusesOrDies(t *testing.T) {
	s := open(t)
	describe := []byte("\x02\x00\x00\x00\x00\x00\x00\x01\x04\x49\x00\x19document-format-supported\x00\x0fapplication/pdf\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x03\x03")
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, what byte)
		state  print.State
		says   string
	}{
		"no printer": {func(w http.ResponseWriter, _ byte) { http.Error(w, "hello", 404) }, print.Queued, "refuses"},
		"nonsense":   {func(w http.ResponseWriter, _ byte) { _, _ = w.Write([]byte("hello, I am a web server")) }, print.Queued, "protocol"},
		"no PDF":     {func(w http.ResponseWriter, _ byte) { _, _ = w.Write([]byte("\x02\x00\x00\x00\x00\x00\x00\x01\x03")) }, print.Failed, "takes no PDF"},
		"busy": {func(w http.ResponseWriter, what byte) {
			if what == 2 {
				http.Error(w, "later", 503)
				return
			}
			_, _ = w.Write(describe)
		}, print.Queued, "busy"},
		"refused": {func(w http.ResponseWriter, what byte) {
			if what == 2 {
				_, _ = w.Write([]byte("\x02\x00\x04\x0a\x00\x00\x00\x02\x03"))
				return
			}
			_, _ = w.Write(describe)
		}, print.Failed, "0x040a"},
		"dies": {func(w http.ResponseWriter, what byte) {
			if what == 2 {
				panic(http.ErrAbortHandler)
			}
			_, _ = w.Write(describe)
		}, print.Unsure, "did it come out whole?"},
		"cut off": {func(w http.ResponseWriter, what byte) {
			if what == 2 {
				_, _ = w.Write([]byte("\x02\x00\x00\x00\x00\x00\x00\x02\x02\x21\x00"))
				return
			}
			_, _ = w.Write(describe)
		}, print.Unsure, "did it come out whole?"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			c.answer(w, body[3])
		}))
		s.speak(print.IPP, strings.Replace(server.URL, "http", "ipp", 1))
		job := s.request("ref-"+name, "%PDF")
		_ = print.Send(ctx, s.DB, job)
		server.Close()
		t.Log(name)
		s.want(job, c.state, c.says)
		s.in(func(tx *sql.Tx) error { return print.VoidPapers(ctx, tx, "ref-"+name) })
	}
}

// zebra is a label printer that answers ~HS; status says how.
func zebra(t *testing.T, status func(sent int) string) *printer {
	return listen(t, func(p *printer, c *net.TCPConn) {
		defer c.Close()
		var label []byte
		buf := make([]byte, 4096)
		for {
			n, err := c.Read(buf)
			label = append(label, buf[:n]...)
			if i := bytes.Index(label, []byte("~HS")); i >= 0 {
				label = append(label[:i], label[i+3:]...)
				if _, err := io.WriteString(c, status(len(label))); err != nil {
					return
				}
			}
			if err != nil {
				break
			}
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(label) > 0 {
			p.got = append(p.got, label)
		}
	})
}

// hs is an answer to ~HS as the manual has it.
func hs(paper, pause, head, ribbon, left int) string {
	return fmt.Sprintf("\x02030,%d,%d,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,%d,%d,0,2,4,0,%08d,1,000\x03\r\n\x021234,0\x03\r\n", paper, pause, head, ribbon, left)
}

func TestALabelPrinterGetsZPLAndSaysHowItIs(t *testing.T) {
	s := open(t)
	fine := zebra(t, func(int) string { return hs(0, 0, 0, 0, 0) })
	s.speak(print.ZPL, fine.Addr().String())
	job := s.request("1", "label")
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Fatal(err)
	}
	s.want(job, print.Printed, "")
	if got := fine.printed(); len(got) != 1 || string(got[0]) != "^XAlabel^XZ" {
		t.Errorf("the printer got %q", got)
	}
	for says, answer := range map[string]string{"out of paper": hs(1, 0, 0, 0, 0), "paused": hs(0, 1, 0, 0, 0), "is open": hs(0, 0, 1, 0, 0), "out of ribbon": hs(0, 0, 0, 1, 0)} {
		p := zebra(t, func(int) string { return answer })
		s.speak(print.ZPL, p.Addr().String())
		job := s.request("2 "+says, "label")
		if err := print.Send(ctx, s.DB, job); err == nil {
			t.Errorf("%s: sent", says)
		}
		s.want(job, print.Queued, says)
		if len(p.printed()) != 0 {
			t.Errorf("%s: it got a label", says)
		}
	}
	ends := zebra(t, func(sent int) string { return hs(min(sent, 1), 0, 0, 0, 1) })
	s.speak(print.ZPL, ends.Addr().String())
	job = s.request("3", "label")
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Error(err)
	}
	s.want(job, print.Unsure, "out of paper")
	for name, answer := range map[string]string{"dumb": "", "nonsense": "\x02hello\x03\r\n\x02\x03\r\n\x02\x03\r\n"} {
		p := zebra(t, func(int) string { return answer })
		s.speak(print.ZPL, p.Addr().String())
		job := s.request("4 "+name, "label")
		if err := print.Send(ctx, s.DB, job); err != nil {
			t.Error(err)
		}
		s.want(job, print.Printed, "")
	}
}

// A job goes to another station's printer, or to the browser; a label printer of another resolution refuses what was not
// drawn for it.
func TestAJobGoesElsewhere(t *testing.T) {
	s, up, down := open(t), zebra(t, func(int) string { return hs(0, 0, 0, 0, 0) }), listen(t, prints)
	down.Close()
	s.use(down.Addr().String())
	job := s.request("1", "x")
	_ = print.Send(ctx, s.DB, job)
	other, fine := s.neighbour("K-2", 203), s.neighbour("K-3", 300)
	for station, address := range map[any]string{other: up.Addr().String(), fine: up.Addr().String()} {
		s.in(func(tx *sql.Tx) error {
			_, err := tx.Exec(`insert into printers (station_id, paper, kind, address) values ($1, 'label', 'zpl', $2)`, station, address)
			return err
		})
	}
	if err := pg.InTx(ctx, s.DB, func(tx *sql.Tx) error { return print.Elsewhere(ctx, tx, job, fine, s.site.Staff) }); !errors.Is(err, fault.Conflict) {
		t.Errorf("a label for 203 dpi goes to a printer of 300: %v", err)
	}
	s.in(func(tx *sql.Tx) error { return print.Elsewhere(ctx, tx, job, other, s.site.Staff) })
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Error(err)
	}
	if got := up.printed(); len(got) != 1 || string(got[0]) != "^XAx^XZ" {
		t.Errorf("the other printer got %q", got)
	}
	if err := pg.InTx(ctx, s.DB, func(tx *sql.Tx) error { return print.Elsewhere(ctx, tx, job, 0, s.site.Staff) }); !errors.Is(err, fault.Conflict) {
		t.Errorf("a printed job goes elsewhere: %v", err)
	}
	second := s.request("2", "x")
	s.in(func(tx *sql.Tx) error { return print.Elsewhere(ctx, tx, second, 0, s.site.Staff) })
	if j, err := print.JobByID(ctx, s.DB, second); err != nil || !j.Browser() || j.State != print.Queued {
		t.Errorf("%+v, %v", j, err)
	}
}
