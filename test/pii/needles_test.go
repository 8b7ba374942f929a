package pii

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// needles are the pieces of personal data that must be nowhere, each with the
// ways in which a program may write it down.
type needles map[string][][]byte

// hide makes needles of words. Numbers are looked for as written, without
// their signs, and encoded.
func hide(words map[string]string) needles {
	n := needles{}
	for name, word := range words {
		forms := []string{word, url.QueryEscape(word), url.PathEscape(word), html.EscapeString(word), hex.EncodeToString([]byte(word))}
		if bare := digitsIn(word); len(bare) >= 8 {
			forms = append(forms, bare)
		}
		for shift := range 3 { // base64 reads three bytes at a time, wherever they begin
			coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + word + "xx"))
			forms = append(forms, coded[(shift*8+5)/6:(shift*8+len(word)*8)/6])
		}
		for _, f := range forms {
			n[name] = append(n[name], []byte(f), []byte(strings.ToLower(f)))
		}
	}
	return n
}

func digitsIn(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// in names what is found in raw, with a little of what stands around it.
func (n needles) in(raw []byte) (found []string) {
	for name, forms := range n {
		for _, f := range forms {
			if i := bytes.Index(raw, f); i >= 0 {
				found = append(found, name+": …"+strings.ToValidUTF8(string(raw[max(0, i-60):min(len(raw), i+len(f)+20)]), "?")+"…")
				break
			}
		}
	}
	return found
}

// inFolder searches every byte of every file below a folder.
func (n needles) inFolder(t *testing.T, folder string, leaveOut ...string) (found []string, files int) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		for _, l := range leaveOut {
			if d.Name() == l {
				return filepath.SkipDir
			}
		}
		if !d.Type().IsRegular() {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, f := range n.in(raw) {
			found = append(found, filepath.Base(path)+" holds "+f)
		}
		return nil
	}))
	return found, files
}
