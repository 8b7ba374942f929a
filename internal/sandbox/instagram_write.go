package sandbox

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// igMaxComment is what a program may write below a media object.
// https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
const igMaxComment = 300

func igMessage(c *call) (string, *answer) {
	text := c.str("message")
	var no answer
	switch {
	case strings.TrimSpace(text) == "":
		no = graphBad("The parameter message is required.")
	case utf8.RuneCountInString(text) > igMaxComment:
		no = graphBad("The comment is longer than 300 characters.")
	case strings.Count(text, "http://")+strings.Count(text, "https://") > 1:
		no = graphBad("The comment contains more than 1 URL.")
	case strings.Count(text, "#") > 4:
		no = graphBad("The comment contains more than 4 hashtags.")
	default:
		return text, nil
	}
	return "", &no
}

func (s *Sandbox) instagramOwn(c *call) *Post {
	return &Post{Platform: Instagram, Kind: kindComment, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true}
}

// instagramAnswer: POST /{media}/comments and POST /{comment}/replies.
func (s *Sandbox) instagramAnswer(c *call, id, edge string) answer {
	parent := s.world.visible(Instagram, id)
	if parent == nil || parent.Account != c.account.ID || (edge == "comments") != (parent.Kind == kindPost) || parent.Kind == kindDirect || parent.Kind == kindMention {
		return graphMissing("post", id)
	}
	if top := s.instagramTop(parent); parent.Hidden || top != nil && top.Hidden {
		return igError(100, 2207066, "You cannot reply to a hidden comment.")
	}
	text, no := igMessage(c)
	if no != nil {
		return *no
	}
	p := s.instagramOwn(c)
	p.Text, p.InReplyTo = text, parent.ID
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"id": p.ID})
}

// instagramMention: POST /{ig}/mentions answers where somebody named us.
func (s *Sandbox) instagramMention(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	parent := s.world.visible(Instagram, c.str("media_id"))
	if parent == nil || parent.Kind != kindMention || parent.Account != c.account.ID {
		return graphMissing("post", c.str("media_id"))
	}
	if comment := s.world.visible(Instagram, c.str("comment_id")); comment != nil && comment.Thread == parent.Thread {
		parent = comment
	}
	text, no := igMessage(c)
	if no != nil {
		return *no
	}
	p := s.instagramOwn(c)
	p.Text, p.InReplyTo = text, parent.ID
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"id": p.ID})
}

// instagramHide: POST /{comment}?hide=true. Our own comments cannot be hidden.
func (s *Sandbox) instagramHide(c *call, id string) answer {
	p := s.world.visible(Instagram, id)
	if p == nil || p.Account != c.account.ID {
		return graphMissing("post", id)
	}
	if p.Kind == kindPost && c.has("comment_enabled") {
		return graphSuccess()
	}
	if !c.has("hide") {
		return graphBad("The parameter hide is required.")
	}
	if p.Kind != kindComment || p.AuthorID == c.account.ID {
		return graphDenied("Permissions error: the account's own comments cannot be hidden")
	}
	if err := s.setHidden(p, c.flag("hide"), c.now); err != nil {
		return graphBroken()
	}
	return graphSuccess()
}

// instagramDelete: DELETE /{comment}: below our own media, or our own. A media
// object cannot be deleted through Instagram Login.
func (s *Sandbox) instagramDelete(c *call, id string) answer {
	p := s.world.visible(Instagram, id)
	root := (*Post)(nil)
	if p != nil {
		root = s.world.post(Instagram, p.Thread)
	}
	if p == nil || p.Kind != kindComment {
		return graphMissing("delete", id)
	}
	if p.AuthorID != c.account.ID && (root == nil || root.AuthorID != c.account.ID) {
		return graphDenied("Permissions error")
	}
	if err := s.remove(p, c.now); err != nil {
		return graphBroken()
	}
	return graphSuccess()
}
