package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"net/http"
	"slices"
	"time"
	"unicode/utf16"
)

// Direct posts (developers.tiktok.com/doc/content-posting-api-reference-direct-post
// and content-posting-api-media-transfer-guide).
const (
	ttUploadLife = time.Hour
	ttChunkMin   = 5_000_000
	ttChunkMax   = 64 << 20
	ttLastMax    = 128 << 20
)

// ttPublish is one post under way. It is gone after a restart, as TikTok
// forgets one after a while.
type ttPublish struct {
	id, account, secret string
	text                string
	photo               bool
	begun               time.Time
	want, chunk, total  int64
	have                int64
	sum                 hash.Hash
	head                []byte
	failed              string
	post                string // its id, made when the last byte came
	asked               int    // times its state was read since
}

// ttInit is the body of both init calls.
type ttInit struct {
	Post struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Privacy     string `json:"privacy_level"`
	} `json:"post_info"`
	Source struct {
		Source     string   `json:"source"`
		Size       int64    `json:"video_size"`
		Chunk      int64    `json:"chunk_size"`
		Chunks     int64    `json:"total_chunk_count"`
		Photos     []string `json:"photo_images"`
		PhotoCover *int     `json:"photo_cover_index"`
	} `json:"source_info"`
	Mode  string `json:"post_mode"`
	Media string `json:"media_type"`
}

func ttBody[T any](c *call) (b T, no *answer) {
	if err := json.Unmarshal(c.raw, &b); err != nil {
		a := tiktokFace{}.unreadable()
		return b, &a
	}
	return b, nil
}

// ttLevels are the audiences a post may have. Before the audit only one.
func (s *Sandbox) ttLevels() []string {
	if s.rules.Unaudited {
		return []string{"SELF_ONLY"}
	}
	return []string{"PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"}
}

// ttCreator: POST /v2/post/publish/creator_info/query/, asked before every post.
func (s *Sandbox) ttCreator(c *call) answer {
	return ttOK(object{
		"creator_avatar_url": "https://p16-sign.tiktokcdn.example/" + c.account.ID, "creator_username": c.account.Handle, "creator_nickname": c.account.Name,
		"privacy_level_options": s.ttLevels(), "comment_disabled": false, "duet_disabled": false, "stitch_disabled": true, "max_video_post_duration_sec": 600,
	})
}

// ttAllowed is what TikTok refuses of any post before looking at its files.
func (s *Sandbox) ttAllowed(b ttInit) *answer {
	no := func(status int, code, message string) *answer { a := ttError(status, code, message); return &a }
	long := func(text string, limit int) bool { return len(utf16.Encode([]rune(text))) > limit }
	switch {
	case s.rules.Unaudited && b.Post.Privacy != "SELF_ONLY":
		return no(http.StatusForbidden, "unaudited_client_can_only_post_to_private_accounts", "Unaudited clients can only post to a private account. The publish attempt will be blocked when calling /publish/video/init/ and /publish/content/init/ endpoints.")
	case !slices.Contains(s.ttLevels(), b.Post.Privacy):
		return no(http.StatusBadRequest, "privacy_level_option_mismatch", "The privacy_level is not among the creator's options.")
	case b.Media == "" && long(b.Post.Title, 2200), b.Media != "" && (long(b.Post.Title, 90) || long(b.Post.Description, 4000)):
		return no(http.StatusBadRequest, "invalid_params", "The title or the description is too long.")
	}
	return nil
}

