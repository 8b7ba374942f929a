package instagram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

// noteContainer is the container to publish, and a digest of what it says: a
// container of other words is not this attempt's.
const noteContainer = "instagram.container"

// States of a container.
// https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-container
const (
	working   = "IN_PROGRESS"
	finished  = "FINISHED"
	published = "PUBLISHED"
	expired   = "EXPIRED"
	failed    = "ERROR"
)

// unpublished are the states in which a container was certainly not published.
func unpublished(state string) bool {
	return state == working || state == finished || state == expired || state == failed
}

func digest(out platform.Outgoing) string {
	h := sha256.New()
	h.Write([]byte(platform.Compose(out)))
	for _, m := range out.Media {
		h.Write([]byte("\x00" + m.Key + "\x00" + m.Alt))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// noted is the container that an earlier step made for this very content.
func noted(out platform.Outgoing, n platform.Notes) string {
	if n == nil {
		return ""
	}
	id, print, _ := strings.Cut(n.Value(noteContainer), " ")
	if print != digest(out) {
		return ""
	}
	return id
}

// Stage implements platform.Connector: it makes the container and waits until
// Instagram has worked it through.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	if out.InReplyTo != "" || graph.Direct(out) {
		return nil // an answer is one call
	}
	anew := false
	if id := noted(out, n); id != "" {
		state, _, err := c.state(ctx, a, id)
		switch {
		case err != nil && !graph.Gone(err):
			return err
		case state == finished || state == published:
			return nil
		case state == working:
			return c.ready(ctx, a, id)
		}
		anew = true // it ran out after a day, or broke: begin again
	}
	id, err := c.container(ctx, a, out, n, anew)
	if err != nil {
		return err
	}
	if err := n.Save(ctx, noteContainer, id+" "+digest(out)); err != nil {
		return err
	}
	return c.ready(ctx, a, id)
}

// container makes what will be published: of one file, or of several.
func (c *Connector) container(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes, anew bool) (string, error) {
	form := url.Values{"caption": {platform.Compose(out)}}
	if len(out.Media) == 1 {
		return c.file(ctx, a, out.Media[0], n, form, anew)
	}
	var children []string
	for _, m := range out.Media {
		id, err := c.file(ctx, a, m, n, url.Values{"is_carousel_item": {"true"}}, anew)
		if err == nil {
			err = c.ready(ctx, a, id) // an album of what is not ready is refused
		}
		if err != nil {
			return "", err
		}
		children = append(children, id)
	}
	form.Set("media_type", "CAROUSEL")
	form.Set("children", strings.Join(children, ","))
	return c.create(ctx, a, form)
}

// file is the container of one file: made once, its bytes brought in where
// they are a film's.
func (c *Connector) file(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes, form url.Values, anew bool) (string, error) {
	id := n.Value(m.Key)
	if anew {
		id = ""
	}
	if m.Video() {
		form.Set("media_type", "REELS")
		if form.Get("is_carousel_item") != "" {
			form.Set("media_type", "VIDEO")
		}
		form.Set("upload_type", "resumable")
	} else {
		form.Set("image_url", m.URL)
		if m.Alt != "" {
			form.Set("alt_text", m.Alt)
		}
	}
	if id == "" {
		made, err := c.create(ctx, a, form)
		if err != nil {
			return "", err
		}
		if err := n.Save(ctx, m.Key, made); err != nil {
			return "", err
		}
		id = made
	}
	if m.Video() {
		return id, c.upload(ctx, a, m, id)
	}
	return id, nil
}

// create is POST /{ig}/media.
func (c *Connector) create(ctx context.Context, a platform.Account, form url.Values) (string, error) {
	var made graph.ID
	_, err := c.api.Post(ctx, a, &made, form, a.RemoteID, "media")
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" {
		r.Code = "platform.media_refused"
	}
	if err != nil {
		return "", err
	}
	return made.ID, made.Named()
}

type state struct {
	Code   string `json:"status_code"`
	Status string `json:"status"`
	Video  struct {
		Uploading struct {
			Status string     `json:"status"`
			Bytes  graph.Text `json:"bytes_transferred"`
		} `json:"uploading_phase"`
	} `json:"video_status"`
}

// state is where a container stands.
func (c *Connector) state(ctx context.Context, a platform.Account, id string) (code, said string, err error) {
	var s state
	if _, err := c.api.Get(ctx, a, &s, url.Values{"fields": {"status_code,status"}}, id); err != nil {
		return "", "", err
	}
	if s.Code == "" {
		return "", "", &platform.Unclear{Status: http.StatusOK, Said: "no state"}
	}
	return s.Code, s.Status, nil
}

// upload brings a film's bytes from where an earlier attempt ended.
func (c *Connector) upload(ctx context.Context, a platform.Account, m platform.Media, id string) error {
	var s state
	if _, err := c.api.Get(ctx, a, &s, url.Values{"fields": {"status_code,video_status"}}, id); err != nil {
		return err
	}
	off, err := strconv.ParseInt(string(s.Video.Uploading.Bytes), 10, 64)
	if err != nil || off < 0 || off > m.Size {
		off = 0
	}
	if off == m.Size || s.Video.Uploading.Status == "complete" {
		return nil
	}
	answer, err := c.api.Stream(ctx, a, uploadAddress(a, id), m, off, map[string]string{
		"offset": strconv.FormatInt(off, 10), "file_size": strconv.FormatInt(m.Size, 10),
	})
	if err != nil {
		return err
	}
	var done graph.Success
	if err := wire.Whole(answer.Body, &done); err != nil {
		return &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return done.Confirmed()
}

// ready polls until Instagram has worked a container through: at once for a
// picture, minutes for a film.
func (c *Connector) ready(ctx context.Context, a platform.Account, id string) error {
	pause := 100 * time.Millisecond
	for range 40 {
		code, said, err := c.state(ctx, a, id)
		switch {
		case err != nil:
			return err
		case code == finished || code == published:
			return nil
		case code == failed:
			return &platform.Refusal{Code: "platform.media_refused", Said: said, Fix: platform.FixAuthor}
		case code == expired:
			return &platform.Unclear{Status: http.StatusOK, Said: "the container has expired"}
		}
		if err := wire.Wait(ctx, pause); err != nil {
			return err
		}
		pause = min(pause*3/2, 5*time.Second)
	}
	return &platform.Unclear{Status: http.StatusOK, Said: "media still being processed"}
}
