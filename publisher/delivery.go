package publisher

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/media"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// job is one claim of a delivery's promise, on its way through the steps.
type job struct {
	claim    outbox.Claim
	delivery Delivery
	channel  channel.Channel
	timing   Timing
	find     bool // read back instead of sending
}

// Deliver keeps the promise to deliver: it claims, checks the fence, stages,
// sends and records; or reads back what an earlier attempt may have done. The
// steps are DESIGN §4's; between any two of them the process may die.
func (p *Publisher) Deliver(ctx context.Context, ring outbox.Ring) error {
	p.readFilms(ctx, DeliveryID(ring.Key))
	j, err := p.claim(ctx, ring)
	if err != nil || j == nil {
		return err
	}
	if j.find {
		p.step("find.claimed", j)
		return p.reconcile(ctx, j)
	}
	p.step("claimed", j)
	return p.send(ctx, j)
}

// claim takes the promise and passes the fence in one transaction. It returns
// nil when there is nothing to send now: what is to be done was then recorded.
func (p *Publisher) claim(ctx context.Context, ring outbox.Ring) (*job, error) {
	var ready *job
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		ready = nil
		now := p.Now()
		d, err := deliveryByID(ctx, tx, DeliveryID(ring.Key))
		if err != nil {
			return err
		}
		ch, err := channel.ByID(ctx, tx, d.Channel)
		if err != nil {
			return err
		}
		j := &job{delivery: d, channel: ch, timing: p.Timing(ch.Platform)}
		c, ok, err := outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, now, j.timing.Lease)
		if err != nil || !ok {
			return err
		}
		j.claim = c
		if d.State == Sending {
			if err := p.orphaned(ctx, tx, j, now); err != nil {
				return err
			}
		}
		switch j.delivery.State {
		case Waiting:
			return p.pass(ctx, tx, j, now, &ready)
		case Unconfirmed:
			return p.lookNow(ctx, tx, j, now, &ready)
		default:
			return outbox.Finish(ctx, tx, c) // decided already
		}
	})
	return ready, err
}

// orphaned decides for a worker that died holding the delivery. Before its
// publish attempt was written no byte of it had left: it waits again. After,
// nobody knows.
func (p *Publisher) orphaned(ctx context.Context, tx *db.Tx, j *job, now time.Time) error {
	was := j.delivery.State
	open, err := openPublish(ctx, tx, j.delivery.ID)
	if err != nil {
		return err
	}
	j.delivery.State = Waiting
	if open {
		j.delivery.State, j.delivery.Absent = Unconfirmed, 0
	}
	if err := closeAttempts(ctx, tx, j.delivery.ID, outcomeLost, now); err != nil {
		return err
	}
	if _, err = saveDelivery(ctx, tx, was, j.delivery, now); err != nil || !open {
		return err
	}
	return p.note(ctx, tx, j.delivery, "delivery.unconfirmed", "lost", now)
}

// pass checks the fence of a waiting delivery and writes its verdict.
func (p *Publisher) pass(ctx context.Context, tx *db.Tx, j *job, now time.Time, ready **job) error {
	if done, err := p.adoptHeard(ctx, tx, j, Waiting, now); err != nil || done {
		return err
	}
	v, again, code, err := p.fence(ctx, tx, j, now)
	if err != nil {
		return err
	}
	switch v {
	case Go:
		// A delivery that takes a place takes it with its state: what is staged
		// now, and what is read back later, goes below the same id.
		j.delivery.State, j.delivery.Code = Sending, ""
		if _, err := saveDelivery(ctx, tx, Waiting, j.delivery, now); err != nil {
			return err
		}
		if err := channel.TakePace(ctx, tx, j.channel.ID, now); err != nil {
			return err
		}
		if err := beginAttempt(ctx, tx, j.delivery, j.claim.Epoch, actStage, now); err != nil {
			return err
		}
		*ready = j
		return nil
	case Later:
		return outbox.Again(ctx, tx, j.claim, again)
	default:
		return p.stop(ctx, tx, j, Waiting, State(v), code, now)
	}
}

