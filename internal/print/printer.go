package print

import (
	"context"
	"database/sql"
	"net"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print/ipp"
	"tote/internal/staff"
)

// Way is how a printer is spoken to.
type Way string

// The ways: PDF or ZPL on a port, IPP, or a person with a browser.
const (
	Raw     Way = "raw"
	ZPL     Way = "zpl"
	IPP     Way = "ipp"
	Browser Way = "browser"
)

// Printer stands at a station. A station has one for labels and one for sheets.
type Printer struct {
	ID      int64
	Station staff.StationID
	Code    string // the station's
	Name    string // the station's
	Stock   Stock
	Way     Way
	Address string // host:port; for IPP ipp://host:port/path; "" for the browser
}

// rawPort is where printers listen unless told otherwise.
const rawPort = "9100"

// CheckPrinter is the one validation of printers; mistakes are fault.Fields named stock, printer, address.
func CheckPrinter(p Printer) (Printer, error) {
	var bad fault.Fields
	p.Address = strings.TrimSpace(p.Address)
	if p.Stock != Label && p.Stock != Sheet {
		bad.Add("stock", "A printer holds labels or sheets.")
	}
	if p.Way == ZPL && p.Stock == Sheet {
		bad.Add("printer", "A printer that takes ZPL holds labels. Choose another for sheets.")
	}
	switch p.Way {
	case Browser:
		p.Address = ""
	case IPP:
		if _, err := ipp.New(p.Address, time.Second); err != nil || len(p.Address) > 253 || strings.ContainsFunc(p.Address, func(r rune) bool { return r <= ' ' || r > '~' }) {
			bad.Add("address", "Give the printer's whole address, as its set-up page shows it: ipp://10.0.0.17/ipp/print.")
		}
	case Raw, ZPL:
		p.Address = rawAddress(p.Address, &bad)
	default:
		bad.Add("printer", "Say how the printer is spoken to.")
	}
	return p, bad.Err()
}

// rawAddress is host and port.
func rawAddress(address string, bad *fault.Fields) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		host, port = address, rawPort
	}
	n, err := strconv.Atoi(port)
	if host == "" || len(host) > 253 || strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r > '~' || r == '/' }) || err != nil || n < 1 || n > 65535 {
		bad.Add("address", "Give the printer's host name or address, with a port unless it is 9100: 10.0.0.17 or 10.0.0.17:9100.")
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}

// SetPrinter gives a station its printer for labels or for sheets; the one it had stops being used, and what waits for
// it goes to the new one.
func SetPrinter(ctx context.Context, tx *sql.Tx, p Printer) (err error) {
	defer fault.Wrap(&err, "print.SetPrinter(%d)", p.Station)
	if p, err = CheckPrinter(p); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update printers set active = false where station_id = $1 and paper = $2 and active`, p.Station, p.Stock)
	if err != nil {
		return err
	}
	err = tx.QueryRowContext(ctx, `
		insert into printers (station_id, paper, kind, address) values ($1, $2, $3, $4) returning id`, p.Station, p.Stock, p.Way, p.Address).Scan(&p.ID)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update print_jobs j set printer_id = $1
		from printers old
		where j.printer_id = old.id and old.station_id = $2 and old.paper = $3 and j.state in ('queued', 'failed', 'unsure')`, p.ID, p.Station, p.Stock)
	return err
}

// Printers lists the printers of a warehouse by station.
func Printers(ctx context.Context, q pg.Querier, warehouse int64) (_ []Printer, err error) {
	defer fault.Wrap(&err, "print.Printers(%d)", warehouse)
	return pg.Collect(func(p *Printer) []any {
		return []any{&p.ID, &p.Station, &p.Code, &p.Name, &p.Stock, &p.Way, &p.Address}
	})(q.QueryContext(ctx, `
		select p.id, p.station_id, s.code, s.name, p.paper, p.kind, p.address
		from printers p join stations s on s.id = p.station_id
		where s.warehouse_id = $1 and p.active
		order by s.code, p.paper`, warehouse))
}
