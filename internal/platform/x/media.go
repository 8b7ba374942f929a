package x

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// chunk is the size of one appended segment; X takes up to 1,000 of them.
const chunk = 4 << 20

type upload struct {
	Data struct {
		ID         string `json:"id"`
		Expires    int64  `json:"expires_after_secs"`
		Processing *struct {
			State string `json:"state"`
			After int    `json:"check_after_secs"`
			Error struct {
				Message string `json:"message"`
			} `json:"error"`
		} `json:"processing_info"`
	} `json:"data"`
}

// category is what X wants an upload to be called by its use.
func category(m platform.Media, out platform.Outgoing) string {
	use := "tweet"
	if direct(out) {
		use = "dm"
	}
	switch {
	case m.Video():
		return use + "_video"
	case m.Type == "image/gif":
		return use + "_gif"
	}
	return use + "_image"
}

// Check implements platform.Checker: four pictures, or one GIF, or one film.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	var all []*platform.Refusal
	no := func(code string) { all = append(all, &platform.Refusal{Code: code, Fix: platform.FixAuthor}) }
	alone := 0
	for _, m := range out.Media {
		if m.Video() || m.Type == "image/gif" {
			alone++
		}
		if m.Length > maxFilmLength {
			no(wire.VideoTooLong)
		}
	}
	most := maxPictures
	if direct(out) {
		most = 1
	}
	switch {
	case a.Mode == V11 && len(out.Media) > 0:
		no("platform.mode_without_media")
	case alone > 0 && len(out.Media) > 1:
		no(wire.MixedMedia)
	case len(out.Media) > most:
		no(wire.TooManyMedia)
	}
	if l := c.Count(a, out); l.Used > l.Limit {
		no("platform.text_too_long")
	}
	return all
}

// Stage implements platform.Connector: it uploads pictures and films.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	for _, m := range out.Media {
		if _, ok := stagedMedia(n.Value(m.Key), time.Now()); ok {
			continue
		}
		if err := mediaRefused(c.upload(ctx, a, m, category(m, out), n)); err != nil {
			return err
		}
	}
	return nil
}

// stagedMedia reads a note "id expiry"; an upload that expires within ten
// minutes is made again.
func stagedMedia(note string, now time.Time) (id string, ok bool) {
	id, until, found := strings.Cut(note, " ")
	seconds, err := strconv.ParseInt(until, 10, 64)
	return id, found && err == nil && id != "" && now.Add(10*time.Minute).Before(time.Unix(seconds, 0))
}

// running is an upload under way, as noted: "id expiry segments".
type running struct {
	id       string
	expires  time.Time
	segments int // appended and acknowledged
}

func readRunning(note string, now time.Time) (r running) {
	var until int64
	if n, err := fmt.Sscanf(note, "%s %d %d", &r.id, &until, &r.segments); n != 3 || err != nil || r.segments < 0 {
		return running{}
	}
	if r.expires = time.Unix(until, 0); now.Add(30 * time.Minute).After(r.expires) {
		return running{}
	}
	return r
}

func (r running) String() string { return fmt.Sprintf("%s %d %d", r.id, r.expires.Unix(), r.segments) }

// upload brings one file to X: initialize, append, finalize, wait, alt text. A
// film that was interrupted goes on after its last acknowledged segment; a
// segment sent twice replaces itself.
func (c *Connector) upload(ctx context.Context, a platform.Account, m platform.Media, category string, n platform.Notes) error {
	r := readRunning(n.Value(m.Key), time.Now())
	if r.id == "" {
		begun := time.Now()
		u, err := c.uploadStep(ctx, a, map[string]any{"media_type": m.Type, "total_bytes": m.Size, "media_category": category}, "initialize")
		if err != nil {
			return err
		}
		if r.id = u.Data.ID; r.id == "" {
			return &platform.Unclear{Status: http.StatusOK, Said: "no media id"}
		}
		r.expires = begun.Add(life(u))
		if err := n.Save(ctx, m.Key, r.String()); err != nil {
			return err
		}
	}
	if err := c.segments(ctx, a, m, &r, n); err != nil {
		return err
	}
	u, err := c.uploadStep(ctx, a, map[string]any{}, r.id, "finalize")
	if err != nil {
		return forgotten(ctx, err, m, n)
	}
	// X may take minutes over a film: each look renews the lease.
	still := func() error { return n.Save(ctx, m.Key, r.String()) }
	if err := c.processed(ctx, a, r.id, u, still); err != nil {
		return forgotten(ctx, err, m, n)
	}
	if m.Alt != "" {
		if err := c.describe(ctx, a, r.id, m.Alt); err != nil {
			return err
		}
	}
	return n.Save(ctx, m.Key, fmt.Sprintf("%s %d", r.id, r.expires.Unix()))
}

