package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// x1Face answers as api.twitter.com/1.1 did and, for offices whose contract
// still has it, does.
type x1Face struct{ xFace }

func x1Error(status, code int, text string) answer {
	return jsonAnswer(status, object{"errors": []object{{"code": code, "message": text}}})
}

func x1Broken() answer { return x1Error(http.StatusInternalServerError, 131, "Internal error") }

func x1NotFound() answer {
	return x1Error(http.StatusNotFound, 144, "No status found with that ID.")
}

func (x1Face) authenticate(s *Sandbox, c *call) *answer {
	auth := c.r.Header.Get("Authorization")
	if !strings.HasPrefix(auth, "OAuth ") {
		no := x1Error(http.StatusBadRequest, 215, "Bad Authentication data.")
		return &no
	}
	if t := s.world.tokens[oauthParams(auth[len("OAuth "):])["oauth_token"]]; t == nil || t.dead(c.now) {
		no := x1Face{}.revoked()
		return &no
	}
	if !s.xCredential(c) {
		no := x1Error(http.StatusUnauthorized, 32, "Could not authenticate you.")
		return &no
	}
	return nil
}

func (x1Face) unreadable() answer { return x1Error(http.StatusBadRequest, 38, "parameter is missing.") }
func (x1Face) tooMany(*meter) answer {
	return x1Error(http.StatusTooManyRequests, 88, "Rate limit exceeded")
}
func (x1Face) revoked() answer {
	return x1Error(http.StatusUnauthorized, 89, "Invalid or expired token.")
}

func (s *Sandbox) x1Routes(m *http.ServeMux) {
	f := x1Face{}
	add := func(pattern string, rt route) {
		method, path, _ := strings.Cut(pattern, " ")
		m.HandleFunc(method+" /x/1.1"+path, s.serve(f, "1.1 "+pattern, rt))
	}
	add("POST /statuses/update.json", route{op: opPublish, limit: 300, run: (*Sandbox).x1Update})
	add("POST /statuses/destroy/{id}", route{op: opDelete, run: (*Sandbox).x1Destroy})
	add("GET /statuses/show.json", route{op: opMeasure, limit: 900, run: (*Sandbox).x1Show})
	add("GET /statuses/show/{id}", route{op: opMeasure, limit: 900, run: (*Sandbox).x1Show})
	add("GET /statuses/lookup.json", route{op: opMeasure, limit: 900, run: (*Sandbox).x1Lookup})
	add("GET /statuses/mentions_timeline.json", route{op: opPull, limit: 75, run: (*Sandbox).x1Mentions})
	add("GET /statuses/user_timeline.json", route{op: opFind, limit: 900, run: (*Sandbox).x1User})
	add("GET /account/verify_credentials.json", route{op: opVerify, limit: 75, run: (*Sandbox).x1Verify})
	add("GET /application/rate_limit_status.json", route{op: opVerify, limit: 180, run: (*Sandbox).x1Limits})
	add("POST /media/upload.json", route{op: opStage, limit: 615, run: (*Sandbox).x1Upload})
	add("GET /media/upload.json", route{op: opStage, limit: 1000, run: (*Sandbox).x1UploadStatus})
	add("POST /media/metadata/create.json", route{op: opStage, limit: 615, run: (*Sandbox).x1Alt})
	m.HandleFunc("/x/1.1/", func(w http.ResponseWriter, _ *http.Request) {
		x1Error(http.StatusNotFound, 34, "Sorry, that page does not exist").write(w)
	})
}