// fence loads what the decision depends on, and decides.
func (p *Publisher) fence(ctx context.Context, tx *db.Tx, j *job, now time.Time) (Verdict, time.Time, string, error) {
	d := j.delivery
	actual, unread := p.actualDigest(d)
	if unread != nil {
		p.Log.Warn("delivery: a picture cannot be read", slog.String("delivery", string(d.ID)), slog.Any("err", unread))
	}
	ok, err := signed(ctx, tx, d, actual)
	if err != nil {
		return "", time.Time{}, "", err
	}
	f := fence{now: now, delivery: d, actual: actual, unread: unread != nil, signed: ok, channel: j.channel, lateness: p.lateness(d.Origin)}
	if d.After != "" {
		before, err := deliveryByID(ctx, tx, d.After)
		if err != nil {
			return "", time.Time{}, "", err
		}
		f.before = &before
		if d.BelowID == "" && before.State == Published {
			j.delivery = d.below(before)
		}
	}
	if f.over, err = p.overspends(ctx, tx, d, j.channel); err != nil {
		return "", time.Time{}, "", err
	}
	v, again, code := f.check()
	return v, again, code, nil
}

// actualDigest fingerprints what would be sent now: the stored words, and the
// bytes of pictures and films as they lie on the disk. A file that is gone or
// changed gives another digest; one that cannot be read now, an error.
func (p *Publisher) actualDigest(d Delivery) (Digest, error) {
	payload := d.Payload
	payload.Media = append([]PayloadMedia(nil), d.Payload.Media...)
	for i, m := range payload.Media {
		sum, size, err := p.fileNow(m)
		if f := fault.Find(err); f != nil && (f.Kind == fault.NotFound || f.Code == media.ChangedOnDisk) {
			payload.Media[i].SHA256 = "missing"
			continue
		}
		if err != nil {
			return "", err
		}
		payload.Media[i].SHA256, payload.Media[i].Size = sum, size
	}
	return DigestOf(d.Channel, payload, d.Window), nil
}

// fileNow is the hash and size of a file as it lies on the disk.
func (p *Publisher) fileNow(m PayloadMedia) (string, int64, error) {
	if !media.Video(m.Type) {
		b, err := p.Media.Read(m.SHA256)
		sum := sha256.Sum256(b)
		return hex.EncodeToString(sum[:]), int64(len(b)), err
	}
	f, err := p.Media.Open(m.SHA256) // reads it through, unless that was done just before
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	return m.SHA256, size, err
}

// readFilms reads a delivery's films through before a transaction looks at
// them: half a gigabyte must not keep the database waiting. What it finds, the
// fence finds again.
func (p *Publisher) readFilms(ctx context.Context, id DeliveryID) {
	var d Delivery
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		d, err = deliveryByID(ctx, tx, id)
		return err
	})
	if err != nil {
		return
	}
	for _, m := range d.Payload.Media {
		if !media.Video(m.Type) {
			continue
		}
		if err := p.Media.Verify(m.SHA256); err != nil {
			p.Log.Warn("delivery: a film is not what it was", slog.String("delivery", string(id)), slog.Any("err", err))
		}
	}
}

// send stages, passes the gate, publishes and records.
func (p *Publisher) send(ctx context.Context, j *job) error {
	connector, account, err := p.open(ctx, j)
	if err != nil {
		return p.notSent(ctx, j, actStage, err)
	}
	notes := p.notes(j)
	out, err := p.addressed(ctx, j.delivery)
	if err != nil {
		return p.notSent(ctx, j, actStage, err)
	}
	stageCtx, cancel := context.WithCancel(p.Channels.Spending(ctx, j.channel.ID))
	defer cancel()
	if err := connector.Stage(stageCtx, account, out, notes); err != nil {
		return p.notSent(ctx, j, actStage, err)
	}
	p.step("staged", j)
	p.readFilms(ctx, j.delivery.ID)
	// The call's time runs from before the gate: a worker that freezes behind it
	// wakes with a dead request, not with a fresh one. The monotonic clock sees a
	// stopped process, the wall clock a stopped machine.
	deadline := time.Now().Add(j.timing.CallTimeout)
	pass, err := p.gate(ctx, j)
	if err != nil || !pass {
		return err
	}
	p.step("gated", j)
	r := result{err: &platform.NotSent{Err: errFrozen}}
	if p.Now().Before(j.claim.Until.Add(-j.timing.Lease)) {
		callCtx, cancelCall := context.WithDeadline(platform.WithQuota(p.Channels.Spending(ctx, j.channel.ID), func(q platform.Quota) { r.quota = &q }), deadline)
		defer cancelCall()
		r.receipt, r.err = connector.Publish(callCtx, account, out, notes)
	}
	p.step("answered", j)
	return p.record(context.WithoutCancel(ctx), j, r)
}