// ttVideoInit: POST /v2/post/publish/video/init/ with FILE_UPLOAD.
func (s *Sandbox) ttVideoInit(c *call) answer {
	b, no := ttBody[ttInit](c)
	if no == nil {
		no = s.ttAllowed(b)
	}
	if no != nil {
		return *no
	}
	src := b.Source
	last := src.Size - src.Chunk*(src.Chunks-1)
	switch {
	case src.Source != "FILE_UPLOAD":
		return ttError(http.StatusBadRequest, "invalid_params", "source must be FILE_UPLOAD here")
	case src.Size <= 0 || src.Size > 4<<30 || src.Chunk <= 0 || src.Chunk > ttChunkMax || src.Chunks < 1 || src.Chunks > 1000,
		src.Chunks != max(src.Size/src.Chunk, 1), src.Chunk < ttChunkMin && src.Chunk != src.Size, last > ttLastMax:
		return ttError(http.StatusBadRequest, "invalid_params", "The total chunk count is invalid")
	}
	p := s.ttBegin(c, b.Post.Title)
	p.want, p.chunk, p.total = src.Size, src.Chunk, src.Chunks
	return ttOK(object{"publish_id": p.id, "upload_url": fmt.Sprintf("%s/tiktok/video/?upload_id=%s&upload_token=%s", c.base, p.id[len("v_pub_file~v2."):], p.secret)})
}

func (s *Sandbox) ttBegin(c *call, text string) *ttPublish {
	p := &ttPublish{id: "v_pub_file~v2." + s.world.growing(TikTok, 0), account: c.account.ID, secret: random(), text: text, begun: c.now, sum: sha256.New()}
	if s.ttPublishes == nil {
		s.ttPublishes = map[string]*ttPublish{}
	}
	s.ttPublishes[p.id] = p
	return p
}

// ttUploader knows who uploads by the address alone.
func (s *Sandbox) ttUploader(c *call) *answer {
	p := s.ttPublishes["v_pub_file~v2."+c.query.Get("upload_id")]
	if p == nil || p.secret != c.query.Get("upload_token") || c.now.Sub(p.begun) > ttUploadLife {
		no := answer{status: http.StatusForbidden, header: http.Header{"Content-Type": {"text/plain"}}, body: []byte("the upload_url has expired")}
		return &no
	}
	c.account = s.world.account(TikTok, p.account)
	return nil
}

// ttChunkOp: the last chunk publishes; the others only bring bytes.
func (s *Sandbox) ttChunkOp(c *call) string {
	p := s.ttPublishes["v_pub_file~v2."+c.query.Get("upload_id")]
	if r, err := readContentRange(c.r.Header.Get("Content-Range"), int64(len(c.raw))); p != nil && err == nil && r.to+1 == p.want {
		return opPublish
	}
	return opStage
}

// ttChunk: PUT to the upload address: 206, and 201 for the last.
func (s *Sandbox) ttChunk(c *call) answer {
	p := s.ttPublishes["v_pub_file~v2."+c.query.Get("upload_id")]
	plain := func(status int, text string) answer {
		return answer{status: status, header: http.Header{"Content-Type": {"text/plain"}}, body: []byte(text)}
	}
	r, err := readContentRange(c.r.Header.Get("Content-Range"), int64(len(c.raw)))
	last := p.have/p.chunk == p.total-1
	switch {
	case err != nil || r.ask || r.total != p.want || r.to-r.from+1 != int64(len(c.raw)):
		return plain(http.StatusBadRequest, "invalid Content-Range")
	case r.from != p.have || !last && int64(len(c.raw)) != p.chunk || last && r.to+1 != p.want:
		return plain(http.StatusRequestedRangeNotSatisfiable, "Content-Range does not continue the upload")
	}
	p.sum.Write(c.raw)
	p.head = append(p.head, c.raw[:min(len(c.raw), 512-min(len(p.head), 512))]...)
	if p.have += int64(len(c.raw)); p.have < p.want {
		return plain(http.StatusPartialContent, "").with("Content-Range", fmt.Sprintf("bytes 0-%d/%d", p.have-1, p.want))
	}
	kind := http.DetectContentType(p.head)
	if !slices.Contains([]string{"video/mp4", "video/webm"}, kind) {
		p.failed = "file_format_check_failed"
		return plain(http.StatusCreated, "")
	}
	film := Media{ID: p.secret[:12], Platform: TikTok, Account: p.account, Type: kind, Size: p.have, SHA256: hex.EncodeToString(p.sum.Sum(nil)), Ready: true, At: c.now}
	if no := s.ttLand(c, p, []Media{film}); no != nil {
		return *no
	}
	return plain(http.StatusCreated, "")
}

