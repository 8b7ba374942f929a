package sandbox

import (
	"slices"
	"strings"
	"time"
)

func xTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// dialect is the set of names a client asked in: tweet.* until OpenAPI 2.165,
// post.* from 2.167 (August 2026).
type dialect struct{ post bool }

func (c *call) dialect() dialect {
	return dialect{post: c.has("post.fields")}
}

func (d dialect) name(old string) string {
	if !d.post {
		return old
	}
	switch old {
	case "retweet_count":
		return "repost_count"
	case "tweet_count":
		return "post_count"
	case "referenced_tweets":
		return "referenced_posts"
	case "edit_history_tweet_ids":
		return "edit_history_post_ids"
	case "tweets":
		return "posts"
	}
	return old
}

// asked is a comma-separated selection in either dialect.
func (c *call) asked(names ...string) []string {
	var out []string
	for _, n := range names {
		for _, list := range c.query[n] {
			out = append(out, strings.Split(list, ",")...)
		}
	}
	return out
}

// xPost is a post with the fields a client asked for.
func (s *Sandbox) xPost(c *call, p *Post) object {
	d := c.dialect()
	text, _ := s.xText(p)
	out := object{"id": xLatest(p), "text": text, d.name("edit_history_tweet_ids"): xHistory(p)}
	for _, f := range c.asked("tweet.fields", "post.fields") {
		if v := s.xField(c, d, p, f); v != nil {
			out[d.name(f)] = v
		}
	}
	for _, e := range c.asked("expansions") {
		switch e {
		case "author_id":
			out["author_id"] = p.AuthorID
		case "attachments.media_keys":
			if v := s.xField(c, d, p, "attachments"); v != nil {
				out["attachments"] = v
			}
		case "in_reply_to_user_id", "referenced_tweets.id", "referenced_posts.id", "referenced_posts":
			f, _, _ := strings.Cut(e, ".")
			if v := s.xField(c, d, p, f); v != nil {
				out[d.name(strings.Replace(f, "posts", "tweets", 1))] = v
			}
		}
	}
	return out
}

// xField is one optional field of a post; nil where it has none.
func (s *Sandbox) xField(c *call, d dialect, p *Post, field string) any {
	parent := s.world.post(X, p.InReplyTo)
	switch field {
	case "author_id":
		return p.AuthorID
	case "conversation_id":
		return p.Thread
	case "created_at":
		if !p.EditedAt.IsZero() {
			return xTime(p.EditedAt)
		}
		return xTime(p.At)
	case "in_reply_to_user_id":
		if parent != nil {
			return parent.AuthorID
		}
	case "referenced_tweets", "referenced_posts":
		if parent != nil {
			return []object{{"type": "replied_to", "id": parent.ID}}
		}
	case "lang":
		return "in" // X's code for Indonesian
	case "possibly_sensitive":
		return false
	case "reply_settings":
		return "everyone"
	case "public_metrics":
		m := s.metrics(p, c.now)
		return object{
			d.name("retweet_count"): m.shares, "reply_count": len(s.world.replies(p)), "like_count": m.likes,
			"quote_count": 0, "bookmark_count": 0, "impression_count": m.views,
		}
	case "non_public_metrics", "organic_metrics":
		return s.xOwnMetrics(c, d, p, field)
	case "attachments":
		var keys []string
		for _, m := range p.Media {
			keys = append(keys, mediaKey(&m))
		}
		if keys != nil {
			return object{"media_keys": keys}
		}
	case "entities":
		return s.xEntities(p)
	}
	return nil
}

// xOwnMetrics are only for one's own posts of the last thirty days.
func (s *Sandbox) xOwnMetrics(c *call, d dialect, p *Post, field string) any {
	if c.account == nil || p.AuthorID != c.account.ID || c.now.Sub(p.At) > 30*24*time.Hour {
		return nil
	}
	m := s.metrics(p, c.now)
	out := object{"impression_count": m.views, "user_profile_clicks": m.views / 90, "url_link_clicks": m.views / 40}
	if field == "organic_metrics" {
		out["like_count"], out["reply_count"], out[d.name("retweet_count")] = m.likes, len(s.world.replies(p)), m.shares
	}
	return out
}

