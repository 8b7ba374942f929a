package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// The parent folder is embedded because it always holds our own CSS and JS:
// the program compiles before the first `make assets`, when dist is absent.
//
//go:embed static
var static embed.FS

// Assets are the addresses of what a page loads. Without a bundle they name
// our own files one by one, and pages are plain but whole.
type Assets struct {
	CSS     []string
	Dark    string
	JS      string
	Sprite  string // "" without a bundle: words carry the meaning, icons are extra
	Preload string // the text font
}

// manifest is what build.mjs writes.
type manifest struct {
	Inputs string
	Icons  []string
	Marks  []string
	Files  map[string]string
}

func readManifest(files fs.FS) manifest {
	var m manifest
	b, err := fs.ReadFile(files, "static/dist/manifest.json")
	if err != nil || json.Unmarshal(b, &m) != nil {
		return manifest{}
	}
	return m
}

// assetsOf lists what pages load from files.
func assetsOf(files fs.FS) Assets {
	m := readManifest(files)
	if m.Files["app.css"] != "" && m.Files["app.js"] != "" {
		dist := func(name string) string { return "/aset/dist/" + m.Files[name] }
		return Assets{
			CSS: []string{dist("app.css")}, Dark: dist("dark.css"), JS: dist("app.js"), Sprite: dist("icons.svg"),
			Preload: dist("public-sans-latin-wght-normal.woff2"),
		}
	}
	a := Assets{Dark: "/aset/css/dark.css", JS: "/aset/js/plain.js", CSS: []string{"/aset/css/tokens.css"}}
	own, _ := fs.Glob(files, "static/css/*.css")
	for _, f := range own {
		switch name := path.Base(f); name {
		case "tokens.css", "dark.css", "fonts.css": // first, on its own, only in the bundle
		default:
			a.CSS = append(a.CSS, "/aset/css/"+name)
		}
	}
	return a
}

// forever is the caching of a file whose name holds the hash of its content.
const forever = "public, max-age=31536000, immutable"

var types = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
}

// serveAsset sends a file of static, compressed as the browser likes it.
func serveAsset(files fs.FS) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := path.Join("static", path.Clean("/"+r.PathValue("file")))
		kind, known := types[path.Ext(name)]
		body, err := fs.ReadFile(files, name)
		if err != nil || !known {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Add("Vary", "Accept-Encoding")
		sum := sha256.Sum256(body)
		h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
		h.Set("Cache-Control", "no-cache")
		if strings.HasPrefix(name, "static/dist/") {
			h.Set("Cache-Control", forever)
		}
		if match := r.Header.Get("If-None-Match"); match != "" && match == h.Get("ETag") {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		for _, e := range []struct{ coding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), e.coding) {
				continue
			}
			if small, err := fs.ReadFile(files, name+e.suffix); err == nil {
				h.Set("Content-Encoding", e.coding)
				body = small
				break
			}
		}
		w.Write(body) //nolint:errcheck // the browser has gone
	}
}
