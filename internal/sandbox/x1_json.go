package sandbox

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

func idNumber(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64) // ids of the sandbox's X are numbers
	return n
}

const compatLimit = 140

// x1Tweet is a v1.1 Tweet. Without tweet_mode=extended the text is cut at 140
// characters, as compatibility mode does.
func (s *Sandbox) x1Tweet(c *call, p *Post) object {
	text, links := s.xText(p)
	m := s.metrics(p, c.now)
	out := object{
		"created_at": p.At.UTC().Format(time.RubyDate), "id": idNumber(p.ID), "id_str": p.ID, "truncated": false,
		"entities": s.x1Entities(text, links), "source": `<a href="https://kentongan.example" rel="nofollow">Kentongan</a>`,
		"in_reply_to_status_id": nil, "in_reply_to_status_id_str": nil, "in_reply_to_user_id": nil, "in_reply_to_user_id_str": nil, "in_reply_to_screen_name": nil,
		"user": s.x1UserJSON(p.AuthorID), "is_quote_status": false, "retweet_count": m.shares, "favorite_count": m.likes,
		"favorited": false, "retweeted": false, "possibly_sensitive": false, "lang": "in",
	}
	if c.flag("trim_user") {
		out["user"] = object{"id": idNumber(p.AuthorID), "id_str": p.AuthorID}
	}
	if parent := s.world.post(X, p.InReplyTo); parent != nil {
		out["in_reply_to_status_id"], out["in_reply_to_status_id_str"] = idNumber(parent.ID), parent.ID
		out["in_reply_to_user_id"], out["in_reply_to_user_id_str"] = idNumber(parent.AuthorID), parent.AuthorID
		out["in_reply_to_screen_name"] = parent.Author
	}
	if media := x1MediaEntities(links); media != nil {
		out["extended_entities"] = object{"media": media}
	}
	points := utf8.RuneCountInString(text)
	if c.str("tweet_mode") == "extended" {
		out["full_text"], out["display_text_range"] = text, []int{0, points}
		return out
	}
	out["text"] = text
	if points > compatLimit {
		link := "https://t.co/" + p.ID[max(len(p.ID)-10, 0):]
		cut := string([]rune(text)[:compatLimit-utf8.RuneCountInString(link)-2])
		out["text"], out["truncated"] = cut+"… "+link, true
		out["extended_tweet"] = object{"full_text": text, "display_text_range": []int{0, points}, "entities": out["entities"]}
	}
	return out
}

func (s *Sandbox) x1Entities(text string, links []xLink) object {
	urls, mentions, tags := []object{}, []object{}, []object{}
	for _, l := range links {
		if l.media == nil {
			urls = append(urls, object{"url": l.short, "expanded_url": l.full, "display_url": l.display, "indices": []int{l.start, l.end}})
		}
	}
	for _, m := range spans(text, mentionPattern) {
		if who := s.world.knows(X, m.word); who != nil {
			mentions = append(mentions, object{"screen_name": who.Handle, "name": who.Name, "id": idNumber(who.ID), "id_str": who.ID, "indices": []int{m.start, m.end}})
		}
	}
	for _, t := range spans(text, tagPattern) {
		tags = append(tags, object{"text": t.word, "indices": []int{t.start, t.end}})
	}
	out := object{"hashtags": tags, "symbols": []any{}, "user_mentions": mentions, "urls": urls}
	if media := x1MediaEntities(links); media != nil {
		out["media"] = media
	}
	return out
}

func x1MediaEntities(links []xLink) []object {
	var out []object
	for _, l := range links {
		if l.media == nil {
			continue
		}
		kind := "photo"
		if strings.HasPrefix(l.media.Type, "video/") {
			kind = "video"
		}
		picture := "https://pbs.twimg.com/media/" + l.media.ID + ".jpg"
		out = append(out, object{
			"id": idNumber(l.media.ID), "id_str": l.media.ID, "indices": []int{l.start, l.end}, "media_url": picture, "media_url_https": picture,
			"url": l.short, "display_url": l.display, "expanded_url": l.full, "type": kind, "ext_alt_text": l.media.Alt,
			"sizes": object{"large": object{"w": 1, "h": 1, "resize": "fit"}},
		})
	}
	return out
}

// x1UserJSON is a v1.1 User.
func (s *Sandbox) x1UserJSON(id string) object {
	handle := s.world.handle(X, id)
	return object{
		"id": idNumber(id), "id_str": id, "name": s.displayOf(X, id), "screen_name": handle, "location": "Tirtawangi", "description": s.bioOf(X, id),
		"url": nil, "protected": false, "followers_count": 1240, "friends_count": 12, "listed_count": 3, "created_at": "Mon Jan 08 00:00:00 +0000 2024",
		"favourites_count": 0, "verified": false, "statuses_count": len(s.world.byAuthor[at(X, id)]), "lang": nil, "default_profile": true,
		"default_profile_image": true, "profile_image_url_https": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
	}
}
