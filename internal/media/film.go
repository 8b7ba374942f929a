package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// MaxFilm is what a film may weigh. It is written to the disk as it comes, and
// never held in memory.
const MaxFilm = 512 << 20

// Take takes in whatever comes: a picture is cleaned, a film is kept as it is
// without the notes on where and with what it was taken.
func (s *Store) Take(ctx context.Context, d *db.DB, by identity.Actor, name string, r io.Reader) (Picture, error) {
	if !mayAdd(by) {
		return Picture{}, fault.New(fault.Denied, "media.may_not_add")
	}
	head := make([]byte, 12)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Picture{}, err
	}
	whole := io.MultiReader(bytesOf(head[:n]), r)
	if filmType(head[:n]) == "" {
		raw, err := io.ReadAll(io.LimitReader(whole, MaxBytes+1))
		if err != nil {
			return Picture{}, err
		}
		return s.Add(ctx, d, by, name, raw)
	}
	p, err := s.putFilm(whole)
	if err != nil {
		return Picture{}, err
	}
	p.ID, p.Agency, p.Name, p.By, p.At = ID(db.NewID()), by.Agency, fileName(name), by.ID, time.Now().UTC().Truncate(time.Microsecond)
	return p, d.Update(ctx, func(tx *db.Tx) error { return insertPicture(ctx, tx, p) })
}

// putFilm writes a film to the disk while it comes, looks at it, blanks its
// private notes, and gives it the name of its bytes.
func (s *Store) putFilm(r io.Reader) (p Picture, err error) {
	f, err := os.CreateTemp(s.folder, ".new-*")
	if err != nil {
		return p, unwritten(err)
	}
	defer os.Remove(f.Name()) // after the rename there is none
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(r, MaxFilm+1))
	if err != nil {
		if _, ok := errors.AsType[*os.PathError](err); ok {
			return p, unwritten(err)
		}
		return p, err // what came from the browser ended
	}
	if size > MaxFilm {
		return p, fault.New(fault.Invalid, "media.film_too_large", fault.Field("media"), fault.Arg("limit", MaxFilm>>20))
	}
	film, err := sniffFilm(f, size)
	if err != nil {
		return p, err
	}
	if len(film.private) > 0 {
		for _, b := range film.private {
			if err := b.blank(f); err != nil {
				return p, unwritten(err)
			}
		}
		sum.Reset()
		if _, err := io.Copy(sum, io.NewSectionReader(f, 0, size)); err != nil {
			return p, err
		}
	}
	p = Picture{Type: film.kind, Size: size, Width: film.width, Height: film.height, Length: film.length, SHA256: hex.EncodeToString(sum.Sum(nil))}
	path, _ := s.path(p.SHA256)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return p, unwritten(err)
	}
	if err := errors.Join(f.Sync(), os.Rename(f.Name(), path), syncFolder(filepath.Dir(path)), syncFolder(s.folder)); err != nil {
		return p, unwritten(err)
	}
	return p, nil
}

func unwritten(err error) error {
	return fault.Wrap(fault.Transient, "media.cannot_write", err, fault.Field("media"))
}

// fitFilm says whether a platform takes the film as it is: a film is never made
// anew by us, people sign the bytes that they saw.
func fitFilm(p Picture, limits Limits) (Rendition, error) {
	if err := FilmFits(p, limits); err != nil {
		return Rendition{}, err
	}
	return Rendition{Type: p.Type, Size: p.Size, Width: p.Width, Height: p.Height, Length: p.Length, SHA256: p.SHA256}, nil
}

// FilmFits says why a platform does not take a film; nil when it does.
func FilmFits(p Picture, limits Limits) error {
	switch {
	case !limits.acceptsFilm(p.Type):
		return fault.New(fault.Invalid, "media.film_type", fault.Field("media"), fault.Arg("type", p.Type))
	case limits.MaxVideoBytes > 0 && p.Size > limits.MaxVideoBytes:
		return fault.New(fault.Invalid, "media.film_does_not_fit", fault.Field("media"),
			fault.Arg("used", megabytes(p.Size)), fault.Arg("limit", limits.MaxVideoBytes>>20))
	case limits.MaxVideo > 0 && p.Length > limits.MaxVideo:
		return fault.New(fault.Invalid, "media.film_too_long", fault.Field("media"),
			fault.Arg("used", seconds(p.Length)), fault.Arg("limit", seconds(limits.MaxVideo)))
	}
	return nil
}

// megabytes and seconds are rounded up: what is a little too much is not shown
// as the limit itself.
func megabytes(n int64) int64 { return (n + 1<<20 - 1) >> 20 }
func seconds(d time.Duration) int64 {
	return int64((d + time.Second - 1) / time.Second)
}