// x1Update: POST statuses/update. A reply counts only when its text names the
// author answered, or auto_populate_reply_metadata puts the name there.
func (s *Sandbox) x1Update(c *call) answer {
	p := &Post{
		Platform: X, Kind: kindPost, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Text: c.str("status"), Link: firstURL(c.str("status")),
	}
	if to := c.str("in_reply_to_status_id"); to != "" && to != "0" {
		parent := s.world.visible(X, to)
		if parent == nil {
			return x1Error(http.StatusForbidden, 385, "You attempted to reply to a Tweet that is deleted or not visible to you.")
		}
		if c.flag("auto_populate_reply_metadata") || names(p.Text, parent.Author) || parent.AuthorID == c.account.ID {
			p.InReplyTo = to
		}
	}
	no := s.xCompose(c, p, c.texts("media_ids"))
	if no == nil {
		return jsonAnswer(http.StatusOK, s.x1Tweet(c, p))
	}
	said := string(no.body)
	for part, old := range map[string]answer{
		xDuplicate:               x1Error(http.StatusForbidden, 187, "Status is a duplicate."),
		"text is too long":       x1Error(http.StatusForbidden, 186, "Tweet needs to be a bit shorter."),
		"can't be empty":         x1Error(http.StatusForbidden, 170, "Missing required parameter: status."),
		"media IDs are invalid":  x1Error(http.StatusBadRequest, 324, "The validation of media ids failed."),
		"Reply to this conversa": x1Error(http.StatusForbidden, 433, "The original Tweet author restricted who can reply to this Tweet."),
	} {
		if strings.Contains(said, part) {
			return old
		}
	}
	if no.status >= http.StatusInternalServerError {
		return x1Broken()
	}
	return x1Error(http.StatusForbidden, 87, "Client is not permitted to perform this action.")
}

func (s *Sandbox) x1Destroy(c *call) answer {
	p := s.world.visible(X, strings.TrimSuffix(c.r.PathValue("id"), ".json"))
	if p == nil {
		return x1NotFound()
	}
	if p.AuthorID != c.account.ID {
		return x1Error(http.StatusForbidden, 183, "You may not delete another user's status.")
	}
	if err := s.remove(p, c.now); err != nil {
		return x1Broken()
	}
	return jsonAnswer(http.StatusOK, s.x1Tweet(c, p))
}

func (s *Sandbox) x1Show(c *call) answer {
	id := strings.TrimSuffix(c.r.PathValue("id"), ".json")
	if id == "" {
		id = c.str("id")
	}
	p := s.world.visible(X, id)
	if p == nil || p.Kind == kindDirect {
		return x1NotFound()
	}
	return jsonAnswer(http.StatusOK, s.x1Tweet(c, p))
}

func (s *Sandbox) x1Lookup(c *call) answer {
	out := []object{}
	for _, id := range c.texts("id") {
		if p := s.world.visible(X, id); p != nil && p.Kind != kindDirect {
			out = append(out, s.x1Tweet(c, p))
		}
	}
	return jsonAnswer(http.StatusOK, out)
}

func (s *Sandbox) x1Mentions(c *call) answer {
	return s.x1Timeline(c, func(p *Post) bool { return s.world.addressed(p, c.account) })
}

func (s *Sandbox) x1User(c *call) answer {
	id := c.account.ID
	if v := c.str("user_id"); v != "" {
		id = v
	} else if v := c.str("screen_name"); v != "" {
		who := s.world.knows(X, v)
		if who == nil {
			return x1Error(http.StatusNotFound, 34, "Sorry, that page does not exist.")
		}
		id = who.ID
	}
	return s.x1Timeline(c, func(p *Post) bool {
		return p.AuthorID == id && !(c.flag("exclude_replies") && p.InReplyTo != "")
	})
}

// x1Timeline: since_id is exclusive, max_id inclusive, newest first.
func (s *Sandbox) x1Timeline(c *call, keep func(*Post) bool) answer {
	size := c.number("count", 20, 1, 200)
	out := []object{}
	for _, p := range slices.Backward(s.world.order) {
		if p.Platform != X || p.Deleted || p.Kind == kindDirect || !keep(p) {
			continue
		}
		if since := c.str("since_id"); since != "" && compareIDs(p.ID, since) <= 0 || len(out) == size {
			break
		}
		if last := c.str("max_id"); last != "" && compareIDs(p.ID, last) > 0 {
			continue
		}
		out = append(out, s.x1Tweet(c, p))
	}
	return jsonAnswer(http.StatusOK, out)
}

