package publisher

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/media"
)

// DraftInput is what the compose page sends.
type DraftInput struct {
	ID       PostID // "" for a new post
	Revision int64  // the one the person was looking at
	Title    string // "" to take the first words
	Text     string
	Link     string
	Parts    []string         // what continues it, on channels that have threads
	Comment  string           // its first comment, on channels that have one
	Variants []VariantContent // the chosen channels
	Media    []Attached
	When     When
}

// What a form may hold at most; platforms allow far less.
const (
	maxRunes   = 30_000
	maxPicture = 20
	maxChannel = 50
	maxPart    = 24
)

// clean makes the input what is stored: one kind of line end, no control
// characters (PostgreSQL refuses NUL), channels in their order.
func (in DraftInput) clean() (DraftInput, error) {
	in.Text, in.Link = cleanText(in.Text), strings.TrimSpace(cleanText(in.Link))
	in.Title = titleOf(cleanText(in.Title), in.Text)
	in.Variants, in.Media = slices.Clone(in.Variants), slices.Clone(in.Media)
	in.Comment = strings.TrimSpace(cleanText(in.Comment))
	size := len([]rune(in.Text)) + len([]rune(in.Title)) + len(in.Link) + len([]rune(in.Comment))
	var parts []string
	for _, text := range in.Parts {
		if text = strings.TrimSpace(cleanText(text)); text != "" {
			parts = append(parts, text)
			size += len([]rune(text))
		}
	}
	in.Parts = parts
	for i := range in.Variants {
		v := &in.Variants[i]
		if v.Text = cleanText(v.Text); !v.Own {
			v.Text = ""
		}
		size += len([]rune(v.Text))
	}
	for i := range in.Media {
		in.Media[i].Alt = strings.TrimSpace(cleanText(in.Media[i].Alt))
		if in.Media[i].Decorative {
			in.Media[i].Alt = ""
		}
		size += len([]rune(in.Media[i].Alt))
	}
	if size > maxRunes || len(in.Media) > maxPicture || len(in.Parts) > maxPart || len(in.Variants) > maxChannel {
		return in, fault.New(fault.Invalid, "post.too_large", fault.Field("text"))
	}
	slices.SortFunc(in.Variants, func(a, b VariantContent) int { return strings.Compare(string(a.Channel), string(b.Channel)) })
	in.Variants = slices.CompactFunc(in.Variants, func(a, b VariantContent) bool { return a.Channel == b.Channel })
	return in, nil
}

func cleanText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// over puts the input's words into a post.
func (in DraftInput) over(p Post) (Post, error) {
	p.Title, p.Text, p.Link, p.When, p.Media = in.Title, in.Text, in.Link, in.When, in.Media
	p.Parts, p.Comment = in.Parts, in.Comment
	p.Variants = nil
	for _, v := range in.Variants {
		p.Variants = append(p.Variants, Variant{Channel: v.Channel, Own: v.Own, Text: v.Text})
	}
	var wrong fault.List
	due, err := p.When.Due()
	wrong.Add(err)
	if _, err := p.When.Until(); err != nil {
		wrong.Add(err)
	}
	p.Due = due
	return p, wrong.Err()
}

// Draft saves a post: a new one, or a newer revision of the one given. When
// somebody else has saved meanwhile it changes nothing and returns the newer
// post beside the conflict, so that the page can show the difference.
//
// What was submitted goes back to its author; what was signed is void. It is
// refused when a delivery has left or is leaving.
func (p *Publisher) Draft(ctx context.Context, by identity.Actor, in DraftInput) (Post, error) {
	if !by.May(identity.Compose, by.Agency) {
		return Post{}, p.unseen(ctx, by, in.ID, fault.New(fault.Denied, "post.edit.no_power"))
	}
	in, err := in.clean()
	if err != nil {
		return Post{}, err
	}
	var saved Post
	err = p.DB.Update(ctx, func(tx *db.Tx) (err error) {
		if in.ID == "" {
			saved, err = p.create(ctx, tx, by, in)
		} else {
			saved, err = p.revise(ctx, tx, by, in)
		}
		return err
	})
	return saved, err
}

