package sandbox

import (
	"strings"
)

// instagramPost is a media object with the selected fields.
func (s *Sandbox) instagramPost(c *call, p *Post, fields []field) object {
	out := object{"id": p.ID}
	m := s.metrics(p, c.now)
	mine := p.AuthorID == c.account.ID
	for _, f := range fields {
		switch f.name {
		case "caption":
			if p.Text != "" {
				out["caption"] = p.Text
			}
		case "media_type":
			out["media_type"] = instagramType(p)
		case "media_product_type":
			out["media_product_type"] = "FEED"
			if instagramType(p) == "VIDEO" {
				out["media_product_type"] = "REELS"
			}
		case "media_url":
			out["media_url"] = c.base + "/ig/photo/" + p.ID
		case "permalink":
			out["permalink"] = "https://www.instagram.com/p/" + p.ID + "/"
		case "shortcode":
			out["shortcode"] = p.ID
		case "timestamp":
			out["timestamp"] = graphTime(c, p.At)
		case "username":
			out["username"] = p.Author
		case "owner":
			if mine {
				out["owner"] = object{"id": p.AuthorID}
			}
		case "like_count":
			out["like_count"] = m.likes
		case "comments_count":
			out["comments_count"] = len(s.world.below(p))
		case "is_comment_enabled":
			out["is_comment_enabled"] = true
		case "alt_text":
			if len(p.Media) == 1 && p.Media[0].Alt != "" {
				out["alt_text"] = p.Media[0].Alt
			}
		case "children":
			if len(p.Media) > 1 {
				list := []object{}
				for _, x := range p.Media {
					list = append(list, object{"id": x.ID})
				}
				out["children"] = object{"data": list}
			}
		}
	}
	return out
}

func instagramType(p *Post) string {
	switch {
	case len(p.Media) > 1:
		return "CAROUSEL_ALBUM"
	case len(p.Media) == 1 && strings.HasPrefix(p.Media[0].Type, "video/"):
		return "VIDEO"
	}
	return "IMAGE"
}

// instagramComment is a comment with the selected fields. parent_id is the
// comment of the first level; on the first level there is none.
func (s *Sandbox) instagramComment(c *call, p *Post, fields []field) object {
	out := object{"id": p.ID}
	for _, f := range fields {
		switch f.name {
		case "text":
			out["text"] = p.Text
		case "username":
			out["username"] = p.Author
		case "from":
			out["from"] = object{"id": p.AuthorID, "username": p.Author}
		case "timestamp":
			out["timestamp"] = graphTime(c, p.At)
		case "hidden":
			out["hidden"] = p.Hidden
		case "like_count":
			out["like_count"] = s.metrics(p, c.now).likes
		case "media":
			out["media"] = object{"id": p.Thread}
		case "parent_id":
			if top := s.instagramTop(p); top != nil && top != p {
				out["parent_id"] = top.ID
			}
		case "replies":
			list := []object{}
			children := f.children
			if len(children) == 0 {
				children = parseFields("timestamp,text,id")
			}
			below, limit := []*Post{}, 25
			if p.InReplyTo == p.Thread {
				below = s.world.below(p)
			}
			if n := graphNumber(f.mods["limit"]); n > 0 {
				limit = n
			}
			for _, r := range below[:min(limit, len(below))] {
				list = append(list, s.instagramComment(c, r, children))
			}
			if len(list) > 0 {
				replies := object{"data": list}
				if len(below) > limit {
					replies["paging"] = object{"cursors": object{"after": cursor(below[limit-1])}, "next": c.base + "/ig/v25.0/" + p.ID + "/replies?after=" + cursor(below[limit-1])}
				}
				out["replies"] = replies
			}
		}
	}
	return out
}
