package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ttFields are the fields a call names; TikTok gives only those.
func ttFields(c *call) []string {
	return strings.FieldsFunc(c.query.Get("fields"), func(r rune) bool { return r == ',' || r == ' ' })
}

func ttPick(all object, fields []string) object {
	out := object{}
	for _, f := range fields {
		if v, ok := all[f]; ok {
			out[f] = v
		}
	}
	return out
}

// ttUser: GET /v2/user/info/?fields=. The name and address need a scope of
// their own.
func (s *Sandbox) ttUser(c *call) answer {
	a, fields := c.account, ttFields(c)
	if len(fields) == 0 {
		return ttError(http.StatusBadRequest, "invalid_params", "Fields is required")
	}
	if (slices.Contains(fields, "username") || slices.Contains(fields, "profile_deep_link")) && !c.token.may("user.info.profile") {
		return ttError(http.StatusUnauthorized, "scope_not_authorized", "The user did not authorize the scope required for completing this request.")
	}
	return ttOK(object{"user": ttPick(object{
		"open_id": a.ID, "union_id": "u" + a.ID, "display_name": a.Name, "username": a.Handle, "bio_description": a.Bio,
		"profile_deep_link": "https://vm.tiktok.com/" + a.Handle, "is_verified": true,
	}, fields)})
}

// ttPosts are an account's public posts, the newest first. One appears a little
// after TikTok took it.
func (s *Sandbox) ttPosts(account string, now time.Time) []*Post {
	var all []*Post
	for _, p := range s.world.byAuthor[at(TikTok, account)] {
		if p.Kind == kindPost && !p.Deleted && !p.Draft && s.ttShown(p, now) {
			all = append(all, p)
		}
	}
	slices.Reverse(all)
	return all
}

func (s *Sandbox) ttShown(p *Post, now time.Time) bool {
	for _, under := range s.ttPublishes {
		if under.post == p.ID && under.asked < 2 && now.Sub(p.At) < 5*time.Second {
			return false
		}
	}
	return true
}

func (s *Sandbox) ttVideo(p *Post, now time.Time, fields []string) object {
	m := s.metrics(p, now)
	length := 0
	if len(p.Media) > 0 && strings.HasPrefix(p.Media[0].Type, "video/") {
		length = 4
	}
	return ttPick(object{
		"id": p.ID, "create_time": p.At.Unix(), "cover_image_url": "https://p16-sign.tiktokcdn.example/" + p.ID, "share_url": "https://www.tiktok.com/@" + p.Author + "/video/" + p.ID,
		"video_description": p.Text, "title": "", "duration": length, "like_count": m.likes, "comment_count": len(s.world.below(p)), "share_count": m.shares, "view_count": m.views,
	}, fields)
}

// ttList: POST /v2/video/list/: at most twenty, older than the cursor, which is
// a time in milliseconds.
func (s *Sandbox) ttList(c *call) answer {
	b, no := ttBody[struct {
		Cursor int64 `json:"cursor"`
		Count  int   `json:"max_count"`
	}](c)
	if no != nil {
		return *no
	}
	if b.Count == 0 {
		b.Count = 10
	}
	fields := ttFields(c)
	if len(fields) == 0 || b.Count < 0 || b.Count > 20 {
		return ttError(http.StatusBadRequest, "invalid_params", "Fields is required, and max_count is at most 20")
	}
	videos, more, cursor := []object{}, false, b.Cursor
	for _, p := range s.ttPosts(c.account.ID, c.now) {
		if b.Cursor > 0 && p.At.UnixMilli() >= b.Cursor {
			continue
		}
		if more = len(videos) == b.Count; more {
			break
		}
		videos = append(videos, s.ttVideo(p, c.now, fields))
		cursor = p.At.UnixMilli()
	}
	return ttOK(object{"videos": videos, "cursor": cursor, "has_more": more})
}

// ttQuery: POST /v2/video/query/ by ids, ours only.
func (s *Sandbox) ttQuery(c *call) answer {
	b, no := ttBody[struct {
		Filters struct {
			IDs []string `json:"video_ids"`
		} `json:"filters"`
	}](c)
	if no != nil {
		return *no
	}
	fields := ttFields(c)
	if len(fields) == 0 || len(b.Filters.IDs) == 0 || len(b.Filters.IDs) > 20 {
		return ttError(http.StatusBadRequest, "invalid_params", "Fields is required, and one to twenty video ids")
	}
	videos := []object{}
	for _, p := range s.ttPosts(c.account.ID, c.now) {
		if _, err := strconv.ParseInt(p.ID, 10, 64); err == nil && slices.Contains(b.Filters.IDs, p.ID) {
			videos = append(videos, s.ttVideo(p, c.now, fields))
		}
	}
	return ttOK(object{"videos": videos})
}
