package api

import (
	"bytes"
	"net/http"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
)

// plain refuses addresses whose decoded text no document has: control characters and what is not UTF-8.
func plain(c *fiber.Ctx) error {
	uri := c.Request().URI()
	if !readable(uri.Path()) || !readable(uri.QueryArgs().QueryString()) {
		return notText
	}
	bad := false
	uri.QueryArgs().VisitAll(func(key, value []byte) { bad = bad || !readable(key) || !readable(value) })
	if bad {
		return notText
	}
	return c.Next()
}

var notText = refuse(http.StatusBadRequest, "The address contains characters that are not text. Take them out.", "", nil)

func readable(text []byte) bool {
	return utf8.Valid(text) && !bytes.ContainsFunc(text, unicode.IsControl)
}

// wholeBody reads the body before anything looks at it, and refuses text that could not be stored as it was sent.
func wholeBody(c *fiber.Ctx) error {
	if c.Get(fiber.HeaderContentEncoding) != "" {
		return refuse(http.StatusUnsupportedMediaType, "Send the body as it is, without a Content-Encoding.", "", nil)
	}
	if takesFile(c) {
		return c.Next()
	}
	body := bytes.Clone(c.Request().Body())
	if why := unstorable(body); why != "" {
		return refuse(http.StatusBadRequest, why, "", nil)
	}
	c.Request().SetBodyStream(bytes.NewReader(body), len(body))
	return c.Next()
}

// unstorable says what in a JSON text would not survive: bytes that are not UTF-8 and halves of surrogate pairs,
// which a decoder replaces in silence, and NUL, which PostgreSQL's text cannot hold.
func unstorable(text []byte) string {
	if !utf8.Valid(text) {
		return "The body is not UTF-8. Send it as UTF-8."
	}
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		if i == len(text) || text[i] != 'u' {
			continue
		}
		r, ok := escaped(text[i+1:])
		if !ok {
			continue // not JSON; the decoder says so
		}
		switch {
		case r == 0:
			return `The body contains the character NUL (\u0000), which is not text. Take it out.`
		case utf16.IsSurrogate(r):
			low, ok := rune(0), len(text) > i+6 && text[i+5] == '\\' && text[i+6] == 'u'
			if ok {
				low, ok = escaped(text[i+7:])
			}
			if !ok || utf16.DecodeRune(r, low) == unicode.ReplacementChar {
				return "The body contains half of a character (" + string(text[i-1:i+5]) + "). Take it out or send it whole."
			}
			i += 6
		}
		i += 4
	}
	return ""
}

// escaped reads the four digits of a \u escape.
func escaped(digits []byte) (rune, bool) {
	if len(digits) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(digits[:4]), 16, 16)
	return rune(n), err == nil
}
