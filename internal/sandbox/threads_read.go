package sandbox

import (
	"net/http"
	"strings"
)

// threadsOwn: GET /me/threads and /me/replies.
func (s *Sandbox) threadsOwn(c *call, id, kind string) answer {
	if no := metaOwn(c, id); no != nil {
		return graphMissing("get", id)
	}
	var mine []*Post
	for _, p := range s.world.byAuthor[at(Threads, id)] {
		if !p.Deleted && p.Kind == kind {
			mine = append(mine, p)
		}
	}
	return s.metaList(c, mine, true, "id", s.threadsPost)
}

// threadsReplies: GET /{id}/replies has the level below, /conversation all.
func (s *Sandbox) threadsReplies(c *call, id string, deep bool) answer {
	p := s.world.visible(Threads, id)
	if p == nil {
		return graphMissing("get", id)
	}
	all := s.world.replies(p)
	if deep {
		all = s.world.below(p)
	}
	return s.metaList(c, all, !c.has("reverse") || c.flag("reverse"), "id", s.threadsPost)
}

// threadsMentions: GET /me/mentions.
func (s *Sandbox) threadsMentions(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return graphMissing("get", id)
	}
	var heard []*Post
	for _, p := range s.world.order {
		if p.Platform == Threads && p.Account == id && p.Kind == kindMention && !p.Deleted {
			heard = append(heard, p)
		}
	}
	return s.metaList(c, heard, true, "id", s.threadsPost)
}

// threadsRead: GET /{id}.
func (s *Sandbox) threadsRead(c *call, id string) answer {
	p := s.world.visible(Threads, id)
	if p == nil {
		return graphMissing("get", id)
	}
	return jsonAnswer(http.StatusOK, s.threadsPost(c, p, c.fieldsOr("id")))
}

// threadsPost is a post or reply with the selected fields.
func (s *Sandbox) threadsPost(c *call, p *Post, fields []field) object {
	out := object{"id": p.ID}
	for _, f := range fields {
		if v := s.threadsField(c, p, f.name); v != nil {
			out[f.name] = v
		}
	}
	return out
}

func (s *Sandbox) threadsField(c *call, p *Post, name string) any {
	mine := c.account != nil && p.AuthorID == c.account.ID
	switch name {
	case "text":
		if p.Text != "" {
			return p.Text
		}
	case "timestamp":
		return graphTime(c, p.At)
	case "media_product_type":
		return "THREADS"
	case "media_type":
		return threadsType(p)
	case "permalink":
		return "https://www.threads.com/@" + p.Author + "/post/" + p.ID
	case "shortcode":
		return p.ID
	case "username":
		return p.Author
	case "owner":
		if mine {
			return object{"id": p.AuthorID}
		}
	case "is_quote_post":
		return false
	case "has_replies":
		return len(s.world.replies(p)) > 0
	case "is_reply":
		return p.Kind == kindComment
	case "is_reply_owned_by_me":
		return p.Kind == kindComment && mine
	case "root_post":
		if p.Kind == kindComment {
			return object{"id": p.Thread}
		}
	case "replied_to":
		if p.Kind == kindComment {
			return object{"id": p.InReplyTo}
		}
	case "hide_status":
		if p.Hidden {
			return "HIDDEN"
		}
		return "NOT_HUSHED"
	case "link_attachment_url":
		if p.Link != "" {
			return p.Link
		}
	case "alt_text":
		if len(p.Media) == 1 && p.Media[0].Alt != "" {
			return p.Media[0].Alt
		}
	case "children":
		if len(p.Media) > 1 {
			list := []object{}
			for _, m := range p.Media {
				list = append(list, object{"id": m.ID})
			}
			return object{"data": list}
		}
	}
	return nil
}

func threadsType(p *Post) string {
	switch {
	case len(p.Media) > 1:
		return "CAROUSEL_ALBUM"
	case len(p.Media) == 1 && strings.HasPrefix(p.Media[0].Type, "video/"):
		return "VIDEO"
	case len(p.Media) == 1:
		return "IMAGE"
	}
	return "TEXT_POST"
}

// threadsHide: POST /{reply}/manage_reply?hide=true. Only replies of the first
// level below our own post; what is below them goes with them.
func (s *Sandbox) threadsHide(c *call, id string) answer {
	p := s.world.visible(Threads, id)
	if p == nil {
		return graphMissing("post", id)
	}
	root := s.world.post(Threads, p.Thread)
	switch {
	case !c.has("hide"):
		return graphBad("The parameter hide is required.")
	case p.Kind != kindComment || root == nil || root.AuthorID != c.account.ID || p.AuthorID == c.account.ID:
		return graphDenied("Permissions error: this reply is not below a thread of the user")
	case p.InReplyTo != p.Thread:
		return graphBad("Only top-level replies can be hidden. Nested replies follow them.")
	}
	if err := s.setHidden(p, c.flag("hide"), c.now); err != nil {
		return graphBroken()
	}
	return graphSuccess()
}

// threadsDelete: DELETE /{id} of our own.
func (s *Sandbox) threadsDelete(c *call, id string) answer {
	p := s.world.visible(Threads, id)
	if p == nil {
		return graphMissing("delete", id)
	}
	if p.AuthorID != c.account.ID {
		return graphDenied("Permissions error")
	}
	if err := s.remove(p, c.now); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"success": true, "deleted_id": p.ID})
}

// threadsInsights: GET /{id}/insights.
func (s *Sandbox) threadsInsights(c *call, id string) answer {
	p := s.world.visible(Threads, id)
	if p == nil || p.AuthorID != c.account.ID {
		return graphMissing("get", id)
	}
	m := s.metrics(p, c.now)
	alive := map[string]int64{"views": m.views, "likes": m.likes, "replies": int64(len(s.world.below(p))), "reposts": m.shares / 2, "quotes": 0, "shares": m.shares}
	data := []object{}
	for _, name := range c.texts("metric") {
		n, ok := alive[strings.TrimSpace(name)]
		if !ok {
			return graphBad("metric[0] must be one of the following values: views, likes, replies, reposts, quotes, shares")
		}
		data = append(data, object{"name": name, "period": "lifetime", "values": []object{{"value": n}}, "title": name, "description": name, "id": p.ID + "/insights/" + name + "/lifetime"})
	}
	if len(data) == 0 {
		return graphBad("The parameter metric is required.")
	}
	return jsonAnswer(http.StatusOK, object{"data": data})
}
