package publisher

import (
	"context"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/media"
)

// View is a post with everything its page shows.
type View struct {
	Post
	AuthorName string
	Status     Status
	Channels   []ChannelView // in the order of Variants
	Pictures   []PictureView // in the order of Media
	Notes      []Note
	Revisions  []Revision // newest first
	Signatures []Signature
	Checks     CheckResult // as of now; empty once it is signed
}

// ChannelView is a variant with its channel and what became of it.
type ChannelView struct {
	Variant
	Says     string
	Channel  channel.Channel
	Delivery *Delivery // the newest that counts; nil before approval
	Parts    []PartView
}

// PartView is what goes below the post on one channel, and what became of it.
type PartView struct {
	Payload
	Delivery *Delivery // nil before approval
}

// PictureView is a picture as the post shows it.
type PictureView struct {
	Attached
	Picture media.Picture
}

// Note is a line of the post's thread.
type Note struct {
	ID       string
	Revision int64
	By       identity.PersonID
	ByName   string
	Deed     Deed
	Text     string
	At       time.Time
}

// Revision is one saved state of a post.
type Revision struct {
	Number  int64
	By      identity.PersonID
	ByName  string
	At      time.Time
	Content Content
}

// Signature is an approval with the signer's name.
type Signature struct {
	Approval
	ByName string
}

// LoadPost returns the whole post.
func (p *Publisher) LoadPost(ctx context.Context, by identity.Actor, id PostID) (View, error) {
	var v View
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		v = View{}
		if v.Post, err = loadPost(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if err := mayRead(by); err != nil {
			return err
		}
		return p.fill(ctx, tx, by, &v)
	})
	return v, err
}

func mayRead(by identity.Actor) error {
	if !by.May(identity.ReadPosts, by.Agency) {
		return fault.New(fault.Denied, "post.read.no_power")
	}
	return nil
}

func (p *Publisher) fill(ctx context.Context, tx *db.Tx, by identity.Actor, v *View) (err error) {
	all, err := Deliveries(ctx, tx, v.Agency, OriginPost, string(v.ID))
	if err != nil {
		return err
	}
	var legs []Leg
	newest := map[seat]*Delivery{}
	for i, d := range all {
		legs = append(legs, Leg{Channel: d.Channel, State: d.State, Code: d.Code, Part: d.After != ""})
		if d.State != Void || d.Code != superseded {
			newest[seat{d.Channel, d.Payload.Part, d.Payload.Below}] = &all[i]
		}
	}
	v.Status = StatusOf(v.State, legs)
	for _, variant := range v.Variants {
		ch, err := channel.Load(ctx, tx, v.Agency, variant.Channel)
		if err != nil {
			return err
		}
		parts, err := p.partsOf(v.Post, variant, ch)
		if err != nil {
			return err
		}
		for i, b := range parts {
			parts[i].Delivery = newest[seat{ch.ID, b.Part, b.Below}]
		}
		v.Channels = append(v.Channels, ChannelView{
			Variant: variant, Says: v.Says(variant), Channel: ch, Delivery: newest[seat{channel: variant.Channel}], Parts: parts,
		})
	}
	for _, m := range v.Media {
		picture, err := media.Find(ctx, tx, by, m.Media)
		if err != nil {
			return err
		}
		v.Pictures = append(v.Pictures, PictureView{Attached: m, Picture: picture})
	}
	if v.AuthorName, err = personName(ctx, tx, v.Author); err != nil {
		return err
	}
	if v.Notes, err = notesOf(ctx, tx, v.ID); err != nil {
		return err
	}
	if v.Revisions, err = revisionsOf(ctx, tx, v.ID); err != nil {
		return err
	}
	if v.Signatures, err = signaturesOf(ctx, tx, v.ID); err != nil {
		return err
	}
	if v.State == PostDraft || v.State == PostReturned || v.State == PostReview {
		v.Checks, err = p.checked(ctx, tx, by, v.Post)
	}
	return err
}

// seat is a place in a post on a channel.
type seat struct {
	channel channel.ID
	part    string
	below   int
}

