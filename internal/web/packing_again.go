package web

import (
	"context"
	"database/sql"

	"tote/internal/print"
	"tote/internal/scan"
	"tote/labels"
)

// isPrint reports whether a scan is the command to print again.
func isPrint(raw string) bool {
	code, err := labels.Parse(raw)
	return err == nil && code.Kind == labels.KindCommand && code.Value == labels.CommandPrint
}

// papersAgain prints each paper of a parcel once more that was printed before; what is on its way comes by itself.
func papersAgain(ctx context.Context, tx *sql.Tx, sscc string, press scan.Scan) error {
	jobs, err := print.JobsFor(ctx, tx, sscc)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if j.State != print.Printed {
			continue
		}
		if _, err := print.Reprint(ctx, tx, j.ID, press); err != nil {
			return err
		}
	}
	return nil
}
