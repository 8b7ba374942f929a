package youtube

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
	"kentongan/internal/safehttp"
)

// Names of our notes.
const (
	noteSession = "youtube.session" // address of the upload under way
	noteHave    = "youtube.have"    // how many of its bytes are there
	noteVideo   = "youtube.video"   // the private film's id, once every byte is there
	noteWaiting = "youtube.waiting" // YouTube has been at work for longer than one look
)

// chunk is what is sent at once; YouTube wants multiples of 256 KiB.
const chunk = 8 << 20

var (
	errNotStaged   = errors.New("not staged")
	errSessionGone = errors.New("the upload has expired")
)

// Stage implements platform.Connector: it uploads the film as a private video
// and waits until YouTube has worked it through. Each step continues where an
// earlier one was interrupted: the session knows how many bytes it has.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	if out.InReplyTo != "" {
		return nil
	}
	if n.Value(noteVideo) == "" {
		if err := c.upload(ctx, a, out, n); err != nil {
			return err
		}
	}
	return c.processed(ctx, a, n)
}

// upload brings every byte to YouTube and notes the film's id.
func (c *Connector) upload(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	m := out.Media[0]
	session, have := n.Value(noteSession), int64(0)
	if session != "" {
		p, err := c.put(ctx, a, session, fmt.Sprintf("bytes */%d", m.Size), nil)
		switch {
		case gone(err):
			session = ""
		case err != nil:
			return err
		case p.video != "":
			return n.Save(ctx, noteVideo, p.video)
		default:
			have = p.have
		}
	}
	if session == "" {
		var err error
		if session, err = c.begin(ctx, a, out); err != nil {
			return err
		}
		if err := n.Save(ctx, noteSession, session); err != nil {
			return err
		}
	}
	for {
		raw, err := wire.Chunk(m, have, chunk)
		if err != nil {
			return err
		}
		if len(raw) == 0 {
			return &platform.Unclear{Status: http.StatusPermanentRedirect, Said: "every byte was sent and the upload did not end"}
		}
		p, err := c.put(ctx, a, session, fmt.Sprintf("bytes %d-%d/%d", have, have+int64(len(raw))-1, m.Size), raw)
		if gone(err) {
			// Everything so far was private; the next attempt begins anew.
			if err := n.Save(ctx, noteSession, ""); err != nil {
				return err
			}
			return &platform.NotSent{Err: errSessionGone}
		}
		if err != nil {
			return err
		}
		if p.video != "" {
			return n.Save(ctx, noteVideo, p.video)
		}
		if p.have <= have {
			return &platform.Unclear{Status: http.StatusPermanentRedirect, Said: "the upload does not go forward"}
		}
		have = p.have
		// Noting it keeps the lease: a long film takes longer than one.
		if err := n.Save(ctx, noteHave, strconv.FormatInt(have, 10)); err != nil {
			return err
		}
	}
}

// begin opens a resumable upload. POST /upload/youtube/v3/videos.
func (c *Connector) begin(ctx context.Context, a platform.Account, out platform.Outgoing) (session string, err error) {
	title, description := split(platform.Compose(out))
	about := map[string]any{
		"snippet": map[string]any{"title": title, "description": description, "categoryId": "22"},
		"status":  map[string]any{"privacyStatus": "private"},
	}
	query := url.Values{"uploadType": {"resumable"}, "part": {"snippet,status"}}
	req, err := wire.JSON(ctx, http.MethodPost, wire.Path(a.BaseURL, "upload", "youtube", "v3", "videos")+"?"+query.Encode(), about)
	if err != nil {
		return "", err
	}
	req.Header.Set("X-Upload-Content-Length", strconv.FormatInt(out.Media[0].Size, 10))
	req.Header.Set("X-Upload-Content-Type", out.Media[0].Type)
	answer, err := c.call(ctx, a, req)
	if err != nil {
		return "", err
	}
	session = answer.Header.Get("Location")
	if !trusted(a, session) {
		return "", &platform.Unclear{Status: answer.Status, Said: "no address for the upload"}
	}
	return session, nil
}

// trusted says that a session's address is YouTube's: our token goes there.
func trusted(a platform.Account, session string) bool {
	u, err := url.Parse(session)
	base, err2 := url.Parse(a.BaseURL)
	if err != nil || err2 != nil || u.Host == "" || u.Scheme != base.Scheme {
		return false
	}
	return u.Host == base.Host || a.BaseURL == home && strings.HasSuffix(u.Host, ".googleapis.com")
}

// progress is how far an upload is: the film's id when it has ended.
type progress struct {
	have  int64
	video string
}

