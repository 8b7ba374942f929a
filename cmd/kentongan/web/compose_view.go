package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/media"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

// composeView is the form with what the person has written, checked.
func (p *Pages) composeView(r *Request, in publisher.DraftInput, post publisher.Post) (v ComposeView, err error) {
	f := r.Frame
	l, err := p.lookUp(r)
	if err != nil {
		return v, err
	}
	v = ComposeView{ID: string(in.ID), Revision: in.Revision, Title: in.Title, Text: in.Text, Link: in.Link, Comment: in.Comment, Zone: zoneName(f, l)}
	for _, text := range in.Parts {
		if strings.TrimSpace(text) != "" {
			v.Parts = append(v.Parts, text)
		}
	}
	v.State = Tag{Text: f.T("post.status.draft")}
	p.composeWhen(&v, in.When)
	checked, err := p.Publisher.Check(r.Context(), r.By, in)
	if err != nil {
		return v, err
	}
	for _, ch := range channelsInOrder(l) {
		c := p.composeChannel(f, ch, in, checked)
		if c.Picked || p.Publisher.TakesPosts(ch) {
			v.Channels = append(v.Channels, c)
		}
	}
	if v.Text != "" || len(in.Variants) > 0 {
		v.Checks = checkLines(f, checked)
	}
	v.Costs = costLines(f, l, checked)
	v.Media, err = p.composeMedia(r, in)
	v.Voids = post.State == publisher.PostScheduled
	return v, err
}

func zoneName(f *Frame, l lookUp) string {
	name, _ := f.Now.In(l.agency.Location()).Zone()
	if names := map[string]string{"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}; names[l.agency.Zone] != "" {
		name = names[l.agency.Zone]
	}
	return name
}

func (p *Pages) composeWhen(v *ComposeView, w publisher.When) {
	v.Soon = w.Soon()
	v.Date, v.Time, _ = strings.Cut(w.Wall, "T")
	v.UntilDate, v.UntilTime, _ = strings.Cut(w.MoveUntil, "T")
	v.Time, v.UntilTime = minute(v.Time), minute(v.UntilTime)
}

// minute is what a time field shows of an instant.
func minute(clock string) string {
	if len(clock) > 5 {
		return clock[:5]
	}
	return clock
}

func (p *Pages) composeChannel(f *Frame, ch channel.Channel, in publisher.DraftInput, checked publisher.CheckResult) ComposeChannel {
	c := ComposeChannel{ID: string(ch.ID), Platform: string(ch.Platform), Handle: ch.Handle, Hand: ch.Manual()}
	connector, err := p.Channels.Connector(ch.Platform)
	if err == nil {
		able := connector.Capabilities(platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode})
		c.Limit, c.Unit = able.MaxText, f.T("unit."+able.TextUnit)
		c.Thread, c.FirstComment = able.Thread, able.FirstComment
	}
	if ch.Broken() {
		c.Broken = f.T("fault.delivery.channel_" + string(ch.Health))
	}
	for _, v := range in.Variants {
		if v.Channel == ch.ID {
			c.Picked, c.Own, c.Text = true, v.Own, v.Text
		}
	}
	for _, k := range checked.Channels {
		if k.Channel == ch.ID {
			c.Used, c.Limit, c.Unit = k.Used, k.Limit, f.T("unit."+k.Unit)
			for _, n := range k.Parts {
				c.Parts = append(c.Parts, Count(n))
			}
			if k.Comment != nil {
				c.CommentCount = Count(*k.Comment)
			}
		}
	}
	return c
}

// costLines are what the platforms charge, in dollars as they do and in rupiah
// by the office's rate.
func costLines(f *Frame, l lookUp, checked publisher.CheckResult) (facts []Fact) {
	for _, k := range checked.Channels {
		if k.Price <= 0 {
			continue
		}
		ch := l.channels[k.Channel]
		cost := Fact{Name: f.T("platform."+string(ch.Platform)) + " " + ch.Handle, Value: f.T("cost.dollars", "n", publisher.Dollars(k.Price))}
		if k.Rupiah > 0 {
			cost.Value = f.T("cost.both", "dollars", publisher.Dollars(k.Price), "rupiah", f.Int(k.Rupiah))
		}
		facts = append(facts, cost)
	}
	return facts
}

