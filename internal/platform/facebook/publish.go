package facebook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

var errNotStaged = errors.New("media not staged")

// Stage implements platform.Connector: pictures are uploaded unpublished,
// which nobody sees, and attached by the post; a film's bytes are brought in
// and wait for the post.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	if film(out) {
		return c.stageFilm(ctx, a, out.Media[0], n)
	}
	for _, m := range out.Media {
		if n.Value(m.Key) != "" {
			continue
		}
		raw, err := wire.Read(m)
		if err != nil {
			return err
		}
		params := fb.Params{"published": false, "source": fb.DataWithContentType(wire.FileName(m), bytes.NewReader(raw), m.Type)}
		if m.Alt != "" {
			params["alt_text_custom"] = m.Alt
		}
		result, _, err := c.api(ctx, a, fb.POST, escape(a.RemoteID, "photos"), params)
		if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" {
			r.Code = "platform.media_refused"
		}
		if err != nil {
			return err
		}
		id := text(result, "id")
		if id == "" {
			return &platform.Unclear{Status: http.StatusOK, Said: "no photo id"}
		}
		if err := n.Save(ctx, m.Key, id); err != nil {
			return err
		}
	}
	return nil
}

// Publish implements platform.Connector.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if l := c.Count(a, out); l.Used > l.Limit {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.text_too_long", Fix: platform.FixAuthor}
	}
	if graph.Direct(out) {
		return c.inbox.Send(ctx, a, out)
	}
	if film(out) {
		return c.publishFilm(ctx, a, out, n)
	}
	var photos []string
	for _, m := range out.Media {
		id := n.Value(m.Key)
		if id == "" {
			return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
		}
		photos = append(photos, id)
	}
	path, params, err := composed(a, out, photos)
	if err != nil {
		return platform.Receipt{}, err
	}
	result, answer, err := c.api(ctx, a, fb.POST, path, params)
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.not_found" && out.InReplyTo != "" {
		r.Code = "platform.parent_gone"
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	id := text(result, "id")
	if id == "" {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "no post id"}
	}
	r := platform.Receipt{RemoteID: id, URL: text(result, "permalink_url"), At: time.Now().UTC()}
	if served, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		r.At = served.UTC()
	}
	if r.URL == "" {
		r.URL = "https://www.facebook.com/" + id
	}
	return r, nil
}

// composed is the call that publishes: POST /{page}/feed or a comment.
func composed(a platform.Account, out platform.Outgoing, photos []string) (string, fb.Params, error) {
	params := fb.Params{"message": message(out)}
	if out.InReplyTo != "" {
		if len(photos) > 0 {
			params["attachment_id"] = photos[0]
		}
		return escape(out.InReplyTo, "comments"), params, nil
	}
	if len(photos) > 0 {
		var attached []map[string]string
		for _, id := range photos {
			attached = append(attached, map[string]string{"media_fbid": id})
		}
		raw, err := json.Marshal(attached)
		if err != nil {
			return "", nil, &platform.NotSent{Err: err}
		}
		params["attached_media"] = string(raw)
	} else if out.Link != "" {
		params["link"] = out.Link
	}
	return escape(a.RemoteID, "feed"), params, nil
}
