package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
)

// logged gives every request a number and writes one line about it. The line holds the route's pattern, never the
// path: links of customers are secrets.
func (a *App) logged(c *fiber.Ctx) error {
	begun := time.Now()
	id := rand.Text()[:12]
	c.Locals(requestID, id)
	c.Set(fiber.HeaderXRequestID, id)
	if err := c.Next(); err != nil {
		if err := a.fail(c, err); err != nil {
			return err
		}
	}
	level := slog.LevelInfo
	if c.Response().StatusCode() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	attrs := []slog.Attr{
		slog.String("id", id),
		slog.String("method", c.Method()),
		slog.String("route", c.Route().Path),
		slog.Int("status", c.Response().StatusCode()),
		slog.Duration("took", time.Since(begun)),
	}
	if who, ok := a.session(c); ok {
		attrs = append(attrs, slog.Int64("staff", int64(who.ID)))
	}
	a.Log.LogAttrs(c.UserContext(), level, "request", attrs...)
	return nil
}

// recovered turns a panic into an error; the stack goes to the log alone.
func (a *App) recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			a.Log.Error("panic", "id", c.Locals(requestID), "value", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return c.Next()
}

// contentPolicy lets a page load from this site alone. Compiling the camera's reader needs wasm-unsafe-eval.
const contentPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; " +
	"media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secured sets the headers that keep a page to itself.
func secured(tls bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set("Content-Security-Policy", contentPolicy)
		c.Set("X-Content-Type-Options", "nosniff")
		// Not no-referrer: with it a browser sends "Origin: null" with a form, and where there is no https to make it
		// send Sec-Fetch-Site as well, our own forms could not be told from another site's.
		c.Set("Referrer-Policy", "same-origin")
		c.Set("X-Frame-Options", "DENY")
		c.Set("Cross-Origin-Opener-Policy", "same-origin")
		c.Set("Cross-Origin-Resource-Policy", "same-origin")
		c.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
		c.Set("Cache-Control", "no-store")
		if tls {
			c.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return c.Next()
	}
}

// limitBody answers a body that is too large with a sentence. The server alone would cut the connection, and the
// browser would show nothing: the rest is read and thrown away, up to a bound, so that the answer arrives.
func limitBody(c *fiber.Ctx) error {
	request := c.Request()
	if !request.IsBodyStream() {
		return c.Next()
	}
	length := request.Header.ContentLength()
	if most := picturesOf(c); most > 0 {
		if length < 0 || length > most {
			c.Context().SetConnectionClose()
			return fiber.ErrRequestEntityTooLarge
		}
		if err := c.Context().Conn().SetReadDeadline(time.Now().Add(picturesTime)); err != nil {
			return err
		}
		defer readToItsEnd(c)
		return c.Next()
	}
	if length >= 0 && length <= bodyLimit {
		defer readToItsEnd(c)
		return c.Next()
	}
	if length < 0 { // chunked: only reading tells
		var body bytes.Buffer
		_, err := io.CopyN(&body, request.BodyStream(), bodyLimit+1)
		if errors.Is(err, io.EOF) {
			request.SetBodyRaw(body.Bytes())
			return c.Next()
		}
		if err != nil {
			c.Context().SetConnectionClose()
			return fault.New(fault.Invalid, "The data broke off on its way. Send it again.")
		}
	}
	_, _ = io.CopyN(io.Discard, request.BodyStream(), 4*bodyLimit)
	c.Context().SetConnectionClose()
	return fiber.ErrRequestEntityTooLarge
}

// Large pictures are sent to few addresses, and may take their time.
const (
	picturesLimit  = 210 << 20
	formFilesLimit = 42 << 20 // with an order form, which may come from anybody
	photosLimit    = 32 << 20 // photos of goods, as telephones take them
	picturesTime   = 10 * time.Minute
)

// picturesOf is how many bytes of artwork may be sent to this address, 0 where none is.
func picturesOf(c *fiber.Ctx) int {
	path := c.Path()
	switch {
	case c.Method() != fiber.MethodPost:
		return 0
	case path == "/studio/uploads", strings.HasPrefix(path, "/studio/jobs/"), strings.HasPrefix(path, "/journey/") && strings.HasSuffix(path, "/pictures"),
		strings.HasPrefix(path, "/api/v1/artwork/") && strings.HasSuffix(path, "/files"):
		return picturesLimit
	case path == "/setup/designs", strings.HasPrefix(path, "/setup/designs/"), path == "/order", path == "/orders", path == "/quotes", strings.HasPrefix(path, "/orders/") && strings.HasSuffix(path, "/edit"):
		if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
			return formFilesLimit
		}
	case strings.HasSuffix(path, "/note"), strings.HasPrefix(path, "/journey/") && strings.HasSuffix(path, "/return"):
		if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
			return photosLimit
		}
	}
	return 0
}

// readToItsEnd throws away what a handler left of the body. What stays in the connection would be taken for the next
// request, and so could be made to be one.
func readToItsEnd(c *fiber.Ctx) {
	if !c.Request().IsBodyStream() {
		return
	}
	if _, err := io.Copy(io.Discard, c.Request().BodyStream()); err != nil {
		c.Context().SetConnectionClose()
	}
}

// Of a head that is too long so much is read and thrown away, for so long.
const (
	longestHead = 1 << 20
	headWait    = time.Second
)

// swallowHead reads the rest of a head that the server gave up on: closing a connection with bytes unread resets it,
// and the answer is lost on its way.
func swallowHead(conn net.Conn) {
	_ = conn.SetReadDeadline(time.Now().Add(headWait))
	buffer, last := make([]byte, 32<<10), []byte{}
	for read := 0; read < longestHead && !bytes.HasSuffix(last, []byte("\r\n\r\n")); {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		read += n
		last = append(last[max(0, len(last)-3):], buffer[:n]...)
	}
}

// timed bounds the wait of a handler: a reader is cancelled, a writer waits no longer for a connection.
func (a *App) timed(c *fiber.Ctx) error {
	most := patience
	if picturesOf(c) > 0 {
		most = picturesTime
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), most)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

var crossOrigin = http.NewCrossOriginProtection()

// sameOrigin refuses what another site's page makes a browser send.
func sameOrigin(c *fiber.Ctx) error {
	r := &http.Request{
		Method: c.Method(),
		Host:   string(c.Request().Host()),
		URL:    &url.URL{Path: c.Path()},
		Header: http.Header{},
	}
	for _, name := range []string{"Origin", "Sec-Fetch-Site"} {
		if v := c.Get(name); v != "" {
			r.Header.Set(name, v)
		}
	}
	if crossOrigin.Check(r) != nil {
		return fault.New(fault.Forbidden, "This request came from another site. Open Tote itself and try again.")
	}
	return c.Next()
}
