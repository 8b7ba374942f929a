package x

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

type user struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
}

// post is a v2 post in both dialects of 2026: tweet.* names until OpenAPI
// 2.165, post.* names from 2.167.
type post struct {
	ID             string      `json:"id"`
	Text           string      `json:"text"`
	AuthorID       string      `json:"author_id"`
	ConversationID string      `json:"conversation_id"`
	CreatedAt      time.Time   `json:"created_at"`
	InReplyToUser  string      `json:"in_reply_to_user_id"`
	Tweets         []reference `json:"referenced_tweets"`
	Posts          []reference `json:"referenced_posts"`
	Entities       struct {
		URLs []link `json:"urls"`
	} `json:"entities"`
	Attachments struct {
		MediaKeys []string `json:"media_keys"`
	} `json:"attachments"`
	Metrics   *metrics `json:"public_metrics"`
	WasTweets []string `json:"edit_history_tweet_ids"` // its ids since it was made, newest last
	WasPosts  []string `json:"edit_history_post_ids"`
}

// first is the id that a post was made with: an edited one gets another.
func (p post) first() string {
	for _, ids := range [][]string{p.WasTweets, p.WasPosts} {
		if len(ids) > 0 && ids[0] != "" {
			return ids[0]
		}
	}
	return p.ID
}

type reference struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type link struct {
	URL      string `json:"url"`
	Expanded string `json:"expanded_url"`
	MediaKey string `json:"media_key"`
}

type metrics struct {
	Retweets    *int64 `json:"retweet_count"`
	Reposts     *int64 `json:"repost_count"`
	Replies     *int64 `json:"reply_count"`
	Likes       *int64 `json:"like_count"`
	Quotes      *int64 `json:"quote_count"`
	Bookmarks   *int64 `json:"bookmark_count"`
	Impressions *int64 `json:"impression_count"`
}

func (m *metrics) counts() platform.Counts {
	all := platform.Counts{}
	for name, n := range map[string]*int64{"likes": m.Likes, "replies": m.Replies, "quotes": m.Quotes, "bookmarks": m.Bookmarks, "views": m.Impressions} {
		if n != nil {
			all[name] = *n
		}
	}
	for _, n := range []*int64{m.Retweets, m.Reposts} {
		if n != nil {
			all["shares"] = *n
		}
	}
	return all
}

// timeline is a page of posts.
type timeline struct {
	Data     wire.Rows[post] `json:"data"`
	Includes includes        `json:"includes"`
	Meta     struct {
		Next  string `json:"next_token"`
		Count *int   `json:"result_count"`
	} `json:"meta"`
}

// told says that X has spoken about a list: a page without posts has their
// number, none. Anything else is no evidence that nothing is there.
func (t timeline) told() bool { return t.Data != nil || t.Meta.Count != nil && *t.Meta.Count == 0 }

// includes is what comes along with a page.
type includes struct {
	Users []user `json:"users"`
	Media []struct {
		Key  string `json:"media_key"`
		Type string `json:"type"`
	} `json:"media"`
}

func (in includes) author(id string) string {
	i := slices.IndexFunc(in.Users, func(u user) bool { return u.ID == id })
	if i < 0 {
		return ""
	}
	return in.Users[i].Username
}

// files are the kinds of what is attached; where X does not tell, the key's
// first digit does: 3 is a photo, 7 and 13 films, 16 a GIF.
func (in includes) files(keys []string) []string {
	var all []string
	for _, key := range keys {
		kind := "image"
		if strings.HasPrefix(key, "7_") || strings.HasPrefix(key, "13_") {
			kind = "video"
		}
		for _, m := range in.Media {
			if m.Key == key && m.Type == "video" {
				kind = "video"
			}
		}
		all = append(all, kind)
	}
	return all
}

// at is when the post was made: created_at, else the time inside its id.
func (p post) at() time.Time {
	if first := p.first(); first != p.ID && !snowflake(first).IsZero() {
		return snowflake(first) // of an edited post, created_at is the edit's
	}
	if !p.CreatedAt.IsZero() {
		return p.CreatedAt.UTC()
	}
	return snowflake(p.ID)
}

// snowflake is the millisecond inside an id (epoch 4 November 2010).
func snowflake(id string) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n>>22 + 1288834974657).UTC()
}

func (p post) repliedTo() string {
	for _, list := range [][]reference{p.Tweets, p.Posts} {
		for _, r := range list {
			if r.Type == "replied_to" {
				return r.ID
			}
		}
	}
	return ""
}

var pictureLink = regexp.MustCompile(`/status/\d+/(?:photo|video)/\d+$`)

// plain is the text as its author wrote it: short links written out again, the
// link to our own pictures taken away, entities read.
func plain(text string, links []link) string {
	for _, l := range links {
		switch {
		case l.URL == "":
		case l.MediaKey != "" || pictureLink.MatchString(l.Expanded):
			text = strings.TrimRight(strings.Replace(text, l.URL, "", 1), " \n")
		case l.Expanded != "":
			text = strings.Replace(text, l.URL, l.Expanded, 1)
		}
	}
	// X escapes these three only.
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

func address(handle, id string) string {
	if handle == "" {
		handle = "i"
	}
	return "https://x.com/" + handle + "/status/" + id
}

// item is a post as an item of ours.
func (p post) item(a platform.Account, in includes) platform.Item {
	author := in.author(p.AuthorID)
	i := platform.Item{
		Kind: platform.Mention, RemoteID: p.first(), Thread: p.ConversationID, InReplyTo: p.repliedTo(),
		AuthorID: p.AuthorID, Author: author, Text: plain(p.Text, p.Entities.URLs), URL: address(author, p.ID), At: p.at(),
		Files: in.files(p.Attachments.MediaKeys),
	}
	if i.Thread == "" {
		i.Thread = i.RemoteID
	}
	if i.RemoteID != p.ID {
		i.Edited = snowflake(p.ID)
	}
	switch {
	case p.AuthorID == a.RemoteID:
		i.Kind = platform.OwnPost
	case p.InReplyToUser == a.RemoteID && i.InReplyTo != "":
		i.Kind = platform.Comment
	}
	return i
}

var (
	leadingNames = regexp.MustCompile(`^(?:@\w+\s+)+`)
	scheme       = regexp.MustCompile(`(?i)https?://`)
)

// fold makes our text and X's copy equal: X puts the name of the person
// answered in front and a scheme before every address.
func fold(text string) string {
	text = leadingNames.ReplaceAllString(strings.TrimSpace(text)+" ", "")
	text = scheme.ReplaceAllString(text, "")
	var words []string
	for w := range strings.FieldsSeq(platform.Fold(text)) {
		words = append(words, strings.TrimSuffix(w, "/"))
	}
	return strings.Join(words, " ")
}
