package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"kentongan/internal/fault"
	"kentongan/internal/media"
)

// largestFilmForm is what a form with films may send: it is read as it comes,
// and no part of it is held in memory whole.
const largestFilmForm = media.MaxFilm + largestForm

// largestField is what the written fields of such a form may weigh together.
const largestField = 2 << 20

// takeForm reads a form with files. Its fields are there afterwards as after
// ParseForm; its files have gone to the media store, where films are written
// to the disk while they come. A file that is refused does not stop the form:
// what the person wrote must not be lost with it.
func (p *Pages) takeForm(r *Request) (taken []media.Picture, refused error, err error) {
	form, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		if err := r.ParseForm(); err != nil {
			return nil, nil, formFault(err)
		}
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, formFault(err)
	}
	values, left := url.Values{}, int64(largestField)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return taken, refused, formFault(err)
		}
		if part.FileName() != "" {
			pic, err := p.takeFile(r, part)
			if err != nil && fault.KindOf(err) != fault.Invalid {
				return taken, refused, formFault(err)
			}
			if err != nil {
				refused = err
				continue
			}
			taken = append(taken, pic)
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return taken, refused, formFault(err)
		}
		if left -= int64(len(text)); left < 0 {
			return taken, refused, &http.MaxBytesError{Limit: largestField}
		}
		if part.FormName() != "file" { // a file field in which nothing was chosen
			values.Add(part.FormName(), string(text))
		}
	}
	r.PostForm, r.Form = values, values
	return taken, refused, nil
}

// takeFile takes in one file of a form. A page's script saves drafts without
// its files: they come when the person sends the form.
func (p *Pages) takeFile(r *Request, part *multipart.Part) (media.Picture, error) {
	if r.Header.Get("HX-Request") != "" {
		_, err := io.Copy(io.Discard, part)
		return media.Picture{}, err
	}
	return p.Media.Take(r.Context(), p.DB, r.By, part.FileName(), part)
}

func formFault(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge
	}
	if fault.Find(err) != nil {
		return err
	}
	return fault.Wrap(fault.Invalid, "page.form_unreadable", err)
}
