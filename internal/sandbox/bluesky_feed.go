package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// skyGetProfile: app.bsky.actor.getProfile.
func (s *Sandbox) skyGetProfile(c *call) answer {
	id := s.skyActor(c.str("actor"))
	who := s.skyWho(id)
	if who == nil {
		return skyInvalid("Profile not found")
	}
	out := s.skyAuthor(c, id)
	posts := slices.DeleteFunc(slices.Clone(s.world.byAuthor[at(Bluesky, id)]), func(p *Post) bool { return p.Deleted || p.Kind == kindDirect })
	out["followersCount"], out["followsCount"], out["postsCount"] = 1240, 12, len(posts)
	if a := s.world.account(Bluesky, id); a != nil {
		out["description"] = a.Bio
	}
	return jsonAnswer(http.StatusOK, out)
}

// skyBefore cuts a list, newest first, at a cursor that is a time: what has
// the same instant as the cursor is left out, as on the true network.
func skyBefore(c *call, all []*Post) []*Post {
	slices.SortStableFunc(all, func(a, b *Post) int { return b.At.Truncate(time.Millisecond).Compare(a.At.Truncate(time.Millisecond)) })
	if before, err := time.Parse(time.RFC3339, c.str("cursor")); err == nil {
		all = slices.DeleteFunc(all, func(p *Post) bool { return !p.At.Truncate(time.Millisecond).Before(before) })
	}
	return all[:min(len(all), c.number("limit", 50, 1, 100))]
}

// skyAuthorFeed: app.bsky.feed.getAuthorFeed.
func (s *Sandbox) skyAuthorFeed(c *call) answer {
	id := s.skyActor(c.str("actor"))
	if s.skyWho(id) == nil {
		return skyInvalid("Profile not found")
	}
	var mine []*Post
	for _, p := range s.world.byAuthor[at(Bluesky, id)] {
		if p.Deleted || p.Kind == kindDirect || c.str("filter") == "posts_no_replies" && p.InReplyTo != "" || c.str("filter") == "posts_with_media" && len(p.Media) == 0 {
			continue
		}
		mine = append(mine, p)
	}
	out := object{}
	feed := []object{}
	for _, p := range skyBefore(c, mine) {
		feed = append(feed, object{"post": s.skyPostJSON(c, p)})
		out["cursor"] = skyTime(p.At)
	}
	out["feed"] = feed
	return jsonAnswer(http.StatusOK, out)
}

// skyGetPosts: app.bsky.feed.getPosts, at most 25; what is not there is left out.
func (s *Sandbox) skyGetPosts(c *call) answer {
	uris := c.query["uris"]
	if len(uris) == 0 {
		return skyInvalid("Error: Params must have the property \"uris\"")
	}
	if len(uris) > 25 {
		return skyInvalid("Error: uris must not have more than 25 elements")
	}
	posts := []object{}
	for _, uri := range uris {
		if _, _, _, ok := skyParts(uri); !ok {
			return skyInvalid("Error: uris/0 must be a valid at-uri")
		}
		if p := s.world.visible(Bluesky, uri); p != nil && p.Kind != kindDirect {
			posts = append(posts, s.skyPostJSON(c, p))
		}
	}
	return jsonAnswer(http.StatusOK, object{"posts": posts})
}

// skyThread: app.bsky.feed.getPostThread.
func (s *Sandbox) skyThread(c *call) answer {
	uri := c.str("uri")
	p := s.world.visible(Bluesky, uri)
	if p == nil || p.Kind == kindDirect {
		return skyError(http.StatusBadRequest, "NotFound", "Post not found: "+uri)
	}
	thread := s.skyThreadJSON(c, p, c.number("depth", 6, 0, 1000))
	up, node := c.number("parentHeight", 80, 0, 1000), thread
	for q := p; q.InReplyTo != "" && up > 0; up-- {
		parent := s.world.visible(Bluesky, q.InReplyTo)
		if parent == nil {
			node["parent"] = object{"$type": "app.bsky.feed.defs#notFoundPost", "uri": q.InReplyTo, "notFound": true}
			break
		}
		above := object{"$type": "app.bsky.feed.defs#threadViewPost", "post": s.skyPostJSON(c, parent)}
		node["parent"] = above
		node, q = above, parent
	}
	return jsonAnswer(http.StatusOK, object{"thread": thread})
}

