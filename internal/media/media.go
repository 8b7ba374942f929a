package media

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// ID names a picture or film of an agency.
type ID string

// Picture is one picture or film as it was taken in, cleaned.
type Picture struct {
	ID            ID
	Agency        identity.AgencyID
	Name          string // as the person called the file; for people only
	Type          string
	Size          int64
	Width, Height int
	Length        time.Duration // of a film; 0 for a picture
	SHA256        string
	By            identity.PersonID
	At            time.Time
}

// Rendition is a picture as one kind of platform gets it.
type Rendition struct {
	Type          string
	Size          int64
	Width, Height int
	Length        time.Duration
	SHA256        string
}

// Add checks, cleans and keeps a picture. The bytes that came in are not kept.
func (s *Store) Add(ctx context.Context, d *db.DB, by identity.Actor, name string, raw []byte) (Picture, error) {
	if !mayAdd(by) {
		return Picture{}, fault.New(fault.Denied, "media.may_not_add")
	}
	cleaned, info, err := s.unfold(ctx, func() ([]byte, Info, error) { return clean(raw) })
	if err != nil {
		return Picture{}, err
	}
	sha, err := s.put(cleaned)
	if err != nil {
		return Picture{}, err
	}
	p := Picture{
		ID: ID(db.NewID()), Agency: by.Agency, Name: fileName(name), Type: info.Type, Size: int64(len(cleaned)),
		Width: info.Width, Height: info.Height, SHA256: sha, By: by.ID, At: time.Now().UTC().Truncate(time.Microsecond),
	}
	return p, d.Update(ctx, func(tx *db.Tx) error { return insertPicture(ctx, tx, p) })
}

func mayAdd(by identity.Actor) bool {
	return by.May(identity.Compose, by.Agency) || by.May(identity.Answer, by.Agency)
}

// Video says that it is a film.
func (p Picture) Video() bool { return Video(p.Type) }

// Video says that a type is a film's.
func Video(kind string) bool { return strings.HasPrefix(kind, "video/") }

// Find returns a picture of the actor's agency, inside a transaction.
func Find(ctx context.Context, tx *db.Tx, by identity.Actor, id ID) (Picture, error) {
	p, err := picture(ctx, tx, id)
	if err != nil || p.Agency != by.Agency {
		if err == nil || fault.KindOf(err) == fault.NotFound {
			err = fault.New(fault.NotFound, "media.not_found")
		}
		return Picture{}, err
	}
	return p, nil
}

// Render makes the rendition of a picture that fits limits, or finds the one
// made before. Making it is slow; it runs outside any transaction.
func (s *Store) Render(ctx context.Context, d *db.DB, p Picture, limits Limits) (Rendition, error) {
	if p.Video() {
		return fitFilm(p, limits)
	}
	recipe := limits.recipe()
	var known []Rendition
	err := d.View(ctx, func(tx *db.Tx) (err error) {
		known, err = renditions(ctx, tx, p.ID, recipe)
		return err
	})
	if err != nil {
		return Rendition{}, err
	}
	if len(known) > 0 {
		return known[0], nil
	}
	raw, err := s.Read(p.SHA256)
	if err != nil {
		return Rendition{}, err
	}
	made, info, err := s.unfold(ctx, func() ([]byte, Info, error) {
		is, err := Sniff(raw)
		if err != nil {
			return nil, Info{}, err
		}
		return fit(raw, is, limits)
	})
	if err != nil {
		return Rendition{}, err
	}
	sha, err := s.put(made)
	if err != nil {
		return Rendition{}, err
	}
	r := Rendition{Type: info.Type, Size: int64(len(made)), Width: info.Width, Height: info.Height, SHA256: sha}
	return r, d.Update(ctx, func(tx *db.Tx) error { return insertRendition(ctx, tx, p.ID, recipe, r) })
}

// unfold lets one picture at a time into memory.
func (s *Store) unfold(ctx context.Context, work func() ([]byte, Info, error)) ([]byte, Info, error) {
	select {
	case s.one <- struct{}{}:
		defer func() { <-s.one }()
		return work()
	case <-ctx.Done():
		return nil, Info{}, ctx.Err()
	}
}

// CheckAlt looks at an alternative text: it must say something and fit limit
// characters (0 means no limit).
func CheckAlt(text string, limit int) error {
	if strings.TrimFunc(text, unicode.IsSpace) == "" {
		return fault.New(fault.Invalid, "media.alt_missing", fault.Field("alt"))
	}
	if n := utf8.RuneCountInString(text); limit > 0 && n > limit {
		return fault.New(fault.Invalid, "media.alt_too_long", fault.Field("alt"), fault.Arg("used", n), fault.Arg("limit", limit))
	}
	return nil
}

// fileName keeps what a person would recognize: no folders, no control
// characters, at most 80 characters.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name[strings.LastIndexAny(name, `/\`)+1:])
	if r := []rune(name); len(r) > 80 {
		name = string(r[:80])
	}
	return name
}
