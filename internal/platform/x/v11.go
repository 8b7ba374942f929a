package x

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	//lint:ignore SA1019 no longer developed; the only client for contracts that still have v1.1
	"github.com/dghubble/go-twitter/twitter"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// v11 is go-twitter over the guarded client. The library does not look at the
// HTTP status (a 403 with a problem body is a success with id 0 to it), has a
// fixed address and takes no context, so all three are given to it from below.
func (c *Connector) v11(ctx context.Context, a platform.Account) *twitter.Client {
	guard := &safehttp.StatusGuard{Base: &bound{ctx: ctx, base: c.client.Transport()}, Saw: func(s safehttp.Answer) { quota(ctx, s.Header) }}
	return twitter.NewClient(c.signed(ctx, a, guard))
}

// bound gives every request of a library without contexts the caller's.
type bound struct {
	ctx  context.Context
	base http.RoundTripper
}

func (b *bound) RoundTrip(req *http.Request) (*http.Response, error) {
	return b.base.RoundTrip(req.WithContext(b.ctx))
}

// failedV11 reads go-twitter's error in the contract's words. In v1.1 a
// refusal always carries a code: any other 4xx is not v1.1 speaking, and what
// it did is unknown.
func failedV11(err error, a platform.Account) error {
	if err == nil {
		return nil
	}
	s, ok := errors.AsType[*safehttp.StatusError](err)
	if !ok {
		return wire.Failed(err)
	}
	p, _ := readProblem(s.Body)
	if len(p.Errors) == 0 && s.Status != http.StatusTooManyRequests && s.Status != http.StatusUnauthorized {
		return &platform.Unclear{Status: s.Status, Said: safehttp.Said([]byte(p.words()), a.Token.Access, a.Token.Secret)}
	}
	return refused(s.Answer, a, time.Now())
}

func refuseMedia(out platform.Outgoing) error {
	if len(out.Media) > 0 {
		return &platform.Refusal{Code: "platform.mode_without_media", Said: "API v1.1", Fix: platform.FixAuthor}
	}
	return nil
}

func (c *Connector) verifyV11(ctx context.Context, a platform.Account) (platform.Profile, error) {
	me, _, err := c.v11(ctx, a).Accounts.VerifyCredentials(nil)
	if err != nil {
		return platform.Profile{}, failedV11(err, a)
	}
	if me == nil || me.IDStr == "" {
		return platform.Profile{}, &platform.Unclear{Status: http.StatusOK, Said: "no account id"}
	}
	return platform.Profile{RemoteID: me.IDStr, Handle: me.ScreenName, Name: me.Name, URL: "https://x.com/" + me.ScreenName}, nil
}

// number is an id as go-twitter wants it.
func number(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0, &platform.Refusal{Code: "platform.not_found", Said: "not an id", Fix: platform.FixNobody}
	}
	return n, nil
}

// publishV11: POST statuses/update.
func (c *Connector) publishV11(ctx context.Context, a platform.Account, out platform.Outgoing) (platform.Receipt, error) {
	if err := refuseMedia(out); err != nil {
		return platform.Receipt{}, err
	}
	params := &twitter.StatusUpdateParams{}
	if out.InReplyTo != "" {
		id, err := number(out.InReplyTo)
		if err != nil {
			return platform.Receipt{}, err
		}
		populate := true
		params.InReplyToStatusID, params.AutoPopulateReplyMetadata = id, &populate
	}
	made, _, err := c.v11(ctx, a).Statuses.Update(platform.Compose(out), params)
	if err != nil {
		return platform.Receipt{}, failedV11(err, a)
	}
	if made == nil || made.IDStr == "" {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "no status id"}
	}
	return platform.Receipt{RemoteID: made.IDStr, URL: address(a.Handle, made.IDStr), At: atV11(*made)}, nil
}

// deleteV11: POST statuses/destroy/:id.
func (c *Connector) deleteV11(ctx context.Context, a platform.Account, remoteID string) error {
	id, err := number(remoteID)
	if err != nil {
		return err
	}
	deleted, _, err := c.v11(ctx, a).Statuses.Destroy(id, nil)
	switch err := failedV11(err, a); {
	case gone(err):
		return nil
	case err != nil:
		return err
	case deleted == nil || deleted.IDStr == "":
		return &platform.Unclear{Status: http.StatusOK, Said: "not deleted"}
	}
	return nil
}

