package facebook

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

// noteSession is a film's resumable upload, beside the medium's own note, which
// is the handle of the whole file.
const noteSession = "facebook.upload"

func film(out platform.Outgoing) bool { return len(out.Media) == 1 && out.Media[0].Video() }

// stageFilm brings a film's bytes in. The session outlives a broken
// connection: it is asked how much it has.
// https://developers.facebook.com/docs/graph-api/guides/upload
func (c *Connector) stageFilm(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes) error {
	if n.Value(m.Key) != "" {
		return nil
	}
	session := n.Value(noteSession)
	off := int64(0)
	if session != "" {
		var at struct {
			Offset graph.Text `json:"file_offset"`
		}
		err := c.uploaded(ctx, a, session, &at)
		switch {
		case graph.Gone(err):
			session = "" // forgotten: begin again
		case err != nil:
			return err
		default:
			if off, err = strconv.ParseInt(string(at.Offset), 10, 64); err != nil || off < 0 || off > m.Size {
				off = 0
			}
		}
	}
	if session == "" {
		var made graph.ID
		form := url.Values{"file_name": {wire.FileName(m)}, "file_length": {strconv.FormatInt(m.Size, 10)}, "file_type": {m.Type}}
		if _, err := c.graph.Post(ctx, a, &made, form, a.App.ClientID, "uploads"); err != nil {
			return fileRefused(err)
		}
		// The id carries its own signature: upload:…?sig=…
		if !strings.HasPrefix(made.ID, "upload:") || strings.ContainsAny(made.ID, " #\\") || strings.Contains(made.ID, "..") {
			return &platform.Unclear{Status: http.StatusOK, Said: "no upload session"}
		}
		if err := n.Save(ctx, noteSession, made.ID); err != nil {
			return err
		}
		session, off = made.ID, 0
	}
	answer, err := c.graph.Stream(ctx, a, c.graph.Proven(a, session), m, off, map[string]string{"file_offset": strconv.FormatInt(off, 10)})
	if err != nil {
		return fileRefused(err)
	}
	var done struct {
		Handle string `json:"h"`
	}
	if err := wire.Whole(answer.Body, &done); err != nil || done.Handle == "" {
		return &platform.Unclear{Status: answer.Status, Said: "no handle", Err: err}
	}
	return n.Save(ctx, m.Key, done.Handle)
}

// uploaded asks a session what it has.
func (c *Connector) uploaded(ctx context.Context, a platform.Account, session string, into any) error {
	req, err := wire.Request(ctx, http.MethodGet, c.graph.Proven(a, session), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "OAuth "+a.Token.Access)
	answer, err := c.graph.Send(ctx, a, req)
	if err != nil {
		return err
	}
	if err := wire.Whole(answer.Body, into); err != nil {
		return &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return nil
}

// fileRefused says of a refused upload that it was the file, not the text.
func fileRefused(err error) error {
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" {
		r.Code = "platform.media_refused"
	}
	return err
}

// publishFilm is the one visible call of a post with a film:
// POST graph-video.facebook.com/{page}/videos
func (c *Connector) publishFilm(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	handle := n.Value(out.Media[0].Key)
	if handle == "" {
		return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
	}
	at := a
	if at.BaseURL == home {
		at.BaseURL = videoAt
	}
	var made graph.ID
	answer, err := c.graph.Post(ctx, at, &made, url.Values{"description": {message(out)}, "fbuploader_video_file_chunk": {handle}}, a.RemoteID, "videos")
	if err != nil {
		return platform.Receipt{}, fileRefused(err)
	}
	if err := made.Named(); err != nil {
		return platform.Receipt{}, err
	}
	r := platform.Receipt{RemoteID: made.ID, URL: "https://www.facebook.com/" + made.ID, At: graph.Served(answer.Header)}
	// Comments hang on the post that the film made, and the page's list names
	// it. Asking is a courtesy: the film is out.
	var video struct {
		Post graph.Text `json:"post_id"`
	}
	if _, err := c.graph.Get(ctx, a, &video, url.Values{"fields": {"post_id"}}, made.ID); err == nil && video.Post != "" {
		r.RemoteID = string(video.Post)
		if !strings.Contains(r.RemoteID, "_") {
			r.RemoteID = a.RemoteID + "_" + r.RemoteID
		}
		r.URL = "https://www.facebook.com/" + r.RemoteID
	}
	return r, nil
}
