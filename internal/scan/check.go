package scan

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Check proves the laws of the scan log. It repairs nothing.
func Check(ctx context.Context, q pg.Querier) (_ []pg.Law, err error) {
	defer fault.Wrap(&err, "scan.Check()")
	return pg.ProveAll(ctx, q, [2]string{"a scan was taken back by a later one that was right", `
		select format('scan %s of %s, taken back by %s', s.key, s.ref, s.undone_by)
		from scans s left join scans u on u.key = s.undone_by
		where s.undone_by is not null and (u.key is null or u.id <= s.id or u.result = 'wrong')`})
}
