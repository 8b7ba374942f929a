package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/publisher"
)

func (p *Pages) postRoutes() []Route {
	read, compose := []identity.Power{identity.ReadPosts}, []identity.Power{identity.Compose}
	return []Route{
		{Pattern: "GET /unggahan", Powers: read, Do: p.posts},
		{Pattern: "GET /unggahan/{id}", Powers: read, Do: p.post},
		{Pattern: "POST /unggahan/{id}/jadwal", Powers: compose, Do: p.movePost},
		{Pattern: "POST /unggahan/{id}/komentar", Powers: []identity.Power{identity.Compose, identity.Approve}, Do: p.commentPost("/unggahan/")},
	}
}

const postsSize = 40

func (p *Pages) posts(r *Request) (Answer, error) {
	f := r.Frame
	q := publisher.PostQuery{Limit: postsSize}
	chosen := r.FormValue("status")
	v := PostsView{Filters: []Link{{Text: f.T("posts.all"), Path: "/unggahan", Here: chosen == ""}, {Text: f.T("post.status.attention"), Path: "/unggahan?status=perlu", Here: chosen == "perlu", Tone: "bad"}}}
	for _, s := range publisher.PostStates {
		v.Filters = append(v.Filters, Link{Text: f.T("post.state." + string(s)), Path: "/unggahan?status=" + string(s), Here: chosen == string(s)})
		if chosen == string(s) {
			q.State = s
		}
	}
	q.Urgent, q.Before = chosen == "perlu", cursorFrom(r.FormValue("sesudah"))
	all, err := p.Publisher.ListPosts(r.Context(), r.By, q)
	if err != nil {
		return nil, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		v.Rows = append(v.Rows, postRow(f, s, l))
	}
	if len(all) == postsSize {
		v.Cut.Older = "/unggahan?status=" + chosen + "&sesudah=" + cursorText(all[len(all)-1].Cursor())
	}
	if q.Before.ID != "" {
		v.Cut.Newer = "/unggahan?status=" + chosen
	}
	return Show{View: v}, nil
}

func cursorText(c publisher.Cursor) string {
	return strconv.FormatInt(c.At.UnixMicro(), 10) + "." + string(c.ID)
}

func cursorFrom(text string) (c publisher.Cursor) {
	at, id, ok := strings.Cut(text, ".")
	micros, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return c
	}
	return publisher.Cursor{At: time.UnixMicro(micros).UTC(), ID: publisher.PostID(id)}
}

func postRow(f *Frame, s publisher.Summary, l lookUp) PostRow {
	row := PostRow{
		Path: "/unggahan/" + string(s.ID), Title: s.Title, Author: s.AuthorName, Beats: beatsOf(f, s),
		Status: Tag{Text: f.T("post.status." + string(s.Status)), Tone: statusTones[s.Status]}, When: whenText(f, s.Post),
	}
	published, of := 0, 0
	for _, leg := range s.Legs {
		if leg.Part {
			continue // it stands below its post on the same channel
		}
		row.Platforms = append(row.Platforms, string(l.channels[leg.Channel].Platform))
		of++
		if leg.State == publisher.Published {
			published++
		}
	}
	if s.State == publisher.PostScheduled || s.State == publisher.PostDone {
		row.Line = f.T("post.legs", "n", published, "of", of)
	}
	return row
}

func whenText(f *Frame, post publisher.Post) string {
	if post.Due.IsZero() {
		return f.T("post.soon")
	}
	return f.Brief(post.Due)
}

func (p *Pages) post(r *Request) (Answer, error) {
	v, err := p.postView(r, publisher.PostID(r.PathValue("id")))
	return Show{View: v}, err
}

func (p *Pages) postView(r *Request, id publisher.PostID) (v PostView, err error) {
	f := r.Frame
	full, err := p.Publisher.LoadPost(r.Context(), r.By, id)
	if err != nil {
		return v, err
	}
	v = PostView{
		ID: string(full.ID), Title: full.Title, Line: f.T("post.line", "name", full.AuthorName, "revision", full.Revision), Revision: full.Revision,
		Status: Tag{Text: f.T("post.status." + string(full.Status)), Tone: statusTones[full.Status]},
		Beats:  beatsOf(f, publisher.Summary{Post: full.Post, Status: full.Status}), When: whenText(f, full.Post), Link: full.Link, Digest: string(full.Digest),
		Chain: chainOf(f, full), MayComment: r.By.May(identity.Compose, r.By.Agency) || r.By.May(identity.Approve, r.By.Agency),
	}
	if !full.Window.NotAfter.IsZero() {
		v.Window = f.T("post.window", "time", f.DateTime(full.Window.NotAfter))
	}
	some, all := left(full)
	if full.MayEdit(r.By) == nil && !some {
		v.Edit, v.EditVoids = "/unggahan/"+v.ID+"/susun", full.State == publisher.PostScheduled
	}
	if full.State == publisher.PostReview && full.MayDecide(r.By) == nil {
		v.Review = "/persetujuan/" + v.ID
	}
	_, stoppable := full.State.Next(publisher.DeedWithdraw)
	v.Withdraw = stoppable && !all && r.By.May(identity.Compose, r.By.Agency)
	if full.State == publisher.PostScheduled && !some && r.By.May(identity.Compose, r.By.Agency) {
		v.Moves = moveForm(f, full)
	}
	p.postParts(r, full, &v)
	for _, ch := range full.Channels {
		row, err := p.deliveryRow(r, ch, full.Post)
		if err != nil {
			return v, err
		}
		for _, part := range ch.Parts {
			below, err := p.deliveryRow(r, publisher.ChannelView{Channel: ch.Channel, Delivery: part.Delivery}, full.Post)
			if err != nil {
				return v, err
			}
			below.Part = partName(f, part.Payload)
			row.Parts = append(row.Parts, below)
		}
		v.Deliveries = append(v.Deliveries, row)
	}
	return v, nil
}

