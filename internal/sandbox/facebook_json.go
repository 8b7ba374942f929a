package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// graphTime honours date_format, which clients send for RFC 3339.
func graphTime(c *call, t time.Time) any {
	switch c.str("date_format") {
	case "U":
		return t.Unix()
	case `Y-m-d\TH:i:sP`:
		return t.UTC().Format("2006-01-02T15:04:05-07:00")
	}
	return t.UTC().Format("2006-01-02T15:04:05-0700")
}

func graphPermalink(p *Post) string {
	root, own := objectPart(p.Thread), objectPart(p.ID)
	link := "https://www.facebook.com/" + p.Account + "/posts/" + root
	if p.Kind == kindComment {
		link += "?comment_id=" + own
	}
	return link
}

// graphObject is a post or comment with the selected fields; id is always there.
func (s *Sandbox) graphObject(c *call, p *Post, fields []field) object {
	out := object{"id": p.ID}
	for _, f := range fields {
		if v := s.graphField(c, p, f); v != nil {
			out[f.name] = v
		}
	}
	return out
}

func (s *Sandbox) graphField(c *call, p *Post, f field) any {
	comment := p.Kind == kindComment
	m := s.metrics(p, c.now)
	switch f.name {
	case "message":
		if p.Text != "" {
			return p.Text
		}
	case "created_time":
		return graphTime(c, p.At)
	case "updated_time":
		if p.EditedAt.IsZero() {
			return graphTime(c, p.At)
		}
		return graphTime(c, p.EditedAt)
	case "permalink_url":
		return graphPermalink(p)
	case "from":
		return object{"id": p.AuthorID, "name": s.displayOf(Facebook, p.AuthorID)}
	case "is_hidden":
		return p.Hidden
	case "is_published":
		return !p.Draft
	case "status_type":
		if len(p.Media) > 0 && strings.HasPrefix(p.Media[0].Type, "video/") {
			return "added_video"
		}
		if len(p.Media) > 0 {
			return "added_photos"
		}
		return "mobile_status_update"
	case "shares":
		if m.shares > 0 {
			return object{"count": m.shares}
		}
	case "comments":
		return s.graphCommentsField(c, p, f)
	case "reactions", "likes":
		return graphSummary(f, m.likes)
	case "attachments", "attachment":
		return graphChosen(s.graphAttachments(c, p, comment), f.children)
	}
	if comment {
		return s.graphCommentField(c, p, f, m)
	}
	return nil
}

// graphCommentField is a field that only comments have.
func (s *Sandbox) graphCommentField(c *call, p *Post, f field, m counts) any {
	root := s.world.post(Facebook, p.Thread)
	mine := root != nil && c.account != nil && root.AuthorID == c.account.ID
	switch f.name {
	case "parent":
		if parent := s.world.post(Facebook, p.InReplyTo); parent != nil && parent.Kind == kindComment {
			children := f.children
			if len(children) == 0 {
				children = parseFields("created_time,from,message")
			}
			return s.graphObject(c, parent, children)
		}
	case "object":
		if root != nil {
			return object{"id": root.ID}
		}
	case "can_hide", "can_remove":
		return mine && p.AuthorID != c.account.ID
	case "can_comment":
		return true
	case "can_reply_privately":
		return mine && !p.Ours
	case "comment_count":
		return len(s.world.replies(p))
	case "like_count":
		return m.likes
	case "user_likes":
		return false
	}
	return nil
}

// graphSummary is an edge asked for its count only.
func graphSummary(f field, n int64) object {
	out := object{"data": []any{}}
	if _, ok := f.mods["summary"]; ok {
		out["summary"] = object{"total_count": n, "viewer_reaction": "NONE"}
	}
	return out
}

func (s *Sandbox) graphCommentsField(c *call, p *Post, f field) object {
	all := s.world.replies(p)
	if f.mods["filter"] == "stream" {
		all = s.world.below(p)
	}
	limit := 25
	if n, err := strconv.Atoi(f.mods["limit"]); err == nil {
		limit = max(n, 0)
	}
	children := f.children
	if len(children) == 0 {
		children = parseFields("created_time,from,message")
	}
	data := []object{}
	for _, r := range all[:min(limit, len(all))] {
		data = append(data, s.graphObject(c, r, children))
	}
	out := object{"data": data}
	if _, ok := f.mods["summary"]; ok {
		out["summary"] = object{"order": "chronological", "total_count": len(s.world.below(p)), "can_comment": true}
	}
	return out
}

