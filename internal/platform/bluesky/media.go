package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	_ "image/jpeg" // sizes of pictures
	_ "image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	_ "golang.org/x/image/webp"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// staged is the note of an uploaded file: the server's reference to its bytes,
// kept as it was given, and the picture's shape.
type staged struct {
	Blob   json.RawMessage `json:"blob"`
	Width  int             `json:"width,omitempty"`
	Height int             `json:"height,omitempty"`
}

type ratio struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

func (s staged) ratio() *ratio {
	if s.Width <= 0 || s.Height <= 0 {
		return nil
	}
	return &ratio{s.Width, s.Height}
}

// stageEmbed uploads the media, or makes the link's card; nil is neither. A
// card's words come from the address itself: what stands on the page was not
// approved by anybody here.
func (c *Connector) stageEmbed(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (any, error) {
	if card(out) {
		return map[string]any{"$type": "app.bsky.embed.external", "external": map[string]string{
			"uri": out.Link, "title": cardTitle(out.Link), "description": "",
		}}, nil
	}
	if len(out.Media) == 0 {
		return nil, nil
	}
	if m := out.Media[0]; m.Video() {
		s, err := c.stageVideo(ctx, a, m, n)
		if err != nil {
			return nil, mediaRefused(err)
		}
		e := map[string]any{"$type": "app.bsky.embed.video", "video": s.Blob}
		if m.Alt != "" {
			e["alt"] = m.Alt
		}
		if r := s.ratio(); r != nil {
			e["aspectRatio"] = r
		}
		return e, nil
	}
	type picture struct {
		Alt   string          `json:"alt"`
		Image json.RawMessage `json:"image"`
		Ratio *ratio          `json:"aspectRatio,omitempty"`
	}
	var pictures []picture
	for _, m := range out.Media {
		s, err := c.stagePicture(ctx, a, m, n)
		if err != nil {
			return nil, mediaRefused(err)
		}
		pictures = append(pictures, picture{m.Alt, s.Blob, s.ratio()})
	}
	return map[string]any{"$type": "app.bsky.embed.images", "images": pictures}, nil
}

// cardTitle is the address in short: "tirtawangi.go.id/berita".
func cardTitle(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return link
	}
	return strings.TrimSuffix(strings.TrimPrefix(u.Host, "www.")+u.Path, "/")
}

func noted(m platform.Media, n platform.Notes) (s staged, ok bool) {
	return s, json.Unmarshal([]byte(n.Value(m.Key)), &s) == nil && len(s.Blob) > 0
}

func (s staged) save(ctx context.Context, m platform.Media, n platform.Notes) error {
	raw, err := canonical(s)
	if err != nil {
		return &platform.NotSent{Err: err}
	}
	return n.Save(ctx, m.Key, raw)
}

// stagePicture uploads one picture: com.atproto.repo.uploadBlob.
func (c *Connector) stagePicture(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes) (staged, error) {
	if s, ok := noted(m, n); ok {
		return s, nil
	}
	raw, err := wire.Read(m)
	if err != nil {
		return staged{}, err
	}
	req, err := wire.Raw(ctx, http.MethodPost, wire.Path(a.BaseURL, "xrpc", "com.atproto.repo.uploadBlob"), m.Type, raw)
	if err != nil {
		return staged{}, err
	}
	var s staged
	answer, err := c.call(ctx, a, req, &s)
	if err != nil {
		return staged{}, err
	}
	if !isBlob(s.Blob) {
		return staged{}, &platform.Unclear{Status: answer.Status, Said: "no blob"}
	}
	s.Width, s.Height = m.Width, m.Height
	if s.Width == 0 || s.Height == 0 {
		// A picture nobody here can read goes without its shape.
		if shape, _, err := image.DecodeConfig(bytes.NewReader(raw)); err == nil {
			s.Width, s.Height = shape.Width, shape.Height
		}
	}
	return s, s.save(ctx, m, n)
}

func isBlob(raw json.RawMessage) bool {
	var b struct {
		Ref struct {
			Link string `json:"$link"`
		} `json:"ref"`
	}
	return json.Unmarshal(raw, &b) == nil && b.Ref.Link != ""
}

// videoBase is the film service: Bluesky's own beside its own server,
// otherwise below the server's address.
func videoBase(a platform.Account) string {
	if strings.TrimRight(a.BaseURL, "/") == home {
		return videoHome
	}
	return a.BaseURL
}

