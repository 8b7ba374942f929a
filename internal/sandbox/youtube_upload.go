package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Resumable uploads (developers.google.com/youtube/v3/guides/using_resumable_upload_protocol).
const (
	ytSessionLife = 7 * 24 * time.Hour
	ytChunkUnit   = 256 << 10 // every chunk but the last is a multiple of it
)

// ytSession is an upload under way. It dies with the process, as a session may.
type ytSession struct {
	account string
	about   ytAbout
	begun   time.Time
	have    int64
	want    int64 // 0 until it is told
	sum     hash.Hash
	head    []byte // enough to know the kind of file
	video   string // its id, when the last byte came
}

func (u *ytSession) write(p []byte) {
	u.sum.Write(p)
	u.head = append(u.head, p[:min(len(p), 512-min(len(u.head), 512))]...)
	u.have += int64(len(p))
}

// ytAbout is what a film's resource says when it comes or is changed.
type ytAbout struct {
	ID      string `json:"id"`
	Snippet *struct {
		Title       string   `json:"title"`
		Description string   `json:"description"`
		CategoryID  string   `json:"categoryId"`
		Tags        []string `json:"tags"`
	} `json:"snippet"`
	Status *struct {
		Privacy   string `json:"privacyStatus"`
		PublishAt string `json:"publishAt"`
		Kids      *bool  `json:"selfDeclaredMadeForKids"`
	} `json:"status"`
}

// ytUpload: POST /upload/youtube/v3/videos in its three ways, and what comes to
// a session's own address.
func (s *Sandbox) ytUpload(c *call) answer {
	if id := c.query.Get("upload_id"); id != "" {
		return s.ytChunk(c, id)
	}
	if no := s.ytSpend(c, "uploads", 1, ytUploadsADay); no != nil {
		return *no
	}
	switch c.query.Get("uploadType") {
	case "resumable":
		return s.ytBegin(c)
	case "multipart":
		return s.ytWhole(c)
	}
	return ytError(http.StatusBadRequest, "badRequest", "global", "Unsupported uploadType.")
}

// ytBegin opens a session: 200 with its address in Location.
func (s *Sandbox) ytBegin(c *call) answer {
	u, no := newYTSession(c, c.raw)
	if no != nil {
		return *no
	}
	u.want, _ = strconv.ParseInt(c.r.Header.Get("X-Upload-Content-Length"), 10, 64) // it may be left out
	id := "AHVrFx" + random()
	if s.ytSessions == nil {
		s.ytSessions = map[string]*ytSession{}
	}
	s.ytSessions[id] = u
	return answer{status: http.StatusOK, header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}}.
		with("Location", c.base+"/yt/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id="+id).
		with("X-GUploader-UploadID", id)
}

func newYTSession(c *call, about []byte) (*ytSession, *answer) {
	u := &ytSession{account: c.account.ID, begun: c.now, sum: sha256.New()}
	if err := json.Unmarshal(about, &u.about); err != nil && len(about) > 0 {
		no := youtubeFace{}.unreadable()
		return nil, &no
	}
	if no := ytPart(c); no != nil {
		return nil, no
	}
	return u, u.about.check(true)
}

func ytPart(c *call) *answer {
	if len(c.query["part"]) == 0 {
		no := ytError(http.StatusBadRequest, "missingRequiredParameter", "global", "No filter selected. Expected one of: part")
		return &no
	}
	return nil
}

