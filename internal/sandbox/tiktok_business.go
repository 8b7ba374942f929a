package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// businessFace answers as TikTok's Business API v1.3 does: always status 200,
// and a code in the body (business-api.tiktok.com/portal/docs).
type businessFace struct{}

// Codes of the Business API.
const (
	bizNoPermission = 40001
	bizInvalid      = 40002
	bizTooOften     = 40100
	bizExpired      = 40102
	bizWrongToken   = 40105
	bizWrongCode    = 40110
	bizInternal     = 50000
)

func bizAnswer(code int, message string, data any) answer {
	return jsonAnswer(http.StatusOK, object{"code": code, "message": message, "request_id": ttLog(), "data": data})
}

func bizOK(data any) answer { return bizAnswer(0, "OK", data) }

func bizError(code int, message string) answer { return bizAnswer(code, message, object{}) }

func (businessFace) platform() string { return TikTok }

func (businessFace) authenticate(s *Sandbox, c *call) *answer {
	t := s.world.tokens[c.r.Header.Get("Access-Token")]
	c.token = t
	switch {
	case t == nil || t.Mode != ttBusiness || t.Revoked:
		no := businessFace{}.revoked()
		return &no
	case t.dead(c.now):
		no := bizError(bizExpired, "Access token is expired.")
		return &no
	case !t.may(bizScope(c.r.URL.Path)):
		no := bizError(bizNoPermission, "You don't have permission to do that: "+bizScope(c.r.URL.Path))
		return &no
	}
	c.account = s.world.owner(t)
	if c.account.ID != c.str("business_id") {
		no := bizError(bizInvalid, "business_id: the access token does not belong to it.")
		return &no
	}
	return nil
}

func bizScope(path string) string {
	switch {
	case strings.HasSuffix(path, "/comment/list/") || strings.HasSuffix(path, "/reply/list/"):
		return "comment.list"
	case strings.Contains(path, "/comment/"):
		return "comment.list.manage"
	case strings.HasSuffix(path, "/video/list/"):
		return "video.list"
	case strings.Contains(path, "publish"), strings.HasSuffix(path, "/settings/"):
		return "video.publish"
	}
	return "user.info.basic"
}

func (businessFace) unreadable() answer {
	return bizError(bizInvalid, "The request body is not valid JSON.")
}
func (businessFace) tooMany(*meter) answer {
	return bizError(bizTooOften, "Requests made too frequently. Please try again later.")
}
func (businessFace) revoked() answer {
	return bizError(bizWrongToken, "Access token is incorrect or has been revoked.")
}
func (businessFace) meterHeaders(a answer, _ *meter) answer { return a }

func (s *Sandbox) businessRoutes(m *http.ServeMux) {
	f := businessFace{}
	add := func(pattern, op string, run func(*Sandbox, *call) answer, fetch func(*call) []string) {
		method, path, _ := strings.Cut(pattern, " ")
		m.HandleFunc(method+" /tiktok/open_api/v1.3/business"+path, s.serve(f, pattern, route{op: op, limit: 600, window: time.Minute, run: run, fetch: fetch}))
	}
	add("GET /get/", opVerify, (*Sandbox).bizGet, nil)
	videos := route{limit: 600, window: time.Minute, run: (*Sandbox).bizVideos, opOf: func(c *call) string {
		if c.query.Has("filters") {
			return opMeasure
		}
		return opPull
	}}
	m.HandleFunc("GET /tiktok/open_api/v1.3/business/video/list/", s.serve(f, "GET /video/list/", videos))
	add("GET /video/settings/", opStage, (*Sandbox).bizSettings, nil)
	add("POST /video/publish/", opPublish, (*Sandbox).bizPublish, func(c *call) []string { return []string{c.str("video_url")} })
	add("POST /photo/publish/", opPublish, (*Sandbox).bizPublish, func(c *call) []string { return c.texts("photo_images") })
	add("GET /publish/status/", opFind, (*Sandbox).bizStatus, nil)
	add("GET /comment/list/", opPull, (*Sandbox).bizComments, nil)
	add("GET /comment/reply/list/", opPull, (*Sandbox).bizReplies, nil)
	add("POST /comment/create/", opPublish, (*Sandbox).bizSay, nil)
	add("POST /comment/reply/create/", opPublish, (*Sandbox).bizSay, nil)
	add("POST /comment/hide/", opHide, (*Sandbox).bizHide, nil)
	add("POST /comment/delete/", opDelete, (*Sandbox).bizDelete, nil)
	s.consentPage(m, TikTok, "/tiktok/open_api/v2/auth/authorize/", ",", "client_key")
	m.HandleFunc("POST /tiktok/open_api/v1.3/tt_user/oauth2/token/", s.bizToken)
	m.HandleFunc("POST /tiktok/open_api/v1.3/tt_user/oauth2/refresh_token/", s.bizToken)
}

// bizToken: JSON in, and the pair inside data. A refresh token is good once.
func (s *Sandbox) bizToken(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, s.now())
	if err != nil {
		businessFace{}.unreadable().write(w)
		return
	}
	s.mu.Lock()
	out := s.bizTrade(c)
	s.mu.Unlock()
	out.write(w)
}

