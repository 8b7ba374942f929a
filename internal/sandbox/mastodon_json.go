package sandbox

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"
)

func mastoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// mastoStatusJSON is a Status entity.
func (s *Sandbox) mastoStatusJSON(c *call, p *Post) object {
	scope := p.Scope
	if scope == "" {
		scope = "public"
	}
	if p.Kind == kindDirect {
		scope = "direct"
	}
	url := c.base + "/masto/@" + p.Author + "/" + p.ID
	m := s.metrics(p, c.now)
	out := object{
		"id": p.ID, "created_at": mastoTime(p.At), "in_reply_to_id": nil, "in_reply_to_account_id": nil,
		"sensitive": false, "spoiler_text": "", "visibility": scope, "language": "id",
		"uri": c.base + "/masto/users/" + p.Author + "/statuses/" + p.ID, "url": url,
		"replies_count": len(s.world.replies(p)), "reblogs_count": m.shares, "favourites_count": m.likes, "quotes_count": 0,
		"edited_at": nil, "favourited": false, "reblogged": false, "muted": false, "bookmarked": false, "pinned": false,
		"content": s.mastoContent(c, p), "filtered": []any{}, "reblog": nil,
		"application": object{"name": "Kentongan", "website": nil}, "account": s.mastoAccountByID(c, p.AuthorID),
		"media_attachments": s.mastoMediaList(c, p.Media), "mentions": s.mastoMentions(c, p), "tags": mastoTags(c, p.Text),
		"emojis": []any{}, "card": nil, "poll": nil, "quote": nil, "quote_approval": nil,
	}
	if parent := s.world.post(Mastodon, p.InReplyTo); parent != nil {
		out["in_reply_to_id"], out["in_reply_to_account_id"] = parent.ID, parent.AuthorID
	}
	if !p.EditedAt.IsZero() {
		out["edited_at"] = mastoTime(p.EditedAt)
	}
	return out
}

func (s *Sandbox) mastoMediaList(c *call, media []Media) []object {
	out := []object{}
	for i := range media {
		out = append(out, mastoMediaJSON(c, &media[i]))
	}
	return out
}

// mastoMediaJSON is a MediaAttachment; url is null while it is processed.
func mastoMediaJSON(c *call, m *Media) object {
	kind, _, _ := strings.Cut(m.Type, "/")
	if m.Type == "image/gif" {
		kind = "gifv"
	}
	url := c.base + "/masto/system/media_attachments/files/" + m.ID
	out := object{
		"id": m.ID, "type": kind, "url": url, "preview_url": url, "remote_url": nil,
		"meta": object{}, "description": nil, "blurhash": nil,
	}
	if m.Alt != "" {
		out["description"] = m.Alt
	}
	if !m.Ready {
		out["url"] = nil
	}
	return out
}

// addressee is whom a post answers, unless its text already says so. Clients
// put the name in front of a reply, and so do the sandbox's citizens.
func (s *Sandbox) addressee(p *Post) string {
	parent := s.world.post(p.Platform, p.InReplyTo)
	if parent == nil || parent.AuthorID == p.AuthorID || names(p.Text, parent.Author) {
		return ""
	}
	return parent.Author
}

// fullText is a citizen's text as the platform stores it, with the name of
// whom it answers in front.
func (s *Sandbox) fullText(p *Post) string {
	if to := s.addressee(p); to != "" && (!p.Ours || p.Platform == X) {
		return "@" + to + " " + p.Text
	}
	if p.Kind == kindDirect && p.Platform == Mastodon && !p.Ours {
		return "@" + s.world.handle(Mastodon, p.Account) + " " + p.Text
	}
	return p.Text
}

var (
	mentionPattern = regexp.MustCompile(`(^|[^A-Za-z0-9_/@])@([A-Za-z0-9_]{1,30})(@[A-Za-z0-9.:-]+[A-Za-z0-9])?`)
	tagPattern     = regexp.MustCompile(`(^|[^A-Za-z0-9_&/])#([\p{L}0-9_]+)`)
)

