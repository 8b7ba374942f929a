package x

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// Feeds of an account.
const (
	feedMentions = "mentions"
	feedOwn      = "own"
)

// Feeds implements platform.Puller.
func (c *Connector) Feeds(platform.Account) []string { return []string{feedMentions, feedOwn} }

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	var path string
	switch feed {
	case feedMentions:
		path = "mentions"
	case feedOwn:
		path = "tweets"
	default:
		return platform.Page{}, fault.New(fault.Invalid, "platform.feed_unknown")
	}
	if a.Mode == V11 {
		return c.pullV11(ctx, a, feed, cursor)
	}
	return c.pull(ctx, a, readPlace(cursor), url.Values{}, "2", "users", a.RemoteID, path)
}

// searchReach is how far back recent search sees; an older since_id is refused.
const searchReach = 7*24*time.Hour - time.Hour

// PullThread implements platform.ThreadPuller: recent search, seven days back.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	if a.Mode == V11 {
		// v1.1 has no search any more: answers come with the mentions.
		return platform.Page{}, nil
	}
	from := readPlace(cursor)
	from.Begun = true
	if from.Since != "" && time.Since(snowflake(from.Since)) > searchReach {
		from.Since = ""
	}
	page, err := c.pull(ctx, a, from, url.Values{"query": {"conversation_id:" + w.RemoteID}}, "2", "tweets", "search", "recent")
	page.Items = slices.DeleteFunc(page.Items, func(i platform.Item) bool { return i.RemoteID == w.RemoteID })
	return page, err
}

// place is where a feed was left. X pages from the newest back, so the newest
// id is kept aside until the walk has met the last id of the walk before.
type place struct {
	Begun  bool   `json:"begun,omitempty"`  // not the first visit: every page counts
	Since  string `json:"since,omitempty"`  // everything up to here is stored
	Newest string `json:"newest,omitempty"` // of the walk under way
	Token  string `json:"token,omitempty"`  // next page of the walk under way
}

func readPlace(cursor string) (p place) {
	// A cursor we cannot read starts the feed anew: the inbox drops doubles.
	_ = json.Unmarshal([]byte(cursor), &p)
	return p
}

func (p place) String() string {
	raw, _ := json.Marshal(p) // strings always marshal
	return string(raw)
}

// pull reads one page of a timeline after the cursor.
func (c *Connector) pull(ctx context.Context, a platform.Account, from place, query url.Values, path ...string) (platform.Page, error) {
	query.Set("max_results", "100")
	query.Set("tweet.fields", fields)
	query.Set("expansions", "author_id")
	query.Set("user.fields", "username")
	if from.Since != "" {
		query.Set("since_id", from.Since)
	}
	if from.Token != "" {
		name := "pagination_token"
		if slices.Contains(path, "search") {
			name = "next_token"
		}
		query.Set(name, from.Token)
	}
	var t timeline
	err := c.get(ctx, a, &t, query, path...)
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" && from.Token != "" {
		// The page token has run out: the walk starts again from the newest.
		return platform.Page{Cursor: place{Begun: from.Begun, Since: from.Since}.String(), More: true}, nil
	}
	if err != nil {
		return platform.Page{}, err
	}
	var page platform.Page
	for _, p := range slices.Backward(t.Data) {
		page.Items = append(page.Items, p.item(a, t.author(p.AuthorID)))
		if later(p.ID, from.Newest) {
			from.Newest = p.ID
		}
	}
	// The first visit takes the newest page only: what was before the office
	// connected is not its inbox, and every post read is paid for.
	if t.Meta.Next != "" && from.Begun {
		from.Token = t.Meta.Next
		page.More = true
	} else {
		if later(from.Newest, from.Since) {
			from.Since = from.Newest
		}
		from = place{Begun: true, Since: from.Since}
	}
	page.Cursor = from.String()
	return page, nil
}

// later compares ids, which are numbers that grow.
func later(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }
