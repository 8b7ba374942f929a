package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	_ "image/jpeg" // the only kind that Instagram takes
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of Instagram's publishing.
// https://developers.facebook.com/docs/instagram-platform/content-publishing
const (
	igMaxCaption  = 2200
	igMaxTags     = 30
	igMaxNames    = 20
	igMaxChildren = 10
	igMaxPicture  = 8 << 20
	igMaxAlt      = 1000
	igPerDay      = 50
	containerLife = 24 * time.Hour
)

// States of a container.
const (
	stateWorking   = "IN_PROGRESS"
	stateFinished  = "FINISHED"
	statePublished = "PUBLISHED"
	stateExpired   = "EXPIRED"
	stateError     = "ERROR"
)

// container is a post before it is published: nobody sees it.
func (s *Sandbox) container(c *call, id string) *Media {
	m := s.world.media[at(c.account.Platform, id)]
	if m == nil || m.Account != c.account.ID || m.Category != "container" {
		return nil
	}
	return m
}

// containerState is where a container stands; asking moves it on.
func containerState(m *Media, now time.Time) string {
	switch {
	case m.Face["published"] != "":
		return statePublished
	case now.Sub(m.At) > containerLife:
		return stateExpired
	case m.Face["error"] != "":
		return stateError
	case m.Want > 0 && m.Size < m.Want:
		return stateWorking // bytes are missing
	case m.Face["kind"] != "TEXT" && m.asked == 0 && !m.Ready:
		return stateWorking
	}
	return stateFinished
}

// asked counts a reading of a container's state.
func (s *Sandbox) askedState(m *Media, now time.Time) string {
	state := containerState(m, now)
	m.asked++
	return state
}

func igError(code, subcode int, message string) answer {
	return graphError(http.StatusBadRequest, code, subcode, "OAuthException", message)
}

// instagramCreate: POST /{ig}/media.
func (s *Sandbox) instagramCreate(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	caption := c.str("caption")
	m := &Media{
		ID: s.world.growing(Instagram, 17_800_000_000_000_000+c.now.UnixMilli()-1_700_000_000_000), Platform: Instagram, Account: c.account.ID, Category: "container", At: c.now, Alt: c.str("alt_text"),
		Face: map[string]string{"caption": caption, "kind": strings.ToUpper(c.str("media_type"))},
	}
	if no := igCaption(caption); no != nil {
		return *no
	}
	if c.flag("is_carousel_item") {
		m.Face["item"] = "1"
	}
	var no *answer
	switch kind := m.Face["kind"]; {
	case kind == "CAROUSEL":
		no = s.igCarousel(c, m)
	case kind == "REELS" || kind == "STORIES" || kind == "VIDEO":
		no = igFilm(c, m)
	case kind == "" || kind == "IMAGE":
		m.Face["kind"] = "IMAGE"
		no = igPicture(c, m)
	default:
		bad := igError(100, 2207023, "The media type "+kind+" is unknown.")
		no = &bad
	}
	if no != nil {
		return *no
	}
	if utf8.RuneCountInString(m.Alt) > igMaxAlt {
		return graphBad("Param alt_text must be at most 1000 characters long.")
	}
	if err := s.world.putMedia(m); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"id": m.ID})
}

func igCaption(caption string) *answer {
	tags, names := 0, 0
	for w := range strings.FieldsSeq(caption) {
		if len(w) > 1 && w[0] == '#' {
			tags++
		}
		if len(w) > 1 && w[0] == '@' {
			names++
		}
	}
	if utf8.RuneCountInString(caption) > igMaxCaption || tags > igMaxTags || names > igMaxNames {
		no := igError(36004, 2207010, "The caption was too long: it must have at most 2200 characters, 30 hashtags and 20 @ tags.")
		return &no
	}
	return nil
}

