package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	_ "image/jpeg" // sizes of pictures
	_ "image/png"
	"net/http"
	"net/url"
	"strings"

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

// mediaRefused says of a refused upload that it was the file, not the text.
func mediaRefused(err error) error {
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" {
		no := *r
		no.Code = "platform.media_refused"
		return &no
	}
	return err
}