func (s *Sandbox) x1Verify(c *call) answer {
	return jsonAnswer(http.StatusOK, s.x1UserJSON(c.account.ID))
}

// x1Limits: GET application/rate_limit_status.
func (s *Sandbox) x1Limits(c *call) answer {
	const window = 15 * 60
	row := func(limit int) object {
		return object{"limit": limit, "remaining": limit, "reset": c.now.Unix() + window}
	}
	return jsonAnswer(http.StatusOK, object{
		"rate_limit_context": object{"access_token": c.token.Access},
		"resources": object{
			"statuses":    object{"/statuses/mentions_timeline": row(75), "/statuses/user_timeline": row(900), "/statuses/show/:id": row(900), "/statuses/lookup": row(900)},
			"account":     object{"/account/verify_credentials": row(75)},
			"application": object{"/application/rate_limit_status": row(180)},
		},
	})
}

// x1Upload: POST media/upload: INIT, APPEND, FINALIZE, or a picture at once.
func (s *Sandbox) x1Upload(c *call) answer {
	bad := x1Error(http.StatusBadRequest, 324, "The validation of media ids failed.")
	switch c.str("command") {
	case "":
		if out := s.xMediaOneShot(c); out.status != http.StatusOK {
			return bad
		}
		last := strconv.FormatInt(s.world.last[X], 10) // the id just given
		return jsonAnswer(http.StatusOK, x1Media(s.world.media[at(X, last)]))
	case "INIT":
		m := &Media{ID: s.world.nextID(X, c.now), Platform: X, Account: c.account.ID, Type: c.str("media_type"), Category: c.str("media_category"), Want: int64(c.number("total_bytes", 0, 0, 1<<33)), At: c.now, parts: map[int][]byte{}}
		if !slices.Contains(xMediaTypes(), m.Type) || m.Want < 1 {
			return bad
		}
		if err := s.world.putMedia(m); err != nil {
			return x1Broken()
		}
		return jsonAnswer(http.StatusAccepted, x1Media(m))
	}
	m, no := s.xUpload(c, c.str("media_id"))
	if no != nil {
		return bad
	}
	if c.str("command") == "APPEND" {
		if xAppend(c, m) != nil {
			return bad
		}
		return answer{status: http.StatusNoContent, header: http.Header{}}
	}
	if s.xFinish(c, m) != nil {
		return bad
	}
	return jsonAnswer(http.StatusCreated, x1Media(m))
}

func (s *Sandbox) x1UploadStatus(c *call) answer {
	m, no := s.xUpload(c, c.str("media_id"))
	if no != nil {
		return x1Error(http.StatusBadRequest, 324, "The validation of media ids failed.")
	}
	s.xMediaStatus(c)
	return jsonAnswer(http.StatusOK, x1Media(m))
}

func x1Media(m *Media) object {
	n, _ := strconv.ParseInt(m.ID, 10, 64) // our own ids are numbers
	out := object{"media_id": n, "media_id_string": m.ID, "expires_after_secs": int(mediaLife.Seconds())}
	if m.Size > 0 {
		out["size"] = m.Size
		out["image"] = object{"image_type": m.Type, "w": 1, "h": 1}
	}
	if m.Size > 0 && strings.HasPrefix(m.Type, "video/") {
		delete(out, "image")
		out["processing_info"] = object{"state": "in_progress", "check_after_secs": 1}
		if m.Ready {
			out["processing_info"] = object{"state": "succeeded", "progress_percent": 100}
		}
	}
	return out
}

// x1Alt: POST media/metadata/create.
func (s *Sandbox) x1Alt(c *call) answer {
	m, no := s.xUpload(c, c.str("media_id"))
	if no != nil {
		return x1Error(http.StatusBadRequest, 324, "The validation of media ids failed.")
	}
	m.Alt = asText(c.object("alt_text")["text"])
	if err := s.world.putMedia(m); err != nil {
		return x1Broken()
	}
	return answer{status: http.StatusOK, header: http.Header{}}
}