// igPicture is fetched by Instagram from image_url: JPEG only.
func igPicture(c *call, m *Media) *answer {
	address := c.str("image_url")
	if address == "" {
		no := graphBad("The parameter image_url is required")
		return &no
	}
	f, ok := c.fetched[address]
	if !ok {
		no := igError(9004, 2207052, "Only photo or video can be accepted as media type. The media could not be fetched from this URI: "+address)
		return &no
	}
	m.Link, m.Size, m.Type = address, int64(len(f.data)), f.typ
	sum := sha256.Sum256(f.data)
	m.SHA256 = hex.EncodeToString(sum[:])
	switch {
	case f.typ != "image/jpeg":
		no := igError(36001, 2207005, "The image format is not supported. Supported formats are: JPEG.")
		return &no
	case m.Size > igMaxPicture:
		no := igError(36000, 2207004, "The image is too large to download. It should be less than 8 MiB.")
		return &no
	}
	if shape, _, err := image.DecodeConfig(bytes.NewReader(f.data)); err == nil && shape.Height > 0 && m.Face["item"] == "" {
		if ratio := float64(shape.Width) / float64(shape.Height); ratio < 0.79 || ratio > 1.92 {
			no := igError(36003, 2207009, "The submitted image with aspect ratio ("+strconv.FormatFloat(ratio, 'f', 2, 64)+",) cannot be published. Please submit an image with a valid aspect ratio.")
			return &no
		}
	}
	return nil
}

// igFilm comes from video_url, or in bytes afterwards.
func igFilm(c *call, m *Media) *answer {
	m.Type = "video/mp4"
	if m.Face["kind"] == "VIDEO" && m.Face["item"] == "" {
		no := igError(100, 2207023, "The VIDEO value for media_type is no longer supported. Use the REELS media type to publish a video to your Instagram feed.")
		return &no
	}
	if c.str("upload_type") == "resumable" {
		m.Face["resumable"], m.Want = "1", 1 // at least one byte is missing
		return nil
	}
	address := c.str("video_url")
	f, ok := c.fetched[address]
	if address == "" || !ok {
		no := igError(9004, 2207052, "The media could not be fetched from this URI: "+address)
		return &no
	}
	m.Link, m.Size = address, int64(len(f.data))
	sum := sha256.Sum256(f.data)
	m.SHA256 = hex.EncodeToString(sum[:])
	if !strings.HasPrefix(f.typ, "video/") {
		m.Face["error"] = "2207026: The video file you selected is in a format that isn't supported."
	}
	return nil
}

// igCarousel joins two to ten containers.
func (s *Sandbox) igCarousel(c *call, m *Media) *answer {
	children := c.texts("children")
	no := igError(100, 2207028, "Your post won't work as a carousel: it needs at least two photos/videos and no more than 10.")
	if len(children) < 2 || len(children) > igMaxChildren {
		return &no
	}
	for _, id := range children {
		child := s.container(c, id)
		if child == nil || child.Face["item"] == "" || child.Face["published"] != "" || c.now.Sub(child.At) > containerLife {
			bad := igError(100, 2207028, "A child of the carousel does not exist, has expired or is no carousel item: "+id)
			return &bad
		}
		if containerState(child, c.now) == stateWorking {
			bad := igError(9007, 2207027, "The media is not ready for publishing, please wait for a moment")
			return &bad
		}
	}
	m.Face["children"] = strings.Join(children, ",")
	return nil
}

// instagramUpload: POST rupload…/ig-api-upload/{version}/{container} with the
// film's bytes, from an offset on. What arrived stays.
func (s *Sandbox) instagramUpload(c *call, id string) answer {
	m := s.container(c, id)
	offset, err := strconv.ParseInt(c.r.Header.Get("offset"), 10, 64)
	size, err2 := strconv.ParseInt(c.r.Header.Get("file_size"), 10, 64)
	switch {
	case m == nil || m.Face["resumable"] == "":
		return jsonAnswer(http.StatusBadRequest, object{"debug_info": object{"retriable": false, "type": "NotAuthorizedError", "message": "Unknown container"}})
	case err != nil || err2 != nil || offset != m.Size || offset+int64(len(c.raw)) > size:
		return jsonAnswer(http.StatusBadRequest, object{"debug_info": object{"retriable": true, "type": "OffsetInvalidError", "message": "Request starting offset is invalid"}})
	}
	next := *m
	next.Want, next.Size = size, offset+int64(len(c.raw))
	h := sha256.New()
	h.Write([]byte(m.SHA256))
	h.Write(c.raw)
	next.SHA256 = hex.EncodeToString(h.Sum(nil))
	if offset == 0 {
		sum := sha256.Sum256(c.raw)
		next.SHA256 = hex.EncodeToString(sum[:])
	}
	if err := s.world.putMedia(&next); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"success": true, "message": "Upload successful."})
}

