package x

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
)

// chunk is the size of one appended segment.
const chunk = 4 << 20

type upload struct {
	Data struct {
		ID         string `json:"id"`
		Expires    int64  `json:"expires_after_secs"`
		Processing *struct {
			State string `json:"state"`
			After int    `json:"check_after_secs"`
		} `json:"processing_info"`
	} `json:"data"`
}

// Stage implements platform.Connector: it uploads the pictures.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if a.Mode == V11 {
		return refuseMedia(out)
	}
	for _, m := range out.Media {
		if _, ok := stagedMedia(n.Value(m.Key), time.Now()); ok {
			continue
		}
		id, expires, err := c.upload(ctx, a, m)
		if err != nil {
			return err
		}
		if err := n.Save(ctx, m.Key, fmt.Sprintf("%s %d", id, expires.Unix())); err != nil {
			return err
		}
	}
	return nil
}

// stagedMedia reads a note "id expiry"; an upload that expires within ten
// minutes is made again.
func stagedMedia(note string, now time.Time) (id string, ok bool) {
	id, until, found := strings.Cut(note, " ")
	seconds, err := strconv.ParseInt(until, 10, 64)
	return id, found && err == nil && id != "" && now.Add(10*time.Minute).Before(time.Unix(seconds, 0))
}

// upload brings one picture to X: initialize, append, finalize, alt text.
func (c *Connector) upload(ctx context.Context, a platform.Account, m platform.Media) (string, time.Time, error) {
	raw, err := wire.Read(m)
	if err != nil {
		return "", time.Time{}, err
	}
	begun := time.Now()
	u, err := c.uploadStep(ctx, a, map[string]any{"media_type": m.Type, "total_bytes": len(raw), "media_category": "tweet_image"}, "initialize")
	if err != nil {
		return "", time.Time{}, err
	}
	id := u.Data.ID
	if id == "" {
		return "", time.Time{}, &platform.Unclear{Status: http.StatusOK, Said: "no media id"}
	}
	for i := 0; i*chunk < len(raw); i++ {
		part := raw[i*chunk : min((i+1)*chunk, len(raw))]
		req, err := wire.Multipart(ctx, c.path(a, "2", "media", "upload", id, "append"), [][2]string{{"segment_index", strconv.Itoa(i)}},
			wire.Upload{Field: "media", Name: wire.FileName(m), Type: "application/octet-stream", Bytes: part})
		if err != nil {
			return "", time.Time{}, err
		}
		if _, err := c.call(ctx, a, req); err != nil {
			return "", time.Time{}, err
		}
	}
	u, err = c.uploadStep(ctx, a, map[string]any{}, id, "finalize")
	if err != nil {
		return "", time.Time{}, err
	}
	if err := c.processed(ctx, a, id, u); err != nil {
		return "", time.Time{}, err
	}
	if m.Alt != "" {
		if err := c.describe(ctx, a, id, m.Alt); err != nil {
			return "", time.Time{}, err
		}
	}
	life := 24 * time.Hour
	if u.Data.Expires > 0 {
		life = time.Duration(min(u.Data.Expires, 7*24*3600)) * time.Second
	}
	return id, begun.Add(life), nil
}

func (c *Connector) uploadStep(ctx context.Context, a platform.Account, body map[string]any, path ...string) (u upload, err error) {
	req, err := wire.JSON(ctx, http.MethodPost, c.path(a, append([]string{"2", "media", "upload"}, path...)...), body)
	if err != nil {
		return u, err
	}
	return u, mediaRefused(c.read(ctx, a, req, &u))
}

// processed waits until X has worked the file through.
func (c *Connector) processed(ctx context.Context, a platform.Account, id string, u upload) error {
	for range 60 {
		switch p := u.Data.Processing; {
		case p == nil || p.State == "succeeded":
			return nil
		case p.State == "failed":
			return &platform.Refusal{Code: "platform.media_refused", Said: "processing failed", Fix: platform.FixAuthor}
		default:
			if err := wire.Wait(ctx, time.Duration(min(max(p.After, 1), 10))*time.Second); err != nil {
				return err
			}
		}
		u = upload{}
		if err := c.get(ctx, a, &u, url.Values{"media_id": {id}, "command": {"STATUS"}}, "2", "media", "upload"); err != nil {
			return err
		}
	}
	return &platform.Unclear{Status: http.StatusOK, Said: "media still being processed"}
}

func (c *Connector) describe(ctx context.Context, a platform.Account, id, alt string) error {
	body := map[string]any{"id": id, "metadata": map[string]any{"alt_text": map[string]string{"text": alt}}}
	req, err := wire.JSON(ctx, http.MethodPost, c.path(a, "2", "media", "metadata"), body)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, a, req)
	return mediaRefused(err)
}

// mediaRefused says of a refused upload that it was the file, not the text.
func mediaRefused(err error) error {
	if r, ok := errors.AsType[*platform.Refusal](err); ok && r.Code == "platform.invalid" {
		r.Code = "platform.media_refused"
	}
	return err
}