// life is how long X keeps the upload: a day where it does not say.
func life(u upload) time.Duration {
	if u.Data.Expires > 0 {
		return time.Duration(min(u.Data.Expires, 7*24*3600)) * time.Second
	}
	return 24 * time.Hour
}

func (c *Connector) segments(ctx context.Context, a platform.Account, m platform.Media, r *running, n platform.Notes) error {
	for off := int64(r.segments) * chunk; off < m.Size; off += chunk {
		raw, err := wire.Chunk(m, off, min(chunk, m.Size-off))
		if err != nil {
			return err
		}
		req, err := wire.Multipart(ctx, c.path(a, "2", "media", "upload", r.id, "append"), [][2]string{{"segment_index", strconv.Itoa(r.segments)}},
			wire.Upload{Field: "media", Name: wire.FileName(m), Type: "application/octet-stream", Bytes: raw})
		if err != nil {
			return err
		}
		if _, err := c.call(ctx, a, req); err != nil {
			return forgotten(ctx, err, m, n)
		}
		r.segments++
		// The last one needs no note: finalizing follows at once.
		if off+chunk < m.Size {
			if err := n.Save(ctx, m.Key, r.String()); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgotten empties the note of an upload that X refuses to go on with, so that
// the next attempt begins anew.
func forgotten(ctx context.Context, err error, m platform.Media, n platform.Notes) error {
	if r := platform.AsRefusal(err); r == nil || r.Auth || r.Block {
		return err
	}
	if bad := n.Save(ctx, m.Key, ""); bad != nil {
		return bad
	}
	return err
}

func (c *Connector) uploadStep(ctx context.Context, a platform.Account, body map[string]any, path ...string) (u upload, err error) {
	address := c.path(a, append([]string{"2", "media", "upload"}, path...)...)
	req, err := wire.JSON(ctx, http.MethodPost, address, body)
	if len(body) == 0 {
		req, err = wire.Request(ctx, http.MethodPost, address, nil) // finalize has no body
	}
	if err != nil {
		return u, err
	}
	return u, c.read(ctx, a, req, &u)
}

// processed waits until X has worked the file through, and says still between
// two looks.
func (c *Connector) processed(ctx context.Context, a platform.Account, id string, u upload, still func() error) error {
	for range 120 {
		switch p := u.Data.Processing; {
		case p == nil || p.State == "succeeded":
			return nil
		case p.State == "failed":
			return &platform.Refusal{Code: "platform.media_refused", Said: "processing failed " + p.Error.Message, Fix: platform.FixAuthor}
		default:
			if err := wire.Wait(ctx, time.Duration(min(max(p.After, 1), 10))*time.Second); err != nil {
				return err
			}
			if err := still(); err != nil {
				return err
			}
		}
		u = upload{}
		if err := c.get(ctx, a, &u, url.Values{"media_id": {id}, "command": {"STATUS"}}, "2", "media", "upload"); err != nil {
			return err
		}
	}
	return &platform.Unclear{Status: http.StatusOK, Said: "media still being processed"}
}

func (c *Connector) describe(ctx context.Context, a platform.Account, id, alt string) error {
	body := map[string]any{"id": id, "metadata": map[string]any{"alt_text": map[string]string{"text": alt}}}
	req, err := wire.JSON(ctx, http.MethodPost, c.path(a, "2", "media", "metadata"), body)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, a, req)
	return err
}

// mediaRefused says of a refused upload that it was the file, not the text.
func mediaRefused(err error) error {
	if r, ok := errors.AsType[*platform.Refusal](err); ok && r.Code == "platform.invalid" {
		r.Code = "platform.media_refused"
	}
	return err
}