// errFrozen is a worker that stood still between the gate and the call for
// longer than a call may take: others may have decided meanwhile.
var errFrozen = errors.New("stood still before the call")

// open gets the connector and the channel's credential.
func (p *Publisher) open(ctx context.Context, j *job) (platform.Connector, platform.Account, error) {
	connector, err := p.Channels.Connector(j.channel.Platform)
	if err != nil {
		return nil, platform.Account{}, err
	}
	account, err := p.Channels.Account(ctx, j.channel)
	return connector, account, err
}

// gate reads lease, signature, channel and clock once more, immediately before
// the one visible call, and writes the attempt before any byte of it leaves.
func (p *Publisher) gate(ctx context.Context, j *job) (pass bool, err error) {
	err = p.DB.Update(ctx, func(tx *db.Tx) error {
		pass = false
		now := p.Now()
		if err := outbox.Hold(ctx, tx, j.claim, now); err != nil {
			if errors.Is(err, outbox.ErrLost) {
				return nil // another worker decides
			}
			return err
		}
		d, err := deliveryByID(ctx, tx, j.delivery.ID)
		if err != nil {
			return err
		}
		if j.channel, err = channel.ByID(ctx, tx, d.Channel); err != nil {
			return err
		}
		if d.State != Sending {
			return outbox.Finish(ctx, tx, j.claim)
		}
		staged := j.delivery.Digest
		j.delivery = d
		if done, err := p.adoptHeard(ctx, tx, j, Sending, now); err != nil || done {
			return err
		}
		if d.Digest != staged {
			// What was staged, and would be sent now, is not what the row says.
			return p.stop(ctx, tx, j, Sending, Void, "delivery.changed", now)
		}
		// Its own call was taken from the pace when it was claimed.
		if j.channel.PaceRemaining == 0 {
			j.channel.PaceRemaining = -1
		}
		v, again, code, err := p.fence(ctx, tx, j, now)
		if err != nil {
			return err
		}
		switch v {
		case Go:
			pass = true
			if err := outbox.Renew(ctx, tx, &j.claim, now.Add(j.timing.CallTimeout+j.timing.Lease)); err != nil {
				return err
			}
			return beginAttempt(ctx, tx, d, j.claim.Epoch, actPublish, now)
		case Later:
			d.State = Waiting
			if _, err := saveDelivery(ctx, tx, Sending, d, now); err != nil {
				return err
			}
			if err := p.note(ctx, tx, d, "delivery.waiting", "later", now); err != nil {
				return err
			}
			return outbox.Again(ctx, tx, j.claim, again)
		default:
			return p.stop(ctx, tx, j, Sending, State(v), code, now)
		}
	})
	return pass && err == nil, err
}

// addressed is the delivery in the connector's words, with whom it reaches.
func (p *Publisher) addressed(ctx context.Context, d Delivery) (platform.Outgoing, error) {
	out := p.outgoing(d)
	if p.Recipient == nil || d.Origin != OriginReply {
		return out, nil
	}
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		out.To, err = p.Recipient(ctx, tx, d)
		return err
	})
	return out, err
}

// outgoing is the delivery in the connector's words.
func (p *Publisher) outgoing(d Delivery) platform.Outgoing {
	out := platform.Outgoing{
		Text: d.Payload.Text, Link: d.Payload.Link, InReplyTo: d.Payload.InReplyTo, Thread: d.Payload.Thread, Private: d.Payload.Private, Key: d.Key(),
	}
	if d.Payload.Part != "" {
		out.InReplyTo, out.Thread = d.BelowID, d.RootID
	}
	if t := d.Payload.Template; t != nil {
		out.Template = &platform.Template{Name: t.Name, Language: t.Language, Values: t.Values}
	}
	for i, m := range d.Payload.Media {
		out.Media = append(out.Media, platform.Media{
			Key: "media." + strconv.Itoa(i), Type: m.Type, Alt: m.Alt, Size: m.Size,
			Width: m.Width, Height: m.Height, Length: m.Length, URL: p.publicURL(d.ID, i, m),
			Open: func() (platform.File, error) {
				if media.Video(m.Type) {
					return p.Media.Open(m.SHA256)
				}
				raw, err := p.Media.Read(m.SHA256)
				if err != nil {
					return nil, err
				}
				return platform.Bytes(raw)()
			},
		})
	}
	return out
}
