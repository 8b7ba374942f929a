package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// mastoBlock: POST /api/v1/accounts/:id/block, unblock, mute, unmute. Only a
// block changes what reaches us; a mute silences it for people who look.
func (s *Sandbox) mastoBlock(c *call) answer {
	id := c.r.PathValue("id")
	if s.mastoAccountByID(c, id) == nil {
		return mastodonNotFound()
	}
	deed := c.r.URL.Path[strings.LastIndexByte(c.r.URL.Path, '/')+1:]
	if deed == "block" || deed == "unblock" {
		if err := s.block(Mastodon, c.account.ID, id, deed == "block"); err != nil {
			return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
		}
	}
	out := s.mastoRelationship(c, id)
	out["muting"] = deed == "mute"
	return jsonAnswer(http.StatusOK, out)
}

// mastoRelationships: GET /api/v1/accounts/relationships?id[]=.
func (s *Sandbox) mastoRelationships(c *call) answer {
	out := []object{}
	for _, id := range c.texts("id") {
		if s.mastoAccountByID(c, id) != nil {
			out = append(out, s.mastoRelationship(c, id))
		}
	}
	return jsonAnswer(http.StatusOK, out)
}

func (s *Sandbox) mastoRelationship(c *call, id string) object {
	return object{
		"id": id, "following": false, "showing_reblogs": false, "notifying": false, "languages": nil, "followed_by": false,
		"blocking": s.world.isBlocked(Mastodon, c.account.ID, id), "blocked_by": false, "muting": false, "muting_notifications": false, "muting_expires_at": nil,
		"requested": false, "requested_by": false, "domain_blocking": false, "endorsed": false, "note": "",
	}
}

// mastoBlocks: GET /api/v1/blocks.
func (s *Sandbox) mastoBlocks(c *call) answer {
	out := []object{}
	for _, p := range s.world.people {
		if p.Platform == Mastodon && s.world.isBlocked(Mastodon, c.account.ID, p.ID) {
			out = append(out, s.mastoAccountByID(c, p.ID))
		}
	}
	slices.SortFunc(out, func(a, b object) int { return strings.Compare(a["id"].(string), b["id"].(string)) })
	return jsonAnswer(http.StatusOK, out)
}

// mastoConversations: GET /api/v1/conversations: private talks, the one with
// the newest status first; paging goes by that status.
func (s *Sandbox) mastoConversations(c *call) answer {
	last := map[string]*Post{}
	for _, p := range s.world.order {
		if p.Platform == Mastodon && !p.Deleted && p.Account == c.account.ID && private(p) {
			last[p.Thread] = p
		}
	}
	var newest []*Post
	for _, p := range last {
		newest = append(newest, p)
	}
	page := window(c, newest, 20, 40)
	out := []object{}
	for _, p := range page {
		people := []object{}
		if with := s.mastoPartner(p); with != "" {
			people = append(people, s.mastoAccountByID(c, with))
		}
		out = append(out, object{"id": p.Thread, "unread": !p.Ours, "accounts": people, "last_status": s.mastoStatusJSON(c, p)})
	}
	return paged(c, jsonAnswer(http.StatusOK, out), page)
}

func private(p *Post) bool { return p.Kind == kindDirect || p.Scope == "direct" }

// mastoPartner is whom a private talk is with.
func (s *Sandbox) mastoPartner(p *Post) string {
	for up := p; up != nil; up = s.world.post(Mastodon, up.InReplyTo) {
		if !up.Ours {
			return up.AuthorID
		}
	}
	return ""
}

// mastoHistory: GET /api/v1/statuses/:id/history, the oldest first.
func (s *Sandbox) mastoHistory(c *call) answer {
	p := s.world.visible(Mastodon, c.r.PathValue("id"))
	if p == nil || !readable(c, p) {
		return mastodonNotFound()
	}
	out := []object{}
	for _, v := range append(slices.Clone(p.History), Version{Text: p.Text, At: p.since()}) {
		old := *p
		old.Text = v.Text
		out = append(out, object{
			"content": s.mastoContent(c, &old), "spoiler_text": "", "sensitive": false, "created_at": mastoTime(v.At),
			"account": s.mastoAccountByID(c, p.AuthorID), "media_attachments": s.mastoMediaList(c, p.Media), "emojis": []any{}, "quote": nil,
		})
	}
	return jsonAnswer(http.StatusOK, out)
}

// mastoSource: GET /api/v1/statuses/:id/source, what an editor begins with.
func (s *Sandbox) mastoSource(c *call) answer {
	p := s.world.visible(Mastodon, c.r.PathValue("id"))
	if p == nil || p.AuthorID != c.account.ID {
		return mastodonNotFound()
	}
	return jsonAnswer(http.StatusOK, object{"id": p.ID, "text": p.Text, "spoiler_text": ""})
}
