package sandbox

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	postDefaults    = "created_time,message"
	commentDefaults = "created_time,from,message"
)

// graphRead: GET /{id}.
func (s *Sandbox) graphRead(c *call, id string) answer {
	if c.token != nil && strings.HasPrefix(c.token.Mode, "user:") && c.r.URL.Path[strings.LastIndexByte(c.r.URL.Path, '/')+1:] == "me" {
		return jsonAnswer(http.StatusOK, object{"id": "100200300400500", "name": "Petugas Humas Tirtawangi"})
	}
	out := s.graphAny(c, id)
	if out == nil {
		return graphMissing("get", id)
	}
	return jsonAnswer(http.StatusOK, out)
}

// graphAny is whatever has an id.
func (s *Sandbox) graphAny(c *call, id string) object {
	if s.graphIsPage(id) {
		return s.graphPageObject(c, s.world.account(Facebook, id), c.fieldsOr("name"))
	}
	if p := s.world.visible(Facebook, id); p != nil && p.Kind != kindDirect {
		fallback := postDefaults
		if p.Kind == kindComment {
			fallback = commentDefaults
		}
		return s.graphObject(c, p, c.fieldsOr(fallback))
	}
	if m := s.world.media[at(Facebook, id)]; m != nil && m.Category == "video" {
		return s.graphVideo(c, m)
	} else if m != nil {
		out := object{"id": m.ID, "created_time": graphTime(c, m.At)}
		for _, p := range s.world.byAuthor[at(Facebook, m.Account)] {
			if slices.ContainsFunc(p.Media, func(x Media) bool { return x.ID == m.ID }) {
				out["page_story_id"] = p.ID
			}
		}
		return out
	}
	return nil
}

// graphMany: GET /?ids=a,b.
func (s *Sandbox) graphMany(c *call) answer {
	out := object{}
	for _, id := range c.texts("ids") {
		o := s.graphAny(c, id)
		if o == nil {
			return graphMissing("get", id)
		}
		out[id] = o
	}
	return jsonAnswer(http.StatusOK, out)
}

// graphPosts: the edges of a Page that list its own posts, newest first.
func (s *Sandbox) graphPosts(c *call, id, edge string) answer {
	a := s.world.account(Facebook, id)
	if a == nil || id == "" {
		return graphMissing("get", id)
	}
	var mine []*Post
	for _, p := range s.world.byAuthor[at(Facebook, a.ID)] {
		if !p.Deleted && p.Kind == kindPost && p.Draft == (edge == "scheduled_posts") {
			mine = append(mine, p)
		}
	}
	return s.graphList(c, mine, true, postDefaults)
}

// graphTagged: what others said that names the Page.
func (s *Sandbox) graphTagged(c *call, id string) answer {
	a := s.world.account(Facebook, id)
	if a == nil {
		return graphMissing("get", id)
	}
	var heard []*Post
	for _, p := range s.world.order {
		if p.Platform == Facebook && p.Kind == kindMention && p.Account == a.ID && !p.Deleted {
			heard = append(heard, p)
		}
	}
	return s.graphList(c, heard, true, postDefaults)
}

// graphComments: GET /{post or comment}/comments; filter=stream has all levels.
func (s *Sandbox) graphComments(c *call, id string) answer {
	p := s.world.visible(Facebook, id)
	if p == nil {
		return graphMissing("get", id)
	}
	all := s.world.replies(p)
	if c.str("filter") == "stream" {
		all = s.world.below(p)
	}
	return s.graphList(c, all, false, commentDefaults)
}

// graphList is a page of an edge with cursors and absolute addresses.
func (s *Sandbox) graphList(c *call, posts []*Post, newestFirst bool, fallback string) answer {
	since, until := graphBound(c.str("since")), graphBound(c.str("until"))
	posts = slices.DeleteFunc(slices.Clone(posts), func(p *Post) bool {
		return !since.IsZero() && p.At.Before(since) || !until.IsZero() && p.At.After(until)
	})
	graphSort(c, posts, newestFirst)
	limit := c.number("limit", 25, 0, 100)
	start, end := 0, 0
	if i := slices.IndexFunc(posts, func(p *Post) bool { return cursor(p) == c.str("after") }); i >= 0 {
		start = i + 1
	}
	end = min(start+limit, len(posts))
	if i := slices.IndexFunc(posts, func(p *Post) bool { return cursor(p) == c.str("before") }); i >= 0 {
		start, end = max(i-limit, 0), i
	}
	fields := c.fieldsOr(fallback)
	data := []object{}
	for _, p := range posts[start:end] {
		data = append(data, s.graphObject(c, p, fields))
	}
	out := object{"data": data}
	if _, ok := c.value("summary"); ok && c.str("summary") != "false" {
		out["summary"] = object{"order": "chronological", "total_count": len(posts), "can_comment": true}
	}
	if len(data) > 0 {
		paging := object{"cursors": object{"before": cursor(posts[start]), "after": cursor(posts[end-1])}}
		if end < len(posts) {
			paging["next"] = c.pageLink("after", cursor(posts[end-1]))
		}
		if start > 0 {
			paging["previous"] = c.pageLink("before", cursor(posts[start]))
		}
		out["paging"] = paging
	}
	return jsonAnswer(http.StatusOK, out)
}