// put sends a chunk to a session, or asks with none how many bytes it has. 308
// means that more is wanted (RFC 7231 is not meant: no Location comes with it).
func (c *Connector) put(ctx context.Context, a platform.Account, session, span string, raw []byte) (progress, error) {
	if !trusted(a, session) {
		return progress{}, &platform.Refusal{Code: "platform.not_found", Fix: platform.FixNobody}
	}
	req, err := wire.Raw(ctx, http.MethodPut, session, "application/octet-stream", raw)
	if err != nil {
		return progress{}, err
	}
	req.Header.Set("Content-Range", span)
	answer, err := c.call(ctx, a, req)
	if answer.Status == http.StatusPermanentRedirect {
		have, err := readRange(answer.Header.Get("Range"))
		if err != nil {
			return progress{}, &platform.Unclear{Status: answer.Status, Said: "unreadable range", Err: err}
		}
		return progress{have: have}, nil
	}
	if answer.Status == http.StatusNotFound || answer.Status == http.StatusGone {
		// The upload's own server answers without Google's error body.
		return progress{}, &platform.Refusal{Code: "platform.not_found", Said: "no such upload", Fix: platform.FixNobody}
	}
	if err != nil {
		return progress{}, err
	}
	var v video
	if err := wire.Decode(answer.Body, &v); err != nil || v.ID == "" {
		return progress{}, &platform.Unclear{Status: answer.Status, Said: "no video id", Err: err}
	}
	return progress{video: v.ID}, nil
}

// readRange is how many bytes a session has: "bytes=0-N", or nothing for none.
func readRange(header string) (int64, error) {
	if header == "" {
		return 0, nil
	}
	last, ok := strings.CutPrefix(header, "bytes=0-")
	n, err := strconv.ParseInt(last, 10, 64)
	if !ok || err != nil || n < 0 || n >= 1<<60 {
		return 0, fmt.Errorf("range %q", safehttp.Said([]byte(header)))
	}
	return n + 1, nil
}

// stamp is a moment; one that cannot be read is none, so that a single odd
// comment does not hold up all that come after it.
type stamp struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (s *stamp) UnmarshalJSON(raw []byte) error {
	t, err := time.Parse(`"`+time.RFC3339+`"`, string(raw))
	if err == nil {
		s.Time = t
	}
	return nil
}

// video is what we read of a film.
type video struct {
	ID      string `json:"id"`
	Snippet struct {
		PublishedAt stamp    `json:"publishedAt"`
		Title       string   `json:"title"`
		Description string   `json:"description"`
		CategoryID  string   `json:"categoryId"`
		Tags        []string `json:"tags"`
		Language    string   `json:"defaultLanguage"`
		Audio       string   `json:"defaultAudioLanguage"`
	} `json:"snippet"`
	Status struct {
		Upload    string `json:"uploadStatus"`
		Failure   string `json:"failureReason"`
		Rejection string `json:"rejectionReason"`
		Privacy   string `json:"privacyStatus"`
		License   string `json:"license"`
		Embed     *bool  `json:"embeddable"`
		Stats     *bool  `json:"publicStatsViewable"`
		Kids      *bool  `json:"selfDeclaredMadeForKids"`
		Synthetic *bool  `json:"containsSyntheticMedia"`
	} `json:"status"`
	Statistics struct {
		Views    *int64 `json:"viewCount,string"`
		Likes    *int64 `json:"likeCount,string"`
		Comments *int64 `json:"commentCount,string"`
	} `json:"statistics"`
}

type videoList struct {
	Items []video `json:"items"`
}

// film reads a film of ours; a *Refusal platform.not_found where it is gone.
func (c *Connector) film(ctx context.Context, a platform.Account, id string) (v video, header http.Header, err error) {
	var list videoList
	answer, err := c.list(ctx, a, &list, url.Values{"part": {"snippet,status"}, "id": {id}}, "videos")
	if err != nil {
		return v, answer.Header, err
	}
	for _, v := range list.Items {
		if v.ID == id {
			return v, answer.Header, nil
		}
	}
	return v, answer.Header, &platform.Refusal{Code: "platform.not_found", Said: "no such video", Fix: platform.FixNobody}
}

// usable says what YouTube made of a film: nil, still at work, or refused.
func (v video) usable() error {
	switch v.Status.Upload {
	case "processed":
		return nil
	case "failed", "rejected", "deleted":
		return &platform.Refusal{Code: "platform.media_refused", Said: strings.TrimSpace(v.Status.Upload + " " + v.Status.Failure + v.Status.Rejection), Fix: platform.FixAuthor}
	}
	return errWorking
}

var errWorking = errors.New("being processed")

// processed waits a while for YouTube's own work on the film. A long film is
// looked at again later, once a turn, because every look costs a unit; nothing
// counts as failed meanwhile.
func (c *Connector) processed(ctx context.Context, a platform.Account, n platform.Notes) error {
	looks, pause := 8, 100*time.Millisecond
	if n.Value(noteWaiting) != "" {
		looks = 1
	}
	for look := range looks {
		v, _, err := c.film(ctx, a, n.Value(noteVideo))
		if gone(err) {
			return filmGone()
		}
		if err != nil {
			return err
		}
		if err := v.usable(); !errors.Is(err, errWorking) {
			return err
		}
		if look == looks-1 {
			break
		}
		if err := wire.Wait(ctx, pause); err != nil {
			return err
		}
		pause *= 2
	}
	if looks > 1 {
		if err := n.Save(ctx, noteWaiting, "1"); err != nil {
			return err
		}
	}
	return &platform.Throttle{Until: time.Now().Add(time.Minute), Said: "YouTube is still processing the film"}
}

// filmGone: we never delete what we staged, so a person or YouTube did. It is
// not uploaded again by itself.
func filmGone() error {
	return &platform.Refusal{Code: "platform.youtube.film_gone", Said: "the uploaded video is not there", Fix: platform.FixAuthor}
}