// check is what YouTube refuses of a title, a description and a status.
func (v ytAbout) check(fresh bool) *answer {
	no := func(reason, text string) *answer {
		a := ytError(http.StatusBadRequest, reason, "youtube.video", text)
		return &a
	}
	if sn := v.Snippet; sn != nil {
		switch {
		case strings.TrimSpace(sn.Title) == "" || len([]rune(sn.Title)) > 100 || strings.ContainsAny(sn.Title, "<>"):
			return no("invalidTitle", "The request metadata specifies an invalid or empty video title.")
		case len(sn.Description) > 5000 || strings.ContainsAny(sn.Description, "<>"):
			return no("invalidDescription", "The request metadata specifies an invalid video description.")
		case !fresh && sn.CategoryID == "":
			return no("invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID.")
		}
	} else if fresh {
		return no("invalidTitle", "The request metadata specifies an invalid or empty video title.")
	}
	if st := v.Status; st != nil {
		switch {
		case st.Privacy != "" && st.Privacy != "public" && st.Privacy != "private" && st.Privacy != "unlisted":
			return no("invalidVideoMetadata", "The request metadata is invalid.")
		case st.PublishAt != "" && st.Privacy != "private":
			return no("invalidPublishAt", "The request metadata specifies an invalid scheduled publishing time.")
		}
	}
	return nil
}

// ytWhole takes metadata and film in one body (uploadType=multipart).
func (s *Sandbox) ytWhole(c *call) answer {
	_, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	r := multipart.NewReader(bytes.NewReader(c.raw), params["boundary"])
	var parts [][]byte
	for err == nil && len(parts) < 2 {
		var part *multipart.Part
		if part, err = r.NextRawPart(); err == nil {
			var raw []byte
			raw, err = io.ReadAll(part)
			parts = append(parts, raw)
		}
	}
	if err != nil && !errors.Is(err, io.EOF) || len(parts) != 2 {
		return ytError(http.StatusBadRequest, "badContent", "global", "Media type or body is not supported.")
	}
	u, no := newYTSession(c, parts[0])
	if no != nil {
		return *no
	}
	u.write(parts[1])
	return s.ytLanded(c, u)
}

// ytChunk takes the next bytes of a session, or says how many it has.
func (s *Sandbox) ytChunk(c *call, id string) answer {
	u := s.ytSessions[id]
	if u == nil || c.now.Sub(u.begun) > ytSessionLife || u.account != c.account.ID {
		return answer{status: http.StatusNotFound, header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, body: []byte("Not Found")}
	}
	if u.video != "" {
		return s.ytMade(c, u)
	}
	r, err := readContentRange(c.r.Header.Get("Content-Range"), int64(len(c.raw)))
	if err != nil {
		return ytError(http.StatusBadRequest, "badRequest", "global", "Failed to parse Content-Range header.")
	}
	if r.total > 0 {
		u.want = r.total
	}
	if !r.ask {
		last := r.total > 0 && r.to+1 == r.total
		switch {
		case r.from != u.have || r.to-r.from+1 != int64(len(c.raw)):
			return ytError(http.StatusBadRequest, "badRequest", "global", fmt.Sprintf("Invalid request. There were %d byte(s) in the request body. There should have been %d byte(s) starting at offset %d.", len(c.raw), r.to-r.from+1, u.have))
		case !last && len(c.raw)%ytChunkUnit != 0:
			return ytError(http.StatusBadRequest, "badRequest", "global", "Chunk size must be a multiple of 256 KiB.")
		}
		u.write(c.raw)
	}
	if u.want > 0 && u.have == u.want {
		return s.ytLanded(c, u)
	}
	more := answer{status: http.StatusPermanentRedirect, header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}}.with("X-GUploader-UploadID", id)
	if u.have > 0 {
		more = more.with("Range", fmt.Sprintf("bytes=0-%d", u.have-1))
	}
	return more
}

// contentRange is a Content-Range header: "bytes a-b/total", "bytes a-b/*", or
// "bytes */total", which only asks.
type contentRange struct {
	from, to, total int64
	ask             bool
}

