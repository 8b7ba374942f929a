package tiktok

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// Publish implements platform.Connector.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if no := c.Check(a, out); len(no) > 0 {
		return platform.Receipt{}, no[0]
	}
	if a.Mode == Business {
		return c.publishBusiness(ctx, a, out, n)
	}
	if _, ok := readNote[creator](n, noteCreator); !ok {
		return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
	}
	if out.Media[0].Video() {
		return c.publishFilm(ctx, a, out, n)
	}
	return c.publishPictures(ctx, a, out, n)
}

// publishFilm sends the last chunk: with it TikTok has the whole film and
// publishes it. The same chunk to the same publish id is never a second post.
func (c *Connector) publishFilm(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	u, ok := readNote[upload](n, noteUpload)
	if !ok || u.Dead || !trusted(a, u.URL) {
		return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
	}
	film := out.Media[0]
	if n.Value(noteSent) != "" {
		s, err := c.status(ctx, a, u.ID)
		if err != nil {
			return platform.Receipt{}, landed(err)
		}
		if s.State != failed && (s.State == complete || s.Uploaded >= film.Size) {
			return c.settled(ctx, a, out, u.ID)
		}
		if s.State == failed {
			return platform.Receipt{}, s.why()
		}
	}
	if err := n.Save(ctx, noteSent, time.Now().UTC().Format(time.RFC3339)); err != nil {
		return platform.Receipt{}, &platform.NotSent{Err: err}
	}
	off := u.Chunk * (u.Chunks - 1)
	if err := c.put(ctx, a, u, film, off, film.Size-off); err != nil {
		return platform.Receipt{}, c.unput(ctx, err, u, n)
	}
	return c.settled(ctx, a, out, u.ID)
}

// publishPictures names the pictures' addresses: TikTok fetches them and
// publishes. POST /v2/post/publish/content/init/. The publish id comes with the
// answer, so without an answer only our list of posts can tell.
func (c *Connector) publishPictures(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if id := n.Value(notePhoto); id != "" {
		return c.settled(ctx, a, out, id)
	}
	if n.Value(noteSent) != "" {
		return platform.Receipt{}, &platform.Unclear{Said: "an earlier call was not answered"}
	}
	info, err := postInfo(out, n)
	if err != nil {
		return platform.Receipt{}, err
	}
	info["description"], info["auto_add_music"] = platform.Compose(out), false
	var addresses []string
	for _, m := range out.Media {
		addresses = append(addresses, m.URL)
	}
	if err := n.Save(ctx, noteSent, time.Now().UTC().Format(time.RFC3339)); err != nil {
		return platform.Receipt{}, &platform.NotSent{Err: err}
	}
	var data struct {
		ID string `json:"publish_id"`
	}
	answer, err := c.post(ctx, a, map[string]any{"media_type": "PHOTO", "post_mode": "DIRECT_POST", "post_info": info, "source_info": map[string]any{
		"source": "PULL_FROM_URL", "photo_images": addresses, "photo_cover_index": 0,
	}}, &data, "v2", "post", "publish", "content", "init")
	if _, unclear := errors.AsType[*platform.Unclear](err); err != nil {
		if !unclear { // certainly not accepted: it may be sent again
			if err := n.Save(ctx, noteSent, ""); err != nil {
				return platform.Receipt{}, &platform.NotSent{Err: err}
			}
		}
		return platform.Receipt{}, err
	}
	if data.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no publish id"}
	}
	if err := n.Save(ctx, notePhoto, data.ID); err != nil {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "accepted, and not noted", Err: err}
	}
	return c.settled(ctx, a, out, data.ID)
}

// States of a publish id.
const (
	uploading = "PROCESSING_UPLOAD"
	complete  = "PUBLISH_COMPLETE"
	failed    = "FAILED"
)

// status is what TikTok says of a publish id.
type status struct {
	State    string            `json:"status"`
	Reason   string            `json:"fail_reason"`
	Uploaded int64             `json:"uploaded_bytes"`
	IDs      []json.RawMessage `json:"publicaly_available_post_id"` // (sic)
	Mended   []json.RawMessage `json:"publicly_available_post_id"`
}

// status asks. POST /v2/post/publish/status/fetch/, 30 a minute.
func (c *Connector) status(ctx context.Context, a platform.Account, id string) (s status, err error) {
	_, err = c.post(ctx, a, map[string]any{"publish_id": id}, &s, "v2", "post", "publish", "status", "fetch")
	return s, err
}

// post is the public post's id: a number too large for most languages, so it is
// kept as it was written.
func (s status) post() string {
	for _, raw := range append(s.IDs, s.Mended...) {
		if id := strings.Trim(string(raw), `"`); id != "" && id != "0" && strings.Trim(id, "0123456789") == "" {
			return id
		}
	}
	return ""
}

// why is the reason of a failed post. What was TikTok's own fault is tried
// again by the publisher: nothing was published.
func (s status) why() error {
	if r := refusal(s.Reason); r != nil {
		r.Said = s.Reason
		return r
	}
	if wait, ok := patience(s.Reason); ok {
		return &platform.Throttle{Until: time.Now().Add(wait), Said: s.Reason}
	}
	if s.Reason == "internal" || s.Reason == "" {
		return &platform.NotSent{Err: errors.New("TikTok failed: " + s.Reason)}
	}
	return &platform.Refusal{Code: "platform.media_refused", Said: s.Reason, Fix: platform.FixAuthor}
}

// settled waits a while for the post's id. TikTok tells it only after it has
// looked at the post, within a minute mostly, sometimes hours later: until then
// the outcome is unclear, because a publish id is no post.
func (c *Connector) settled(ctx context.Context, a platform.Account, out platform.Outgoing, id string) (platform.Receipt, error) {
	pause := 50 * time.Millisecond
	since := time.Now().Add(-platform.Margin)
	for range 12 {
		s, err := c.status(ctx, a, id)
		switch {
		case err != nil:
			return platform.Receipt{}, landed(err)
		case s.State == failed:
			return platform.Receipt{}, s.why()
		case s.State == complete:
			if r, ok := c.appeared(ctx, a, s, platform.Attempt{Out: out, Started: since}); ok {
				return r, nil
			}
		}
		if wire.Wait(ctx, pause) != nil {
			break
		}
		pause = min(pause*2, 4*time.Second)
	}
	return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "TikTok is still working on it"}
}

// appeared is the receipt of a post whose id is told, or that our own list of
// posts shows already.
func (c *Connector) appeared(ctx context.Context, a platform.Account, s status, at platform.Attempt) (platform.Receipt, bool) {
	if id := s.post(); id != "" {
		r := platform.Receipt{RemoteID: id, URL: profile(a.Handle) + "/video/" + id, At: time.Now().UTC()}
		if posts, err := c.query(ctx, a, []string{id}); err == nil && len(posts) == 1 {
			r.At, r.URL = posts[0].at(), posts[0].address(a)
		}
		return r, true
	}
	found, _, err := c.listed(ctx, a, at)
	if err != nil || len(found) != 1 {
		return platform.Receipt{}, false
	}
	return found[0], true
}
