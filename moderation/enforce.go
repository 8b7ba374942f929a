package moderation

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

const (
	enforceLease = 2 * time.Minute
	hideTimeout  = 60 * time.Second
)

// enforcement is one decision on its way to its platforms.
type enforcement struct {
	*Moderation
	claim    outbox.Claim
	decision Decision
	accounts map[channel.ID]platform.Account
	channels map[channel.ID]channel.Channel
}

// Enforce carries out a decision at its platform, one message at a time. The
// call may be repeated: hiding what is hidden changes nothing.
func (m *Moderation) Enforce(ctx context.Context, ring outbox.Ring) error {
	e := &enforcement{Moderation: m, accounts: map[channel.ID]platform.Account{}, channels: map[channel.ID]channel.Channel{}}
	var todo []target
	mine := false
	err := m.DB.Update(ctx, func(tx *db.Tx) (err error) {
		e.claim, mine, err = outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, m.Now(), enforceLease)
		if err != nil || !mine {
			return err
		}
		if e.decision, err = decisionByID(ctx, tx, DecisionID(ring.Key)); err != nil {
			return err
		}
		todo, err = targets(ctx, tx, e.decision.ID, Waiting)
		return err
	})
	if err != nil || !mine {
		return err
	}
	for _, t := range todo {
		if err := e.carryOut(ctx, t); err != nil {
			return e.later(ctx, err)
		}
	}
	return e.end(ctx)
}

// carryOut asks the platform and records its answer. A definite no is recorded
// with the message; anything else ends the turn.
func (e *enforcement) carryOut(ctx context.Context, t target) error {
	account, err := e.account(ctx, t.Channel)
	if err != nil {
		return err
	}
	how, err := e.means(e.channels[t.Channel], e.decision.Act)
	if err != nil {
		return e.told(ctx, t, err)
	}
	if how.call == nil {
		return e.handed(ctx, t)
	}
	o := object{remoteID: t.RemoteID}
	if e.decision.Act == Block || e.decision.Act == Unblock {
		if o.authorID, err = e.author(ctx, t.Message); err != nil {
			return err
		}
	}
	call, cancel := context.WithTimeout(ctx, hideTimeout)
	defer cancel()
	err = how.call(call, account, o)
	if r := platform.AsRefusal(err); err != nil && (r == nil || r.Auth) {
		return err
	}
	return e.told(ctx, t, err)
}

// author opens who wrote a message, for the platform alone.
func (e *enforcement) author(ctx context.Context, id inbox.MessageID) (string, error) {
	var o inbox.Original
	err := e.DB.View(ctx, func(tx *db.Tx) error {
		msg, err := inbox.LoadMessage(ctx, tx, e.decision.Agency, id)
		if err == nil {
			o, err = e.Inbox.Original(msg)
		}
		return err
	})
	return o.AuthorID, err
}

// handed gives one message to a person: the platform has no call for it.
func (e *enforcement) handed(ctx context.Context, t target) error {
	return e.DB.Update(ctx, func(tx *db.Tx) error {
		if err := outbox.Hold(ctx, tx, e.claim, e.Now()); err != nil {
			return err
		}
		t.State = ByHand
		return saveTarget(ctx, tx, e.decision.ID, t)
	})
}

func (e *enforcement) account(ctx context.Context, id channel.ID) (platform.Account, error) {
	if a, ok := e.accounts[id]; ok {
		return a, nil
	}
	var ch channel.Channel
	err := e.DB.View(ctx, func(tx *db.Tx) (err error) {
		ch, err = channel.ByID(ctx, tx, id)
		return err
	})
	if err != nil {
		return platform.Account{}, err
	}
	if ch.Health == channel.AuthLost || ch.Health == channel.Off {
		return platform.Account{}, fault.New(fault.Transient, "decision.channel_broken", fault.RetryAt(e.Now().Add(10*time.Minute)))
	}
	a, err := e.Channels.Account(ctx, ch)
	if err == nil {
		e.channels[id], e.accounts[id] = ch, a
	}
	return a, err
}