func (s *Sandbox) bizTrade(c *call) answer {
	app := s.app(TikTok)
	if c.str("client_id") != app.ClientID || c.str("client_secret") != app.ClientSecret {
		return bizError(bizInvalid, "client_id or client_secret is incorrect")
	}
	var next *token
	switch c.str("grant_type") {
	case "refresh_token":
		t, err := s.ttRefresh(c.str("refresh_token"), ttBusiness, c.now)
		if err != nil {
			return bizError(bizWrongToken, "Refresh token is invalid or expired.")
		}
		next = t
	case "authorization_code":
		g, err := s.redeem(TikTok, c.str("auth_code"), c.str("redirect_uri"), "", c.now)
		if err != nil || len(g.Accounts) == 0 {
			return bizError(bizWrongCode, "Auth code is invalid, was used, or has expired.")
		}
		next = &token{Access: random(), Refresh: random(), Account: at(TikTok, g.Accounts[0]), Mode: ttBusiness, Scopes: slices.Clone(g.Scopes), Expires: c.now.Add(ttAccessLife)}
		if err := s.world.putToken(next); err != nil {
			return bizError(bizInternal, "Internal error")
		}
	default:
		return bizError(bizInvalid, "grant_type: unsupported")
	}
	_, open, _ := strings.Cut(next.Account, "/")
	return bizOK(object{
		"access_token": next.Access, "token_type": "Bearer", "expires_in": int(ttAccessLife.Seconds()), "refresh_token": next.Refresh,
		"refresh_token_expires_in": int(ttRefreshLife.Seconds()), "open_id": open, "scope": strings.Join(next.Scopes, ","),
	})
}

// bizFields reads a JSON list in the query.
func bizFields(c *call, fallback ...string) []string {
	var list []string
	if json.Unmarshal([]byte(c.query.Get("fields")), &list) != nil {
		return fallback
	}
	return list
}

func (s *Sandbox) bizGet(c *call) answer {
	a := c.account
	return bizOK(ttPick(object{"is_business_account": true, "username": a.Handle, "display_name": a.Name, "profile_image": "https://p16-sign.tiktokcdn.example/" + a.ID}, bizFields(c, "display_name", "profile_image")))
}

// bizVideos: GET /business/video/list/, ours, the newest first.
func (s *Sandbox) bizVideos(c *call) answer {
	var filters struct {
		IDs []string `json:"video_ids"`
	}
	if f := c.query.Get("filters"); f != "" && json.Unmarshal([]byte(f), &filters) != nil {
		return bizError(bizInvalid, "filters: not valid JSON")
	}
	from, size := c.number("cursor", 0, 0, 1<<30), c.number("max_count", 10, 1, 20)
	var all []*Post
	for _, p := range s.ttPosts(c.account.ID, c.now) {
		if len(filters.IDs) == 0 || slices.Contains(filters.IDs, p.ID) {
			all = append(all, p)
		}
	}
	videos := []object{}
	for _, p := range all[min(from, len(all)):min(from+size, len(all))] {
		m := s.metrics(p, c.now)
		videos = append(videos, ttPick(object{
			"item_id": p.ID, "create_time": strconv.FormatInt(p.At.Unix(), 10), "share_url": "https://www.tiktok.com/@" + p.Author + "/video/" + p.ID, "caption": p.Text,
			"video_views": m.views, "likes": m.likes, "comments": len(s.world.below(p)), "shares": m.shares,
		}, bizFields(c, "item_id")))
	}
	return bizOK(object{"videos": videos, "cursor": min(from+size, len(all)), "has_more": from+size < len(all)})
}

func (s *Sandbox) bizSettings(c *call) answer {
	return bizOK(object{"privacy_level_options": s.ttLevels(), "comment_disabled": false, "duet_disabled": false, "stitch_disabled": true, "max_video_post_duration_sec": 600})
}

// bizPublish: POST /business/video/publish/ and /business/photo/publish/.
// TikTok fetches the files and publishes by itself.
func (s *Sandbox) bizPublish(c *call) answer {
	info := c.object("post_info")
	text := asText(info["caption"])
	addresses, kinds := []string{c.str("video_url")}, []string{"video/mp4", "video/webm"}
	photo := strings.Contains(c.r.URL.Path, "/photo/")
	if photo {
		addresses, kinds = c.texts("photo_images"), []string{"image/jpeg", "image/webp"}
	}
	if info == nil || len(addresses) == 0 || len(addresses) > 35 || addresses[0] == "" || len(utf16.Encode([]rune(text))) > 2200 || photo && asText(info["privacy_level"]) == "" {
		return bizError(bizInvalid, "post_info, video_url or photo_images: invalid")
	}
	p := s.ttBegin(c, text)
	p.photo = true
	var files []Media
	for _, address := range addresses {
		f, ok := c.fetched[address]
		m := newMedia(TikTok, c.account, f.data)
		switch {
		case !ok:
			p.failed = "video_pull_failed"
		case !slices.Contains(kinds, m.Type):
			p.failed = "file_format_check_failed"
		default:
			m.ID, m.Ready, m.At, m.Link = random()[:12], true, c.now, address
			files = append(files, *m)
		}
	}
	if p.failed == "" {
		if no := s.ttLand(c, p, files); no != nil {
			return bizError(bizInternal, "Internal error")
		}
	}
	return bizOK(object{"share_id": p.id})
}

// bizStatus: GET /business/publish/status/.
func (s *Sandbox) bizStatus(c *call) answer {
	p := s.ttPublishes[c.query.Get("publish_id")]
	if p == nil || p.account != c.account.ID {
		return bizError(bizInvalid, "publish_id: not found")
	}
	p.asked++
	switch {
	case p.asked < 2:
		return bizOK(object{"status": "PROCESSING_DOWNLOAD"})
	case p.failed != "":
		return bizOK(object{"status": "FAILED", "reason": p.failed})
	}
	return bizOK(object{"status": "PUBLISH_COMPLETE", "post_ids": []string{p.post}})
}
