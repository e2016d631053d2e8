// Package assets holds the browser parts: built by npm from src into dist, embedded from there.
package assets

import (
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"path"
	"regexp"
	"strings"
)

//go:embed all:dist
var dist embed.FS

var manifest = readManifest()

func readManifest() map[string]string {
	m := map[string]string{}
	if b, err := dist.ReadFile("dist/manifest.json"); err == nil {
		if json.Unmarshal(b, &m) != nil {
			return map[string]string{}
		}
	}
	return m
}

// Built reports whether the browser parts were built before this binary. Without them every page still works as a
// plain form; it only looks plain.
func Built() bool { return len(manifest) > 0 }

// URL is the address of a built file by its plain name ("app.css"), or "" when the browser parts were not built.
func URL(name string) string {
	if file, ok := manifest[name]; ok {
		return "/assets/" + file
	}
	return ""
}

// hashed matches names that carry the hash of their content, which may be kept for ever.
var hashed = regexp.MustCompile(`-[A-Z0-9]{8}\.[a-z]+$`)

// File returns a built file, its media type, and whether it may be kept for ever.
func File(name string) (content []byte, mediaType string, forever bool, err error) {
	if name == "" || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") {
		return nil, "", false, fs.ErrNotExist
	}
	content, err = dist.ReadFile(path.Join("dist", name))
	if err != nil {
		return nil, "", false, err
	}
	return content, mediaTypeOf(name), hashed.MatchString(name), nil
}

func mediaTypeOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".wasm":
		return "application/wasm"
	default:
		return mime.TypeByExtension(ext)
	}
}
