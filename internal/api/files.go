package api

import (
	"context"
	"database/sql"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/production"
	"tote/internal/studio"
)

// largestFile is how long a file may be that is sent through the API.
const largestFile = 64 << 20

// FilePost is the input of an operation whose body is a picture, as it is.
type FilePost struct {
	Keyed
	Name    string `query:"name" required:"true" minLength:"1" maxLength:"200" doc:"What the file is called"`
	RawBody []byte `contentType:"application/octet-stream"`

	file studio.File
}

func (p *FilePost) repeat() (string, []byte) { return p.Key, p.RawBody }

// takesFile tells that a picture is sent to this address, not JSON.
func takesFile(c *fiber.Ctx) bool {
	to := func(begins, ends string) bool {
		return strings.HasPrefix(c.Path(), Prefix+version+begins) && strings.HasSuffix(c.Path(), ends)
	}
	return c.Method() == http.MethodPost && (to("/artwork/", "/files") || to("/cartons/", "/photos"))
}

// fileSlots bounds how many files are in memory at once.
var fileSlots = make(chan struct{}, 3)

// inTurn waits for a slot before the body is read.
func inTurn(ctx huma.Context, next func(huma.Context)) {
	select {
	case fileSlots <- struct{}{}:
		defer func() { <-fileSlots }()
		next(ctx)
	case <-ctx.Context().Done():
		ctx.SetStatus(http.StatusServiceUnavailable)
	}
}

// OfFile is the input of an operation that takes a file for the artwork of a line.
type OfFile struct {
	OfArtwork
	FilePost
	For string `query:"for" required:"true" enum:"artwork,picture" doc:"Finished artwork of an artist, or a picture of the customer"`
}

// keep looks at the file and keeps it, outside of any transaction. Nothing knows of it until a job takes it.
func (a *API) keep(ctx context.Context, in *OfFile) (err error) {
	if a.Files == nil {
		return fault.New(fault.Unavailable, "Files are not kept here.")
	}
	in.file, err = studio.Keep(ctx, a.Files, in.Name, in.RawBody)
	return err
}

// sendFile stores a file as the finished artwork of a line, or as its customer's picture.
func (a *API) sendFile(ctx context.Context, tx *sql.Tx, in *OfFile) (out artJob, err error) {
	by, line := who(ctx), segment(in.Line)
	if in.For == "artwork" {
		if !by.May(artists...) {
			return out, fault.New(fault.Forbidden, "Finished artwork is sent by artists.")
		}
		err = studio.Add(ctx, tx, by.house(), studio.Upload{Ref: line, Proofs: []studio.File{in.file}, By: by.ID, Any: by.May(managers...), At: by.at})
	} else {
		if !by.May(supporters...) {
			return out, fault.New(fault.Forbidden, "Pictures of customers are sent by client support.")
		}
		err = studio.Send(ctx, tx, by.house(), line, []studio.File{in.file}, studio.From{Staff: by.ID, At: by.at})
	}
	if err != nil {
		return out, err
	}
	return a.readArtJob(ctx, tx, line)
}

// bytesOf is the answer of an operation that gives a file: to be kept, never to be shown by a browser.
type bytesOf struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

func (a *API) bytes(hash files.Hash, name string) (*bytesOf, error) {
	if a.Files == nil {
		return nil, fault.New(fault.NotFound, "There is no such file.")
	}
	data, err := a.Files.Get(hash)
	if err != nil {
		return nil, err
	}
	return attached(data, name), nil
}

// attached is a file to be kept.
func attached(data []byte, name string) *bytesOf {
	return &bytesOf{fiber.MIMEOctetStream, mime.FormatMediaType("attachment", map[string]string{"filename": name}), "default-src 'none'; sandbox", data}
}

// fetch is an operation that gives a file.
func fetch[I any](do func(a *API, ctx context.Context, in *I) (*bytesOf, error)) func(*API, huma.API, operation) {
	return func(a *API, to huma.API, o operation) {
		op := o.huma(http.StatusOK)
		refusals(to, &op)
		op.Middlewares = huma.Middlewares{carry}
		op.Responses["200"] = &huma.Response{Description: "The very bytes", Content: map[string]*huma.MediaType{fiber.MIMEOctetStream: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
		huma.Register(to, op, func(ctx context.Context, in *I) (*bytesOf, error) {
			out, err := do(a, ctx, in)
			if err != nil {
				return nil, a.problemOf(fiberOf(ctx), err)
			}
			return out, nil
		})
	}
}

func (a *API) getArtFile(ctx context.Context, in *struct {
	OfArtwork
	SHA256 string `path:"sha256" doc:"Of a picture or a version of the line"`
}) (*bytesOf, error) {
	v, err := studio.Read(ctx, a.DB, who(ctx).house(), segment(in.Line))
	if err != nil {
		return nil, err
	}
	hash := files.Hash(in.SHA256)
	_, name, err := v.File(hash)
	if err != nil {
		return nil, err
	}
	return a.bytes(hash, name)
}

func (a *API) getWorkFile(ctx context.Context, in *struct {
	Job    string `path:"job" doc:"Its number: J-5"`
	SHA256 string `path:"sha256" doc:"Of a file that is made"`
}) (*bytesOf, error) {
	id, err := production.ParseID(segment(in.Job))
	if err != nil {
		return nil, err
	}
	if _, err := production.Get(ctx, a.DB, who(ctx).house(), id); err != nil {
		return nil, err
	}
	list, err := production.Files(ctx, a.DB, id)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if string(f.Hash) == in.SHA256 {
			return a.bytes(f.Hash, f.Name)
		}
	}
	return nil, fault.New(fault.NotFound, "%s makes no such file.", id)
}
