package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func (s *Sandbox) mastoVerify(c *call) answer {
	out := s.mastoAccountByID(c, c.account.ID)
	out["source"] = object{
		"privacy": "public", "sensitive": false, "language": "id", "note": c.account.Bio, "fields": []any{},
		"follow_requests_count": 0, "hide_collections": false, "discoverable": true, "indexable": false,
		"attribution_domains": []any{}, "quote_policy": "public",
	}
	out["role"] = object{"id": "-99", "name": "", "permissions": "0", "color": "", "highlighted": false}
	return jsonAnswer(http.StatusOK, out)
}

func (s *Sandbox) mastoAccount(c *call) answer {
	if out := s.mastoAccountByID(c, c.r.PathValue("id")); out != nil {
		return jsonAnswer(http.StatusOK, out)
	}
	return mastodonNotFound()
}

func (s *Sandbox) mastoLookup(c *call) answer {
	name, _, _ := strings.Cut(strings.TrimPrefix(c.str("acct"), "@"), "@")
	if who := s.world.knows(Mastodon, name); who != nil {
		return jsonAnswer(http.StatusOK, s.mastoAccountByID(c, who.ID))
	}
	return mastodonNotFound()
}

func (s *Sandbox) mastoStatus(c *call) answer {
	p := s.world.visible(Mastodon, c.r.PathValue("id"))
	if p == nil || !readable(c, p) {
		return mastodonNotFound()
	}
	return jsonAnswer(http.StatusOK, s.mastoStatusJSON(c, p))
}

// readable: a direct message is there only for those in it.
func readable(c *call, p *Post) bool {
	return p.Kind != kindDirect && p.Scope != "direct" || c.account != nil && (p.Account == c.account.ID || p.AuthorID == c.account.ID)
}

// mastoStatuses: GET /api/v1/statuses?id[]= (4.3), at most 20.
func (s *Sandbox) mastoStatuses(c *call) answer {
	out := []object{}
	for _, id := range c.texts("id") {
		if p := s.world.visible(Mastodon, id); p != nil && readable(c, p) {
			out = append(out, s.mastoStatusJSON(c, p))
		}
	}
	return jsonAnswer(http.StatusOK, out)
}

// mastoContext: everything above and below a status.
func (s *Sandbox) mastoContext(c *call) answer {
	p := s.world.visible(Mastodon, c.r.PathValue("id"))
	if p == nil || !readable(c, p) {
		return mastodonNotFound()
	}
	above, below := []object{}, []object{}
	for up := s.world.visible(Mastodon, p.InReplyTo); up != nil; up = s.world.visible(Mastodon, up.InReplyTo) {
		above = append(above, s.mastoStatusJSON(c, up))
	}
	slices.Reverse(above)
	for _, d := range s.world.below(p) {
		if readable(c, d) {
			below = append(below, s.mastoStatusJSON(c, d))
		}
	}
	return jsonAnswer(http.StatusOK, object{"ancestors": above, "descendants": below})
}

// window cuts a list the way Mastodon's paging does. With min_id the page is
// the oldest after it, otherwise the newest; the order is newest first.
func window(c *call, all []*Post, fallback, most int) []*Post {
	limit := c.number("limit", fallback, 1, most)
	after := c.str("since_id")
	minID := c.str("min_id")
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b *Post) int { return compareIDs(b.ID, a.ID) })
	all = slices.DeleteFunc(all, func(p *Post) bool {
		return after != "" && compareIDs(p.ID, after) <= 0 || minID != "" && compareIDs(p.ID, minID) <= 0 ||
			c.str("max_id") != "" && compareIDs(p.ID, c.str("max_id")) >= 0
	})
	if len(all) <= limit {
		return all
	}
	if minID != "" {
		return all[len(all)-limit:]
	}
	return all[:limit]
}

// paged adds the Link header that leads to the older and the newer page.
func paged(c *call, out answer, page []*Post) answer {
	if len(page) == 0 {
		return out
	}
	link := func(name, id string) string {
		q := url.Values{}
		for k, v := range c.query {
			if !slices.Contains([]string{"max_id", "min_id", "since_id"}, k) {
				q[k] = v
			}
		}
		q.Set(name, id)
		return c.base + c.r.URL.Path + "?" + q.Encode()
	}
	return out.with("Link", fmt.Sprintf(`<%s>; rel="next", <%s>; rel="prev"`, link("max_id", page[len(page)-1].ID), link("min_id", page[0].ID)))
}

