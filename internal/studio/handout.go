package studio

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Artist is somebody who draws, and how much is with him.
type Artist struct {
	ID       staff.ID
	Name     string
	MostOpen int  // jobs at a time
	Own      bool // that number is his own, not the settings'
	Away     bool
	With     int // jobs with him now
}

// Room is how many more jobs he may have; none while he is away.
func (a Artist) Room() int {
	if a.Away {
		return 0
	}
	return max(0, a.MostOpen-a.With)
}

// Artists is everybody who draws in a warehouse, by name.
func Artists(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Artist, err error) {
	defer fault.Wrap(&err, "studio.Artists")
	return artists(ctx, q, warehouse)
}

func artists(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) ([]Artist, error) {
	return pg.Collect(func(a *Artist) []any { return []any{&a.ID, &a.Name, &a.MostOpen, &a.Own, &a.Away, &a.With} })(q.QueryContext(ctx, `
		select s.id, s.name, coalesce(a.most_open, t.most_open), a.most_open is not null, coalesce(a.away, false),
		       (select count(*) from art_jobs j where j.artist_id = s.id and j.state = 'art')
		from staff s cross join studio_settings t left join artists a on a.staff_id = s.id
		where s.active and $2 = any(s.roles) and s.warehouse_id = $1
		order by s.name, s.id`, warehouse, staff.Artist))
}

// handOut gives what waits for an artist, the most urgent first, to whoever has most room. Whoever holds the row of the
// settings hands out alone, so two jobs never fill one place.
func handOut(ctx context.Context, tx *sql.Tx, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `select from studio_settings for update`); err != nil {
		return err
	}
	if err := orphaned(ctx, tx, at); err != nil {
		return err
	}
	waiting, err := pg.Collect((*Job).fields)(tx.QueryContext(ctx, `
		select `+jobColumns+` from art_jobs j where j.state = 'art' and j.artist_id is null order by j.due, j.id for update skip locked`))
	if err != nil || len(waiting) == 0 {
		return err
	}
	room := map[inventory.WarehouseID][]Artist{}
	for i := range waiting {
		j := &waiting[i]
		if _, read := room[j.Warehouse]; !read {
			if room[j.Warehouse], err = artists(ctx, tx, j.Warehouse); err != nil {
				return err
			}
		}
		free := roomiest(room[j.Warehouse])
		if free == nil {
			continue
		}
		free.With++
		if err := j.give(ctx, tx, *free, 0, at); err != nil {
			return err
		}
	}
	return nil
}

// HandOut looks whether somebody has room for what waits: people come, go, and change their roles.
func HandOut(ctx context.Context, tx *sql.Tx, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.HandOut")
	return handOut(ctx, tx, at)
}

// orphaned takes back what is with somebody who does not draw here any more.
func orphaned(ctx context.Context, tx *sql.Tx, at time.Time) error {
	jobs, err := pg.Collect((*Job).fields)(tx.QueryContext(ctx, `
		select `+jobColumns+` from art_jobs j join staff s on s.id = j.artist_id
		where j.state = 'art' and not (s.active and s.warehouse_id = j.warehouse_id and s.roles && array['artist', 'manager', 'admin'])
		order by j.id for update of j skip locked`))
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if err := j.takeBack(ctx, tx, 0, at, "the artist does not draw here any more"); err != nil {
			return err
		}
	}
	return nil
}

func (j Job) takeBack(ctx context.Context, tx *sql.Tx, by staff.ID, at time.Time, why string) error {
	if _, err := tx.ExecContext(ctx, `update art_jobs set artist_id = null where id = $1`, j.ID); err != nil {
		return err
	}
	return j.tell(ctx, tx, by, at, "taken back", why)
}

// roomiest is the artist with most room, nil when nobody has any.
func roomiest(list []Artist) (best *Artist) {
	for i := range list {
		if a := &list[i]; a.Room() > 0 && (best == nil || a.Room() > best.Room()) {
			best = a
		}
	}
	return best
}

// give lets an artist have a job.
func (j *Job) give(ctx context.Context, tx *sql.Tx, to Artist, by staff.ID, at time.Time) error {
	j.Artist = to.ID
	if _, err := tx.ExecContext(ctx, `update art_jobs set artist_id = $2 where id = $1`, j.ID, to.ID); err != nil {
		return err
	}
	return j.tell(ctx, tx, by, at, "given to "+to.Name, "")
}

// Reassign gives a job to another artist, whatever room he has.
func Reassign(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, ref string, to staff.ID, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.Reassign(%q)", short(ref))
	j, err := lockOne(ctx, tx, warehouse, ref)
	if err != nil {
		return err
	}
	if j.State != Art && j.State != ArtControl {
		return fault.New(fault.Conflict, "%s is not with an artist: it is %s.", j.Ref, j.State)
	}
	list, err := artists(ctx, tx, warehouse)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.ID == to {
			if err := j.give(ctx, tx, a, by, at); err != nil {
				return err
			}
			return handOut(ctx, tx, at)
		}
	}
	return fault.Fields{{Name: "artist", Message: "Choose one of the artists."}}
}

// SetArtist says how many jobs an artist has at a time, nil for what the settings say, and whether he is away. What is with
// somebody who goes away and nobody began anew is handed to others.
func SetArtist(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, who staff.ID, mostOpen *int, away bool, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.SetArtist(%d)", who)
	if mostOpen != nil && (*mostOpen < 0 || *mostOpen > 1000) {
		return fault.Fields{{Name: "most_open", Message: "Give 0 to 1000 jobs."}}
	}
	list, err := artists(ctx, tx, warehouse)
	if err != nil {
		return err
	}
	known := false
	for _, a := range list {
		known = known || a.ID == who
	}
	if !known {
		return fault.New(fault.NotFound, "There is no such artist here.")
	}
	if _, err := tx.ExecContext(ctx, `
		insert into artists (staff_id, most_open, away) values ($1, $2, $3)
		on conflict (staff_id) do update set most_open = excluded.most_open, away = excluded.away`, who, mostOpen, away); err != nil {
		return err
	}
	if away {
		if err := handBack(ctx, tx, who, by, at); err != nil {
			return err
		}
	}
	if err := staff.Audit(ctx, tx, by, "set an artist", "", map[string]any{"artist": who, "most_open": mostOpen, "away": away}); err != nil {
		return err
	}
	return handOut(ctx, tx, at)
}

// handBack takes new work from an artist; what was sent back to him stays his.
func handBack(ctx context.Context, tx *sql.Tx, who, by staff.ID, at time.Time) error {
	jobs, err := pg.Collect((*Job).fields)(tx.QueryContext(ctx, `
		select `+jobColumns+` from art_jobs j where j.artist_id = $1 and j.state = 'art' and j.why = 'new' order by j.id for update`, who))
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if err := j.takeBack(ctx, tx, by, at, "the artist is away"); err != nil {
			return err
		}
	}
	return nil
}
