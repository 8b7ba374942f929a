package tiktok

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// Names of our notes.
const (
	noteCreator = "tiktok.creator" // what the account may do, asked before each post
	noteUpload  = "tiktok.upload"  // the publish id and where its bytes go
	noteHave    = "tiktok.have"    // how many of its bytes are there
	noteSent    = "tiktok.sent"    // written before the visible call
	notePhoto   = "tiktok.photo"   // the publish id of pictures, told by the visible call
)

// chunk is what a film is sent in. TikTok takes 5 to 64 MB, and the last chunk
// takes the rest; it wants the number of chunks to be the whole quotient.
const chunk = 8 << 20

// uploadLife is how long we use an upload's address; TikTok keeps it an hour.
const uploadLife = 50 * time.Minute

var (
	errNotStaged = errors.New("not staged")
	errExpired   = errors.New("the upload has expired")
)

// creator is what TikTok lets the account's owner choose.
type creator struct {
	Levels     []string `json:"privacy_level_options"`
	NoComments bool     `json:"comment_disabled"`
	NoDuet     bool     `json:"duet_disabled"`
	NoStitch   bool     `json:"stitch_disabled"`
	MaxSeconds int64    `json:"max_video_post_duration_sec"`
}

// upload is a film on its way.
type upload struct {
	ID     string    `json:"publish_id"`
	URL    string    `json:"upload_url"`
	Chunk  int64     `json:"chunk"`
	Chunks int64     `json:"chunks"`
	Begun  time.Time `json:"begun"`
	Dead   bool      `json:"dead,omitempty"` // its address is no longer accepted
}

func readNote[T any](n platform.Notes, name string) (v T, ok bool) {
	raw := n.Value(name)
	return v, raw != "" && json.Unmarshal([]byte(raw), &v) == nil
}

func saveNote(ctx context.Context, n platform.Notes, name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return n.Save(ctx, name, string(raw))
}

// Stage implements platform.Connector. Of a film it sends everything but the
// last chunk; of pictures nothing, because TikTok fetches them in the visible
// call.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	if a.Mode == Business {
		return c.stageBusiness(ctx, a, out, n)
	}
	who, ok := readNote[creator](n, noteCreator)
	if !ok {
		var err error
		if who, err = c.creator(ctx, a); err != nil {
			return err
		}
		if err := saveNote(ctx, n, noteCreator, who); err != nil {
			return err
		}
	}
	if !out.Media[0].Video() {
		return nil
	}
	if who.MaxSeconds > 0 && out.Media[0].Length > time.Duration(who.MaxSeconds)*time.Second {
		return &platform.Refusal{Code: "platform.video_too_long", Said: fmt.Sprintf("this account: %d s", who.MaxSeconds), Fix: platform.FixAuthor}
	}
	return c.stageFilm(ctx, a, out, n)
}

// creator asks what the account may do. POST /v2/post/publish/creator_info/query/.
// An office speaks to everybody: where TikTok does not allow that, nothing is
// posted to nobody instead.
func (c *Connector) creator(ctx context.Context, a platform.Account) (who creator, err error) {
	if _, err := c.post(ctx, a, struct{}{}, &who, "v2", "post", "publish", "creator_info", "query"); err != nil {
		return who, err
	}
	if !slices.Contains(who.Levels, public) {
		return who, &platform.Refusal{Code: "platform.tiktok.not_public", Said: strings.Join(who.Levels, ","), Fix: platform.FixAdmin}
	}
	return who, nil
}

const public = "PUBLIC_TO_EVERYONE"

// stageFilm brings all but the last chunk to TikTok, going on where an earlier
// attempt stopped. An upload is only given up for a new one when TikTok says
// that the old one is not published and cannot become so.
func (c *Connector) stageFilm(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	film := out.Media[0]
	u, begun := readNote[upload](n, noteUpload)
	have := int64(0)
	if begun {
		s, err := c.status(ctx, a, u.ID)
		switch {
		case gone(err) && n.Value(noteSent) == "":
			begun = false
		case gone(err):
			return landed(err)
		case err != nil:
			return err
		case s.State == complete || s.State != failed && s.Uploaded >= film.Size:
			return nil // Publish asks what became of it
		case s.State == failed || u.Dead || time.Since(u.Begun) > uploadLife || !trusted(a, u.URL):
			begun = false
		}
		have = s.Uploaded
	}
	if !begun {
		if err := n.Save(ctx, noteSent, ""); err != nil {
			return err
		}
		var err error
		if u, err = c.begin(ctx, a, out, n); err != nil {
			return err
		}
		have = 0
	}
	for have/u.Chunk < u.Chunks-1 {
		if err := c.put(ctx, a, u, film, have, u.Chunk); err != nil {
			return c.unput(ctx, err, u, n)
		}
		have += u.Chunk
		// Noting it keeps the lease: a long film takes longer than one.
		if err := n.Save(ctx, noteHave, strconv.FormatInt(have, 10)); err != nil {
			return err
		}
	}
	return nil
}

