package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/subtle"
	"errors"
	"io/fs"
	"net"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp/fasthttpadaptor"

	"tote/internal/fault"
	"tote/internal/web/assets"
)

// asset serves a built file. Its name carries the hash of its content, so a browser may keep it for ever.
func (a *App) asset(c *fiber.Ctx) error {
	content, mediaType, forever, err := assets.File(c.Params("file"))
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "There is no such file.")
	} else if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if forever {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	if strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		content = zipped(c.Params("file"), content)
	}
	return c.Send(content)
}

var zips sync.Map // file name → its gzip, made once

func zipped(name string, content []byte) []byte {
	if b, ok := zips.Load(name); ok {
		return b.([]byte)
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid one
	_, _ = w.Write(content)                               // a buffer takes everything
	_ = w.Close()
	kept, _ := zips.LoadOrStore(name, b.Bytes())
	return kept.([]byte)
}

const faviconSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 34 34"><path fill="#2a3fc4" d="M4 9a4 4 0 0 1 4-4h18a4 4 0 0 1 4 4l-2.2 17a4 4 0 0 1-4 3.5H10.200a4 4 0 0 1-4-3.500L4 9z"/><path fill="none" stroke="#fff" stroke-width="2.400" stroke-linecap="round" d="M11.500 13v10M15 13v10M19.500 13v10M22.500 13v10M9 9h16"/></svg>`

func (a *App) favicon(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	return c.SendString(faviconSVG)
}

// livez says that the process answers; readyz that it can work.
func (a *App) livez(c *fiber.Ctx) error { return health(c, a.Live) }

func (a *App) readyz(c *fiber.Ctx) error { return health(c, a.Ready) }

func health(c *fiber.Ctx, check func(context.Context) error) error {
	if check != nil {
		if err := check(c.UserContext()); err != nil {
			return c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
		}
	}
	return c.SendString("ok\n")
}

// metrics answers whoever has the token, or this machine where none is set.
func (a *App) metrics(c *fiber.Ctx) error {
	if a.Metrics == nil {
		return fault.New(fault.NotFound, "This copy of Tote keeps no metrics.")
	}
	if !a.mayMeasure(c) {
		return fault.New(fault.Forbidden, "Metrics are for the monitoring of this installation.")
	}
	fasthttpadaptor.NewFastHTTPHandler(a.Metrics)(c.Context())
	return nil
}

func (a *App) mayMeasure(c *fiber.Ctx) bool {
	if a.MetricsToken == "" {
		ip := net.ParseIP(c.IP())
		return ip != nil && ip.IsLoopback()
	}
	given := strings.TrimPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	return subtle.ConstantTimeCompare([]byte(given), []byte(a.MetricsToken)) == 1
}
