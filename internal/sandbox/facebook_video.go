package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// graphUploads: POST /{app}/uploads begins a resumable upload.
// https://developers.facebook.com/docs/graph-api/guides/upload
func (s *Sandbox) graphUploads(c *call, id string) answer {
	if id != c.account.App.ClientID && id != "app" {
		return graphMissing("post", id)
	}
	size, err := strconv.ParseInt(c.str("file_length"), 10, 64)
	switch {
	case err != nil || size <= 0:
		return graphBad("The parameter file_length is required")
	case !strings.HasPrefix(c.str("file_type"), "video/") && !strings.HasPrefix(c.str("file_type"), "image/"):
		return graphBad("Invalid file_type")
	}
	m := &Media{ID: s.world.nextID(Facebook, c.now), Platform: Facebook, Account: c.account.ID, Type: c.str("file_type"), Category: "upload", Want: size, At: c.now}
	if err := s.world.putMedia(m); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"id": "upload:" + m.ID + "?sig=" + uploadSig(s, m)})
}

// uploadSig is the signature that a session's id carries.
func uploadSig(s *Sandbox, m *Media) string { return derive(s.world.seed, "upload", m.ID)[:19] }

// graphUpload: POST /upload:{session} brings bytes from an offset on, GET says
// how many arrived. What arrived stays.
func (s *Sandbox) graphUpload(c *call, method, session string) answer {
	m := s.world.media[at(Facebook, session)]
	if m == nil || c.str("sig") != uploadSig(s, m) || m.Category != "upload" || m.Account != c.account.ID {
		return graphMissing(strings.ToLower(method), "upload:"+session)
	}
	if method == http.MethodGet {
		return jsonAnswer(http.StatusOK, object{"id": "upload:" + m.ID, "file_offset": m.Size})
	}
	offset, err := strconv.ParseInt(c.r.Header.Get("file_offset"), 10, 64)
	if err != nil || offset != m.Size || offset+int64(len(c.raw)) > m.Want {
		return graphBad("Invalid file_offset: the upload stands at " + strconv.FormatInt(m.Size, 10))
	}
	next := *m
	next.Size += int64(len(c.raw))
	sum := sha256.Sum256(append([]byte(m.SHA256), c.raw...))
	next.SHA256 = hex.EncodeToString(sum[:])
	next.Ready = next.Size == next.Want
	if err := s.world.putMedia(&next); err != nil {
		return graphBroken()
	}
	if !next.Ready {
		return jsonAnswer(http.StatusOK, object{"id": "upload:" + m.ID, "file_offset": next.Size})
	}
	return jsonAnswer(http.StatusOK, object{"h": "4::" + next.ID + ":" + next.SHA256[:12]})
}

// graphVideos: POST /{page}/videos publishes an uploaded film.
func (s *Sandbox) graphVideos(c *call, id string) answer {
	if no := s.graphOwnPage(c, id); no != nil {
		return *no
	}
	parts := strings.Split(c.str("fbuploader_video_file_chunk"), ":")
	if len(parts) != 4 {
		return graphError(http.StatusBadRequest, 6000, 1363030, "OAuthException", "(#6000) There was a problem uploading your video file. Please try again.")
	}
	up := s.world.media[at(Facebook, parts[2])]
	if up == nil || !up.Ready || up.Account != c.account.ID || up.SHA256[:12] != parts[3] || !strings.HasPrefix(up.Type, "video/") {
		return graphError(http.StatusBadRequest, 352, 1363024, "OAuthException", "(#352) The video file you selected is in a format that we don't support.")
	}
	film := *up
	film.ID, film.Category, film.Alt = s.world.nextID(Facebook, c.now), "video", ""
	if err := s.world.putMedia(&film); err != nil {
		return graphBroken()
	}
	p := s.graphOwn(c, kindPost)
	p.Text, p.Title, p.Media = c.str("description"), c.str("title"), []Media{film}
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"id": film.ID})
}

// graphVideo is a video object.
func (s *Sandbox) graphVideo(c *call, m *Media) object {
	out := object{"id": m.ID}
	var post *Post
	for _, p := range s.world.byAuthor[at(Facebook, m.Account)] {
		if !p.Deleted && slices.ContainsFunc(p.Media, func(x Media) bool { return x.ID == m.ID }) {
			post = p
		}
	}
	if post == nil {
		return nil
	}
	for _, f := range c.fieldsOr("id,updated_time") {
		switch f.name {
		case "post_id":
			out["post_id"] = objectPart(post.ID)
		case "permalink_url":
			out["permalink_url"] = "/" + post.Account + "/videos/" + m.ID + "/"
		case "description":
			out["description"] = post.Text
		case "published":
			out["published"] = !post.Draft
		case "updated_time", "created_time":
			out[f.name] = graphTime(c, post.At)
		case "status":
			out["status"] = object{"video_status": "ready", "processing_progress": 100}
		}
	}
	return out
}