// begin opens a film's upload and notes its publish id before any byte is sent.
// POST /v2/post/publish/video/init/.
func (c *Connector) begin(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (u upload, err error) {
	size := out.Media[0].Size
	u = upload{Chunk: chunk, Chunks: size / chunk, Begun: time.Now().UTC()}
	if u.Chunks <= 1 {
		u.Chunk, u.Chunks = size, 1
	}
	info, err := postInfo(out, n)
	if err != nil {
		return u, err
	}
	info["title"] = platform.Compose(out)
	var data struct {
		ID  string `json:"publish_id"`
		URL string `json:"upload_url"`
	}
	_, err = c.post(ctx, a, map[string]any{"post_info": info, "source_info": map[string]any{
		"source": "FILE_UPLOAD", "video_size": size, "chunk_size": u.Chunk, "total_chunk_count": u.Chunks,
	}}, &data, "v2", "post", "publish", "video", "init")
	if err != nil {
		return u, err
	}
	if data.ID == "" || !trusted(a, data.URL) {
		return u, &platform.Unclear{Status: http.StatusOK, Said: "no publish id or upload address"}
	}
	u.ID, u.URL = data.ID, data.URL
	return u, saveNote(ctx, n, noteUpload, u)
}

// postInfo is what both kinds of post say of themselves. An office promotes no
// goods: both brand switches are off.
func postInfo(out platform.Outgoing, n platform.Notes) (map[string]any, error) {
	who, ok := readNote[creator](n, noteCreator)
	if !ok {
		return nil, &platform.NotSent{Err: errNotStaged}
	}
	info := map[string]any{"privacy_level": public, "disable_comment": who.NoComments, "brand_content_toggle": false, "brand_organic_toggle": false}
	if len(out.Media) > 0 && out.Media[0].Video() {
		info["disable_duet"], info["disable_stitch"] = who.NoDuet, who.NoStitch
	}
	return info, nil
}

// trusted says that an upload's address is TikTok's.
func trusted(a platform.Account, address string) bool {
	u, err := url.Parse(address)
	base, err2 := url.Parse(a.BaseURL)
	if err != nil || err2 != nil || u.Host == "" || u.Scheme != base.Scheme {
		return false
	}
	return u.Host == base.Host || a.BaseURL == home && strings.HasSuffix(u.Host, ".tiktokapis.com")
}

// put sends n bytes of a film from off. 206 wants more, 201 was the last.
func (c *Connector) put(ctx context.Context, a platform.Account, u upload, film platform.Media, off, n int64) error {
	raw, err := wire.Chunk(film, off, n)
	if err != nil {
		return err
	}
	if int64(len(raw)) != n {
		return &platform.NotSent{Err: errors.New("the film is shorter than it was")}
	}
	req, err := wire.Raw(ctx, http.MethodPut, u.URL, film.Type, raw)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", off, off+n-1, film.Size))
	answer, err := c.client.Fetch(req)
	if err != nil {
		return wire.Failed(err)
	}
	switch s := answer.Status; {
	case answer.OK():
		return nil
	case s == http.StatusForbidden || s == http.StatusNotFound || s == http.StatusGone:
		return &platform.Unclear{Status: s, Said: "the upload address is not accepted", Err: errExpired}
	}
	var e envelope
	if wire.Whole(answer.Body, &e) != nil {
		e = envelope{}
		e.Error.Message = strings.ReplaceAll(string(answer.Body), u.URL, "…")
	}
	return refused(answer, e, a, time.Now())
}

// unput notes an address that is no longer accepted, so that the next attempt
// asks for another.
func (c *Connector) unput(ctx context.Context, err error, u upload, n platform.Notes) error {
	if errors.Is(err, errExpired) {
		u.Dead = true
		if err := saveNote(ctx, n, noteUpload, u); err != nil {
			return err
		}
	}
	return err
}