func (s *Sandbox) xEntities(p *Post) any {
	text, links := s.xText(p)
	out := object{}
	var urls, mentions, tags []object
	for _, l := range links {
		u := object{"start": l.start, "end": l.end, "url": l.short, "expanded_url": l.full, "display_url": l.display}
		if l.media != nil {
			u["media_key"] = mediaKey(l.media)
		}
		urls = append(urls, u)
	}
	for _, m := range spans(text, mentionPattern) {
		o := object{"start": m.start, "end": m.end, "username": m.word}
		if who := s.world.knows(X, m.word); who != nil {
			o["id"] = who.ID
		}
		mentions = append(mentions, o)
	}
	for _, t := range spans(text, tagPattern) {
		tags = append(tags, object{"start": t.start, "end": t.end, "tag": t.word})
	}
	for k, v := range map[string][]object{"urls": urls, "mentions": mentions, "hashtags": tags} {
		if v != nil {
			out[k] = v
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// xUser is a user with the fields a client asked for.
func (s *Sandbox) xUser(c *call, id string) object {
	out := object{"id": id, "name": s.displayOf(X, id), "username": s.world.handle(X, id)}
	for _, f := range c.asked("user.fields") {
		switch f {
		case "created_at":
			out[f] = "2024-01-08T00:00:00.000Z"
		case "description":
			out[f] = s.bioOf(X, id)
		case "verified", "protected":
			out[f] = false
		case "url", "profile_image_url":
			out[f] = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"
		case "public_metrics":
			out[f] = object{"followers_count": 1240, "following_count": 12, c.dialect().name("tweet_count"): len(s.world.byAuthor[at(X, id)]), "listed_count": 3, "like_count": 0}
		}
	}
	return out
}

func (s *Sandbox) bioOf(platform, id string) string {
	if a := s.world.account(platform, id); a != nil {
		return a.Bio
	}
	return ""
}

func (s *Sandbox) displayOf(platform, id string) string {
	if a := s.world.account(platform, id); a != nil && id != "" {
		return a.Name
	}
	if p := s.world.people[at(platform, id)]; p != nil {
		return p.Name
	}
	return ""
}

// xIncludes is what the expansions of a page bring along.
func (s *Sandbox) xIncludes(c *call, posts []*Post) object {
	want := c.asked("expansions")
	users, media, others := []string{}, []object{}, []object{}
	user := func(id string) {
		if id != "" && !slices.Contains(users, id) {
			users = append(users, id)
		}
	}
	for _, p := range posts {
		parent := s.world.visible(X, p.InReplyTo)
		if slices.Contains(want, "author_id") {
			user(p.AuthorID)
		}
		if parent != nil && slices.Contains(want, "in_reply_to_user_id") {
			user(parent.AuthorID)
		}
		if parent != nil && (slices.Contains(want, "referenced_tweets.id") || slices.Contains(want, "referenced_posts.id") || slices.Contains(want, "referenced_posts")) {
			others = append(others, s.xPost(c, parent))
		}
		if slices.Contains(want, "attachments.media_keys") {
			for i := range p.Media {
				media = append(media, xMediaObject(c, &p.Media[i]))
			}
		}
	}
	out := object{}
	if len(users) > 0 {
		list := []object{}
		for _, id := range users {
			list = append(list, s.xUser(c, id))
		}
		out["users"] = list
	}
	if len(media) > 0 {
		out["media"] = media
	}
	if len(others) > 0 {
		out[c.dialect().name("tweets")] = others
	}
	return out
}

func xMediaObject(c *call, m *Media) object {
	kind := "photo"
	if m.Type == "image/gif" {
		kind = "animated_gif"
	}
	if strings.HasPrefix(m.Type, "video/") {
		kind = "video"
	}
	out := object{"media_key": mediaKey(m), "type": kind}
	for _, f := range c.asked("media.fields") {
		switch f {
		case "alt_text":
			if m.Alt != "" {
				out[f] = m.Alt
			}
		case "url":
			out[f] = "https://pbs.twimg.com/media/" + m.ID + ".jpg"
		}
	}
	return out
}