// told records what became of one message, under the claim.
func (e *enforcement) told(ctx context.Context, t target, cause error) error {
	return e.DB.Update(ctx, func(tx *db.Tx) error {
		if err := outbox.Hold(ctx, tx, e.claim, e.Now()); err != nil {
			return err
		}
		if err := outbox.Renew(ctx, tx, &e.claim, e.Now().Add(enforceLease)); err != nil {
			return err
		}
		t.State, t.DoneAt = Done, e.Now()
		if cause != nil {
			t.State, t.Code = Failed, fault.Code(cause)
			if r := platform.AsRefusal(cause); r != nil {
				t.Code, t.Said = r.Code, r.Said
			}
		}
		if err := saveTarget(ctx, tx, e.decision.ID, t); err != nil {
			return err
		}
		if t.State == Failed { // nothing came of it: it waits for a person again
			if err := inbox.MarkDecided(ctx, tx, t.Message, time.Time{}); err != nil {
				return err
			}
		} else if err := effect(ctx, tx, e.decision.Act, t.Message, e.Now()); err != nil {
			return err
		}
		return live.Tell(ctx, tx, e.decision.Agency, "conversation", string(t.Conversation))
	})
}

// effect writes what an act that was done has changed.
func effect(ctx context.Context, tx *db.Tx, act Act, id inbox.MessageID, now time.Time) error {
	switch act {
	case Hide, Remove:
		return inbox.MarkHidden(ctx, tx, id, now)
	case Restore:
		return inbox.MarkHidden(ctx, tx, id, time.Time{})
	}
	return nil
}

// later leaves the rest for another turn.
func (e *enforcement) later(ctx context.Context, cause error) error {
	if errors.Is(cause, outbox.ErrLost) {
		return nil
	}
	if ctx.Err() != nil { // the program ends: the next one goes on at once
		ctx = context.WithoutCancel(ctx)
		return e.DB.Update(ctx, func(tx *db.Tx) error { return outbox.Again(ctx, tx, e.claim, e.Now()) })
	}
	e.Log.WarnContext(ctx, "not carried out at the platform yet", slog.String("kind", e.claim.Kind), slog.String("key", e.claim.Key), slog.String("error", cause.Error()))
	at := e.Now().Add(outbox.Backoff(e.claim.Failures))
	if th, ok := errors.AsType[*platform.Throttle](cause); ok && th.Until.After(at) {
		at = th.Until
	}
	if f := fault.Find(cause); f != nil && f.RetryAt.After(at) {
		at = f.RetryAt
	}
	err := e.DB.Update(ctx, func(tx *db.Tx) error {
		if r := platform.AsRefusal(cause); r != nil && r.Auth {
			if err := channel.SetHealth(ctx, tx, e.decision.Channel, channel.AuthLost, r.Code, time.Time{}); err != nil {
				return err
			}
			if err := live.Tell(ctx, tx, e.decision.Agency, "channel", string(e.decision.Channel)); err != nil {
				return err
			}
			lost := audit.Deed{Name: "channel.auth_lost", Subject: "channel/" + string(e.decision.Channel), Detail: r.Code}
			if err := audit.Note(ctx, tx, identity.TheSystem("moderation", e.decision.Agency), e.Now(), lost); err != nil {
				return err
			}
		}
		return outbox.Failed(ctx, tx, e.claim, at)
	})
	if errors.Is(err, outbox.ErrLost) {
		return nil
	}
	return err
}

// end records the decision as carried out, or as refused where it was.
func (e *enforcement) end(ctx context.Context) error {
	return e.DB.Update(ctx, func(tx *db.Tx) error {
		failed, err := targets(ctx, tx, e.decision.ID, Failed)
		if err != nil {
			return err
		}
		hand, err := targets(ctx, tx, e.decision.ID, ByHand)
		if err != nil {
			return err
		}
		d := e.decision
		d.State, d.DoneAt = Done, e.Now()
		switch {
		case len(hand) > 0:
			d.State, d.DoneAt = ByHand, time.Time{}
		case len(failed) > 0:
			d.State, d.Code, d.Said = Failed, failed[0].Code, failed[0].Said
		}
		if err := endDecision(ctx, tx, d); err != nil {
			return err
		}
		if d.State != ByHand {
			if err := e.releaseNotices(ctx, tx, d); err != nil {
				return err
			}
		}
		if err := live.Tell(ctx, tx, d.Agency, "decision", string(d.ID)); err != nil {
			return err
		}
		facts, err := e.decisionFacts(ctx, tx, d, nil) // the public account is counted from them
		if err != nil {
			return err
		}
		err = audit.Note(ctx, tx, identity.TheSystem("moderation", d.Agency), e.Now(), audit.Deed{
			Name: "decision." + d.State, Subject: "decision/" + string(d.ID), Detail: d.Number + spaced(d.Code) + facts,
		})
		if err != nil {
			return err
		}
		return outbox.Finish(ctx, tx, e.claim)
	})
}
