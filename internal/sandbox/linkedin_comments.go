package sandbox

import (
	"net/http"
	"strings"
)

// linkedinTop is the first-level comment that an answer hangs below: LinkedIn
// has two levels only.
func (s *Sandbox) linkedinTop(p *Post) string {
	parent := s.world.post(LinkedIn, p.InReplyTo)
	for parent != nil && parent.Kind == kindComment {
		if up := s.world.post(LinkedIn, parent.InReplyTo); up == nil || up.Kind != kindComment {
			return parent.ID
		} else {
			parent = up
		}
	}
	return ""
}

// linkedinThread are the comments directly below a post or comment, oldest first.
func (s *Sandbox) linkedinThread(of *Post) []*Post {
	if of.Kind != kindComment {
		return s.world.replies(of)
	}
	return s.world.below(of)
}

// linkedinSay: POST /rest/socialActions/:urn/comments. 201 with the comment.
func (s *Sandbox) linkedinSay(c *call) answer {
	of := s.linkedinPost(c.r.PathValue("urn"))
	if of == nil {
		return linkedinGone(c.r.PathValue("urn"))
	}
	actor, text := c.str("actor"), asText(c.object("message")["text"])
	if parent := c.str("parentComment"); parent != "" {
		if of = s.linkedinPost(parent); of == nil {
			return linkedinGone(parent)
		}
	}
	switch {
	case !s.linkedinMay(c, actor, "w_organization_social"):
		return linkedinDenied(c, "partnerApiSocialActions.CREATE")
	case c.str("object") == "":
		return linkedinInvalid(http.StatusBadRequest, "object", "MISSING_FIELD", "field is required but not found and has no default value: object")
	case strings.TrimSpace(text) == "":
		return linkedinInvalid(http.StatusBadRequest, "message/text", "MISSING_FIELD", "Comment message is empty")
	case linkedinLength(text) > linkedinMaxComment:
		return linkedinInvalid(http.StatusBadRequest, "message/text", "FIELD_LENGTH_TOO_LONG", "Comment is longer than 1250 characters")
	case of.Kind == kindComment && s.linkedinTop(of) != "":
		return linkedinInvalid(http.StatusBadRequest, "parentComment", "INVALID_VALUE", "a reply can only target a first-level comment")
	}
	a := s.world.account(LinkedIn, actor)
	p := &Post{Platform: LinkedIn, Kind: kindComment, Account: a.ID, AuthorID: a.ID, Author: a.Handle, Ours: true, Text: text, InReplyTo: of.ID, Thread: of.Thread}
	if old := s.linkedinTwin(p, c.now); old != nil {
		return linkedinInvalid(http.StatusUnprocessableEntity, "", "DUPLICATE_POST", "Content is a duplicate of "+old.ID)
	}
	if err := s.publish(p, c.now); err != nil {
		return linkedinBroken()
	}
	return jsonAnswer(http.StatusCreated, s.linkedinCommentJSON(p)).with("x-restli-id", linkedinNumber(p.ID))
}

// linkedinNumber is a comment's own number in its URN.
func linkedinNumber(urn string) string {
	_, n, _ := strings.Cut(urn, ",")
	return strings.TrimSuffix(n, ")")
}

func (s *Sandbox) linkedinCommentJSON(p *Post) object {
	activity := linkedinActivity(p.Thread)
	below := s.linkedinThread(p)
	out := object{
		"$URN": p.ID, "commentUrn": p.ID, "id": linkedinNumber(p.ID), "actor": linkedinActor(p.AuthorID), "object": activity,
		"message":         object{"attributes": []object{}, "text": p.Text},
		"created":         object{"actor": linkedinActor(p.AuthorID), "time": p.At.UnixMilli()},
		"lastModified":    object{"actor": linkedinActor(p.AuthorID), "time": linkedinModified(p).UnixMilli()},
		"commentsSummary": object{"aggregatedTotalComments": len(below), "totalFirstLevelComments": len(below), "selectedComments": []string{}},
		"likesSummary":    object{"aggregatedTotalLikes": p.Likes, "totalLikes": p.Likes, "likedByCurrentUser": false, "selectedLikes": []string{}},
	}
	if top := s.linkedinTop(p); top != "" {
		out["parentComment"] = top
	}
	return out
}

// linkedinComments: GET /rest/socialActions/:urn/comments, oldest first.
func (s *Sandbox) linkedinComments(c *call) answer {
	of := s.linkedinPost(c.r.PathValue("urn"))
	if of == nil {
		return linkedinGone(c.r.PathValue("urn"))
	}
	if no := s.linkedinReads(c, of); no != nil {
		return *no
	}
	all := s.linkedinThread(of)
	return s.linkedinPage(c, len(all), 100, func(i int) object { return s.linkedinCommentJSON(all[i]) })
}

func (s *Sandbox) linkedinReads(c *call, of *Post) *answer {
	root := s.world.post(LinkedIn, of.Thread)
	if root == nil || !s.linkedinMay(c, root.AuthorID, "r_organization_social") {
		return ptr(linkedinDenied(c, "partnerApiSocialActions.GET"))
	}
	return nil
}

// linkedinNamed is the comment that a path means, if it is below its target.
func (s *Sandbox) linkedinNamed(c *call) *Post {
	of := s.linkedinPost(c.r.PathValue("urn"))
	if of == nil {
		return nil
	}
	return s.world.visible(LinkedIn, linkedinComment(linkedinActivity(of.Thread), c.r.PathValue("id")))
}

func (s *Sandbox) linkedinOneComment(c *call) answer {
	p := s.linkedinNamed(c)
	if p == nil {
		return linkedinGone(c.r.PathValue("id"))
	}
	if no := s.linkedinReads(c, p); no != nil {
		return *no
	}
	return jsonAnswer(http.StatusOK, s.linkedinCommentJSON(p))
}

func (s *Sandbox) linkedinEditComment(c *call) answer {
	p := s.linkedinNamed(c)
	message, _ := c.object("patch")["message"].(map[string]any)
	set, _ := message["$set"].(map[string]any)
	text := asText(set["text"])
	switch {
	case p == nil:
		return linkedinGone(c.r.PathValue("id"))
	case p.AuthorID != c.query.Get("actor") || !s.linkedinMay(c, p.AuthorID, "w_organization_social"):
		return linkedinDenied(c, "partnerApiSocialActions.PARTIAL_UPDATE")
	case strings.TrimSpace(text) == "" || linkedinLength(text) > linkedinMaxComment:
		return linkedinInvalid(http.StatusBadRequest, "patch/message/$set/text", "INVALID_VALUE", "message is empty or too long")
	}
	if err := s.edit(p, text, c.now); err != nil {
		return linkedinBroken()
	}
	return answer{status: http.StatusNoContent, header: http.Header{}}
}

// linkedinUncomment: a page deletes its own comments, and anybody's below its
// own posts. What is gone is gone: 404 the second time.
func (s *Sandbox) linkedinUncomment(c *call) answer {
	p := s.linkedinNamed(c)
	if p == nil {
		return linkedinGone(c.r.PathValue("id"))
	}
	actor := c.query.Get("actor")
	root := s.world.post(LinkedIn, p.Thread)
	if !s.linkedinMay(c, actor, "w_organization_social") || actor != p.AuthorID && (root == nil || actor != root.AuthorID) {
		return linkedinDenied(c, "partnerApiSocialActions.DELETE")
	}
	if err := s.remove(p, c.now); err != nil {
		return linkedinBroken()
	}
	return answer{status: http.StatusNoContent, header: http.Header{}}
}
