package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// Names of our notes beside the media's own keys.
const (
	noteBefore = "mastodon.before" // newest status of ours before the first attempt
	noteParent = "mastodon.parent" // the status answered: visibility and author
	noteReady  = ".ready"          // behind a file's key: when it was ready
)

// readyLife is how long an uploaded file is taken for granted. Mastodon removes
// what no status used after a day.
const readyLife = 12 * time.Hour

// parent is what an answer must know of what it answers.
type parent struct {
	Visibility string `json:"visibility"`
	Acct       string `json:"acct"`
}

// Stage implements platform.Connector: it remembers our newest status, reads
// whom an answer addresses, and uploads the media.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if err := c.learn(ctx, a); err != nil && lost(err) {
		return err
	}
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	if n.Value(noteBefore) == "" {
		newest, err := c.newest(ctx, a)
		if err != nil && lost(err) {
			return err
		}
		// Without this note the read-back has its window of time.
		if err == nil {
			if err := n.Save(ctx, noteBefore, newest); err != nil {
				return err
			}
		}
	}
	if out.InReplyTo != "" && n.Value(noteParent) == "" {
		if err := c.stageParent(ctx, a, out.InReplyTo, n); err != nil {
			return err
		}
	}
	for _, m := range out.Media {
		if err := c.stageMedia(ctx, a, m, n); err != nil {
			return err
		}
	}
	return nil
}

// nothing is noted when we had no status at all: an empty note means unknown.
const nothing = "-"

func (c *Connector) newest(ctx context.Context, a platform.Account) (string, error) {
	page, _, err := c.ownPage(ctx, a, "", 1)
	if err != nil || len(page) == 0 {
		return nothing, err
	}
	return page[0].ID, nil
}

func (c *Connector) stageParent(ctx context.Context, a platform.Account, id string, n platform.Notes) error {
	var s status
	_, err := c.get(ctx, a, &s, nil, "api", "v1", "statuses", id)
	if gone(err) {
		return &platform.Refusal{Code: "platform.parent_gone", Said: "404", Fix: platform.FixNobody}
	}
	if err != nil {
		return err
	}
	p := parent{Visibility: s.Visibility}
	if s.Account.ID != a.RemoteID {
		p.Acct = s.Account.Acct
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return n.Save(ctx, noteParent, string(raw))
}

// stageMedia uploads one file and waits until the server has worked it
// through. Mastodon API: POST /api/v2/media, GET /api/v1/media/:id.
func (c *Connector) stageMedia(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes) error {
	if id := n.Value(m.Key); id != "" {
		// Not every server tells of a file that waits (snac2: 404); what was
		// ready a while ago still is.
		if at, err := time.Parse(time.RFC3339, n.Value(m.Key+noteReady)); err == nil && time.Since(at) < readyLife {
			return nil
		}
		err := c.ready(ctx, a, id)
		if !gone(err) {
			return err
		}
	}
	var fields [][2]string
	if m.Alt != "" {
		fields = [][2]string{{"description", m.Alt}}
	}
	req, err := wire.MultipartFilm(ctx, wire.Path(a.BaseURL, "api", "v2", "media"), fields, "file", m)
	if err != nil {
		return err
	}
	answer, err := c.call(ctx, a, req)
	if err != nil {
		return mediaRefused(err)
	}
	var made attachment
	if err := wire.Decode(answer.Body, &made); err != nil || made.ID == "" {
		return &platform.Unclear{Status: answer.Status, Said: "no media id", Err: err}
	}
	if err := n.Save(ctx, m.Key, made.ID); err != nil {
		return err
	}
	if answer.Status != http.StatusOK || made.URL == "" {
		if err := c.ready(ctx, a, made.ID); err != nil {
			return mediaRefused(err)
		}
	}
	return n.Save(ctx, m.Key+noteReady, time.Now().UTC().Format(time.RFC3339))
}

type attachment struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

// ready polls an uploaded file: 206 while it is worked on, 200 when done.
func (c *Connector) ready(ctx context.Context, a platform.Account, id string) error {
	pause := 100 * time.Millisecond
	for range 40 {
		var m attachment
		answer, err := c.get(ctx, a, &m, nil, "api", "v1", "media", id)
		if err != nil {
			return err
		}
		if answer.Status == http.StatusOK && m.ID != "" {
			return nil
		}
		if err := wire.Wait(ctx, pause); err != nil {
			return err
		}
		pause = min(pause*3/2, 3*time.Second)
	}
	return &platform.Unclear{Status: http.StatusPartialContent, Said: "media still being processed"}
}

// mediaRefused says of a refused upload that it was the file, not the text.
func mediaRefused(err error) error {
	if r, ok := err.(*platform.Refusal); ok && r.Code == "platform.invalid" {
		r.Code = "platform.media_refused"
	}
	return err
}

// Publish implements platform.Connector. POST /api/v1/statuses.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if l := c.Count(a, out); l.Used > l.Limit {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.text_too_long", Fix: platform.FixAuthor}
	}
	form := url.Values{"status": {platform.Compose(out)}}
	for _, m := range out.Media {
		id := n.Value(m.Key)
		if id == "" {
			return platform.Receipt{}, notStaged()
		}
		form.Add("media_ids[]", id)
	}
	if out.InReplyTo != "" {
		if err := address(form, out, n.Value(noteParent)); err != nil {
			return platform.Receipt{}, err
		}
	}
	req, err := wire.Form(ctx, http.MethodPost, wire.Path(a.BaseURL, "api", "v1", "statuses"), form)
	if err != nil {
		return platform.Receipt{}, err
	}
	req.Header.Set("Idempotency-Key", out.Key)
	answer, err := c.call(ctx, a, req)
	if out.InReplyTo != "" && gone(err) {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: "404", Fix: platform.FixNobody}
	}
	if _, own := said(answer.Body); gone(err) && !own {
		// Every server has this call: whoever does not was not the server.
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: platform.AsRefusal(err).Said}
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	var made status
	if err := wire.Decode(answer.Body, &made); err != nil || made.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no status id", Err: err}
	}
	return platform.Receipt{RemoteID: made.ID, URL: made.address(), At: made.CreatedAt.UTC()}, nil
}

// address makes a status an answer: as private as what it answers, and with
// the mention that notifies its author, which every Mastodon client writes.
func address(form url.Values, out platform.Outgoing, note string) error {
	var p parent
	if err := json.Unmarshal([]byte(note), &p); err != nil {
		return notStaged()
	}
	form.Set("in_reply_to_id", out.InReplyTo)
	switch {
	case out.Private:
		form.Set("visibility", "direct")
	case p.Visibility != "":
		form.Set("visibility", p.Visibility)
	}
	if p.Acct != "" && !addresses(out.Text, p.Acct) {
		form.Set("status", "@"+p.Acct+" "+form.Get("status"))
	}
	return nil
}

func notStaged() error { return &platform.NotSent{Err: errNotStaged} }