// unseen turns a refusal into "not found" for a post of another agency.
func (p *Publisher) unseen(ctx context.Context, by identity.Actor, id PostID, refusal error) error {
	if id == "" {
		return refusal
	}
	err := p.DB.View(ctx, func(tx *db.Tx) error {
		_, err := loadPost(ctx, tx, by.Agency, id)
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}

func (p *Publisher) now() time.Time { return p.Now().UTC().Truncate(time.Microsecond) }

func (p *Publisher) create(ctx context.Context, tx *db.Tx, by identity.Actor, in DraftInput) (Post, error) {
	now := p.now()
	post, err := in.over(Post{ID: PostID(db.NewID()), Agency: by.Agency, Author: by.ID, State: PostDraft, Revision: 1, CreatedAt: now, UpdatedAt: now})
	if err != nil {
		return post, err
	}
	if err := ownParts(ctx, tx, by, post); err != nil {
		return post, err
	}
	if err := insertPost(ctx, tx, post); err != nil {
		return post, err
	}
	if _, err := keepRevision(ctx, tx, post, by.ID); err != nil {
		return post, err
	}
	return post, p.tell(ctx, tx, by, post, "post.create", "")
}

func (p *Publisher) revise(ctx context.Context, tx *db.Tx, by identity.Actor, in DraftInput) (Post, error) {
	now := p.now()
	before, err := loadPost(ctx, tx, by.Agency, in.ID)
	if err != nil {
		return before, err
	}
	if err := before.MayEdit(by); err != nil {
		return before, err
	}
	if in.Revision != before.Revision {
		return before, fault.New(fault.Conflict, "post.changed")
	}
	after, err := in.over(before)
	if err != nil {
		return before, err
	}
	if after.content().same(before.content()) {
		return before, nil // nothing said that was not said: what was signed stands
	}
	if err := ownParts(ctx, tx, by, after); err != nil {
		return before, err
	}
	if after, err = p.supersede(ctx, tx, by, before, after, DeedEdit, now); err != nil {
		return before, err
	}
	fresh, err := keepRevision(ctx, tx, after, by.ID)
	if err != nil || !fresh {
		return after, err // one more saving of the same piece of work
	}
	return after, p.tell(ctx, tx, by, after, "post.edit", "")
}

// supersede writes a changed post over the one before, and ends what was
// submitted or signed of it.
func (p *Publisher) supersede(ctx context.Context, tx *db.Tx, by identity.Actor, before, after Post, d Deed, now time.Time) (Post, error) {
	if err := p.voidUnderWay(ctx, tx, before, now); err != nil {
		return after, err
	}
	after, err := after.edited(by, d, now)
	if err != nil {
		return after, err
	}
	if err := savePost(ctx, tx, before, after); err != nil {
		return after, err
	}
	if err := saveParts(ctx, tx, after); err != nil {
		return after, err
	}
	if before.State == after.State {
		return after, nil
	}
	if err := addNote(ctx, tx, after, by.ID, d, "", now); err != nil {
		return after, err
	}
	name := "post.recall"
	if before.State == PostScheduled || before.State == PostDone {
		name = "post.void"
	}
	return after, p.tell(ctx, tx, by, after, name, string(before.State))
}

// ownParts fails with "not found" for a channel or picture of another agency.
func ownParts(ctx context.Context, tx *db.Tx, by identity.Actor, post Post) error {
	for _, v := range post.Variants {
		if _, err := channel.Load(ctx, tx, by.Agency, v.Channel); err != nil {
			return err
		}
	}
	for _, m := range post.Media {
		if _, err := media.Find(ctx, tx, by, m.Media); err != nil {
			return err
		}
	}
	return nil
}

// tell writes the deed to the trail and wakes open pages.
func (p *Publisher) tell(ctx context.Context, tx *db.Tx, by identity.Actor, post Post, deed, detail string) error {
	if err := live.Tell(ctx, tx, post.Agency, "post", string(post.ID)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, by, p.now(), audit.Deed{
		Name: deed, Subject: "post/" + string(post.ID), Revision: post.Revision, Digest: string(post.Digest), Detail: detail,
	})
}

// Check looks at what was typed without saving it: the counters and findings
// of the compose page.
func (p *Publisher) Check(ctx context.Context, by identity.Actor, in DraftInput) (CheckResult, error) {
	in, err := in.clean()
	if err != nil {
		return CheckResult{}, err
	}
	var r CheckResult
	err = p.DB.View(ctx, func(tx *db.Tx) error {
		post := Post{Agency: by.Agency, Author: by.ID}
		if in.ID != "" {
			if post, err = loadPost(ctx, tx, by.Agency, in.ID); err != nil {
				return err
			}
		}
		if !by.May(identity.Compose, by.Agency) {
			return fault.New(fault.Denied, "post.edit.no_power")
		}
		post, _ = in.over(post) // an unreadable time is one of the findings
		r, err = p.checked(ctx, tx, by, post)
		return err
	})
	return r, err
}

// checked gathers what the checks look at, and checks.
func (p *Publisher) checked(ctx context.Context, tx *db.Tx, by identity.Actor, post Post) (CheckResult, error) {
	c, err := p.checking(ctx, tx, by, post)
	if err != nil {
		return CheckResult{}, err
	}
	return c.check(), nil
}

func (p *Publisher) checking(ctx context.Context, tx *db.Tx, by identity.Actor, post Post) (checking, error) {
	c := checking{now: p.now(), lateness: p.Lateness, post: post, rate: p.RupiahPerDollar}
	for _, m := range post.Media {
		picture, err := media.Find(ctx, tx, by, m.Media)
		if err != nil {
			return c, err
		}
		c.pictures = append(c.pictures, picture)
	}
	for _, v := range post.Variants {
		ch, err := channel.Load(ctx, tx, by.Agency, v.Channel)
		if err != nil {
			return c, err
		}
		r, err := p.reach(post, v, ch, c.pictures)
		if err != nil {
			return c, err
		}
		if r.spent, err = p.spent(ctx, tx, ch); err != nil {
			return c, err
		}
		c.reaches = append(c.reaches, r)
	}
	return c, nil
}