// ttLand makes the post. TikTok says so only some looks later.
func (s *Sandbox) ttLand(c *call, p *ttPublish, files []Media) *answer {
	post := &Post{Platform: TikTok, Kind: kindPost, Account: p.account, AuthorID: p.account, Author: c.account.Handle, Ours: true, Text: p.text, Media: files, Link: firstURL(p.text)}
	if err := s.publish(post, c.now); err != nil {
		no := ttError(http.StatusInternalServerError, "internal_error", "Something went wrong. Please try again later.")
		return &no
	}
	p.post = post.ID
	return nil
}

func ttAddresses(c *call) []string {
	b, no := ttBody[ttInit](c)
	if no != nil || len(b.Source.Photos) > 35 {
		return nil
	}
	return b.Source.Photos
}

// ttPhotoInit: POST /v2/post/publish/content/init/. TikTok fetches the pictures
// and publishes by itself.
func (s *Sandbox) ttPhotoInit(c *call) answer {
	b, no := ttBody[ttInit](c)
	if no == nil {
		no = s.ttAllowed(b)
	}
	if no != nil {
		return *no
	}
	n := len(b.Source.Photos)
	if b.Media != "PHOTO" || b.Mode != "DIRECT_POST" || b.Source.Source != "PULL_FROM_URL" || n == 0 || n > 35 || b.Source.PhotoCover == nil || *b.Source.PhotoCover < 0 || *b.Source.PhotoCover >= n {
		return ttError(http.StatusBadRequest, "invalid_params", "The request source info is invalid")
	}
	text := b.Post.Description
	if b.Post.Title != "" {
		text = b.Post.Title + "\n" + text
	}
	p := s.ttBegin(c, text)
	p.photo = true
	var files []Media
	for _, address := range b.Source.Photos {
		f, ok := c.fetched[address]
		switch m := newMedia(TikTok, c.account, f.data); {
		case !ok:
			p.failed = "photo_pull_failed"
		case m.Type != "image/jpeg" && m.Type != "image/webp":
			p.failed = "file_format_check_failed"
		default:
			m.ID, m.Ready, m.At, m.Link = random()[:12], true, c.now, address
			files = append(files, *m)
		}
	}
	if p.failed == "" {
		if no := s.ttLand(c, p, files); no != nil {
			return *no
		}
	}
	return ttOK(object{"publish_id": p.id})
}

// ttStatus: POST /v2/post/publish/status/fetch/. The post's id comes a look
// after the word that it is published.
func (s *Sandbox) ttStatus(c *call) answer {
	b, no := ttBody[struct {
		ID string `json:"publish_id"`
	}](c)
	if no != nil {
		return *no
	}
	p := s.ttPublishes[b.ID]
	if p == nil {
		return ttError(http.StatusBadRequest, "invalid_publish_id", "The publish_id does not exist.")
	}
	if p.account != c.account.ID {
		return ttError(http.StatusForbidden, "token_not_authorized_for_specified_publish_id", "The access_token does not have authorization for the publish_id.")
	}
	working := "PROCESSING_UPLOAD"
	if p.photo {
		working = "PROCESSING_DOWNLOAD"
	}
	data := object{"status": working}
	if !p.photo {
		data["uploaded_bytes"] = p.have
	} else {
		data["downloaded_bytes"] = 0
	}
	if p.post != "" || p.failed != "" {
		p.asked++
	}
	switch {
	case p.failed != "" && p.asked > 1:
		data["status"], data["fail_reason"] = "FAILED", p.failed
	case p.post == "" || p.asked < 2:
	default:
		data["status"] = "PUBLISH_COMPLETE"
		if p.asked > 2 {
			id := json.Number(p.post)
			data["publicaly_available_post_id"] = []json.Number{id} // (sic)
		}
	}
	return ttOK(data)
}