// mastoContent is a text as the HTML a server makes of it.
func (s *Sandbox) mastoContent(c *call, p *Post) string {
	text := html.EscapeString(s.fullText(p))
	text = strings.ReplaceAll(strings.ReplaceAll(text, "&#34;", "&quot;"), "&#39;", "&#39;")
	text = urlPattern.ReplaceAllStringFunc(text, func(u string) string {
		scheme, rest, _ := strings.Cut(u, "://")
		return fmt.Sprintf(`<a href="%s" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">%s://</span><span class="">%s</span><span class="invisible"></span></a>`, u, scheme, rest)
	})
	text = mentionPattern.ReplaceAllStringFunc(text, func(m string) string {
		g := mentionPattern.FindStringSubmatch(m)
		if s.world.knows(Mastodon, g[2]) == nil {
			return m
		}
		return fmt.Sprintf(`%s<span class="h-card" translate="no"><a href="%s/masto/@%s" class="u-url mention">@<span>%s</span></a></span>`, g[1], c.base, g[2], g[2])
	})
	text = tagPattern.ReplaceAllString(text, `$1<a href="`+c.base+`/masto/tags/$2" class="mention hashtag" rel="tag">#<span>$2</span></a>`)
	paragraphs := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n")
	for i, par := range paragraphs {
		paragraphs[i] = "<p>" + strings.ReplaceAll(par, "\n", "<br />") + "</p>"
	}
	return strings.Join(paragraphs, "")
}

// knows is the id and name of whoever has a handle.
func (w *world) knows(platform, handle string) *Person {
	if a := w.account(platform, handle); a != nil && handle != "" {
		return &Person{Platform: platform, ID: a.ID, Handle: a.Handle, Name: a.Name}
	}
	for _, p := range w.people {
		if p.Platform == platform && strings.EqualFold(p.Handle, handle) {
			return p
		}
	}
	return nil
}

func (s *Sandbox) mastoMentions(c *call, p *Post) []object {
	out := []object{}
	seen := map[string]bool{}
	for _, g := range mentionPattern.FindAllStringSubmatch(s.fullText(p), -1) {
		who := s.world.knows(Mastodon, g[2])
		if who == nil || seen[who.ID] {
			continue
		}
		seen[who.ID] = true
		out = append(out, object{"id": who.ID, "username": who.Handle, "url": c.base + "/masto/@" + who.Handle, "acct": who.Handle})
	}
	return out
}

func mastoTags(c *call, text string) []object {
	out := []object{}
	for _, g := range tagPattern.FindAllStringSubmatch(text, -1) {
		out = append(out, object{"name": strings.ToLower(g[2]), "url": c.base + "/masto/tags/" + strings.ToLower(g[2])})
	}
	return out
}

// mastoAccountByID is an Account entity, nil for nobody.
func (s *Sandbox) mastoAccountByID(c *call, id string) object {
	who := &Person{Platform: Mastodon, ID: id}
	note := ""
	if a := s.world.account(Mastodon, id); a != nil && id != "" {
		who.Handle, who.Name, note = a.Handle, a.Name, "<p>"+html.EscapeString(a.Bio)+"</p>"
	} else if p := s.world.people[at(Mastodon, id)]; p != nil {
		who = p
	} else {
		return nil
	}
	picture := c.base + "/masto/avatars/original/missing.png"
	return object{
		"id": who.ID, "username": who.Handle, "acct": who.Handle, "display_name": who.Name, "locked": false, "bot": false,
		"discoverable": true, "group": false, "indexable": false, "noindex": false, "hide_collections": false,
		"created_at": "2024-01-08T00:00:00.000Z", "note": note, "url": c.base + "/masto/@" + who.Handle, "uri": c.base + "/masto/users/" + who.Handle,
		"avatar": picture, "avatar_static": picture, "avatar_description": "", "header": picture, "header_static": picture, "header_description": "",
		"followers_count": 1240, "following_count": 12, "statuses_count": len(s.world.byAuthor[at(Mastodon, who.ID)]),
		"last_status_at": nil, "emojis": []any{}, "fields": []any{}, "roles": []any{},
	}
}
