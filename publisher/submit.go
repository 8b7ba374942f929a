package publisher

import (
	"context"
	"strings"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/media"
)

// Submit asks for a second person's signature. The renditions are made now,
// and what each channel will get is frozen with the window: the approver signs
// bytes, not intentions. Everything that is missing is named at once.
func (p *Publisher) Submit(ctx context.Context, by identity.Actor, id PostID, revision int64) (Post, error) {
	post, err := p.submittable(ctx, by, id, revision)
	if err != nil {
		return post, err
	}
	payloads, err := p.payloads(ctx, by, post)
	if err != nil {
		return post, err
	}
	var after Post
	err = p.DB.Update(ctx, func(tx *db.Tx) error {
		before, err := loadPost(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if before.Revision != revision {
			return fault.New(fault.Conflict, "post.changed")
		}
		now := p.now()
		if after, err = before.do(DeedSubmit); err != nil {
			return err
		}
		if after.Due, after.Window, err = windowAt(after.When, now, p.Lateness); err != nil {
			return err
		}
		after.UpdatedAt = now
		after.freeze(payloads)
		if err := savePost(ctx, tx, before, after); err != nil {
			return err
		}
		if err := saveParts(ctx, tx, after); err != nil {
			return err
		}
		if err := addNote(ctx, tx, after, by.ID, DeedSubmit, "", now); err != nil {
			return err
		}
		return p.tell(ctx, tx, by, after, "post.submit", "")
	})
	if err != nil {
		return post, err
	}
	return after, nil
}

// freeze writes what each channel will get, and the digests over it.
func (post *Post) freeze(payloads map[channel.ID][]Payload) {
	var digests []Digest
	for i := range post.Variants {
		v := &post.Variants[i]
		all := payloads[v.Channel]
		v.Payload = all[0]
		v.Digest = DigestOf(v.Channel, v.Payload, post.Window)
		v.Below = nil
		for _, below := range all[1:] {
			v.Below = append(v.Below, Frozen{Payload: below, Digest: DigestOf(v.Channel, below, post.Window)})
		}
		digests = append(digests, v.digests()...)
	}
	post.Digest = DigestOfPage(digests)
}

// submittable loads the post and checks it.
func (p *Publisher) submittable(ctx context.Context, by identity.Actor, id PostID, revision int64) (post Post, err error) {
	err = p.DB.View(ctx, func(tx *db.Tx) error {
		if post, err = loadPost(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if !by.May(identity.Compose, post.Agency) {
			return fault.New(fault.Denied, "post.edit.no_power")
		}
		if _, err := post.do(DeedSubmit); err != nil {
			return err
		}
		if post.Revision != revision {
			return fault.New(fault.Conflict, "post.changed")
		}
		result, err := p.checked(ctx, tx, by, post)
		if err != nil {
			return err
		}
		return result.Blocking()
	})
	return post, err
}

// payloads makes the renditions and puts together what each channel will get:
// the post itself first, then what goes below it.
func (p *Publisher) payloads(ctx context.Context, by identity.Actor, post Post) (map[channel.ID][]Payload, error) {
	var channels []channel.Channel
	var pictures []media.Picture
	err := p.DB.View(ctx, func(tx *db.Tx) error {
		for _, v := range post.Variants {
			ch, err := channel.Load(ctx, tx, by.Agency, v.Channel)
			if err != nil {
				return err
			}
			channels = append(channels, ch)
		}
		for _, m := range post.Media {
			picture, err := media.Find(ctx, tx, by, m.Media)
			if err != nil {
				return err
			}
			pictures = append(pictures, picture)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := map[channel.ID][]Payload{}
	var wrong fault.List
	for i, v := range post.Variants {
		r, err := p.reach(post, v, channels[i], pictures)
		if err != nil {
			return nil, err
		}
		payload := Payload{Text: strings.TrimSpace(post.Says(v)), Link: post.Link}
		for n, picture := range pictures {
			made, err := p.Media.Render(ctx, p.DB, picture, media.LimitsOf(r.can))
			if err != nil {
				if fault.KindOf(err) != fault.Invalid {
					return nil, err
				}
				wrong.Add(placed(err, mediaField(n), channels[i]))
				continue
			}
			payload.Media = append(payload.Media, PayloadMedia{
				SHA256: made.SHA256, Type: made.Type, Size: made.Size, Alt: post.Media[n].Alt, Width: made.Width, Height: made.Height, Length: made.Length,
			})
		}
		all[v.Channel] = append([]Payload{payload}, post.below(r.can)...)
	}
	return all, wrong.Err()
}

// placed says which picture and channel a fault of the media store concerns.
func placed(err error, field string, ch channel.Channel) error {
	f := *fault.Find(err)
	f.Field = field
	args := map[string]any{"account": account(ch)}
	for name, value := range f.Args {
		args[name] = value
	}
	f.Args = args
	return &f
}
