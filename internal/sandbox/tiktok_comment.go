package sandbox

import (
	"encoding/json"
	"slices"
	"unicode/utf16"
)

// ttOwn is one of the caller's posts that everybody sees.
func (s *Sandbox) ttOwn(c *call, id string) *Post {
	p := s.world.visible(TikTok, id)
	if p == nil || p.Kind != kindPost || p.Account != c.account.ID {
		return nil
	}
	return p
}

func (s *Sandbox) bizCommentJSON(c *call, p *Post) object {
	status := "PUBLIC"
	if p.Hidden {
		status = "HIDDEN"
	}
	o := object{
		"comment_id": p.ID, "unique_identifier": p.AuthorID, "user_id": p.AuthorID, "video_id": p.Thread, "create_time": p.At.Unix(), "text": p.Text,
		"likes": s.metrics(p, c.now).likes, "replies": len(s.world.below(p)), "owner": p.AuthorID == c.account.ID, "liked": false, "pinned": false,
		"status": status, "username": p.Author,
	}
	if p.InReplyTo != p.Thread {
		o["parent_comment_id"] = p.InReplyTo
	}
	return o
}

// bizPage cuts a list, newest first.
func (s *Sandbox) bizPage(c *call, all []*Post) answer {
	var ids []string
	if f := c.query.Get("comment_ids"); f != "" && json.Unmarshal([]byte(f), &ids) != nil || len(ids) > 30 {
		return bizError(bizInvalid, "comment_ids: at most 30")
	}
	all = slices.DeleteFunc(all, func(p *Post) bool {
		return p.Hidden && c.query.Get("status") != "ALL" || len(ids) > 0 && !slices.Contains(ids, p.ID)
	})
	slices.SortFunc(all, func(a, b *Post) int { return b.order - a.order })
	from, size := c.number("cursor", 0, 0, 1<<30), c.number("max_count", 20, 1, 30)
	comments := []object{}
	for _, p := range all[min(from, len(all)):min(from+size, len(all))] {
		comments = append(comments, s.bizCommentJSON(c, p))
	}
	return bizOK(object{"comments": comments, "cursor": min(from+size, len(all)), "has_more": from+size < len(all)})
}

// bizComments: GET /business/comment/list/.
func (s *Sandbox) bizComments(c *call) answer {
	p := s.ttOwn(c, c.query.Get("video_id"))
	if p == nil {
		return bizError(bizInvalid, "video_id: not found")
	}
	if c.query.Get("comment_ids") != "" { // answers are found by their ids, too
		return s.bizPage(c, s.world.below(p))
	}
	return s.bizPage(c, s.world.replies(p))
}

// bizReplies: GET /business/comment/reply/list/.
func (s *Sandbox) bizReplies(c *call) answer {
	p := s.world.visible(TikTok, c.query.Get("comment_id"))
	if p == nil || p.Kind != kindComment || s.ttOwn(c, c.query.Get("video_id")) == nil {
		return bizError(bizInvalid, "comment_id: not found")
	}
	return s.bizPage(c, s.world.below(p))
}

// bizSay: POST /business/comment/create/ and /reply/create/, 150 signs.
func (s *Sandbox) bizSay(c *call) answer {
	text, parent := c.str("text"), s.ttOwn(c, c.str("video_id"))
	if id := c.str("comment_id"); id != "" {
		if parent = s.world.visible(TikTok, id); parent != nil && (parent.Kind != kindComment || parent.Thread != c.str("video_id")) {
			parent = nil
		}
	}
	switch {
	case parent == nil:
		return bizError(bizInvalid, "video_id or comment_id: not found")
	case text == "" || len(utf16.Encode([]rune(text))) > 150:
		return bizError(bizInvalid, "text: must be 1 to 150 characters")
	}
	p := &Post{Platform: TikTok, Kind: kindComment, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true, Text: text, InReplyTo: parent.ID, Link: firstURL(text)}
	if err := s.publish(p, c.now); err != nil {
		return bizError(bizInternal, "Internal error")
	}
	return bizOK(s.bizCommentJSON(c, p))
}

// bizHide: POST /business/comment/hide/, HIDE or UNHIDE.
func (s *Sandbox) bizHide(c *call) answer {
	p := s.world.visible(TikTok, c.str("comment_id"))
	action := c.str("action")
	if p == nil || p.Kind != kindComment || p.Thread != c.str("video_id") || s.ttOwn(c, p.Thread) == nil || action != "HIDE" && action != "UNHIDE" {
		return bizError(bizInvalid, "comment_id: not found")
	}
	if err := s.setHidden(p, action == "HIDE", c.now); err != nil {
		return bizError(bizInternal, "Internal error")
	}
	return bizOK(object{})
}

// bizDelete: POST /business/comment/delete/, only what the account wrote.
func (s *Sandbox) bizDelete(c *call) answer {
	p := s.world.visible(TikTok, c.str("comment_id"))
	switch {
	case p == nil || p.Kind != kindComment:
		return bizError(bizInvalid, "comment_id: not found")
	case p.AuthorID != c.account.ID:
		return bizError(bizNoPermission, "Only owned comments can be deleted.")
	}
	if err := s.remove(p, c.now); err != nil {
		return bizError(bizInternal, "Internal error")
	}
	return bizOK(object{})
}
