package linkedin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// Stage implements platform.Connector: it uploads pictures and films, and finds
// out below which comment an answer hangs.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	for _, m := range out.Media {
		if err := c.stageMedia(ctx, a, m, n); err != nil {
			return err
		}
	}
	return c.stageAnswer(ctx, a, out, n)
}

// staged reads a note "urn" (uploaded, perhaps still worked on), "urn 3" (so
// many parts are there) or "urn ready".
func staged(note string) (urn string, ready bool) {
	urn, rest, _ := strings.Cut(note, " ")
	return urn, rest == "ready"
}

// stageMedia uploads one file and waits until LinkedIn has worked it through.
func (c *Connector) stageMedia(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes) error {
	urn, ready := staged(n.Value(m.Key))
	if ready {
		return nil
	}
	if urn != "" {
		switch err := c.available(ctx, a, urn, still(ctx, m, n, urn)); {
		case err == nil:
			return n.Save(ctx, m.Key, urn+" ready")
		case !gone(err):
			return err
		}
	}
	upload := c.picture
	if m.Video() {
		upload = c.film
	}
	urn, err := upload(ctx, a, m, n)
	if err != nil {
		return refusedMedia(err)
	}
	if err := n.Save(ctx, m.Key, urn); err != nil {
		return err
	}
	if err := c.available(ctx, a, urn, still(ctx, m, n, urn)); err != nil {
		return err
	}
	return n.Save(ctx, m.Key, urn+" ready")
}

// still renews the lease while LinkedIn works on a file.
func still(ctx context.Context, m platform.Media, n platform.Notes, urn string) func() error {
	return func() error { return n.Save(ctx, m.Key, urn) }
}

// picture: POST /rest/images?action=initializeUpload, PUT the bytes.
func (c *Connector) picture(ctx context.Context, a platform.Account, m platform.Media, _ platform.Notes) (string, error) {
	answer, err := c.send(ctx, a, "images?action=initializeUpload", "", map[string]any{"initializeUploadRequest": map[string]string{"owner": a.RemoteID}})
	if err != nil {
		return "", err
	}
	var begun struct {
		Value struct {
			URL   string `json:"uploadUrl"`
			Image string `json:"image"`
		} `json:"value"`
	}
	if err := wire.Decode(answer.Body, &begun); err != nil || begun.Value.URL == "" || begun.Value.Image == "" {
		return "", &platform.Unclear{Status: answer.Status, Said: "no upload address", Err: err}
	}
	raw, err := wire.Read(m)
	if err != nil {
		return "", err
	}
	_, err = c.put(ctx, a, begun.Value.URL, m.Type, raw)
	return begun.Value.Image, err
}

// film: initializeUpload says which bytes go where; finalizeUpload joins them
// by the tags that the parts were given.
func (c *Connector) film(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes) (string, error) {
	answer, err := c.send(ctx, a, "videos?action=initializeUpload", "", map[string]any{"initializeUploadRequest": map[string]any{
		"owner": a.RemoteID, "fileSizeBytes": m.Size, "uploadCaptions": false, "uploadThumbnail": false}})
	if err != nil {
		return "", err
	}
	var begun struct {
		Value struct {
			Video string `json:"video"`
			Token string `json:"uploadToken"`
			Parts []struct {
				URL   string `json:"uploadUrl"`
				First int64  `json:"firstByte"`
				Last  int64  `json:"lastByte"`
			} `json:"uploadInstructions"`
		} `json:"value"`
	}
	if err := wire.Decode(answer.Body, &begun); err != nil || begun.Value.Video == "" || len(begun.Value.Parts) == 0 {
		return "", &platform.Unclear{Status: answer.Status, Said: "no upload addresses", Err: err}
	}
	var tags []string
	for _, p := range begun.Value.Parts {
		if p.First < 0 || p.Last < p.First || p.Last-p.First >= maxPart {
			return "", &platform.Unclear{Status: answer.Status, Said: "impossible part of a film"}
		}
		raw, err := wire.Chunk(m, p.First, p.Last-p.First+1)
		if err != nil {
			return "", err
		}
		tag, err := c.put(ctx, a, p.URL, "application/octet-stream", raw)
		if err != nil {
			return "", err
		}
		tags = append(tags, tag)
		// A long upload keeps its lease by this; one that breaks off begins anew.
		if err := n.Save(ctx, m.Key, begun.Value.Video+" "+strconv.Itoa(len(tags))); err != nil {
			return "", err
		}
	}
	_, err = c.send(ctx, a, "videos?action=finalizeUpload", "", map[string]any{"finalizeUploadRequest": map[string]any{
		"video": begun.Value.Video, "uploadToken": begun.Value.Token, "uploadedPartIds": tags}})
	return begun.Value.Video, err
}

// maxPart is more than LinkedIn ever asks for at once (4 MB).
const maxPart = 64 << 20

// put brings bytes to an address that LinkedIn gave; the credential goes along
// only to LinkedIn itself.
func (c *Connector) put(ctx context.Context, a platform.Account, address, kind string, raw []byte) (string, error) {
	req, err := wire.Raw(ctx, http.MethodPut, address, kind, raw)
	if err != nil {
		return "", err
	}
	if same(address, a.BaseURL) {
		req.Header.Set("Authorization", "Bearer "+a.Token.Access)
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return "", wire.Failed(err)
	}
	if !answer.OK() {
		return "", refused(answer, a, time.Now())
	}
	return strings.Trim(answer.Header.Get("ETag"), `"`), nil
}

// available waits until a file can be posted. A file that LinkedIn still waits
// for is as good as gone: it is uploaded anew.
func (c *Connector) available(ctx context.Context, a platform.Account, urn string, still func() error) error {
	resource := "images/"
	if kind(urn) == "video" {
		resource = "videos/"
	}
	pause := 50 * time.Millisecond
	for range 120 {
		var m struct {
			Status string `json:"status"`
		}
		if err := c.get(ctx, a, &m, resource+url.QueryEscape(urn), ""); err != nil {
			return err
		}
		switch m.Status {
		case "AVAILABLE":
			return nil
		case "PROCESSING_FAILED":
			return &platform.Refusal{Code: "platform.media_refused", Said: m.Status, Fix: platform.FixAuthor}
		case "WAITING_UPLOAD":
			return &platform.Refusal{Code: "platform.not_found", Said: m.Status, Fix: platform.FixNobody}
		}
		if err := wire.Wait(ctx, pause); err != nil {
			return err
		}
		if pause > time.Second {
			if err := still(); err != nil {
				return err
			}
		}
		pause = min(pause*3/2, 5*time.Second)
	}
	return &platform.Unclear{Status: http.StatusOK, Said: "media still being processed"}
}

// refusedMedia says of a refused upload that it was the file, not the text.
func refusedMedia(err error) error {
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" {
		r.Code = "platform.media_refused"
	}
	return err
}
