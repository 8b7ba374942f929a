package web

import (
	"strconv"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

// handExits are the ways out where a person publishes on the platform's own
// page: a task of its own for a post, the address there for a refused answer.
func (p *Pages) handExits(r *Request, d *publisher.Delivery, row *DeliveryRow) {
	if d.State == publisher.ByHand {
		row.Task, row.Cancel = "/pengiriman/"+string(d.ID)+"/manual", true
		return
	}
	h, err := p.Publisher.HandOver(r.Context(), r.By, d.ID)
	if err != nil || h.Guide == "" {
		return
	}
	row.Answer = &HandAnswer{Open: h.Guide, Label: r.Frame.T("delivery.open_at", "platform", r.Frame.T("platform."+string(h.Channel.Platform)))}
}

// personName is a colleague's name; "" for one that is not there any more.
func (p *Pages) personName(r *Request, id identity.PersonID) string {
	l, err := p.lookUp(r)
	if err != nil {
		return ""
	}
	return l.names[id]
}

// handTask is the page with everything that a person needs to publish a thing
// by hand.
func (p *Pages) handTask(r *Request) (Answer, error) {
	v, err := p.handView(r)
	return Show{View: v}, err
}

func (p *Pages) handView(r *Request) (v HandView, err error) {
	f := r.Frame
	h, err := p.Publisher.HandOver(r.Context(), r.By, publisher.DeliveryID(r.PathValue("id")))
	if err != nil {
		return v, err
	}
	if h.State != publisher.ByHand {
		return v, fault.New(fault.Conflict, "delivery.not_now", fault.Arg("state", string(h.State)))
	}
	text := platform.Compose(platform.Outgoing{Text: h.Payload.Text, Link: h.Payload.Link})
	v = HandView{
		ID: string(h.ID), Platform: string(h.Channel.Platform), Handle: h.Channel.Handle, Page: h.Channel.URL, Part: partName(f, h.Payload), Below: h.Below,
		Text: text, Rows: min(14, max(5, len(text)/60+2)), Guide: h.Guide, Digest: string(h.Digest), Due: f.DateTime(h.Due), Hosts: f.List(publisher.Hosts(h.Channel)),
		When: f.T("hand.due", "time", f.Brief(h.Due)), Tone: "ok",
	}
	if h.Origin == publisher.OriginPost {
		v.Post = "/unggahan/" + h.OriginID
	}
	switch late, over := p.Publisher.HandLate(h.Delivery); {
	case over:
		v.When, v.Tone = f.T("hand.over", "time", f.Brief(h.Window.NotAfter)), "bad"
	case late:
		v.When, v.Tone = f.T("hand.late", "time", f.Brief(h.Due)), "warn"
	}
	for i, m := range h.Payload.Media {
		v.Files = append(v.Files, HandFile{
			Path: "/pengiriman/" + v.ID + "/berkas/" + strconv.Itoa(i), Name: handFileName(i, m), Alt: m.Alt, Film: m.Length > 0,
			Line: m.Type + " · " + f.Bytes(m.Size),
		})
	}
	return v, nil
}

func handFileName(i int, m publisher.PayloadMedia) string {
	endings := map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "video/mp4": ".mp4", "video/quicktime": ".mov"}
	return "media-" + strconv.Itoa(i+1) + endings[m.Type]
}

// handFile is one file to download, exactly as it was signed.
func (p *Pages) handFile(r *Request) (Answer, error) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "media.not_found")
	}
	body, m, err := p.Publisher.HandFile(r.Context(), r.By, publisher.DeliveryID(r.PathValue("id")), n)
	if err != nil {
		return nil, err
	}
	name := handFileName(n, m)
	if r.FormValue("lihat") != "" {
		name = ""
	}
	return Stream{Type: m.Type, Name: name, Body: body}, nil
}

// publishedByHand records where something published by hand is.
func (p *Pages) publishedByHand(r *Request) (Answer, error) {
	id, address := publisher.DeliveryID(r.PathValue("id")), r.PostFormValue("url")
	at, err := p.handTime(r)
	if err == nil {
		err = p.Publisher.PublishedByHand(r.Context(), r.By, id, address, at)
	}
	if err == nil {
		return GoTo{Path: p.afterHand(r, id), Flash: &Flash{Key: "flash.by_hand"}}, nil
	}
	kind := fault.KindOf(err)
	if kind != fault.Invalid {
		return nil, err
	}
	v, verr := p.handView(r)
	if verr != nil {
		return nil, err // an answer's own page shows no task
	}
	v.URL, v.Date, v.Clock, v.Problems = address, r.PostFormValue("date"), r.PostFormValue("time"), r.Frame.Fault(err)
	return Show{View: v, Status: statusOf(kind)}, nil
}

// afterHand is where the person goes on: to the post, or back to the answer.
func (p *Pages) afterHand(r *Request, id publisher.DeliveryID) string {
	h, err := p.Publisher.HandOver(r.Context(), r.By, id)
	if err == nil && h.Origin == publisher.OriginPost {
		return "/unggahan/" + h.OriginID
	}
	return "/pengiriman/" + string(id)
}

// handTime is when it became public; nothing written is now.
func (p *Pages) handTime(r *Request) (time.Time, error) {
	date, clock := r.PostFormValue("date"), r.PostFormValue("time")
	if date == "" && clock == "" {
		return time.Time{}, nil
	}
	return publisher.When{Wall: wall(date, clock), Zone: p.zoneOf(r)}.Due()
}
