package publisher

import (
	"context"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
)

// Exit is a person's decision on a delivery that stands still.
type Exit string

const (
	ExitPublished Exit = "published"  // it is there: here is its address
	ExitSendAgain Exit = "send_again" // it is not there
	ExitCancel    Exit = "cancel"     // it shall not go out
)

// Resolution is that decision with what it rests on.
type Resolution struct {
	Exit     Exit
	URL      string // where it is, for ExitPublished
	RemoteID string // the platform's id; "" to take the end of the address
}

// mayRelease says whether the actor may sign the delivery anew: for a post a
// second person, for a reply whoever answers citizens.
func (d Delivery) mayRelease(by identity.Actor, post Post) error {
	if d.Origin == OriginReply {
		if !by.May(identity.Answer, d.Agency) {
			return fault.New(fault.Denied, "delivery.release.no_power")
		}
		return nil
	}
	switch {
	case !by.May(identity.Approve, d.Agency):
		return fault.New(fault.Denied, "delivery.release.no_power")
	case post.WroteIt(by.ID):
		return fault.New(fault.Denied, "delivery.release.own_post")
	}
	return nil
}

// mayClose says whether the actor may say what became of the delivery.
func (d Delivery) mayClose(by identity.Actor) error {
	if d.Origin == OriginReply && by.May(identity.Answer, d.Agency) {
		return nil
	}
	if d.Origin == OriginPost && (by.May(identity.Compose, d.Agency) || by.May(identity.Approve, d.Agency)) {
		return nil
	}
	return fault.New(fault.Denied, "delivery.resolve.no_power")
}

// MayRelease says why the actor cannot release the delivery; nil when it can.
// post is the delivery's; a reply has none.
func MayRelease(by identity.Actor, d Delivery, post Post) error {
	if d.State != Held && d.State != Missed && d.State != Failed && d.State != NeedsPerson {
		return fault.New(fault.Conflict, "delivery.not_now", fault.Arg("state", string(d.State)))
	}
	return d.mayRelease(by, post)
}

// Release sends a delivery that was held, missed or refused after all, at due
// or at once. Its window is a new one, so a new signature is given.
func (p *Publisher) Release(ctx context.Context, by identity.Actor, id DeliveryID, due time.Time) error {
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := LoadDelivery(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		return p.release(ctx, tx, by, d, due, Held, Missed, Failed)
	})
	return p.refusal(ctx, by, "delivery.release.refused", "delivery/"+string(id), err)
}

// release signs the delivery anew and promises it, if it is in one of the
// states.
func (p *Publisher) release(ctx context.Context, tx *db.Tx, by identity.Actor, d Delivery, due time.Time, from ...State) error {
	post, err := postOf(ctx, tx, d)
	if err != nil {
		return err
	}
	if err := d.mayRelease(by, post); err != nil {
		return err
	}
	if d.Origin == OriginReply && p.MayRelease != nil {
		if err := p.MayRelease(ctx, tx, by, d); err != nil {
			return err
		}
	}
	if err := in(d, from); err != nil {
		return err
	}
	ch, err := channel.ByID(ctx, tx, d.Channel)
	if err != nil {
		return err
	}
	if ch.Broken() {
		return fault.New(fault.Conflict, "delivery.release.channel_broken", fault.Arg("account", account(ch)))
	}
	now, was := p.now(), d.State
	if due = due.UTC().Truncate(time.Microsecond); due.Before(now) {
		due = now
	}
	d.State, d.Due, d.Window = Waiting, due, Window{NotBefore: due, NotAfter: due.Add(p.lateness(d.Origin))}
	d.Digest = DigestOf(d.Channel, d.Payload, d.Window)
	d.Absent, d.Code, d.Said, d.Fix, d.Evidence = 0, "", "", "", nil
	err = sign(ctx, tx, Approval{
		Agency: d.Agency, Origin: d.Origin, OriginID: d.OriginID, Channel: d.Channel, Revision: post.Revision,
		Digest: d.Digest, By: by.ID, Policy: PolicyVersion, At: now,
	})
	if err != nil {
		return err
	}
	// Uploads may have run out at the platform since.
	if err := forgetStage(ctx, tx, d.ID); err != nil {
		return err
	}
	if err := outbox.Put(ctx, tx, Promise(d, outbox.Publish)); err != nil {
		return err
	}
	if err := p.closeWith(ctx, tx, by, was, d, "delivery.release", string(was)); err != nil {
		return err
	}
	if d.Origin != OriginPost {
		return nil
	}
	if err := p.releaseBelow(ctx, tx, by, d, due); err != nil {
		return err
	}
	return reopenPost(ctx, tx, d.OriginID, now)
}