// atV11 prefers the id's milliseconds: created_at has whole seconds.
func atV11(t twitter.Tweet) time.Time {
	if at := snowflake(t.IDStr); at.Year() > 2010 && len(t.IDStr) > 15 {
		return at
	}
	at, err := t.CreatedAtTime()
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// textV11 is the whole text, wherever this tweet keeps it.
func textV11(t twitter.Tweet) string {
	text, entities := t.Text, t.Entities
	if t.FullText != "" {
		text = t.FullText
	}
	if e := t.ExtendedTweet; e != nil && e.FullText != "" {
		text = e.FullText
		if e.Entities != nil {
			entities = e.Entities
		}
	}
	var links []link
	if entities != nil {
		for _, u := range entities.Urls {
			links = append(links, link{URL: u.URL, Expanded: u.ExpandedURL})
		}
		for _, m := range entities.Media {
			links = append(links, link{URL: m.URL, Expanded: m.ExpandedURL, MediaKey: m.IDStr})
		}
	}
	return plain(text, links)
}

func mediaV11(t twitter.Tweet) int {
	for _, e := range []*twitter.ExtendedEntity{t.ExtendedEntities, extended(t)} {
		if e != nil && len(e.Media) > 0 {
			return len(e.Media)
		}
	}
	if t.Entities != nil {
		return len(t.Entities.Media)
	}
	return 0
}

func extended(t twitter.Tweet) *twitter.ExtendedEntity {
	if t.ExtendedTweet == nil {
		return nil
	}
	return t.ExtendedTweet.ExtendedEntities
}

// itemV11 is a v1.1 tweet as an item for the account with remote id us.
func itemV11(t twitter.Tweet, us string) platform.Item {
	i := platform.Item{Kind: platform.Mention, RemoteID: t.IDStr, Thread: t.IDStr, InReplyTo: t.InReplyToStatusIDStr, Text: textV11(t), At: atV11(t)}
	if i.InReplyTo != "" {
		i.Thread = i.InReplyTo // v1.1 does not name the conversation's root
	}
	if t.User != nil {
		i.AuthorID, i.Author = t.User.IDStr, t.User.ScreenName
	}
	i.URL = address(i.Author, t.IDStr)
	switch {
	case i.AuthorID == us:
		i.Kind = platform.OwnPost
	case i.InReplyTo != "" && t.InReplyToUserIDStr == us:
		i.Kind = platform.Comment
	}
	return i
}

// ownV11 reads one page of our own timeline older than maxID.
func (c *Connector) ownV11(ctx context.Context, a platform.Account, sinceID, maxID int64) ([]twitter.Tweet, *http.Response, error) {
	id, err := number(a.RemoteID)
	if err != nil {
		return nil, nil, err
	}
	list, resp, err := c.v11(ctx, a).Timelines.UserTimeline(&twitter.UserTimelineParams{
		UserID: id, Count: 200, SinceID: sinceID, MaxID: maxID, TweetMode: "extended"})
	return list, resp, failedV11(err, a)
}

// findV11 is Find over statuses/user_timeline.
func (c *Connector) findV11(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	var seen []platform.Seen
	var from time.Time
	maxID := int64(0)
	for n := range pages {
		list, resp, err := c.ownV11(ctx, a, 0, maxID)
		if err != nil {
			return platform.Finding{}, err
		}
		if n == 0 {
			from = platform.WindowStart(at, resp.Header, time.Now())
		}
		whole := len(list) == 0
		maxID = math.MaxInt64
		for _, t := range list {
			when := atV11(t)
			whole = whole || when.Before(from)
			maxID = min(maxID, t.ID-1)
			seen = append(seen, platform.Seen{RemoteID: t.IDStr, URL: address(a.Handle, t.IDStr), Text: textV11(t),
				InReplyTo: t.InReplyToStatusIDStr, At: when, Media: mediaV11(t)})
		}
		if whole {
			return platform.Finding{Receipts: platform.Matching(at, from, seen, fold), Complete: true}, nil
		}
	}
	return platform.Finding{Receipts: platform.Matching(at, from, seen, fold)}, nil
}

// pullV11 reads everything after the cursor, oldest first. v1.1 pages from the
// newest back with max_id, at most 800 mentions and 3,200 own tweets.
func (c *Connector) pullV11(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	from := readPlace(cursor)
	var since int64
	if from.Since != "" {
		n, err := number(from.Since)
		if err != nil {
			return platform.Page{}, err
		}
		since = n
	}
	var page platform.Page
	maxID := int64(0)
	for range pages {
		list, err := c.listV11(ctx, a, feed, since, maxID)
		if err != nil {
			return platform.Page{}, err
		}
		if len(list) == 0 {
			break
		}
		maxID = list[len(list)-1].ID - 1
		for _, t := range list {
			page.Items = append([]platform.Item{itemV11(t, a.RemoteID)}, page.Items...)
			if later(t.IDStr, from.Newest) {
				from.Newest = t.IDStr
			}
		}
		if !from.Begun {
			break // the first visit: the newest page only
		}
	}
	if later(from.Newest, from.Since) {
		from.Since = from.Newest
	}
	page.Cursor = place{Begun: true, Since: from.Since}.String()
	return page, nil
}

func (c *Connector) listV11(ctx context.Context, a platform.Account, feed string, since, maxID int64) ([]twitter.Tweet, error) {
	if feed == feedOwn {
		list, _, err := c.ownV11(ctx, a, since, maxID)
		return list, err
	}
	list, _, err := c.v11(ctx, a).Timelines.MentionTimeline(&twitter.MentionTimelineParams{Count: 200, SinceID: since, MaxID: maxID, TweetMode: "extended"})
	return list, failedV11(err, a)
}

// measureV11: statuses/lookup, 100 at a time.
func (c *Connector) measureV11(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for len(remoteIDs) > 0 {
		n := min(len(remoteIDs), 100)
		var ids []int64
		for _, id := range remoteIDs[:n] {
			if v, err := number(id); err == nil {
				ids = append(ids, v)
			}
		}
		list, _, err := c.v11(ctx, a).Statuses.Lookup(ids, nil)
		if err != nil {
			return all, failedV11(err, a)
		}
		for _, t := range list {
			all[t.IDStr] = platform.Counts{"likes": int64(t.FavoriteCount), "shares": int64(t.RetweetCount)}
		}
		remoteIDs = remoteIDs[n:]
	}
	return all, nil
}
