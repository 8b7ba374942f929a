package publisher

import (
	"context"
	"strings"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
)

// Approve signs what the page showed. State, trail, signatures, deliveries and
// promises are one transaction: either the post will go out exactly as signed,
// or nothing has happened.
func (p *Publisher) Approve(ctx context.Context, by identity.Actor, id PostID, seen Digest) error {
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		now := p.now()
		before, err := loadPost(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		after, signatures, err := before.Approve(by, seen, now)
		if err != nil {
			return err
		}
		// What the platforms would refuse by now is not signed: an address that
		// nobody can reach any more, a budget that was spent meanwhile.
		c, err := p.checking(ctx, tx, by, before)
		if err != nil {
			return err
		}
		var r CheckResult
		if c.atPlatforms(&r); r.Blocking() != nil {
			return r.Blocking()
		}
		if err := savePost(ctx, tx, before, after); err != nil {
			return err
		}
		for _, s := range signatures {
			if err := sign(ctx, tx, s); err != nil {
				return err
			}
		}
		if err := dispatch(ctx, tx, after, now); err != nil {
			return err
		}
		if err := addNote(ctx, tx, after, by.ID, DeedApprove, "", now); err != nil {
			return err
		}
		return p.tell(ctx, tx, by, after, "post.approve", "")
	})
	return p.refusal(ctx, by, "post.approve.refused", "post/"+string(id), err)
}

// dispatch promises one delivery for each channel, and one for each part below
// it, which leaves after the one before is public.
func dispatch(ctx context.Context, tx *db.Tx, post Post, now time.Time) error {
	for _, v := range post.Variants {
		made := map[int]DeliveryID{} // by their number in the post
		for _, f := range append([]Frozen{{Payload: v.Payload, Digest: v.Digest}}, v.Below...) {
			d := Delivery{
				ID: DeliveryID(db.NewID()), Agency: post.Agency, Channel: v.Channel, Origin: OriginPost, OriginID: string(post.ID),
				Digest: f.Digest, Payload: f.Payload, State: Waiting, Due: post.Due, Window: post.Window, CreatedAt: now,
			}
			if f.Payload.Part != "" {
				d.After = made[f.Payload.Below]
			}
			if f.Payload.Part != PartComment {
				made[f.Payload.number()] = d.ID
			}
			if err := insertDelivery(ctx, tx, d); err != nil {
				return err
			}
			if err := outbox.Put(ctx, tx, Promise(d, outbox.Publish)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Return asks the author for changes.
func (p *Publisher) Return(ctx context.Context, by identity.Actor, id PostID, reason string) error {
	return p.decline(ctx, by, id, DeedReturn, reason)
}

// Reject ends a post.
func (p *Publisher) Reject(ctx context.Context, by identity.Actor, id PostID, reason string) error {
	return p.decline(ctx, by, id, DeedReject, reason)
}

func (p *Publisher) decline(ctx context.Context, by identity.Actor, id PostID, d Deed, reason string) error {
	reason = strings.TrimSpace(cleanText(reason))
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		now := p.now()
		before, err := loadPost(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		after, err := before.Decline(by, d, reason, now)
		if err != nil {
			return err
		}
		if err := savePost(ctx, tx, before, after); err != nil {
			return err
		}
		if err := addNote(ctx, tx, after, by.ID, d, reason, now); err != nil {
			return err
		}
		return p.tell(ctx, tx, by, after, "post."+string(d), "")
	})
	return p.refusal(ctx, by, "post."+string(d)+".refused", "post/"+string(id), err)
}

// Comment adds a word to the post's thread.
func (p *Publisher) Comment(ctx context.Context, by identity.Actor, id PostID, text string) error {
	text = strings.TrimSpace(cleanText(text))
	return p.DB.Update(ctx, func(tx *db.Tx) error {
		post, err := loadPost(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Compose, post.Agency) && !by.May(identity.Approve, post.Agency) {
			return fault.New(fault.Denied, "post.comment.no_power")
		}
		if text == "" || len([]rune(text)) > 2000 {
			return fault.New(fault.Invalid, "post.comment.length", fault.Field("text"))
		}
		if err := addNote(ctx, tx, post, by.ID, DeedComment, text, p.now()); err != nil {
			return err
		}
		return p.tell(ctx, tx, by, post, "post.comment", "")
	})
}

// refusal writes a denied decision to the trail, in a transaction of its own:
// who tried to sign their own post is known, although nothing happened.
func (p *Publisher) refusal(ctx context.Context, by identity.Actor, deed, subject string, cause error) error {
	if fault.KindOf(cause) != fault.Denied || fault.Find(cause) == nil {
		return cause
	}
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		return audit.Note(ctx, tx, by, p.now(), audit.Deed{Name: deed, Subject: subject, Detail: fault.Code(cause)})
	})
	if err != nil {
		return err
	}
	return cause
}