// graphChosen leaves of an object, or of a list of objects, what was selected.
func graphChosen(v any, fields []field) any {
	switch v := v.(type) {
	case object:
		if data, ok := v["data"].([]object); ok {
			out := []any{}
			for _, x := range data {
				out = append(out, graphChosen(x, fields))
			}
			return object{"data": out}
		}
		if len(fields) == 0 {
			return v
		}
		out := object{}
		for _, f := range fields {
			if x, ok := v[f.name]; ok {
				out[f.name] = graphChosen(x, f.children)
			}
		}
		return out
	case nil:
		return nil
	}
	return v
}

func (s *Sandbox) graphAttachments(c *call, p *Post, comment bool) any {
	var list []object
	for _, m := range p.Media {
		src := m.Link
		if src == "" {
			src = c.base + "/fb/photo/" + m.ID
		}
		kind := "photo"
		if strings.HasPrefix(m.Type, "video/") {
			kind = "video"
		}
		list = append(list, object{
			"type": kind, "media_type": kind, "description": m.Alt, "target": object{"id": m.ID, "url": "https://www.facebook.com/photo.php?fbid=" + m.ID},
			"media": object{"image": object{"height": 720, "width": 720, "src": src}}, "url": "https://www.facebook.com/photo.php?fbid=" + m.ID,
		})
	}
	if len(list) == 0 && p.Link != "" {
		list = append(list, object{"type": "share", "media_type": "link", "title": displayLink(p.Link), "url": p.Link, "unshimmed_url": p.Link})
	}
	switch {
	case len(list) == 0:
		return nil
	case comment:
		return list[0]
	case len(list) > 1:
		list = []object{{"type": "album", "media_type": "album", "subattachments": object{"data": list}}}
	}
	return object{"data": list}
}

// graphPage is a Page object.
func (s *Sandbox) graphPageObject(c *call, a *Account, fields []field) object {
	out := object{"id": a.ID}
	for _, f := range fields {
		switch f.name {
		case "name":
			out["name"] = a.Name
		case "username":
			out["username"] = a.Handle
		case "link":
			out["link"] = "https://www.facebook.com/" + a.Handle
		case "about":
			out["about"] = a.Bio
		case "fan_count", "followers_count":
			out[f.name] = 5120
		case "category":
			out["category"] = "Government organization"
		case "tasks":
			out["tasks"] = []string{"ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"}
		case "access_token":
			if c.account == a {
				out["access_token"] = c.token.Access
			}
		}
	}
	return out
}

// escapeUnicode writes JSON the way Meta's webhooks do: ASCII only, slashes
// escaped. A signature is right only over these very bytes.
func escapeUnicode(b []byte) []byte {
	var out strings.Builder
	for _, r := range string(b) {
		switch {
		case r == '/':
			out.WriteString(`\/`)
		case r < 0x80:
			out.WriteRune(r)
		case r > 0xFFFF:
			r -= 0x10000
			writeEscape(&out, 0xD800+r>>10)
			writeEscape(&out, 0xDC00+r&0x3FF)
		default:
			writeEscape(&out, r)
		}
	}
	return []byte(out.String())
}

func writeEscape(b *strings.Builder, r rune) {
	h := strconv.FormatInt(int64(r), 16)
	b.WriteString(`\u` + strings.Repeat("0", 4-len(h)) + h)
}

// graphSort orders by time as asked; the default is oldest first.
func graphSort(c *call, posts []*Post, newestFirst bool) {
	switch c.str("order") {
	case "reverse_chronological":
		newestFirst = true
	case "chronological":
		newestFirst = false
	}
	slices.SortStableFunc(posts, func(a, b *Post) int {
		if newestFirst {
			return compareIDs(b.ID, a.ID)
		}
		return compareIDs(a.ID, b.ID)
	})
}
