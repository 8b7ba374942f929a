package web

import (
	"net/url"
	"strings"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

func (p *Pages) auditRoutes() []Route {
	return []Route{{Pattern: "GET /jejak", Powers: []identity.Power{identity.ReadAudit}, Do: p.trail}}
}

// trailSize is how many deeds one page holds.
const trailSize = 60

func (p *Pages) trail(r *Request) (Answer, error) {
	q := audit.Query{
		Agency: r.By.Agency, Actor: identity.PersonID(r.FormValue("siapa")), Subject: r.FormValue("tentang"),
		Before: r.FormValue("sebelum"), Limit: trailSize + 1,
	}
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	var all []audit.Entry
	err = p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		all, err = audit.List(r.Context(), tx, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	v := AuditView{Subject: q.Subject}
	for _, m := range l.members {
		v.People = append(v.People, Choice{Value: string(m.ID), Text: m.Name, Picked: m.ID == q.Actor})
	}
	if len(all) > trailSize {
		all = all[:trailSize]
		v.Cut.Older = trailPath(q, all[trailSize-1].ID)
	}
	if q.Before != "" {
		v.Cut.Newer = trailPath(q, "")
	}
	day := ""
	for _, e := range all {
		row := auditRow(r.Frame, e, l)
		if d := r.Frame.Date(e.At); d != day {
			row.Day, day = d, d
		}
		v.Rows = append(v.Rows, row)
	}
	return Show{View: v}, nil
}

func trailPath(q audit.Query, before string) string {
	path := withQuery("/jejak", "siapa", string(q.Actor))
	return withQuery(withQuery(path, "tentang", q.Subject), "sebelum", before)
}

func auditRow(f *Frame, e audit.Entry, l lookUp) AuditRow {
	kind, id, _ := strings.Cut(e.Subject, "/")
	row := AuditRow{
		Clock: f.Clock(e.At), Who: l.names[e.Actor], Did: wordOr(f, "deed."+e.Deed, e.Deed), Subject: wordOr(f, "subject."+kind, kind) + " " + brief(id),
		About: "/jejak?tentang=" + url.QueryEscape(e.Subject), Path: subjectPath(f, kind, id), Detail: e.Detail, Digest: brief(e.Digest), Sealed: brief(e.Hash),
	}
	if part, is := strings.CutPrefix(string(e.Actor), "system:"); is {
		row.Who, row.System = f.T("trail.system", "part", part), true
	}
	if name := l.names[identity.PersonID(id)]; kind == "person" && name != "" {
		row.Subject = name
	}
	if ch, known := l.channels[channel.ID(id)]; kind == "channel" && known {
		row.Subject = ch.Handle
	}
	if f.Has("channels") && kind == "channel" {
		row.Path = "/pengaturan/kanal"
	}
	return row
}

// subjectPath is the page of a thing, if it has one that this person may open.
func subjectPath(f *Frame, kind, id string) string {
	switch {
	case kind == "post" && f.Has("posts"):
		return "/unggahan/" + id
	case kind == "conversation" && f.Has("inbox"):
		return "/kotak-masuk/" + id
	}
	return ""
}

// wordOr is the text of a key, or the plain name where there is none yet.
func wordOr(f *Frame, key, plain string) string {
	if f.Printer.Has(key) {
		return f.T(key)
	}
	return plain
}

// brief is the end of an id or hash, long enough to tell two apart.
func brief(id string) string {
	if len(id) <= 8 {
		return id
	}
	return "…" + id[len(id)-8:]
}