// instagramState: GET /{container}?fields=status_code,status,video_status.
func (s *Sandbox) instagramState(c *call, id string) answer {
	m := s.container(c, id)
	if m == nil {
		return graphMissing("get", id)
	}
	out := object{"id": m.ID}
	state := s.askedState(m, c.now)
	words := map[string]string{
		stateWorking: "In Progress: Media is still being processed.", stateFinished: "Finished: Media has been uploaded and it is ready to be published.",
		statePublished: "Published: Media has been published.", stateExpired: "Expired: The media container was not published within 24 hours and has expired.",
		stateError: "Error: Media upload has failed with error code " + m.Face["error"],
	}
	for _, f := range c.fieldsOr("id") {
		switch f.name {
		case "status_code":
			out["status_code"] = state
		case "status":
			out["status"] = words[state]
		case "video_status":
			if m.Face["resumable"] != "" {
				phase := "in_progress"
				if m.Size >= m.Want {
					phase = "complete"
				}
				out["video_status"] = object{"uploading_phase": object{"status": phase, "bytes_transferred": m.Size}}
			}
		}
	}
	return jsonAnswer(http.StatusOK, out)
}

// containerFiles are the files of a container: its own, or its children's.
func (s *Sandbox) containerFiles(c *call, m *Media) []Media {
	if m.Face["kind"] == "TEXT" {
		return nil
	}
	if m.Face["children"] == "" {
		return []Media{*m}
	}
	var files []Media
	for id := range strings.SplitSeq(m.Face["children"], ",") {
		if child := s.container(c, id); child != nil {
			files = append(files, *child)
		}
	}
	return files
}

// publishable says why a container cannot be published now; nil when it can.
func (s *Sandbox) publishable(c *call, m *Media) *answer {
	parts := append([]Media{*m}, s.containerFiles(c, m)...)
	for i := range parts {
		switch containerState(&parts[i], c.now) {
		case statePublished:
			no := igError(100, 2207006, "The media has already been published.")
			return &no
		case stateExpired:
			no := igError(24, 2207008, "The media builder with creation id = "+m.ID+" has expired or does not exist.")
			return &no
		case stateError:
			no := igError(352, 2207026, "The media has an error: "+parts[i].Face["error"])
			return &no
		case stateWorking:
			no := igError(9007, 2207027, "The media is not ready for publishing, please wait for a moment")
			return &no
		}
	}
	return nil
}

// instagramPublish: POST /{ig}/media_publish.
func (s *Sandbox) instagramPublish(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	m := s.container(c, c.str("creation_id"))
	switch {
	case m == nil || m.Face["item"] != "":
		return igError(100, 2207006, "Media ID is not available")
	case s.rules.TrueLimits && s.publishedSince(c, kindPost) >= igPerDay:
		return igError(9, 2207042, "Application request limit reached: the user has reached the maximum number of posts in 24 hours.")
	}
	if no := s.publishable(c, m); no != nil {
		return *no
	}
	p := &Post{Platform: Instagram, Kind: kindPost, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true, Text: m.Face["caption"], Media: s.containerFiles(c, m)}
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	if err := s.publishedAs(m, p.ID); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"id": p.ID})
}

// publishedAs notes on a container what became of it.
func (s *Sandbox) publishedAs(m *Media, id string) error {
	next := *m
	next.Face = map[string]string{}
	for k, v := range m.Face {
		next.Face[k] = v
	}
	next.Face["published"] = id
	return s.world.putMedia(&next)
}

// publishedSince counts what the account published in a moving day.
func (s *Sandbox) publishedSince(c *call, kind string) int {
	n := 0
	for _, p := range slices.Backward(s.world.byAuthor[at(c.account.Platform, c.account.ID)]) {
		if c.now.Sub(p.At) > containerLife {
			break
		}
		if p.Kind == kind {
			n++
		}
	}
	return n
}

// instagramLimit: GET /{ig}/content_publishing_limit.
func (s *Sandbox) instagramLimit(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	total := igPerDay
	if !s.rules.TrueLimits {
		total *= roomy
	}
	out := object{}
	for _, f := range c.fieldsOr("quota_usage") {
		switch f.name {
		case "quota_usage":
			out["quota_usage"] = s.publishedSince(c, kindPost)
		case "config":
			out["config"] = object{"quota_total": total, "quota_duration": int(containerLife.Seconds())}
		}
	}
	return jsonAnswer(http.StatusOK, object{"data": []object{out}})
}