// checkLines are the findings in words, each leading to its field.
func checkLines(f *Frame, checked publisher.CheckResult) (lines []Check) {
	for _, finding := range checked.Findings {
		tone := "bad"
		if finding.Warn {
			tone = "warn"
		}
		for _, s := range f.Fault(finding.Fault) {
			lines = append(lines, Check{Tone: tone, Text: s.Text, Field: s.Field})
		}
	}
	if len(lines) == 0 {
		lines = append(lines, Check{Tone: "ok", Text: f.T("compose.checks.passed")})
	}
	return lines
}

func (p *Pages) composeMedia(r *Request, in publisher.DraftInput) (all []ComposeMedia, err error) {
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		for _, a := range in.Media {
			pic, err := media.Find(r.Context(), tx, r.By, a.Media)
			if err != nil {
				return err
			}
			all = append(all, ComposeMedia{ID: string(pic.ID), Name: pic.Name, Line: pictureLine(r.Frame, pic), Src: "/gambar/" + string(pic.ID), Alt: a.Alt, Decorative: a.Decorative, Film: pic.Video()})
		}
		return nil
	})
	return all, err
}

func pictureLine(f *Frame, pic media.Picture) string {
	line := f.Int(int64(pic.Width)) + " × " + f.Int(int64(pic.Height)) + " · " + f.Bytes(pic.Size)
	if pic.Video() {
		line += " · " + f.T("media.length", "time", clockOf(pic.Length))
	}
	return line
}

// clockOf writes a film's length as players do: 1:05.
func clockOf(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// channelNames are the agency's channels by id, for headings.
func (p *Pages) channelNames(r *Request) map[channel.ID]channel.Channel {
	l, err := p.lookUp(r)
	if err != nil {
		return nil
	}
	return l.channels
}

// comparedFields draws the differences of two contents.
func comparedFields(f *Frame, names map[channel.ID]channel.Channel, all []publisher.FieldDiff) (fields []FieldCompared) {
	for _, d := range all {
		c := FieldCompared{Name: fieldName(f, d.Field), Changed: d.Changed}
		if ch, ok := names[d.Channel]; ok {
			c.Name = f.T("platform."+string(ch.Platform)) + " " + ch.Handle
		}
		var pieces []Piece
		for _, op := range d.Ops {
			pieces = append(pieces, Piece{Kind: opKinds[op.Kind], Text: op.Text})
		}
		c.Before, c.After = SplitPieces(pieces)
		fields = append(fields, c)
	}
	return fields
}

// fieldName names a field in a comparison; parts and media by their place.
func fieldName(f *Frame, field string) string {
	if n, ok := strings.CutPrefix(field, "parts."); ok {
		if i, err := strconv.Atoi(n); err == nil {
			return f.T("compose.part", "n", i+2)
		}
	}
	return f.T("field." + field)
}

var opKinds = map[publisher.OpKind]string{publisher.Kept: "kept", publisher.Inserted: "inserted", publisher.Deleted: "deleted"}

var statusTones = map[publisher.Status]string{
	publisher.StatusReview: "warn", publisher.StatusReturned: "bad", publisher.StatusScheduled: "primary", publisher.StatusLeaving: "info", publisher.StatusByHand: "warn",
	publisher.StatusPublished: "ok", publisher.StatusPartly: "warn", publisher.StatusAttention: "bad", publisher.StatusRejected: "bad",
}

// chainOf is who has done what with the post, and who is next.
func chainOf(f *Frame, full publisher.View) []Person {
	chain := []Person{{Name: full.AuthorName, Role: f.T("chain.author"), Did: f.T("chain.wrote"), Tone: "ok"}}
	for _, s := range full.Signatures {
		if s.VoidedAt.IsZero() && !hasPerson(chain, s.ByName) {
			chain = append(chain, Person{Name: s.ByName, Role: f.T("role.approver"), Did: f.T("chain.signed", "time", f.Brief(s.At)), Tone: "ok"})
		}
	}
	if len(chain) == 1 {
		tone := ""
		if full.State == publisher.PostReview {
			tone = "warn"
		}
		chain = append(chain, Person{Name: f.T("chain.second"), Role: f.T("role.approver"), Did: f.T("chain.waits"), Tone: tone})
	}
	return chain
}

func hasPerson(all []Person, name string) bool {
	for _, p := range all {
		if p.Name == name {
			return true
		}
	}
	return false
}