// mastoAccountStatuses: GET /api/v1/accounts/:id/statuses.
func (s *Sandbox) mastoAccountStatuses(c *call) answer {
	id := c.r.PathValue("id")
	if s.mastoAccountByID(c, id) == nil {
		return mastodonNotFound()
	}
	var mine []*Post
	for _, p := range s.world.byAuthor[at(Mastodon, id)] {
		if p.Deleted || !readable(c, p) || c.flag("exclude_replies") && p.InReplyTo != "" || c.flag("only_media") && len(p.Media) == 0 {
			continue
		}
		mine = append(mine, p)
	}
	page := window(c, mine, 20, 40)
	out := []object{}
	for _, p := range page {
		out = append(out, s.mastoStatusJSON(c, p))
	}
	return paged(c, jsonAnswer(http.StatusOK, out), page)
}

// mastoNotifications: GET /api/v1/notifications. Every mention is one; its id
// is the status's own, which grows in the same order.
func (s *Sandbox) mastoNotifications(c *call) answer {
	types, not := c.texts("types"), c.texts("exclude_types")
	var heard []*Post
	if (len(types) == 0 || slices.Contains(types, "mention")) && !slices.Contains(not, "mention") {
		for _, p := range s.world.order {
			direct := p.Platform == Mastodon && p.Kind == kindDirect && p.Account == c.account.ID && !p.Ours && !p.Deleted
			if s.world.addressed(p, c.account) || direct {
				heard = append(heard, p)
			}
		}
	}
	page := window(c, heard, 40, 80)
	out := []object{}
	for _, p := range page {
		out = append(out, s.mastoNotification(c, p))
	}
	return paged(c, jsonAnswer(http.StatusOK, out), page)
}

func (s *Sandbox) mastoNotification(c *call, p *Post) object {
	return object{
		"id": p.ID, "type": "mention", "created_at": mastoTime(p.At), "group_key": "ungrouped-" + p.ID,
		"account": s.mastoAccountByID(c, p.AuthorID), "status": s.mastoStatusJSON(c, p),
	}
}

// mastoConfiguration is what an instance says about its limits.
func mastoConfiguration(c *call) object {
	types := []string{"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"}
	return object{
		"urls":     object{"streaming": strings.Replace(c.base, "http", "ws", 1) + "/masto", "status": nil, "about": c.base + "/masto/about", "privacy_policy": nil, "terms_of_service": nil},
		"vapid":    object{"public_key": ""},
		"accounts": object{"max_featured_tags": 10, "max_pinned_statuses": 5, "max_profile_fields": 4, "profile_field_name_limit": 255, "profile_field_value_limit": 255},
		"statuses": object{"max_characters": mastoMaxChars, "max_media_attachments": mastoMaxMedia, "characters_reserved_per_url": mastoURLChars},
		"media_attachments": object{
			"description_limit": 1500, "image_matrix_limit": 33177600, "image_size_limit": 16777216,
			"supported_mime_types": types, "video_frame_rate_limit": 120, "video_matrix_limit": 8294400, "video_size_limit": 103809024,
		},
		"polls":       object{"max_characters_per_option": 50, "max_expiration": 2629746, "max_options": 4, "min_expiration": 300},
		"translation": object{"enabled": false},
	}
}

const mastoVersion = "4.5.0+sandbox"

func (s *Sandbox) mastoInstance2(c *call) answer {
	contact := object{"email": "humas@tirtawangi.example", "account": s.mastoAccountByID(c, s.world.account(Mastodon, "").ID)}
	return jsonAnswer(http.StatusOK, object{
		"domain": c.r.Host, "title": "Tirtawangi (kotak pasir)", "version": mastoVersion, "source_url": "https://github.com/mastodon/mastodon",
		"description": "Peladen pura-pura untuk latihan.", "usage": object{"users": object{"active_month": len(s.world.people)}},
		"thumbnail": object{"url": c.base + "/masto/packs/preview.png", "blurhash": nil, "versions": object{}}, "icon": []any{}, "languages": []string{"id"},
		"configuration": mastoConfiguration(c), "api_versions": object{"mastodon": 7},
		"registrations": object{"enabled": false, "approval_required": true, "reason_required": true, "message": nil, "min_age": nil, "url": nil},
		"contact":       contact, "rules": []any{},
	})
}

func (s *Sandbox) mastoInstance1(c *call) answer {
	title := cmp.Or(c.r.Host, "sandbox")
	return jsonAnswer(http.StatusOK, object{
		"uri": title, "title": "Tirtawangi (kotak pasir)", "short_description": "Peladen pura-pura.", "description": "Peladen pura-pura untuk latihan.",
		"email": "humas@tirtawangi.example", "version": mastoVersion, "urls": object{"streaming_api": strings.Replace(c.base, "http", "ws", 1) + "/masto"},
		"stats":     object{"user_count": len(s.world.people), "status_count": len(s.world.order), "domain_count": 1},
		"thumbnail": nil, "languages": []string{"id"}, "registrations": false, "approval_required": true, "invites_enabled": false,
		"configuration": mastoConfiguration(c), "contact_account": s.mastoAccountByID(c, s.world.account(Mastodon, "").ID), "rules": []any{},
	})
}