func readContentRange(header string, length int64) (r contentRange, err error) {
	if header == "" { // the whole file at once
		return contentRange{to: length - 1, total: length}, nil
	}
	span, total, ok := strings.Cut(strings.TrimPrefix(header, "bytes "), "/")
	if !ok || !strings.HasPrefix(header, "bytes ") {
		return r, errBody
	}
	if total != "*" {
		if r.total, err = strconv.ParseInt(total, 10, 64); err != nil || r.total < 0 {
			return r, errBody
		}
	}
	if span == "*" {
		r.ask = true
		return r, nil
	}
	from, to, ok := strings.Cut(span, "-")
	r.from, err = strconv.ParseInt(from, 10, 64)
	if err == nil {
		r.to, err = strconv.ParseInt(to, 10, 64)
	}
	if !ok || err != nil || r.from < 0 || r.to < r.from || r.total > 0 && r.to >= r.total {
		return r, errBody
	}
	return r, nil
}

// ytLanded makes a video of an upload whose last byte came.
func (s *Sandbox) ytLanded(c *call, u *ytSession) answer {
	a := s.world.account(YouTube, u.account)
	p := &Post{
		Platform: YouTube, Kind: kindPost, Account: a.ID, AuthorID: a.ID, Author: a.Handle, Ours: true, Draft: true,
		Media: []Media{{ID: random()[:12], Platform: YouTube, Account: a.ID, Type: http.DetectContentType(u.head), Size: u.have, SHA256: hex.EncodeToString(u.sum.Sum(nil)), Ready: true, At: c.now}},
		Face:  map[string]string{"privacy": "public", "category": "22", "kids": "false"},
	}
	u.about.apply(p, c.now)
	if err := s.publish(p, c.now); err != nil {
		return ytError(http.StatusInternalServerError, "backendError", "global", "Backend Error")
	}
	u.video = p.ID
	return s.ytMade(c, u)
}

func (s *Sandbox) ytMade(c *call, u *ytSession) answer {
	p := s.world.post(YouTube, u.video)
	return jsonAnswer(http.StatusOK, s.ytVideoJSON(p, []string{"id", "snippet", "status"}, c.now))
}

// apply puts what a resource says into a film's post.
func (v ytAbout) apply(p *Post, now time.Time) {
	title, old := ytFilm(p)
	face := maps.Clone(old)
	p.Title = title
	if sn := v.Snippet; sn != nil {
		p.Title, face["description"] = sn.Title, sn.Description
		face["tags"] = strings.Join(sn.Tags, "\n")
		if sn.CategoryID != "" {
			face["category"] = sn.CategoryID
		}
		p.Text = youtubeText(sn.Title, sn.Description)
	}
	if st := v.Status; st != nil {
		if st.Privacy != "" {
			face["privacy"] = st.Privacy
		}
		if st.Kids != nil {
			face["kids"] = strconv.FormatBool(*st.Kids)
		}
		face["publishAt"] = st.PublishAt
	}
	if hidden := face["privacy"] == "private"; p.Draft && !hidden {
		p.Draft, p.At = false, now // the time of publication is when it became public
	} else {
		p.Draft = hidden
	}
	p.Face = face
}

// ytThumbnail: POST /upload/youtube/v3/thumbnails/set.
func (s *Sandbox) ytThumbnail(c *call) answer {
	p := s.world.visible(YouTube, c.query.Get("videoId"))
	switch {
	case p == nil || p.Kind != kindPost:
		return ytError(http.StatusNotFound, "videoNotFound", "youtube.thumbnail", "The video that you are trying to insert a thumbnail image for cannot be found.")
	case p.AuthorID != c.account.ID:
		return ytError(http.StatusForbidden, "forbidden", "youtube.thumbnail", "The thumbnail can't be set for the specified video.")
	case len(c.raw) > 50<<20 || !strings.HasPrefix(http.DetectContentType(c.raw), "image/"):
		return ytError(http.StatusBadRequest, "invalidImage", "youtube.thumbnail", "The provided image content is invalid.")
	}
	return jsonAnswer(http.StatusOK, object{"kind": "youtube#thumbnailSetResponse", "etag": ytTag(p), "items": []object{ytThumbnails(p)}})
}
