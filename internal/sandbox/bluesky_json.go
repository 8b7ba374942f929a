package sandbox

import (
	"strings"
	"time"
)

func skyTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// skyWho is a person or one of our accounts.
func (s *Sandbox) skyWho(id string) *Person {
	if a := s.world.account(Bluesky, id); a != nil && id != "" {
		return &Person{Platform: Bluesky, ID: a.ID, Handle: a.Handle, Name: a.Name}
	}
	if p := s.world.people[at(Bluesky, id)]; p != nil {
		name := p.Name
		if name == "" || strings.Contains(name, "Bsky") {
			name = displayName(strings.TrimSuffix(p.Handle, skyDomain))
		}
		return &Person{Platform: Bluesky, ID: p.ID, Handle: p.Handle, Name: name}
	}
	return nil
}

// skyAuthor is app.bsky.actor.defs#profileViewBasic.
func (s *Sandbox) skyAuthor(c *call, id string) object {
	who := s.skyWho(id)
	if who == nil {
		who = &Person{ID: id, Handle: "handle.invalid"}
	}
	out := object{"did": who.ID, "handle": who.Handle, "displayName": who.Name, "labels": []any{}, "createdAt": "2024-01-08T00:00:00.000Z"}
	if c.account != nil && c.account.ID != id {
		out["viewer"] = s.skyViewer(c, id)
	}
	return out
}

// skyViewer is what stands between us and somebody.
func (s *Sandbox) skyViewer(c *call, id string) object {
	v := object{"muted": false, "blockedBy": false}
	for uri, r := range s.world.records {
		if strings.HasPrefix(uri, "at://"+c.account.ID+"/"+skyBlock+"/") && asText(skyDecode(r.Value)["subject"]) == id {
			v["blocking"] = uri
		}
	}
	return v
}

// skyPostJSON is app.bsky.feed.defs#postView.
func (s *Sandbox) skyPostJSON(c *call, p *Post) object {
	record, cid := skyRecord(p)
	m := s.metrics(p, c.now)
	out := object{
		"uri": p.ID, "cid": cid, "author": s.skyAuthor(c, p.AuthorID), "record": record, "indexedAt": skyTime(p.At), "labels": []any{},
		"replyCount": len(s.world.replies(p)), "repostCount": m.shares, "likeCount": m.likes, "quoteCount": s.skyQuotes(p), "bookmarkCount": 0,
	}
	if embed, ok := record["embed"].(map[string]any); ok {
		if view := s.skyEmbedJSON(c, p, embed); view != nil {
			out["embed"] = view
		}
	}
	if c.account != nil {
		out["viewer"] = object{"threadMuted": false, "embeddingDisabled": false}
	}
	if did, _, rkey, ok := skyParts(p.ID); ok {
		uri := skyURI(did, skyGate, rkey)
		if gate, cid, there := s.skyFindRecord(uri); there && p.InReplyTo == "" {
			out["threadgate"] = object{"uri": uri, "cid": cid, "record": gate, "lists": []any{}}
		}
	}
	return out
}

// skyQuotes counts the posts that quote p.
func (s *Sandbox) skyQuotes(p *Post) int {
	n := 0
	for _, q := range s.world.order {
		if q.Platform == Bluesky && !q.Deleted && q.Kind != kindDirect && skyQuoted(q) == p.ID {
			n++
		}
	}
	return n
}

// skyQuoted is the address that a post quotes, "" for none.
func skyQuoted(p *Post) string {
	if !strings.Contains(p.Face["record"], "app.bsky.embed.record") {
		return ""
	}
	embed, _ := skyDecode([]byte(p.Face["record"]))["embed"].(map[string]any)
	ref, _ := embed["record"].(map[string]any)
	if inner, ok := ref["record"].(map[string]any); ok {
		ref = inner
	}
	return asText(ref["uri"])
}

// skyEmbedJSON is an embed as the AppView shows it; nil for none it knows.
func (s *Sandbox) skyEmbedJSON(c *call, p *Post, embed map[string]any) object {
	picture := func(kind, cid string) string {
		return c.base + "/bsky/img/" + kind + "/plain/" + p.AuthorID + "/" + cid + "@jpeg"
	}
	ratio := func(from map[string]any, to object) object {
		for _, key := range []string{"aspectRatio", "alt"} {
			if v, ok := from[key]; ok {
				to[key] = v
			}
		}
		return to
	}
	switch kind := asText(embed["$type"]); kind {
	case "app.bsky.embed.images":
		images := []object{}
		list, _ := embed["images"].([]any)
		for _, x := range list {
			image, _ := x.(map[string]any)
			cid := skyBlobCID(image["image"])
			images = append(images, ratio(image, object{"thumb": picture("feed_thumbnail", cid), "fullsize": picture("feed_fullsize", cid), "alt": ""}))
		}
		return object{"$type": kind + "#view", "images": images}
	case "app.bsky.embed.video":
		cid := skyBlobCID(embed["video"])
		return ratio(embed, object{"$type": kind + "#view", "cid": cid, "playlist": c.base + "/bsky/watch/" + p.AuthorID + "/" + cid + "/playlist.m3u8"})
	case "app.bsky.embed.external":
		x, _ := embed["external"].(map[string]any)
		view := object{"uri": asText(x["uri"]), "title": asText(x["title"]), "description": asText(x["description"])}
		if cid := skyBlobCID(x["thumb"]); cid != "" {
			view["thumb"] = picture("feed_thumbnail", cid)
		}
		return object{"$type": kind + "#view", "external": view}
	case "app.bsky.embed.record":
		return object{"$type": kind + "#view", "record": s.skyQuoteJSON(c, skyQuoted(p))}
	}
	return nil
}

func (s *Sandbox) skyQuoteJSON(c *call, uri string) object {
	q := s.world.visible(Bluesky, uri)
	if q == nil {
		return object{"$type": "app.bsky.embed.record#viewNotFound", "uri": uri, "notFound": true}
	}
	record, cid := skyRecord(q)
	return object{"$type": "app.bsky.embed.record#viewRecord", "uri": uri, "cid": cid, "author": s.skyAuthor(c, q.AuthorID), "value": record, "indexedAt": skyTime(q.At)}
}
