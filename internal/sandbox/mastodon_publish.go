package sandbox

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	mastoMaxChars = 500
	mastoMaxMedia = 4
	mastoURLChars = 23
	mastoKeyLife  = time.Hour // Mastodon keeps an Idempotency-Key for one hour
)

// mastoPublish: POST /api/v1/statuses.
func (s *Sandbox) mastoPublish(c *call) answer {
	key := c.r.Header.Get("Idempotency-Key")
	if old := s.world.keyed(c.account, key, c.now); old != nil {
		return jsonAnswer(http.StatusOK, s.mastoStatusJSON(c, old))
	}
	text := c.str("status")
	media, no := s.mastoAttach(c)
	if no != nil {
		return *no
	}
	if strings.TrimSpace(text) == "" && len(media) == 0 {
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: Text can't be blank")
	}
	if mastoLength(text)+utf8.RuneCountInString(c.str("spoiler_text")) > mastoMaxChars {
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: Text character limit of 500 exceeded")
	}
	p := &Post{
		Platform: Mastodon, Kind: kindPost, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle,
		Ours: true, Text: text, Link: firstURL(text), Media: media, Key: key, Scope: c.str("visibility"), InReplyTo: c.str("in_reply_to_id"),
	}
	if !slices.Contains([]string{"", "public", "unlisted", "private", "direct"}, p.Scope) {
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: Visibility is not included in the list")
	}
	if p.InReplyTo != "" {
		parent := s.world.visible(Mastodon, p.InReplyTo)
		if parent == nil {
			return mastodonError(http.StatusNotFound, "The post you are trying to reply to does not appear to exist.")
		}
		p.Kind = kindComment
		if p.Scope == "direct" && !private(parent) {
			p.Private = parent.ID
		}
	}
	if p.Scope == "direct" {
		p.Kind = kindDirect
	}
	if err := s.publish(p, c.now); err != nil {
		return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
	}
	return jsonAnswer(http.StatusOK, s.mastoStatusJSON(c, p))
}

// keyed is the post an account made with a key within the key's life.
func (w *world) keyed(a *Account, key string, now time.Time) *Post {
	if key == "" {
		return nil
	}
	mine := w.byAuthor[at(a.Platform, a.ID)]
	for _, p := range slices.Backward(mine) {
		if now.Sub(p.At) > mastoKeyLife {
			return nil
		}
		if p.Key == key && !p.Deleted {
			return p
		}
	}
	return nil
}

func (s *Sandbox) mastoAttach(c *call) ([]Media, *answer) {
	ids := c.texts("media_ids")
	refuse := func(text string) ([]Media, *answer) {
		a := mastodonError(http.StatusUnprocessableEntity, text)
		return nil, &a
	}
	if len(ids) > mastoMaxMedia {
		return refuse("Cannot attach more than 4 files")
	}
	var out []Media
	for _, id := range ids {
		m := s.world.media[at(Mastodon, id)]
		if m == nil || m.Account != c.account.ID {
			return refuse("Validation failed: Media attachments not found")
		}
		if !m.Ready {
			return refuse("Cannot attach files that have not finished processing. Try again in a moment!")
		}
		out = append(out, *m)
	}
	if len(out) > 1 && slices.ContainsFunc(out, func(m Media) bool { return strings.HasPrefix(m.Type, "video/") }) {
		return refuse("Cannot attach a video to a post that already contains images")
	}
	return out, nil
}

var urlPattern = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)\]']`)

func firstURL(text string) string { return urlPattern.FindString(text) }

var mastoMention = regexp.MustCompile(`@([A-Za-z0-9_]+)@[A-Za-z0-9.-]+[A-Za-z0-9]`)

// mastoLength counts as Mastodon does: a link is 23, a remote mention only its local part.
func mastoLength(text string) int {
	text = urlPattern.ReplaceAllString(text, strings.Repeat("x", mastoURLChars))
	text = mastoMention.ReplaceAllString(text, "@$1")
	return utf8.RuneCountInString(text)
}

// mastoEdit: PUT /api/v1/statuses/:id.
func (s *Sandbox) mastoEdit(c *call) answer {
	p := s.world.visible(Mastodon, c.r.PathValue("id"))
	if p == nil || p.AuthorID != c.account.ID {
		return mastodonNotFound()
	}
	text := c.str("status")
	if strings.TrimSpace(text) == "" && len(p.Media) == 0 {
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: Text can't be blank")
	}
	if mastoLength(text) > mastoMaxChars {
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: Text character limit of 500 exceeded")
	}
	media, no := s.mastoAttach(c) // an edit names the files that stay; those it does not name go
	if no != nil {
		return *no
	}
	if err := s.world.change(p, func(p *Post) { p.Media = media }); err != nil {
		return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
	}
	if err := s.edit(p, text, c.now); err != nil {
		return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
	}
	return jsonAnswer(http.StatusOK, s.mastoStatusJSON(c, p))
}

// mastoDelete: DELETE /api/v1/statuses/:id answers with the source, for "delete and redraft".
func (s *Sandbox) mastoDelete(c *call) answer {
	p := s.world.visible(Mastodon, c.r.PathValue("id"))
	if p == nil || p.AuthorID != c.account.ID {
		return mastodonNotFound()
	}
	body := s.mastoStatusJSON(c, p)
	body["text"] = p.Text
	if err := s.remove(p, c.now); err != nil {
		return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
	}
	return jsonAnswer(http.StatusOK, body)
}

// mastoMute: the nearest Mastodon has to hiding: no more notifications of a conversation.
func (s *Sandbox) mastoMute(c *call) answer {
	p := s.world.visible(Mastodon, c.r.PathValue("id"))
	if p == nil {
		return mastodonNotFound()
	}
	body := s.mastoStatusJSON(c, p)
	body["muted"] = strings.HasSuffix(c.r.URL.Path, "/mute")
	return jsonAnswer(http.StatusOK, body)
}

// mastoReport: POST /api/v1/reports.
func (s *Sandbox) mastoReport(c *call) answer {
	target := s.mastoAccountByID(c, c.str("account_id"))
	if target == nil {
		return mastodonNotFound()
	}
	category := c.str("category")
	if category == "" {
		category = "other"
	}
	return jsonAnswer(http.StatusOK, object{
		"id": s.world.nextID(Mastodon, c.now), "action_taken": false, "action_taken_at": nil, "category": category,
		"comment": c.str("comment"), "forwarded": false, "created_at": mastoTime(c.now),
		"status_ids": c.texts("status_ids"), "rule_ids": nil, "collection_ids": nil, "target_account": target,
	})
}
