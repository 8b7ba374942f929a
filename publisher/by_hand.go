package publisher

import (
	"context"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// handable says whether a person may publish the delivery on the platform's
// own page: a task that is due, or an answer that the platform takes from
// people alone.
func (d Delivery) handable() bool {
	return d.State == ByHand || d.State == Failed && d.Origin == OriginReply
}

// MayPublishByHand says why the actor cannot record that the delivery was
// published by hand; nil when it can.
func MayPublishByHand(by identity.Actor, d Delivery) error {
	if err := d.mayClose(by); err != nil {
		return err
	}
	if !d.handable() {
		return fault.New(fault.Conflict, "delivery.not_now", fault.Arg("state", string(d.State)))
	}
	return nil
}

// PublishedByHand records what a person published on the platform's own page:
// the very thing that was signed, and where it is. at is when; zero is now.
func (p *Publisher) PublishedByHand(ctx context.Context, by identity.Actor, id DeliveryID, address string, at time.Time) error {
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := LoadDelivery(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if err := MayPublishByHand(by, d); err != nil {
			return err
		}
		if err := stillSigned(ctx, tx, d); err != nil {
			return err
		}
		ch, err := channel.ByID(ctx, tx, d.Channel)
		if err != nil {
			return err
		}
		if at, err = handTime(at, d.CreatedAt, p.now()); err != nil {
			return err
		}
		was := d.State
		if d, err = p.handed(ctx, tx, d, ch, address); err != nil {
			return err
		}
		d.State, d.PublishedAt, d.HandBy, d.Code, d.Said, d.Fix = Published, at, by.ID, "", "", ""
		if err := p.closeWith(ctx, tx, by, was, d, "delivery.by_hand.published", d.RemoteID); err != nil {
			return err
		}
		return p.promiseAfter(ctx, tx, d, p.now())
	})
	return p.refusal(ctx, by, "delivery.by_hand.refused", "delivery/"+string(id), err)
}

// stillSigned fails for a delivery that is no longer what people signed.
func stillSigned(ctx context.Context, tx *db.Tx, d Delivery) error {
	actual := DigestOf(d.Channel, d.Payload, d.Window)
	ok, err := signed(ctx, tx, d, actual)
	if err == nil && (!ok || actual != d.Digest) {
		err = fault.New(fault.Conflict, "delivery.by_hand.unsigned")
	}
	return err
}

// handTime is when it became public; a clock that is a little fast is forgiven,
// and a form that knows no seconds. It was signed before: a citizen's clock
// cannot be set back by it.
func handTime(at, signed, now time.Time) (time.Time, error) {
	at = at.UTC().Truncate(time.Microsecond)
	switch {
	case !at.IsZero() && at.Before(signed.Truncate(time.Minute)):
		return at, fault.New(fault.Invalid, "delivery.by_hand.unsigned_then", fault.Field("at"))
	case !at.IsZero() && at.Before(signed):
		return signed, nil
	case at.IsZero() || at.After(now) && at.Before(now.Add(5*time.Minute)):
		return now, nil
	case at.After(now):
		return at, fault.New(fault.Invalid, "delivery.by_hand.future", fault.Field("at"))
	}
	return at, nil
}

// handed is the delivery with the address that the person gave.
func (p *Publisher) handed(ctx context.Context, tx *db.Tx, d Delivery, ch channel.Channel, address string) (Delivery, error) {
	address = strings.TrimSpace(address)
	remoteID, err := Resolution{URL: address}.remoteID()
	if err != nil {
		return d, err
	}
	if hosts := hostsOf(ch); !fits(address, hosts) {
		return d, fault.New(fault.Invalid, "delivery.by_hand.elsewhere", fault.Field("url"), fault.Arg("hosts", strings.Join(hosts, ", ")))
	}
	if remoteID, err = seenAs(ctx, tx, d.Channel, remoteID, address); err != nil {
		return d, err
	}
	owner, err := adopted(ctx, tx, d.Channel, remoteID)
	if err != nil {
		return d, err
	}
	if owner != "" && owner != d.ID {
		return d, fault.New(fault.Conflict, "delivery.resolve.owned", fault.Field("url"))
	}
	d.RemoteID, d.RemoteURL = remoteID, address
	return d, nil
}

