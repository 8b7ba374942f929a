package moderation

import (
	"bytes"
	"encoding/xml"
	"time"
)

// Entry is one thing that happened to the public account.
type Entry struct {
	Path    string // below the account: "?bulan=2026-10"
	Name    string // what never changes of it: "akun/2026-10"
	Title   string
	Summary string
	At      time.Time
}

// Feed is what a feed says of itself.
type Feed struct {
	Home   string // address of the account
	Author string
	Title  string
	Lang   string
	Opened time.Time // of the account: its time while nothing has happened
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Updated   string   `xml:"updated"`
	Published string   `xml:"published"`
	Link      atomLink `xml:"link"`
	Summary   string   `xml:"summary"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Rights  string      `xml:"rights"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

// Atom writes a feed (RFC 4287): entries as they are given, ids that stay what
// they were, the feed as new as its newest entry.
func (f Feed) Atom(entries []Entry) ([]byte, error) {
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	newest := f.Opened
	out := atomFeed{
		Lang: f.Lang, ID: f.Home + "/umpan.xml", Title: f.Title, Author: f.Author, Rights: "CC BY 4.0",
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: f.Home + "/umpan.xml"}, {Rel: "alternate", Type: "text/html", Href: f.Home}},
	}
	for _, e := range entries {
		if e.At.After(newest) {
			newest = e.At
		}
		out.Entries = append(out.Entries, atomEntry{
			ID: f.Home + "/umpan.xml#" + e.Name, Title: e.Title, Updated: at(e.At), Published: at(e.At),
			Link: atomLink{Rel: "alternate", Type: "text/html", Href: f.Home + e.Path}, Summary: e.Summary,
		})
	}
	out.Updated = at(newest)
	var b bytes.Buffer
	b.WriteString(xml.Header)
	w := xml.NewEncoder(&b)
	w.Indent("", " ")
	if err := w.Encode(out); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
