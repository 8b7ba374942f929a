package publisher

import (
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/platform"
)

// Verdict is what the fence says of a delivery that is about to leave.
type Verdict string

const (
	Go      Verdict = "go"
	Later   Verdict = "later"
	ToHeld  Verdict = "held"
	ToVoid  Verdict = "void"
	TooLate Verdict = "missed"
	ToHands Verdict = "by_hand"
)

// fence is everything the decision depends on.
type fence struct {
	now      time.Time
	delivery Delivery
	actual   Digest // of exactly what would be sent now
	unread   bool   // a picture cannot be read now, so nobody knows what would be sent
	signed   bool   // a valid signature covers the actual digest
	channel  channel.Channel
	lateness time.Duration
	before   *Delivery // what must be published first
	over     bool      // it would cost more than is left of the month
}

// check decides. The order matters: what is no longer what was signed is void
// whatever else holds; nothing is early; a broken channel holds its posts for
// review even when they are late by now.
func (f fence) check() (v Verdict, again time.Time, code string) {
	d := f.delivery
	usable, from := f.channel.Usable(f.now)
	switch {
	case !f.unread && f.actual != d.Digest:
		return ToVoid, time.Time{}, "delivery.changed"
	case !f.unread && !f.signed:
		return ToVoid, time.Time{}, "delivery.unsigned"
	case !d.follows(f.before):
		// Who signed a part signed its place, too.
		return ToVoid, time.Time{}, "delivery.changed"
	case f.now.Before(d.Due):
		return Later, d.Due, ""
	case f.now.Before(d.Window.NotBefore):
		return Later, d.Window.NotBefore, ""
	case f.channel.Broken():
		return ToHeld, time.Time{}, "delivery.channel_" + string(f.channel.Health)
	case f.inHands():
		return Later, f.now.Add(handPause), ""
	case f.now.After(d.latest(f.lateness)) && !f.fromHands():
		return TooLate, time.Time{}, "delivery.missed"
	case f.unread:
		return Later, f.now.Add(unreadPause), ""
	case f.before != nil && f.before.State.NeedsReview():
		return ToHeld, time.Time{}, predecessor
	case f.before != nil && (f.before.State == Void || f.before.State == Cancelled):
		return ToHeld, time.Time{}, predecessor
	case f.before != nil && f.before.State != Published:
		return Later, f.now.Add(5 * time.Second), ""
	case f.over:
		return ToHeld, time.Time{}, "delivery.over_budget"
	case byHand(f.channel):
		return ToHands, time.Time{}, "delivery.by_hand"
	case !usable:
		return Later, d.asked(from, f.lateness), ""
	}
	return Go, time.Time{}, ""
}

// inHands says that a person has yet to publish what the delivery goes below.
func (f fence) inHands() bool {
	return byHand(f.channel) && f.before != nil && f.before.State == ByHand
}

// fromHands says that a person has published what the delivery goes below: who
// took an hour for the beginning goes on where it ended.
func (f fence) fromHands() bool {
	return byHand(f.channel) && f.before != nil && f.before.State == Published
}

// follows says that a part stands below what its number names: the part before
// it of the same post on the same channel, under the id that was taken from it.
func (d Delivery) follows(before *Delivery) bool {
	if d.Payload.Part == "" {
		return true
	}
	if before == nil || before.Channel != d.Channel || before.Origin != d.Origin || before.OriginID != d.OriginID ||
		before.Payload.Part == PartComment || before.Payload.number() != d.Payload.Below {
		return false
	}
	return d.BelowID == "" || d.BelowID == before.RemoteID
}

// below is the delivery with its place, as the receipt of the part before
// names it.
func (d Delivery) below(before Delivery) Delivery {
	if d.Payload.Part != "" {
		d.BelowID, d.RootID = before.RemoteID, before.RootID
		if d.RootID == "" {
			d.RootID = before.RemoteID
		}
	}
	return d
}

// predecessor is why a part is held whose part before is not public.
const predecessor = "delivery.predecessor"

// handPause is how long a part waits for a person before it is looked at again;
// it is called as soon as the one before is public.
const handPause = time.Minute

// unreadPause is how long a delivery waits for a picture that cannot be read.
const unreadPause = 15 * time.Second

// latest is the last instant at which the delivery may still leave.
func (d Delivery) latest(lateness time.Duration) time.Time {
	if by := d.Due.Add(lateness); by.Before(d.Window.NotAfter) {
		return by
	}
	return d.Window.NotAfter
}

// asked is when a delivery that cannot leave before t is looked at again: then,
// or as soon as it is too late, so that people hear of it at once.
func (d Delivery) asked(t time.Time, lateness time.Duration) time.Time {
	if missed := d.latest(lateness).Add(time.Microsecond); missed.Before(t) {
		return missed
	}
	return t
}

// look is what a read-back tells the rule.
type look struct {
	now       time.Time
	delivery  Delivery
	found     []platform.Receipt // without those other deliveries own
	complete  bool
	duplicate bool // the last refusal said the platform has this text already
	looks     int64
	lateness  time.Duration
}

// incompleteLooks is after how many looks that could not cover the window a
// person is asked.
const incompleteLooks = 5

// absences is how many complete looks must miss it before it may be sent
// again: one look may be served from a stale copy.
const absences = 2

// judge decides what a read-back means.
func (l look) judge() (s State, code string) {
	d := l.delivery
	switch {
	case len(l.found) == 1:
		return Published, ""
	case len(l.found) > 1:
		return NeedsPerson, "delivery.conflict"
	case !l.complete && l.looks+1 >= incompleteLooks:
		return NeedsPerson, "delivery.cannot_look"
	case !l.complete || d.Absent+1 < absences:
		return Unconfirmed, ""
	case l.duplicate:
		return Failed, "delivery.duplicate"
	case l.now.After(d.latest(l.lateness)):
		return Missed, "delivery.missed"
	}
	return Waiting, ""
}
