package print

import (
	"cmp"
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// TestPage prints the calibration label of a station on its label printer: rulers, a border, a barcode of each kind.
func TestPage(ctx context.Context, tx *sql.Tx, s staff.Station, press scan.Scan) (_ JobID, err error) {
	defer fault.Wrap(&err, "print.TestPage(%s)", s.Code)
	dpi := cmp.Or(s.DPI, labels.DPI203)
	paper, err := Fresh(ctx, tx, Calibration, s.Code+" · "+s.Name, dpi, func() (Content, error) {
		return Drawn(dpi, labels.Calibration{Station: s.Name})
	})
	if err != nil {
		return 0, err
	}
	press.Station = s.ID // not where somebody stands
	return Request(ctx, tx, paper, press)
}
