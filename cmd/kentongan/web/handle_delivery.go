package web

import (
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

func (p *Pages) deliveryRoutes() []Route {
	decide := []identity.Power{identity.Approve, identity.Compose, identity.Answer}
	return []Route{
		{Pattern: "GET /pengiriman/{id}", Powers: decide, Do: p.delivery},
		{Pattern: "POST /pengiriman/{id}/sudah-tayang", Powers: decide, Do: p.resolve(publisher.ExitPublished, "flash.confirmed")},
		{Pattern: "POST /pengiriman/{id}/kirim-ulang", Powers: decide, Do: p.sendAgain},
		{Pattern: "GET /pengiriman/{id}/manual", Powers: decide, Do: p.handTask},
		{Pattern: "GET /pengiriman/{id}/berkas/{n}", Powers: decide, Do: p.handFile},
		{Pattern: "POST /pengiriman/{id}/manual", Powers: decide, Do: p.publishedByHand},
		{Pattern: "POST /pengiriman/{id}/batalkan", Powers: decide, Do: p.resolve(publisher.ExitCancel, "flash.delivery_cancelled")},
	}
}

func (p *Pages) resolve(exit publisher.Exit, flash string) Handler {
	return func(r *Request) (Answer, error) {
		how := publisher.Resolution{Exit: exit, URL: r.PostFormValue("url")}
		if err := p.Publisher.Resolve(r.Context(), r.By, publisher.DeliveryID(r.PathValue("id")), how); err != nil {
			return nil, err
		}
		// A task that is done has no page of its own any more.
		return GoTo{Path: strings.TrimSuffix(backTo(r.Request), "/manual"), Flash: &Flash{Key: flash}}, nil
	}
}

// sendAgain signs a delivery anew: after a read-back that could not be
// complete it is a resolution, after everything else a release.
func (p *Pages) sendAgain(r *Request) (Answer, error) {
	id := publisher.DeliveryID(r.PathValue("id"))
	var d publisher.Delivery
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		d, err = publisher.LoadDelivery(r.Context(), tx, r.By.Agency, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if d.State == publisher.NeedsPerson {
		err = p.Publisher.Resolve(r.Context(), r.By, id, publisher.Resolution{Exit: publisher.ExitSendAgain})
	} else {
		err = p.Publisher.Release(r.Context(), r.By, id, time.Time{})
	}
	if err != nil {
		return nil, err
	}
	return GoTo{Path: backTo(r.Request), Flash: &Flash{Key: "flash.sent_again"}}, nil
}

var deliveryTones = map[publisher.State]string{
	publisher.Waiting: "primary", publisher.Sending: "info", publisher.Published: "ok", publisher.Unconfirmed: "warn", publisher.NeedsPerson: "bad",
	publisher.Failed: "bad", publisher.Held: "bad", publisher.Missed: "bad", publisher.Void: "", publisher.Cancelled: "", publisher.ByHand: "warn",
}

// deliveryRow is what became of a post at one channel, and what can be done.
func (p *Pages) deliveryRow(r *Request, ch publisher.ChannelView, post publisher.Post) (row DeliveryRow, err error) {
	f := r.Frame
	row = DeliveryRow{Platform: string(ch.Channel.Platform), Handle: ch.Channel.Handle}
	d := ch.Delivery
	if d == nil {
		row.State = Tag{Text: f.T("delivery.not_yet")}
		return row, nil
	}
	row.ID, row.State = string(d.ID), Tag{Text: f.T("delivery.state." + string(d.State)), Tone: deliveryTones[d.State]}
	row.Due, row.Said, row.URL, row.RemoteID, row.Evidence = f.Brief(d.Due), d.Said, d.RemoteURL, d.RemoteID, d.Evidence
	if d.Code != "" {
		row.Explain = f.T("fault." + d.Code)
	}
	if d.Fix != "" {
		row.Fix = f.T("fix." + d.Fix)
	}
	if d.State == publisher.Published {
		row.Receipt = f.T("delivery.receipt", "time", f.Brief(d.PublishedAt))
		if d.HandBy != "" {
			row.ByHand = f.T("delivery.by_hand.who", "name", p.personName(r, d.HandBy))
		}
		row.Counts, err = p.counts(r, post.ID, d.ID)
	}
	if publisher.MayPublishByHand(r.By, *d) == nil {
		p.handExits(r, d, &row)
	}
	if d.State.NeedsReview() {
		may := publisher.MayRelease(r.By, *d, post) == nil
		row.Confirm = may && d.State == publisher.NeedsPerson
		row.Resend, row.Cancel = may, may
	}
	return row, err
}

// counts are the latest figures of one delivery of a post.
func (p *Pages) counts(r *Request, post publisher.PostID, id publisher.DeliveryID) (facts []Fact, err error) {
	if !r.By.May(identity.ReadReport, r.By.Agency) {
		return nil, nil
	}
	all, err := p.Insight.Engagement(r.Context(), r.By, string(post))
	if err != nil {
		return nil, err
	}
	var last platform.Counts
	for _, h := range all {
		if h.Delivery == string(id) {
			last = h.Counts // oldest first: the last one is the latest
		}
	}
	for _, name := range []string{"views", "likes", "shares", "replies", "quotes", "bookmarks"} {
		if n, ok := last[name]; ok {
			facts = append(facts, Fact{Name: r.Frame.T("count." + name), Value: r.Frame.Int(n)})
		}
	}
	return facts, nil
}

// delivery shows one delivery by itself: where an answer is mended.
func (p *Pages) delivery(r *Request) (Answer, error) {
	var d publisher.Delivery
	var ch channel.Channel
	v := DeliveryView{Back: "/hari-ini"}
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if d, err = publisher.LoadDelivery(r.Context(), tx, r.By.Agency, publisher.DeliveryID(r.PathValue("id"))); err != nil {
			return err
		}
		if ch, err = channel.Load(r.Context(), tx, r.By.Agency, d.Channel); err != nil || d.Origin != publisher.OriginReply {
			return err
		}
		reply, err := inbox.LoadReply(r.Context(), tx, r.By.Agency, inbox.ReplyID(d.OriginID))
		v.Back = threadPath(reply.Conversation)
		return err
	})
	if err != nil {
		return nil, err
	}
	if d.Origin == publisher.OriginPost {
		return GoTo{Path: "/unggahan/" + d.OriginID}, nil
	}
	v.Text = d.Payload.Text
	v.Row, err = p.deliveryRow(r, publisher.ChannelView{Channel: ch, Delivery: &d}, publisher.Post{})
	return Show{View: v}, err
}
