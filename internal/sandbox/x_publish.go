package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// xPublish: POST /2/tweets. The contract forbids unknown fields.
func (s *Sandbox) xPublish(c *call) answer {
	known := []string{
		"text", "reply", "quote_tweet_id", "media", "poll", "reply_settings", "made_with_ai", "paid_partnership", "edit_options", "geo", "nullcast",
		"community_id", "card_uri", "direct_message_deep_link", "for_super_followers_only", "share_with_followers", "quote_post_id",
	}
	if s.xDay(c) >= s.xDayLimit() {
		return s.xDayHeaders(c, xFace{}.tooMany(nil))
	}
	for k := range c.json {
		if !slices.Contains(known, k) {
			return xInvalid(k, "", "[$."+k+"]: is not defined in the schema and the schema does not allow additional properties")
		}
	}
	p := &Post{
		Platform: X, Kind: kindPost, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Text: c.str("text"), Link: firstURL(c.str("text")),
	}
	reply := c.object("reply")
	if p.InReplyTo = asText(reply["in_reply_to_tweet_id"]); p.InReplyTo == "" {
		p.InReplyTo = asText(reply["in_reply_to_post_id"])
	}
	var ids []string
	for _, v := range asList(c.object("media")["media_ids"]) {
		ids = append(ids, asText(v))
	}
	if no := s.xCompose(c, p, ids); no != nil {
		return *no
	}
	text, _ := s.xText(p)
	return s.xDayHeaders(c, jsonAnswer(http.StatusCreated, object{"data": object{"id": p.ID, "text": text}}))
}

// xCompose checks a post by X's rules and publishes it; an answer refuses.
func (s *Sandbox) xCompose(c *call, p *Post, mediaIDs []string) *answer {
	refuse := func(a answer) *answer { return &a }
	if len(mediaIDs) > 4 {
		return refuse(xInvalid("media.media_ids", strings.Join(mediaIDs, ","), "media_ids must have at most 4 items"))
	}
	alone := false
	for _, id := range mediaIDs {
		m := s.world.media[at(X, id)]
		if m == nil || m.Account != c.account.ID || !m.Ready || c.now.Sub(m.At) > mediaLife {
			return refuse(xInvalid("media.media_ids", id, "Your media IDs are invalid."))
		}
		p.Media = append(p.Media, *m)
		alone = alone || m.Type == "image/gif" || strings.HasPrefix(m.Type, "video/")
	}
	if alone && len(mediaIDs) > 1 {
		return refuse(xInvalid("media.media_ids", strings.Join(mediaIDs, ","), "A post takes 4 photos, 1 animated GIF, or 1 video."))
	}
	if strings.TrimSpace(p.Text) == "" && len(p.Media) == 0 {
		return refuse(xInvalid("text", p.Text, "Tweet text can't be empty."))
	}
	if xWeigh(p.Text) > xMaxWeight {
		return refuse(xForbidden("Your Tweet text is too long. For more information see: https://developer.x.com/en/docs/counting-characters"))
	}
	if strings.Count(p.Text, "$") > 1 && len(cashtag.FindAllString(p.Text, 2)) > 1 {
		return refuse(xForbidden("Posts may contain a maximum of one cashtag."))
	}
	if p.InReplyTo != "" {
		parent := s.xFind(p.InReplyTo)
		if parent != nil {
			p.InReplyTo = parent.ID
		}
		if parent == nil {
			return refuse(xForbidden("You attempted to reply to a Tweet that is deleted or not visible to you."))
		}
		if s.rules.SummonedOnly && parent.AuthorID != c.account.ID && !names(parent.Text, c.account.Handle) {
			return refuse(xForbidden("Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to."))
		}
		p.Kind = kindComment
	}
	if s.duplicate(p, c.now) {
		return refuse(xForbidden(xDuplicate))
	}
	if err := s.publish(p, c.now); err != nil {
		return refuse(xBroken())
	}
	return nil
}

const xDuplicate = "You are not allowed to create a Tweet with duplicate content."

// duplicateWindow is how long the sandbox's X remembers a text.
const duplicateWindow = 24 * time.Hour

// duplicate: the same account, text, place and no new picture, not long ago.
func (s *Sandbox) duplicate(p *Post, now time.Time) bool {
	if s.rules.AllowDuplicate || len(p.Media) > 0 {
		return false
	}
	for _, old := range slices.Backward(s.world.byAuthor[at(p.Platform, p.AuthorID)]) {
		if now.Sub(old.At) > duplicateWindow {
			return false
		}
		if !old.Deleted && old.Text == p.Text && old.InReplyTo == p.InReplyTo && old.Kind == p.Kind && len(old.Media) == 0 {
			return true
		}
	}
	return false
}

// xDelete: DELETE /2/tweets/:id, own posts only.
func (s *Sandbox) xDelete(c *call) answer {
	p := s.xFind(c.r.PathValue("id"))
	if p == nil {
		return xProblem(http.StatusNotFound, "Not Found Error", "Could not find tweet with id: ["+c.r.PathValue("id")+"].", xProblems+"resource-not-found")
	}
	if p.AuthorID != c.account.ID {
		return xForbidden("You are not authorized to delete this Tweet.")
	}
	if err := s.remove(p, c.now); err != nil {
		return xBroken()
	}
	return jsonAnswer(http.StatusOK, object{"data": object{"deleted": true}})
}

// xHide: PUT /2/tweets/:id/hidden, replies below one's own posts only.
func (s *Sandbox) xHide(c *call) answer {
	hidden, ok := c.json["hidden"].(bool)
	if !ok {
		return xInvalid("hidden", c.str("hidden"), "[$.hidden]: is missing but it is required")
	}
	p := s.xFind(c.r.PathValue("id"))
	if p == nil {
		return xProblem(http.StatusNotFound, "Not Found Error", "Could not find tweet with tweet_id: ["+c.r.PathValue("id")+"].", xProblems+"resource-not-found")
	}
	root := s.world.post(X, p.Thread)
	if root == nil || root.AuthorID != c.account.ID || p.AuthorID == c.account.ID || p.ID == root.ID {
		return xForbidden("You are not permitted to hide this reply.")
	}
	if err := s.setHidden(p, hidden, c.now); err != nil {
		return xBroken()
	}
	return jsonAnswer(http.StatusOK, object{"data": object{"hidden": hidden}})
}

// xDay counts the app's posts of the last 24 hours; X allows 10,000.
func (s *Sandbox) xDay(c *call) int {
	n := 0
	for _, p := range slices.Backward(s.world.order) {
		if c.now.Sub(p.At) > 24*time.Hour {
			break
		}
		if p.Platform == X && p.Ours && p.Kind != kindDirect {
			n++
		}
	}
	return n
}

func (s *Sandbox) xDayLimit() int {
	if s.rules.TrueLimits {
		return 10_000
	}
	return 10_000 * roomy
}

// xDayHeaders: seen on posts, github.com/akrherz/iembot issue 163.
func (s *Sandbox) xDayHeaders(c *call, a answer) answer {
	return a.with("x-app-limit-24hour-limit", strconv.Itoa(s.xDayLimit())).
		with("x-app-limit-24hour-remaining", strconv.Itoa(max(s.xDayLimit()-s.xDay(c), 0))).
		with("x-app-limit-24hour-reset", strconv.FormatInt(c.now.Add(24*time.Hour).Unix(), 10))
}
