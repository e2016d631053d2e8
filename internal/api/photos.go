package api

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/packing"
)

// PhotoPost is the input of an operation whose body is a photo, as it is.
type PhotoPost struct {
	Keyed
	Carton  string `path:"carton" doc:"C-88"`
	RawBody []byte `contentType:"application/octet-stream"`

	hash files.Hash
}

func (p *PhotoPost) repeat() (string, []byte) { return p.Key, p.RawBody }

// keepPhoto looks at the photo and keeps it, made anew, outside of any transaction.
func (a *API) keepPhoto(_ context.Context, in *PhotoPost) error {
	if a.Files == nil {
		return fault.New(fault.Unavailable, "Photos are not kept here.")
	}
	photo, err := files.Photo(in.RawBody)
	if err != nil {
		return err
	}
	in.hash, err = a.Files.Put(photo)
	return err
}

type photographed struct {
	Carton string   `json:"carton"`
	Photos []string `json:"photos" nullable:"false" doc:"SHA-256 of each, the first taken first"`
}

func (a *API) addPhoto(ctx context.Context, tx *sql.Tx, in *PhotoPost) (out photographed, err error) {
	text, prefixed := strings.CutPrefix(segment(in.Carton), "C-")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || !prefixed {
		return out, fault.New(fault.NotFound, "There is no such carton here.")
	}
	id := packing.CartonID(n)
	c, err := packing.CartonByID(ctx, tx, id)
	if err == nil && c.Warehouse != who(ctx).house() {
		err = fault.New(fault.NotFound, "There is no carton %s here.", id)
	}
	if err != nil {
		return out, err
	}
	if err := packing.AddPhoto(ctx, tx, id, in.hash, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	all, err := packing.Photos(ctx, tx, id)
	return photographed{id.String(), each(all, func(p packing.Photo) string { return string(p.Hash) })}, err
}