func (s *Sandbox) skyThreadJSON(c *call, p *Post, depth int) object {
	out := object{"$type": "app.bsky.feed.defs#threadViewPost", "post": s.skyPostJSON(c, p)}
	if depth > 0 {
		replies := []object{}
		for _, r := range slices.Backward(s.world.replies(p)) {
			replies = append(replies, s.skyThreadJSON(c, r, depth-1))
		}
		out["replies"] = replies
	}
	return out
}

// skyReason is why a post reaches an account's notifications, and what of the
// account's it is about; "" when it does not (bsky indexing/plugins/post.ts).
func (s *Sandbox) skyReason(p *Post, a *Account) (reason, subject string) {
	if p.Platform != Bluesky || p.Deleted || p.AuthorID == a.ID || p.Kind == kindDirect {
		return "", ""
	}
	if strings.Contains(p.Face["record"], a.ID) && strings.Contains(p.Face["record"], `"app.bsky.richtext.facet#mention"`) {
		facets, _ := skyDecode([]byte(p.Face["record"]))["facets"].([]any)
		for _, x := range facets {
			facet, _ := x.(map[string]any)
			features, _ := facet["features"].([]any)
			for _, x := range features {
				if f, _ := x.(map[string]any); f["did"] == a.ID {
					return "mention", ""
				}
			}
		}
	}
	if did, _, _, ok := skyParts(skyQuoted(p)); ok && did == a.ID {
		return "quote", skyQuoted(p)
	}
	// A reply is told to the authors of the five posts above it.
	up := p
	for range 5 {
		up = s.world.post(Bluesky, up.InReplyTo)
		if up == nil {
			break
		}
		if up.AuthorID == a.ID {
			return "reply", up.ID
		}
	}
	return "", ""
}

// skyNotifications: app.bsky.notification.listNotifications, newest first.
// Replies that our threadgate hides are not told.
func (s *Sandbox) skyNotifications(c *call) answer {
	reasons := c.query["reasons"]
	var heard []*Post
	why := map[string][2]string{}
	for _, p := range s.world.order {
		reason, subject := s.skyReason(p, c.account)
		if reason == "" || len(reasons) > 0 && !slices.Contains(reasons, reason) || p.Hidden || s.world.isBlocked(Bluesky, c.account.ID, p.AuthorID) {
			continue
		}
		heard = append(heard, p)
		why[p.ID] = [2]string{reason, subject}
	}
	list := []object{}
	out := object{"priority": false, "seenAt": skyTime(c.now)}
	for _, p := range skyBefore(c, heard) {
		record, cid := skyRecord(p)
		n := object{"uri": p.ID, "cid": cid, "author": s.skyAuthor(c, p.AuthorID), "reason": why[p.ID][0], "record": record, "isRead": false, "indexedAt": skyTime(p.At), "labels": []any{}}
		if why[p.ID][1] != "" {
			n["reasonSubject"] = why[p.ID][1]
		}
		list = append(list, n)
		out["cursor"] = skyTime(p.At)
	}
	out["notifications"] = list
	return jsonAnswer(http.StatusOK, out)
}

// skyUnread: app.bsky.notification.getUnreadCount.
func (s *Sandbox) skyUnread(c *call) answer {
	n := 0
	for _, p := range s.world.order {
		if reason, _ := s.skyReason(p, c.account); reason != "" {
			n++
		}
	}
	return jsonAnswer(http.StatusOK, object{"count": n})
}
