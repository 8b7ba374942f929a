package publisher

import (
	"context"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
)

// watchAgain is when a sighting is looked at again that may belong to a
// delivery whose outcome is not known yet.
const watchAgain = 10 * time.Second

// Watch looks at what was seen on our own channel. A post that no delivery
// made, newer than the connection, is foreign: the channel is frozen and an
// alarm is raised (accounts of Indonesian cities were taken over).
func (p *Publisher) Watch(ctx context.Context, ring outbox.Ring) error {
	return p.DB.Update(ctx, func(tx *db.Tx) error {
		now := p.Now()
		c, ok, err := outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, now, time.Minute)
		if err != nil || !ok {
			return err
		}
		ch, err := channel.ByID(ctx, tx, channel.ID(ring.Key))
		if err != nil {
			return err
		}
		fresh, err := channel.Sightings(ctx, tx, ch.ID, channel.SightingNew)
		if err != nil {
			return err
		}
		undecided := false
		for _, s := range fresh {
			state, err := p.judged(ctx, tx, ch, s, now)
			if err != nil {
				return err
			}
			if state == channel.SightingNew {
				undecided = true
				continue
			}
			if err := channel.Judge(ctx, tx, s, state); err != nil {
				return err
			}
			if state == channel.SightingForeign {
				if err := p.alarm(ctx, tx, ch, s, now); err != nil {
					return err
				}
			}
		}
		if undecided {
			return outbox.Again(ctx, tx, c, now.Add(watchAgain))
		}
		return outbox.Finish(ctx, tx, c)
	})
}

// judged looks at one sighting: what the platform says of a delivery that it
// names, then what we own, then what a person published by hand.
func (p *Publisher) judged(ctx context.Context, tx *db.Tx, ch channel.Channel, s channel.Sighting, now time.Time) (string, error) {
	if state, err := p.laterWord(ctx, tx, ch, s, now); err != nil || state != "" {
		return state, err
	}
	owner, err := adopted(ctx, tx, ch.ID, s.RemoteID)
	if err != nil {
		return "", err
	}
	if owner == "" {
		if owner, err = p.fromHands(ctx, tx, ch, s, now); err != nil {
			return "", err
		}
	}
	if owner == "" {
		if state, err := p.sighted(ctx, tx, ch, s, now); err != nil || state != "" {
			return state, err
		}
	}
	busy, err := underWay(ctx, tx, ch.ID, s.PostedAt)
	return origin(s, owner, ch, busy), err
}

// origin says whose a sighting is. Replies made by hand in the platform's own
// app are the agency's own way of working and no alarm.
func origin(s channel.Sighting, owner DeliveryID, ch channel.Channel, busy bool) string {
	switch {
	case owner != "":
		return channel.SightingOurs
	case s.PostedAt.Before(ch.ConnectedAt), s.InReplyTo != "":
		return channel.SightingKnown
	case busy:
		return channel.SightingNew
	}
	return channel.SightingForeign
}

func (p *Publisher) alarm(ctx context.Context, tx *db.Tx, ch channel.Channel, s channel.Sighting, now time.Time) error {
	if err := channel.SetHealth(ctx, tx, ch.ID, channel.Frozen, s.URL, time.Time{}); err != nil {
		return err
	}
	if err := live.Tell(ctx, tx, ch.Agency, "channel", string(ch.ID)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, theSystem(ch.Agency), now, audit.Deed{
		Name: "channel.foreign_post", Subject: "channel/" + string(ch.ID), Detail: string(ch.Platform) + " " + s.RemoteID,
	})
}