// partsOf is what goes below a post on a channel: as it was submitted, or as it
// would be now.
func (p *Publisher) partsOf(post Post, v Variant, ch channel.Channel) (all []PartView, err error) {
	if v.Digest != "" {
		for _, b := range v.Below {
			all = append(all, PartView{Payload: b.Payload})
		}
		return all, nil
	}
	connector, err := p.Channels.Connector(ch.Platform)
	if err != nil {
		return nil, err
	}
	for _, payload := range post.below(connector.Capabilities(nameplate(ch))) {
		all = append(all, PartView{Payload: payload})
	}
	return all, nil
}

// Reviewed is the revision that was last put before an approver, other than
// the present one: what an approver compares with. ok is false at first.
func (v View) Reviewed() (r Revision, ok bool) {
	for _, n := range backwards(v.Notes) {
		if n.Deed != DeedSubmit || n.Revision >= v.Revision {
			continue
		}
		for _, r := range v.Revisions {
			if r.Number == n.Revision {
				return r, true
			}
		}
	}
	return Revision{}, false
}

func backwards(notes []Note) []Note {
	all := make([]Note, 0, len(notes))
	for i := len(notes) - 1; i >= 0; i-- {
		all = append(all, notes[i])
	}
	return all
}

// RevisionOf returns one revision of the post.
func (v View) RevisionOf(number int64) (Revision, error) {
	for _, r := range v.Revisions {
		if r.Number == number {
			return r, nil
		}
	}
	return Revision{}, fault.New(fault.NotFound, "post.revision_not_found")
}

// Summary is a post in a list.
type Summary struct {
	Post       // without variants' payloads and pictures
	AuthorName string
	Status     Status
	Legs       []Leg // deliveries that count; the chosen channels before approval
	Pictures   int64
}

// PostQuery narrows a list. Before is the cursor of the last row of the page above.
type PostQuery struct {
	State  PostState // "" for every state
	Urgent bool      // only posts of which a delivery waits for a person
	Before Cursor
	Limit  int
}

// Cursor continues a list after the row it was taken from.
type Cursor struct {
	At time.Time
	ID PostID
}

// Cursor is where the page after this row continues.
func (s Summary) Cursor() Cursor { return Cursor{At: s.UpdatedAt, ID: s.ID} }

// ListPosts lists the agency's posts, newest change first.
func (p *Publisher) ListPosts(ctx context.Context, by identity.Actor, q PostQuery) ([]Summary, error) {
	if q.Limit <= 0 || q.Limit > 200 {
		q.Limit = 50
	}
	return p.summaries(ctx, by, func(tx *db.Tx) ([]Summary, error) { return listPosts(ctx, tx, by.Agency, q) })
}

// Calendar lists what has a place between two instants, by time.
func (p *Publisher) Calendar(ctx context.Context, by identity.Actor, from, to time.Time) ([]Summary, error) {
	return p.summaries(ctx, by, func(tx *db.Tx) ([]Summary, error) { return postsDue(ctx, tx, by.Agency, from, to) })
}

// AwaitingApproval lists what the actor can sign: posts in review that they
// have not written, the most urgent first.
func (p *Publisher) AwaitingApproval(ctx context.Context, by identity.Actor) ([]Summary, error) {
	if !by.May(identity.Approve, by.Agency) {
		return nil, nil
	}
	return p.summaries(ctx, by, func(tx *db.Tx) ([]Summary, error) { return postsToSign(ctx, tx, by.Agency, by.ID) })
}

// Standing lists deliveries that wait for a person's decision, oldest first.
func (p *Publisher) Standing(ctx context.Context, by identity.Actor) ([]Delivery, error) {
	var all []Delivery
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		if err := mayRead(by); err != nil {
			return err
		}
		all, err = standing(ctx, tx, by.Agency)
		return err
	})
	return all, err
}

func (p *Publisher) summaries(ctx context.Context, by identity.Actor, list func(*db.Tx) ([]Summary, error)) (all []Summary, err error) {
	err = p.DB.View(ctx, func(tx *db.Tx) error {
		if err := mayRead(by); err != nil {
			return err
		}
		if all, err = list(tx); err != nil {
			return err
		}
		return addLegs(ctx, tx, all)
	})
	return all, err
}