// releaseBelow releases with a delivery the parts that were held because of it.
func (p *Publisher) releaseBelow(ctx context.Context, tx *db.Tx, by identity.Actor, d Delivery, due time.Time) error {
	next, err := deliveriesAfter(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, n := range next {
		if n.State != Held || n.Code != predecessor {
			continue
		}
		if err := p.release(ctx, tx, by, n, due, Held); err != nil {
			return err
		}
	}
	return nil
}

// Resolve is a person's word on a delivery that stands still. Cancelling is
// open to every state that waits for a person; saying "it is there" or "send
// it again" only where nobody knows.
func (p *Publisher) Resolve(ctx context.Context, by identity.Actor, id DeliveryID, r Resolution) error {
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := LoadDelivery(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		switch r.Exit {
		case ExitPublished:
			return p.confirm(ctx, tx, by, d, r)
		case ExitSendAgain:
			return p.release(ctx, tx, by, d, p.now(), NeedsPerson)
		case ExitCancel:
			return p.abandon(ctx, tx, by, d)
		}
		return fault.New(fault.Invalid, "delivery.resolve.unknown", fault.Field("exit"))
	})
	return p.refusal(ctx, by, "delivery.resolve.refused", "delivery/"+string(id), err)
}

// confirm adopts what a person found on the platform.
func (p *Publisher) confirm(ctx context.Context, tx *db.Tx, by identity.Actor, d Delivery, r Resolution) error {
	if err := d.mayClose(by); err != nil {
		return err
	}
	if err := in(d, []State{NeedsPerson}); err != nil {
		return err
	}
	remoteID, err := r.remoteID()
	if err != nil {
		return err
	}
	if remoteID, err = seenAs(ctx, tx, d.Channel, remoteID, strings.TrimSpace(r.URL)); err != nil {
		return err
	}
	owner, err := adopted(ctx, tx, d.Channel, remoteID)
	if err != nil {
		return err
	}
	if owner != "" && owner != d.ID {
		return fault.New(fault.Conflict, "delivery.resolve.owned", fault.Field("url"))
	}
	now := p.now()
	d.State, d.RemoteID, d.RemoteURL, d.PublishedAt, d.Code, d.Said = Published, remoteID, strings.TrimSpace(r.URL), now, "", ""
	if err := p.closeWith(ctx, tx, by, NeedsPerson, d, "delivery.resolve", "published "+remoteID); err != nil {
		return err
	}
	return p.promiseAfter(ctx, tx, d, now)
}

// remoteID is the platform's id as given, or the end of the address: where
// most platforms put it.
func (r Resolution) remoteID() (string, error) {
	address := strings.TrimSpace(r.URL)
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" {
		return "", fault.New(fault.Invalid, "delivery.resolve.address", fault.Field("url"))
	}
	if id := strings.TrimSpace(r.RemoteID); id != "" {
		return id, nil
	}
	for _, name := range []string{"story_fbid", "v", "lb"} {
		// facebook.com/permalink.php, youtube.com/watch, youtube.com/…/community
		if id := u.Query().Get(name); id != "" {
			return id, nil
		}
	}
	path := strings.Trim(u.Path, "/")
	id := path[strings.LastIndexByte(path, '/')+1:]
	if id == "" {
		return "", fault.New(fault.Invalid, "delivery.resolve.address", fault.Field("url"))
	}
	return id, nil
}

// seenAs is the platform's own id of what a person found, when we have seen it
// on the channel: Facebook's addresses hold only the second half of an id, and
// under that half our own post would look like somebody else's.
func seenAs(ctx context.Context, tx *db.Tx, to channel.ID, remoteID, address string) (string, error) {
	fresh, err := channel.Sightings(ctx, tx, to, channel.SightingNew)
	for _, s := range fresh {
		if s.RemoteID == remoteID || s.URL == address || strings.HasSuffix(s.RemoteID, "_"+remoteID) {
			return s.RemoteID, err
		}
	}
	return remoteID, err
}

// abandon ends a delivery that shall not go out.
func (p *Publisher) abandon(ctx context.Context, tx *db.Tx, by identity.Actor, d Delivery) error {
	if err := d.mayClose(by); err != nil {
		return err
	}
	if err := in(d, []State{NeedsPerson, Held, Missed, Failed, ByHand}); err != nil {
		return err
	}
	was := d.State
	d.State, d.Code = Cancelled, "delivery.withdrawn"
	if err := p.closeWith(ctx, tx, by, was, d, "delivery.cancel", string(was)); err != nil {
		return err
	}
	if d.Origin == OriginPost {
		return postProgress(ctx, tx, d, p.now())
	}
	return nil
}

// closeWith saves a person's decision over the state it was made in, with its
// line in the trail.
func (p *Publisher) closeWith(ctx context.Context, tx *db.Tx, by identity.Actor, was State, d Delivery, deed, detail string) error {
	ok, err := saveDelivery(ctx, tx, was, d, p.now())
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Conflict, "delivery.not_now", fault.Arg("state", string(was)))
	}
	if err := live.Tell(ctx, tx, d.Agency, "delivery", string(d.ID)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, by, p.now(), audit.Deed{Name: deed, Subject: "delivery/" + string(d.ID), Digest: string(d.Digest), Detail: detail})
}

// postOf is the post of a delivery; a reply has none.
func postOf(ctx context.Context, tx *db.Tx, d Delivery) (Post, error) {
	if d.Origin != OriginPost {
		return Post{}, nil
	}
	return loadPost(ctx, tx, d.Agency, PostID(d.OriginID))
}

func in(d Delivery, states []State) error {
	for _, s := range states {
		if d.State == s {
			return nil
		}
	}
	return fault.New(fault.Conflict, "delivery.not_now", fault.Arg("state", string(d.State)))
}
