package threads

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

// noteContainer is the container to publish, and a digest of what it says: a
// container of other words is not this attempt's.
const noteContainer = "threads.container"

// States of a container.
// https://developers.facebook.com/docs/threads/troubleshooting
const (
	finished  = "FINISHED"
	published = "PUBLISHED"
	expired   = "EXPIRED"
	failed    = "ERROR"
	working   = "IN_PROGRESS"
)

// unpublished are the states in which a container was certainly not published.
func unpublished(state string) bool {
	return state == working || state == finished || state == expired || state == failed
}

func digest(out platform.Outgoing) string {
	h := sha256.New()
	h.Write([]byte(out.InReplyTo + "\x00" + platform.Compose(out)))
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
// Threads has worked it through.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
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
	form, err := c.form(ctx, a, out, n, anew)
	if err != nil {
		return err
	}
	id, err := c.create(ctx, a, form)
	if graph.Gone(err) && out.InReplyTo != "" {
		return &platform.Refusal{Code: "platform.parent_gone", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
	}
	if err != nil {
		return err
	}
	if err := n.Save(ctx, noteContainer, id+" "+digest(out)); err != nil {
		return err
	}
	return c.ready(ctx, a, id)
}

// form is what the container is made of: a text, one file, or several.
func (c *Connector) form(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes, anew bool) (url.Values, error) {
	form := url.Values{"media_type": {"TEXT"}}
	switch len(out.Media) {
	case 0:
	case 1:
		form = fileForm(out.Media[0])
	default:
		var children []string
		for _, m := range out.Media {
			id, err := c.child(ctx, a, m, n, anew)
			if err != nil {
				return nil, err
			}
			children = append(children, id)
		}
		form = url.Values{"media_type": {"CAROUSEL"}, "children": {strings.Join(children, ",")}}
	}
	if text := platform.Compose(out); text != "" {
		form.Set("text", text)
	}
	if out.InReplyTo != "" {
		form.Set("reply_to_id", out.InReplyTo)
	}
	return form, nil
}

func fileForm(m platform.Media) url.Values {
	form := url.Values{"media_type": {"IMAGE"}, "image_url": {m.URL}}
	if m.Video() {
		form = url.Values{"media_type": {"VIDEO"}, "video_url": {m.URL}}
	}
	if m.Alt != "" {
		form.Set("alt_text", m.Alt)
	}
	return form
}

// child is the container of one file of several, made once.
func (c *Connector) child(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes, anew bool) (string, error) {
	if id := n.Value(m.Key); id != "" && !anew {
		return id, nil
	}
	form := fileForm(m)
	form.Set("is_carousel_item", "true")
	id, err := c.create(ctx, a, form)
	if err != nil {
		return "", err
	}
	if err := c.ready(ctx, a, id); err != nil {
		return "", err
	}
	return id, n.Save(ctx, m.Key, id)
}

// create is POST /me/threads.
func (c *Connector) create(ctx context.Context, a platform.Account, form url.Values) (string, error) {
	var made graph.ID
	if _, err := c.api.Post(ctx, a, &made, form, "me", "threads"); err != nil {
		return "", err
	}
	return made.ID, made.Named()
}

// state is where a container stands.
func (c *Connector) state(ctx context.Context, a platform.Account, id string) (status, said string, err error) {
	var s struct {
		Status string `json:"status"`
		Said   string `json:"error_message"`
	}
	if _, err := c.api.Get(ctx, a, &s, url.Values{"fields": {"id,status,error_message"}}, id); err != nil {
		return "", "", err
	}
	if s.Status == "" {
		return "", "", &platform.Unclear{Status: http.StatusOK, Said: "no state"}
	}
	return s.Status, s.Said, nil
}

// broken says why Threads could not work a container through.
func broken(said string) error {
	r := &platform.Refusal{Code: "platform.media_refused", Said: safe(said), Fix: platform.FixAuthor}
	if strings.Contains(said, "DOWNLOADING") {
		r.Code, r.Fix = "platform.media_unreachable", platform.FixAdmin
	}
	return r
}

// ready polls until Threads has worked a container through: at once for a
// text, half a minute for pictures, longer for films.
func (c *Connector) ready(ctx context.Context, a platform.Account, id string) error {
	pause := 100 * time.Millisecond
	for range 40 {
		status, said, err := c.state(ctx, a, id)
		switch {
		case err != nil:
			return err
		case status == finished || status == published:
			return nil
		case status == failed:
			return broken(said)
		case status == expired:
			return &platform.Unclear{Status: http.StatusOK, Said: "the container has expired"}
		}
		if err := wire.Wait(ctx, pause); err != nil {
			return err
		}
		pause = min(pause*3/2, 5*time.Second)
	}
	return &platform.Unclear{Status: http.StatusOK, Said: "media still being processed"}
}
