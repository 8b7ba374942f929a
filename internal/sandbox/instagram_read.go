package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// instagramUser: GET /{ig}.
func (s *Sandbox) instagramUser(c *call, id string) answer {
	a := s.world.account(Instagram, id)
	if a == nil {
		return graphMissing("get", id)
	}
	out := object{"id": a.ID}
	for _, f := range c.fieldsOr("id,username") {
		switch f.name {
		case "user_id":
			out["user_id"] = a.ID
		case "username":
			out["username"] = a.Handle
		case "name":
			out["name"] = a.Name
		case "biography":
			out["biography"] = a.Bio
		case "account_type":
			out["account_type"] = "BUSINESS"
		case "media_count":
			out["media_count"] = len(s.instagramPosts(a))
		case "followers_count":
			out["followers_count"] = 8190
		}
	}
	return jsonAnswer(http.StatusOK, out)
}

func (s *Sandbox) instagramPosts(a *Account) []*Post {
	var mine []*Post
	for _, p := range s.world.byAuthor[at(Instagram, a.ID)] {
		if !p.Deleted && p.Kind == kindPost {
			mine = append(mine, p)
		}
	}
	return mine
}

// instagramMedia: GET /{ig}/media, newest first.
func (s *Sandbox) instagramMedia(c *call, id string) answer {
	a := s.world.account(Instagram, id)
	if a == nil {
		return graphMissing("get", id)
	}
	return s.metaList(c, s.instagramPosts(a), true, "id", s.instagramPost)
}

// instagramTags: GET /{ig}/tags: what others published that names the account.
func (s *Sandbox) instagramTags(c *call, id string) answer {
	var heard []*Post
	for _, p := range s.world.order {
		if p.Platform == Instagram && p.Kind == kindMention && p.Account == id && !p.Deleted {
			heard = append(heard, p)
		}
	}
	return s.metaList(c, heard, true, "id", s.instagramPost)
}

// instagramComments: GET /{media}/comments, newest first: the first level.
func (s *Sandbox) instagramComments(c *call, id string) answer {
	p := s.world.visible(Instagram, id)
	if p == nil || p.Kind != kindPost || p.Account != c.account.ID {
		return graphMissing("get", id)
	}
	return s.metaList(c, s.world.replies(p), true, "timestamp,text,id", s.instagramComment)
}

// instagramReplies: GET /{comment}/replies. Instagram has two levels only.
func (s *Sandbox) instagramReplies(c *call, id string) answer {
	p := s.world.visible(Instagram, id)
	if p == nil || p.Kind != kindComment {
		return graphMissing("get", id)
	}
	return s.metaList(c, s.world.below(p), false, "timestamp,text,id", s.instagramComment)
}

// instagramRead: GET /{media or comment}.
func (s *Sandbox) instagramRead(c *call, id string) answer {
	p := s.world.visible(Instagram, id)
	switch {
	case p == nil || p.Kind == kindDirect || p.Account != c.account.ID:
		return graphMissing("get", id)
	case p.Kind == kindComment:
		return jsonAnswer(http.StatusOK, s.instagramComment(c, p, c.fieldsOr("timestamp,text,id")))
	}
	return jsonAnswer(http.StatusOK, s.instagramPost(c, p, c.fieldsOr("id")))
}

// metaList is a page of an edge.
func (s *Sandbox) metaList(c *call, posts []*Post, newestFirst bool, fallback string, show func(*call, *Post, []field) object) answer {
	since, until := graphBound(c.str("since")), graphBound(c.str("until"))
	posts = slices.DeleteFunc(slices.Clone(posts), func(p *Post) bool {
		return !since.IsZero() && p.At.Before(since) || !until.IsZero() && p.At.After(until)
	})
	slices.SortStableFunc(posts, func(a, b *Post) int {
		if newestFirst {
			return compareIDs(b.ID, a.ID)
		}
		return compareIDs(a.ID, b.ID)
	})
	limit, start := c.number("limit", 25, 1, 100), 0
	if i := slices.IndexFunc(posts, func(p *Post) bool { return cursor(p) == c.str("after") }); i >= 0 {
		start = i + 1
	}
	end := min(start+limit, len(posts))
	data := []object{}
	for _, p := range posts[start:end] {
		data = append(data, show(c, p, c.fieldsOr(fallback)))
	}
	out := object{"data": data}
	if len(data) > 0 {
		paging := object{"cursors": object{"before": cursor(posts[start]), "after": cursor(posts[end-1])}}
		if end < len(posts) {
			paging["next"] = c.pageLink("after", cursor(posts[end-1]))
		}
		out["paging"] = paging
	}
	return jsonAnswer(http.StatusOK, out)
}

// instagramTop is the comment of the first level that p is below, or is.
func (s *Sandbox) instagramTop(p *Post) *Post {
	for p != nil && p.InReplyTo != "" && p.InReplyTo != p.Thread {
		p = s.world.post(Instagram, p.InReplyTo)
	}
	return p
}

// instagramInsights: GET /{media}/insights. One metric that is gone refuses
// the whole call. https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights
func (s *Sandbox) instagramInsights(c *call, id string) answer {
	p := s.world.visible(Instagram, id)
	if p == nil || p.Kind != kindPost || p.AuthorID != c.account.ID {
		return graphMissing("get", id)
	}
	m := s.metrics(p, c.now)
	replies := int64(len(s.world.below(p)))
	alive := map[string]int64{
		"views": m.views, "reach": m.views * 8 / 10, "likes": m.likes, "comments": replies, "saved": m.likes / 5, "shares": m.shares,
		"total_interactions": m.likes + replies + m.shares + m.likes/5, "follows": 0, "profile_visits": m.views / 50,
	}
	data := []object{}
	for _, name := range c.texts("metric") {
		name = strings.TrimSpace(name)
		n, ok := alive[name]
		if !ok && contains([]string{"impressions", "plays", "video_views", "clips_replays_count"}, name) {
			return graphBad("Starting from version v22.0 and above, the " + name + " metric is no longer supported for the queried media.")
		}
		if !ok {
			return graphBad("metric[0] must be one of the following values: views, reach, likes, comments, saved, shares, total_interactions, follows, profile_visits")
		}
		data = append(data, object{"name": name, "period": "lifetime", "values": []object{{"value": n}}, "title": name, "description": name, "id": p.ID + "/insights/" + name + "/lifetime"})
	}
	if len(data) == 0 {
		return graphBad("The parameter metric is required.")
	}
	return jsonAnswer(http.StatusOK, object{"data": data})
}