// left says whether some of the post is out or on its way, and whether all of
// it is: the first cannot be changed any more, the second not even withdrawn.
func left(full publisher.View) (some, all bool) {
	all = len(full.Channels) > 0
	for _, ch := range full.Channels {
		some, all = some || gone(ch.Delivery), all && gone(ch.Delivery)
		for _, part := range ch.Parts {
			some, all = some || gone(part.Delivery), all && gone(part.Delivery)
		}
	}
	return some, all
}

func gone(d *publisher.Delivery) bool {
	if d == nil {
		return false
	}
	switch d.State {
	case publisher.Published, publisher.Sending, publisher.Unconfirmed, publisher.NeedsPerson:
		return true
	}
	return false
}

func moveForm(f *Frame, full publisher.View) *MoveForm {
	m := &MoveForm{Zone: full.When.Zone, Inside: f.DateTime(full.Window.NotAfter)}
	m.Date, m.Time, _ = strings.Cut(full.When.Wall, "T")
	m.Time = minute(m.Time)
	return m
}

// postParts fills in texts, pictures, history and comments.
func (p *Pages) postParts(r *Request, full publisher.View, v *PostView) {
	f := r.Frame
	for _, ch := range full.Channels {
		name, said, below := string(ch.Channel.Platform), false, belowSaid(f, ch.Parts)
		for i := range v.Texts {
			if v.Texts[i].Text == ch.Says && slices.Equal(v.Texts[i].Below, below) {
				v.Texts[i].Platforms = append(v.Texts[i].Platforms, name)
				v.Texts[i].Handles += ", " + ch.Channel.Handle
				said = true
			}
		}
		if !said {
			v.Texts = append(v.Texts, TextSaid{Platforms: []string{name}, Handles: ch.Channel.Handle, Text: ch.Says, Below: below})
		}
	}
	v.Media = picturesShown(f, full)
	for _, rev := range full.Revisions {
		what := "deed.post.edit"
		if rev.Number == 1 {
			what = "deed.post.create"
		}
		v.History = append(v.History, RevisionLine{Number: f.Int(rev.Number), Who: rev.ByName, When: f.Brief(rev.At), What: f.T(what)})
	}
	v.Comments = commentsOf(f, full)
}

// belowSaid is what goes below the post on one channel.
func belowSaid(f *Frame, parts []publisher.PartView) (all []BelowSaid) {
	for _, part := range parts {
		all = append(all, BelowSaid{Name: partName(f, part.Payload), Text: part.Text})
	}
	return all
}

// partName says what a part is; the post itself has none.
func partName(f *Frame, p publisher.Payload) string {
	switch p.Part {
	case publisher.PartThread:
		return f.T("compose.part", "n", p.Below+2)
	case publisher.PartComment:
		return f.T("compose.first_comment")
	}
	return ""
}

func picturesShown(f *Frame, full publisher.View) (all []MediaShown) {
	for _, pic := range full.Pictures {
		line := pictureLine(f, pic.Picture)
		if pic.Decorative {
			line += " · " + f.T("compose.decorative")
		}
		all = append(all, MediaShown{Src: "/gambar/" + string(pic.Picture.ID), Alt: pic.Alt, Line: line, Film: pic.Picture.Video()})
	}
	return all
}

func commentsOf(f *Frame, full publisher.View) (all []Comment) {
	for _, n := range full.Notes {
		text := n.Text
		if n.Deed != publisher.DeedComment {
			text = strings.TrimSuffix(f.T("post.deed."+string(n.Deed))+". "+n.Text, ". ")
		}
		all = append(all, Comment{Who: n.ByName, When: f.T("comments.when", "time", f.Brief(n.At), "revision", n.Revision), Text: text})
	}
	return all
}

func (p *Pages) movePost(r *Request) (Answer, error) {
	id := publisher.PostID(r.PathValue("id"))
	where, err := time.LoadLocation(p.zoneOf(r))
	if err != nil {
		return nil, err
	}
	due, err := time.ParseInLocation("2006-01-02T15:04", wall(r.PostFormValue("date"), r.PostFormValue("time")), where)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "post.time_unreadable", err, fault.Field("due"))
	}
	post, err := p.Publisher.Move(r.Context(), r.By, id, due.UTC())
	if err != nil {
		return nil, err
	}
	key := "flash.moved"
	if post.State != publisher.PostScheduled && post.State != publisher.PostReview {
		key = "flash.moved_void"
	}
	return GoTo{Path: "/unggahan/" + string(id), Flash: &Flash{Key: key, Bad: key == "flash.moved_void"}}, nil
}

// commentPost adds a word to the thread and goes back to the page it came from.
func (p *Pages) commentPost(below string) Handler {
	return func(r *Request) (Answer, error) {
		id := r.PathValue("id")
		if err := p.Publisher.Comment(r.Context(), r.By, publisher.PostID(id), r.PostFormValue("comment")); err != nil {
			return nil, err
		}
		return GoTo{Path: below + id, Flash: &Flash{Key: "flash.commented"}}, nil
	}
}