func cursor(p *Post) string { return base64.RawURLEncoding.EncodeToString([]byte(objectPart(p.ID))) }

// pageLink is the absolute address of a neighbouring page on our own host.
func (c *call) pageLink(name, value string) string {
	q := url.Values{}
	for k, v := range c.query {
		if k != "after" && k != "before" {
			q[k] = v
		}
	}
	q.Set(name, value)
	return c.base + c.r.URL.Path + "?" + q.Encode()
}

// graphBound reads a since or until: unix seconds or a date.
func graphBound(v string) time.Time {
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		return time.Unix(n, 0).UTC()
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t
		}
	}
	return time.Time{}
}

// graphEdge: reactions, likes and attachments of one object.
func (s *Sandbox) graphEdge(c *call, id, edge string) answer {
	p := s.world.visible(Facebook, id)
	if p == nil {
		return graphMissing("get", id)
	}
	f := field{name: edge, mods: map[string]string{}}
	if c.has("summary") {
		f.mods["summary"] = c.str("summary")
	}
	v := s.graphField(c, p, f)
	if v == nil {
		v = object{"data": []any{}}
	}
	return jsonAnswer(http.StatusOK, v)
}

// graphInsights: the metrics that are still alive after November 2025.
func (s *Sandbox) graphInsights(c *call, id string) answer {
	p := s.world.visible(Facebook, id)
	if p == nil {
		return graphMissing("get", id)
	}
	m := s.metrics(p, c.now)
	alive := map[string]int64{
		"post_media_view": m.views, "post_total_media_view_unique": m.views * 8 / 10, "post_clicks": m.views / 30,
		"post_reactions_like_total": m.likes, "post_video_views": 0,
	}
	data := []object{}
	for _, name := range c.texts("metric") {
		n, ok := alive[strings.TrimSpace(name)]
		if !ok {
			return graphBad("The value must be a valid insights metric")
		}
		data = append(data, object{"name": name, "period": "lifetime", "values": []object{{"value": n}}, "title": name, "description": name, "id": p.ID + "/insights/" + name + "/lifetime"})
	}
	return jsonAnswer(http.StatusOK, object{"data": data})
}

// graphAccounts: GET /me/accounts: the Pages that a person's token leads to, or
// the Page of its own token.
func (s *Sandbox) graphAccounts(c *call, _ string) answer {
	fields := c.fieldsOr("access_token,category,name,tasks")
	data := []object{}
	if !strings.HasPrefix(c.token.Mode, "user:") {
		return jsonAnswer(http.StatusOK, object{"data": []object{s.graphPageObject(c, c.account, fields)}})
	}
	for _, id := range c.token.graphPages() {
		a := s.world.account(Facebook, id)
		if a == nil {
			continue
		}
		o := s.graphPageObject(c, a, fields)
		if hasField(fields, "access_token") {
			page, err := s.graphPageToken(c, a)
			if err != nil {
				return graphBroken()
			}
			o["access_token"] = page
		}
		data = append(data, o)
	}
	return jsonAnswer(http.StatusOK, object{"data": data})
}

// graphDebug: GET /debug_token.
func (s *Sandbox) graphDebug(c *call) answer {
	t := s.world.tokens[c.str("input_token")]
	if t == nil {
		return jsonAnswer(http.StatusOK, object{"data": object{"is_valid": false, "error": object{"code": 190, "message": "Invalid OAuth access token."}}})
	}
	expires := int64(0)
	if !t.Expires.IsZero() {
		expires = t.Expires.Unix()
	}
	scopes := t.Scopes
	if scopes == nil {
		scopes = []string{"pages_manage_posts", "pages_read_engagement", "pages_manage_engagement", "pages_read_user_engagement", "pages_manage_metadata", "pages_messaging"}
	}
	return jsonAnswer(http.StatusOK, object{"data": object{
		"app_id": c.account.App.ClientID, "type": "PAGE", "application": "Kentongan", "is_valid": !t.dead(c.now), "expires_at": expires, "profile_id": c.account.ID,
		"scopes": scopes,
	}})
}
