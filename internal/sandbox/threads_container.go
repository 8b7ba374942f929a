package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Limits of Threads. https://developers.facebook.com/docs/threads/overview
const (
	threadsMaxText  = 500
	threadsMaxLinks = 5
	threadsMaxFiles = 20
	threadsPosts    = 250
	threadsReplies  = 1000
)

// threadsLength counts characters, and emoji by their bytes in UTF-8.
func threadsLength(text string) int {
	n := 0
	for _, r := range text {
		if r >= 0x1F000 || r >= 0x2300 && r <= 0x23FF || r >= 0x2600 && r <= 0x27BF || r >= 0x2B00 && r <= 0x2BFF || r == 0xFE0F || r == 0x200D || r == 0x20E3 {
			n += utf8.RuneLen(r)
			continue
		}
		n++
	}
	return n
}

// threadsCreate: POST /me/threads.
func (s *Sandbox) threadsCreate(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	text, kind := c.str("text"), c.str("media_type")
	m := &Media{
		ID: s.world.growing(Threads, 17_700_000_000_000_000+c.now.UnixMilli()-1_700_000_000_000), Platform: Threads, Account: c.account.ID, Category: "container", At: c.now, Alt: c.str("alt_text"),
		Face: map[string]string{"text": text, "kind": kind, "reply": c.str("reply_to_id"), "link": c.str("link_attachment")},
	}
	if c.flag("is_carousel_item") {
		m.Face["item"] = "1"
	}
	if no := s.threadsFits(c, m); no != nil {
		return *no
	}
	if no := s.threadsFile(c, m); no != nil {
		return *no
	}
	if err := s.world.putMedia(m); err != nil {
		return graphBroken()
	}
	if c.flag("auto_publish_text") && kind == "TEXT" {
		return s.threadsMake(c, m)
	}
	return jsonAnswer(http.StatusOK, object{"id": m.ID})
}

// threadsFits looks at the text and at what is answered.
func (s *Sandbox) threadsFits(c *call, m *Media) *answer {
	text := m.Face["text"]
	var no answer
	switch reply := m.Face["reply"]; {
	case threadsLength(text) > threadsMaxText:
		no = graphBad("Param text must be at most 500 characters long.")
	case strings.Count(text, "http://")+strings.Count(text, "https://") > threadsMaxLinks:
		no = graphError(http.StatusBadRequest, 100, 4279049, "OAuthException", "THREADS_API__LINK_LIMIT_EXCEEDED")
	case reply != "" && s.world.visible(Threads, reply) == nil:
		no = graphMissing("post", reply)
	case m.Face["link"] != "" && m.Face["kind"] != "TEXT":
		no = graphBad("link_attachment can only be used for text-only posts")
	case len(m.Alt) > 1000:
		no = graphBad("Param alt_text must be at most 1000 characters long.")
	default:
		return nil
	}
	return &no
}

// threadsFile is what the container shows.
func (s *Sandbox) threadsFile(c *call, m *Media) *answer {
	refuse := func(a answer) *answer { return &a }
	switch m.Face["kind"] {
	case "TEXT":
		if strings.TrimSpace(m.Face["text"]) == "" {
			return refuse(graphBad("The parameter text is required."))
		}
		return nil
	case "CAROUSEL":
		children := c.texts("children")
		if len(children) < 2 || len(children) > threadsMaxFiles {
			return refuse(graphBad("A carousel needs between 2 and 20 children."))
		}
		for _, id := range children {
			if child := s.container(c, id); child == nil || child.Face["item"] == "" {
				return refuse(graphBad("Param children contains an invalid container: " + id))
			}
		}
		m.Face["children"] = strings.Join(children, ",")
		return nil
	case "IMAGE", "VIDEO":
	default:
		return refuse(graphBad("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL} - got \"" + m.Face["kind"] + "\"."))
	}
	address := c.str("image_url") + c.str("video_url")
	f, ok := c.fetched[address]
	m.Link, m.Type, m.Size = address, f.typ, int64(len(f.data))
	sum := sha256.Sum256(f.data)
	m.SHA256 = hex.EncodeToString(sum[:])
	switch {
	case address == "":
		return refuse(graphBad("The parameter image_url or video_url is required."))
	case !ok:
		m.Face["error"] = "FAILED_DOWNLOADING_MEDIA"
	case m.Face["kind"] == "IMAGE" && f.typ != "image/jpeg" && f.typ != "image/png":
		m.Face["error"] = "INVALID_IMAGE_FORMAT"
	case m.Face["kind"] == "VIDEO" && !strings.HasPrefix(f.typ, "video/"):
		m.Face["error"] = "FAILED_PROCESSING_VIDEO"
	}
	return nil
}

// threadsState: GET /{container}?fields=id,status,error_message.
func (s *Sandbox) threadsState(c *call, id string) answer {
	m := s.container(c, id)
	if m == nil {
		return graphMissing("get", id)
	}
	out := object{"id": m.ID}
	state := s.askedState(m, c.now)
	for _, f := range c.fieldsOr("id") {
		switch {
		case f.name == "status":
			out["status"] = state
		case f.name == "error_message" && state == stateError:
			out["error_message"] = m.Face["error"]
		}
	}
	return jsonAnswer(http.StatusOK, out)
}

// threadsPublish: POST /me/threads_publish.
func (s *Sandbox) threadsPublish(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	m := s.container(c, c.str("creation_id"))
	if m == nil || m.Face["item"] != "" {
		return graphMissing("post", c.str("creation_id"))
	}
	kind, most := kindPost, threadsPosts
	if m.Face["reply"] != "" {
		kind, most = kindComment, threadsReplies
	}
	if s.rules.TrueLimits && s.publishedSince(c, kind) >= most {
		return graphError(http.StatusBadRequest, 9, 2207042, "OAuthException", "Application request limit reached: the user has reached the maximum number of posts in 24 hours.")
	}
	if no := s.publishable(c, m); no != nil {
		return *no
	}
	return s.threadsMake(c, m)
}

// threadsMake makes a container public.
func (s *Sandbox) threadsMake(c *call, m *Media) answer {
	p := &Post{
		Platform: Threads, Kind: kindPost, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Text: m.Face["text"], Link: m.Face["link"], Media: s.containerFiles(c, m),
	}
	if reply := m.Face["reply"]; reply != "" {
		if s.world.visible(Threads, reply) == nil {
			return graphMissing("post", reply)
		}
		p.Kind, p.InReplyTo = kindComment, reply
	}
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	if err := s.publishedAs(m, p.ID); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"id": p.ID})
}

// threadsLimit: GET /me/threads_publishing_limit.
func (s *Sandbox) threadsLimit(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	times := 1
	if !s.rules.TrueLimits {
		times = roomy
	}
	config := func(n int) object {
		return object{"quota_total": n * times, "quota_duration": int(containerLife.Seconds())}
	}
	out := object{}
	for _, f := range c.fieldsOr("quota_usage") {
		switch f.name {
		case "quota_usage":
			out[f.name] = s.publishedSince(c, kindPost)
		case "config":
			out[f.name] = config(threadsPosts)
		case "reply_quota_usage":
			out[f.name] = s.publishedSince(c, kindComment)
		case "reply_config":
			out[f.name] = config(threadsReplies)
		}
	}
	return jsonAnswer(http.StatusOK, object{"data": []object{out}})
}
