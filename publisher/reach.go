package publisher

import (
	"context"
	"slices"
	"strings"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/media"
	"kentongan/internal/platform"
)

// reach is a variant with what its platform says of it.
type reach struct {
	Variant
	channel channel.Channel
	can     platform.Capabilities
	length  platform.Length
	below   []belowCheck        // what goes below it there
	rules   []*platform.Refusal // the platform's own, which an editor can mend
	price   int64               // of everything, in millionths of a US dollar
	spent   int64               // in this month
	budget  int64               // for a month; 0 is no limit
	public  string              // address below which the platform fetches media itself; "" for none
}

// belowCheck is a part with the platform's own counting of it.
type belowCheck struct {
	Payload
	length platform.Length
}

// byHand says that a person publishes what goes to the channel.
func byHand(ch channel.Channel) bool {
	return ch.Manual() || ch.Platform == platform.WhatsAppChannel || ch.Platform == platform.YouTubeCommunity
}

// TakesPosts says whether a channel publishes at all: WhatsApp Business answers
// people and has no public.
func (p *Publisher) TakesPosts(ch channel.Channel) bool {
	connector, err := p.Channels.Connector(ch.Platform)
	return err == nil && (byHand(ch) || !connector.Capabilities(nameplate(ch)).NoPosts)
}

// nameplate is an account without its credential: enough for counting, limits
// and addresses, which depend on its server and mode only.
func nameplate(ch channel.Channel) platform.Account {
	return platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID, Handle: ch.Handle}
}

// reach asks the connector for its counting, its limits and its rules.
func (p *Publisher) reach(post Post, v Variant, ch channel.Channel, pictures []media.Picture) (reach, error) {
	connector, err := p.Channels.Connector(ch.Platform)
	if err != nil {
		return reach{}, err
	}
	a := nameplate(ch)
	r := reach{Variant: v, channel: ch, can: connector.Capabilities(a), budget: p.budget(ch), public: p.PublicMediaBase}
	out := platform.Outgoing{Text: strings.TrimSpace(post.Says(v)), Link: post.Link}
	for i, m := range pictures {
		one := asSent(m, r.can)
		one.URL = r.public
		if i < len(post.Media) {
			one.Alt = post.Media[i].Alt
		}
		if byHand(ch) {
			one.URL = "by-hand" // nobody fetches it
		}
		out.Media = append(out.Media, one)
	}
	r.length = connector.Count(a, out)
	all := []platform.Outgoing{out}
	for _, part := range post.below(r.can) {
		said := platform.Outgoing{Text: part.Text, InReplyTo: "0"} // its place has no id yet
		r.below = append(r.below, belowCheck{Payload: part, length: connector.Count(a, said)})
		all = append(all, said)
	}
	for _, one := range all {
		if rules, ok := connector.(platform.Checker); ok {
			r.rules = append(r.rules, rules.Check(a, one)...)
		}
		if bill, ok := connector.(platform.Pricer); ok && !byHand(ch) {
			r.price += bill.Price(a, one)
		}
	}
	return r, nil
}

// asSent is a medium as its rendition will be: a picture is written anew in a
// type and size that the platform takes, a film goes as it is.
func asSent(m media.Picture, can platform.Capabilities) platform.Media {
	one := platform.Media{Type: m.Type, Size: m.Size, Width: m.Width, Height: m.Height, Length: m.Length}
	if m.Video() {
		return one
	}
	if len(can.MediaTypes) > 0 && !slices.Contains(can.MediaTypes, one.Type) {
		for _, kind := range []string{media.PNG, media.JPEG} {
			if slices.Contains(can.MediaTypes, kind) {
				one.Type = kind // of both, JPEG
			}
		}
	}
	if can.MaxMediaBytes > 0 {
		one.Size = min(one.Size, can.MaxMediaBytes)
	}
	if long := max(one.Width, one.Height); can.MaxMediaSide > 0 && long > can.MaxMediaSide {
		one.Width, one.Height = one.Width*can.MaxMediaSide/long, one.Height*can.MaxMediaSide/long
	}
	return one
}

// budget is what a channel may cost in a month; 0 is no limit.
func (p *Publisher) budget(ch channel.Channel) int64 {
	if p.Budget == nil {
		return 0
	}
	return p.Budget(ch)
}

// spent is what the channel has cost in this month.
func (p *Publisher) spent(ctx context.Context, tx *db.Tx, ch channel.Channel) (int64, error) {
	cost, err := channel.Spending(ctx, tx, ch.ID, channel.Month(p.now()))
	return cost.USDMicros, err
}

// overspends says that sending d would cost more than is left of the month.
func (p *Publisher) overspends(ctx context.Context, tx *db.Tx, d Delivery, ch channel.Channel) (bool, error) {
	budget := p.budget(ch)
	if budget <= 0 || byHand(ch) {
		return false, nil
	}
	connector, err := p.Channels.Connector(ch.Platform)
	if err != nil {
		return false, err
	}
	bill, ok := connector.(platform.Pricer)
	if !ok {
		return false, nil
	}
	spent, err := p.spent(ctx, tx, ch)
	return spent+bill.Price(nameplate(ch), p.outgoing(d)) > budget, err
}