// publicHosts are where the platforms show what was published.
func publicHosts(name platform.Name) []string {
	switch name {
	case platform.X:
		return []string{"x.com", "twitter.com"}
	case platform.Facebook:
		return []string{"facebook.com", "fb.com", "fb.watch"}
	case platform.Instagram:
		return []string{"instagram.com"}
	case platform.Threads:
		return []string{"threads.com", "threads.net"}
	case platform.YouTube, platform.YouTubeCommunity:
		return []string{"youtube.com", "youtu.be"}
	case platform.TikTok:
		return []string{"tiktok.com"}
	case platform.LinkedIn:
		return []string{"linkedin.com", "lnkd.in"}
	case platform.Telegram:
		return []string{"t.me", "telegram.me"}
	case platform.Bluesky:
		return []string{"bsky.app"}
	case platform.WhatsApp, platform.WhatsAppChannel:
		return []string{"whatsapp.com", "wa.me"}
	}
	return nil
}

// hostsOf are the hosts on which a channel's posts are seen: the platform's,
// and those of the channel's own addresses (a Mastodon server, the sandbox).
func hostsOf(ch channel.Channel) []string {
	hosts := publicHosts(ch.Platform)
	for _, own := range []string{ch.URL, ch.BaseURL} {
		u, err := url.Parse(own)
		if err != nil || u.Hostname() == "" || fits(own, hosts) || u.Hostname() == "graph.facebook.com" {
			continue
		}
		hosts = append(hosts, u.Hostname())
	}
	return hosts
}

// fits says whether an address is on one of the hosts or below it.
func fits(address string, hosts []string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	for _, h := range hosts {
		if h = strings.ToLower(h); host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// Hosts are the hosts that an address of something published by hand may have.
func Hosts(ch channel.Channel) []string { return hostsOf(ch) }

// Hand is what a person needs to publish a delivery by hand.
type Hand struct {
	Delivery
	Channel channel.Channel
	Guide   string // the platform's own page for it; "" when it is not known
	Below   string // of a part: the address of what it goes below; "" otherwise
	Files   int    // media to download
}

// HandOver opens what a person needs to publish a delivery by hand: for those
// who may say what became of it.
func (p *Publisher) HandOver(ctx context.Context, by identity.Actor, id DeliveryID) (Hand, error) {
	var h Hand
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		if h.Delivery, err = LoadDelivery(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if err := h.mayClose(by); err != nil {
			return err
		}
		if h.Channel, err = channel.ByID(ctx, tx, h.Delivery.Channel); err != nil {
			return err
		}
		if h.Payload.Part != "" && h.After != "" {
			before, err := deliveryByID(ctx, tx, h.After)
			if err != nil {
				return err
			}
			h.Below = before.RemoteURL
		}
		return nil
	})
	if err != nil {
		return h, err
	}
	h.Files = len(h.Payload.Media)
	connector, err := p.Channels.Connector(h.Channel.Platform)
	if err != nil {
		return h, err
	}
	if guide, ok := connector.(platform.Guide); ok {
		out := p.outgoing(h.Delivery)
		deed := "post"
		if out.InReplyTo != "" {
			deed = "reply"
		}
		h.Guide = guide.ByHand(nameplate(h.Channel), deed, out.InReplyTo, platform.Compose(out))
	}
	return h, nil
}

// HandFile opens the nth file of a delivery that a person publishes by hand.
func (p *Publisher) HandFile(ctx context.Context, by identity.Actor, id DeliveryID, n int) (platform.File, PayloadMedia, error) {
	h, err := p.HandOver(ctx, by, id)
	if err != nil {
		return nil, PayloadMedia{}, err
	}
	if n < 0 || n >= len(h.Payload.Media) || !h.handable() {
		return nil, PayloadMedia{}, fault.New(fault.NotFound, "media.not_found")
	}
	m := h.Payload.Media[n]
	file, err := p.Media.Open(m.SHA256)
	return file, m, err
}

// AwaitingHands lists the tasks that are due to be published by hand, the
// oldest first.
func (p *Publisher) AwaitingHands(ctx context.Context, by identity.Actor) ([]Delivery, error) {
	var all []Delivery
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		if err := mayRead(by); err != nil {
			return err
		}
		all, err = DeliveriesIn(ctx, tx, by.Agency, ByHand, 500)
		return err
	})
	return all, err
}

// HandLate says that a task is past the time within which the thing would have
// been sent by itself; over says that what was signed may not leave any more.
func (p *Publisher) HandLate(d Delivery) (late, over bool) {
	now := p.Now()
	return now.After(d.latest(p.lateness(d.Origin))), now.After(d.Window.NotAfter)
}
