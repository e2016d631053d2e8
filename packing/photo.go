package packing

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/picking"
)

// Photo is what an open box looked like. It stays for good: it is what a dispute is settled by.
type Photo struct {
	Carton CartonID
	Hash   files.Hash
	By     string
	At     time.Time
}

const mostPhotos = 6 // of one carton

// AddPhoto keeps a picture of an open carton, until it leaves the house. The same picture twice is one.
func AddPhoto(ctx context.Context, tx *sql.Tx, id CartonID, photo files.Hash, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "packing.AddPhoto(%d)", id)
	if photo == "" {
		return fault.Fields{{Name: "photo", Message: "Take a photo or choose one first."}}
	}
	c, err := CartonByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := picking.Lock(ctx, tx, c.Ref); err != nil {
		return err
	}
	if c, err = CartonByID(ctx, tx, id); err != nil {
		return err
	}
	switch {
	case c.Station == "":
		return fault.New(fault.Conflict, "Carton %s was packed by a partner: there is nothing of it to take a photo of here.", id)
	case c.State == Shipped, c.State == Void:
		return fault.New(fault.Conflict, "Carton %s is %s. A photo is taken while it stands on the bench.", id, c.State)
	case len(c.Photos) >= mostPhotos:
		return fault.New(fault.Conflict, "Carton %s has %d photos already, as many as are kept.", id, mostPhotos)
	}
	_, err = tx.ExecContext(ctx, `
		insert into carton_photos (carton_id, photo, staff_id, at) values ($1, $2, $3, $4)
		on conflict (carton_id, photo) do nothing`, id, photo, who, at)
	return err
}

// Photos lists the pictures of cartons, the first taken first.
func Photos(ctx context.Context, q pg.Querier, cartons ...CartonID) (_ []Photo, err error) {
	defer fault.Wrap(&err, "packing.Photos(%d cartons)", len(cartons))
	return pg.Collect(func(p *Photo) []any { return []any{&p.Carton, &p.Hash, &p.By, &p.At} })(q.QueryContext(ctx, `
		select p.carton_id, p.photo, s.name, p.at from carton_photos p join staff s on s.id = p.staff_id
		where p.carton_id = any($1) order by p.id`, pg.Array(cartons)))
}