// job is app.bsky.video.defs#jobStatus; the service answers uploadVideo both
// with and without the wrapper of its contract.
type job struct {
	ID      string          `json:"jobId"`
	State   string          `json:"state"`
	Blob    json.RawMessage `json:"blob"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
}

func readJob(body []byte) job {
	var both struct {
		job
		Inner *job `json:"jobStatus"`
	}
	if json.Unmarshal(body, &both) != nil {
		return job{}
	}
	if both.Inner != nil {
		return *both.Inner
	}
	return both.job
}

// stageVideo hands a film to the service and waits until it has been worked
// through. The job is noted before it is waited for.
func (c *Connector) stageVideo(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes) (staged, error) {
	if s, ok := noted(m, n); ok {
		return s, nil
	}
	note := m.Key + ".job"
	if n.Value(note) == "" {
		id, err := c.uploadVideo(ctx, a, m)
		if err != nil {
			return staged{}, err
		}
		if err := n.Save(ctx, note, id); err != nil {
			return staged{}, err
		}
	}
	pause := 200 * time.Millisecond
	for range 60 {
		j, err := c.jobStatus(ctx, a, n.Value(note))
		if gone(err) {
			// The service has forgotten the job: the film is sent again.
			return staged{}, errors.Join(&platform.NotSent{Err: err}, n.Save(ctx, note, ""))
		}
		if err != nil {
			return staged{}, err
		}
		switch {
		case isBlob(j.Blob):
			s := staged{Blob: j.Blob, Width: m.Width, Height: m.Height}
			return s, s.save(ctx, m, n)
		case j.State == "JOB_STATE_FAILED":
			if err := n.Save(ctx, note, ""); err != nil {
				return staged{}, err
			}
			return staged{}, &platform.Refusal{Code: "platform.media_refused", Said: strings.TrimSpace(j.Error + " " + j.Message), Fix: platform.FixAuthor}
		}
		if err := wire.Wait(ctx, pause); err != nil {
			return staged{}, err
		}
		pause = min(pause*3/2, 5*time.Second)
	}
	return staged{}, &platform.Unclear{Said: "the film is still being processed"}
}

// uploadVideo: app.bsky.video.uploadVideo, with a token that our own server
// gives out for it. The film streams from its file.
func (c *Connector) uploadVideo(ctx context.Context, a platform.Account, m platform.Media) (string, error) {
	var s session
	if err := c.get(ctx, a, "com.atproto.server.getSession", nil, &s); err != nil {
		return "", err
	}
	var auth struct {
		Token string `json:"token"`
	}
	err := c.get(ctx, a, "com.atproto.server.getServiceAuth", url.Values{
		"aud": {s.server(a)}, "lxm": {"com.atproto.repo.uploadBlob"}, "exp": {strconv.FormatInt(time.Now().Add(25*time.Minute).Unix(), 10)},
	}, &auth)
	if err != nil {
		return "", err
	}
	file, err := m.Open()
	if err != nil {
		return "", &platform.NotSent{Err: err}
	}
	defer file.Close()
	target := wire.Path(videoBase(a), "xrpc", "app.bsky.video.uploadVideo") + "?" + url.Values{"did": {a.RemoteID}, "name": {wire.FileName(m)}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, file)
	if err != nil {
		return "", &platform.NotSent{Err: err}
	}
	req.ContentLength = m.Size
	req.Header.Set("Content-Type", m.Type)
	answer, err := c.bearing(ctx, a, auth.Token, req, nil)
	j := readJob(answer.Body)
	if j.ID != "" && (err == nil || answer.Status == http.StatusConflict) {
		return j.ID, nil // a film that it has already keeps its first job
	}
	if err != nil {
		return "", err
	}
	return "", &platform.Unclear{Status: answer.Status, Said: "no job"}
}

// server is the DID of the server that holds the account.
func (s session) server(a platform.Account) string {
	host := a.BaseURL
	for _, x := range s.DIDDoc.Service {
		if strings.HasSuffix(x.ID, "#atproto_pds") && x.Endpoint != "" {
			host = x.Endpoint
		}
	}
	if u, err := url.Parse(host); err == nil && u.Host != "" {
		host = u.Host
	}
	return "did:web:" + strings.ReplaceAll(host, ":", "%3A")
}

func (c *Connector) jobStatus(ctx context.Context, a platform.Account, id string) (job, error) {
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(videoBase(a), "xrpc", "app.bsky.video.getJobStatus"), url.Values{"jobId": {id}})
	if err != nil {
		return job{}, err
	}
	answer, err := c.bearing(ctx, a, "", req, nil)
	if err != nil {
		if strings.Contains(strings.ToLower(complaintOf(answer.Body).Message), "not found") {
			return job{}, &platform.Refusal{Code: "platform.not_found", Fix: platform.FixNobody}
		}
		return job{}, err
	}
	return readJob(answer.Body), nil
}

// mediaRefused says of a refused upload that it was the file, not the text.
func mediaRefused(err error) error {
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" {
		no := *r
		no.Code = "platform.media_refused"
		return &no
	}
	return err
}
