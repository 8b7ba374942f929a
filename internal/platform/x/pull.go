package x

import (
	"cmp"
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
	feedDirect   = "direct"
)

// Feeds implements platform.Puller.
func (c *Connector) Feeds(a platform.Account) []string {
	if a.Mode == V11 {
		return []string{feedMentions, feedOwn}
	}
	return []string{feedMentions, feedOwn, feedDirect}
}

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	var path string
	switch feed {
	case feedMentions:
		path = "mentions"
	case feedOwn:
		path = "tweets"
	case feedDirect:
		return c.pullDirect(ctx, a, readPlace(cursor))
	default:
		return platform.Page{}, fault.New(fault.Invalid, "platform.feed_unknown")
	}
	if a.Mode == V11 {
		return c.pullV11(ctx, a, feed, cursor)
	}
	from := readPlace(cursor)
	page, err := c.pull(ctx, a, from, url.Values{}, "2", "users", a.RemoteID, path)
	if err != nil || feed != feedMentions {
		return page, err
	}
	return c.recheck(ctx, a, from, page)
}

// maxKnown is how many of the newest mentions are looked for again.
const maxKnown = 100

// recheck tells which of the newest mentions are gone: X says so only to those
// who get its pushes. Now and then, when nothing new came, the newest page is
// read once more; what was known and is missing there was taken away. At the
// price of an own mention that is at most ten cents a look.
func (c *Connector) recheck(ctx context.Context, a platform.Account, from place, page platform.Page) (platform.Page, error) {
	next := readPlace(page.Cursor)
	next.Known, next.Looked = from.Known, from.Looked
	for _, i := range page.Items {
		next.Known = append(next.Known, i.RemoteID)
	}
	slices.SortFunc(next.Known, func(x, y string) int { return order(x, y) })
	next.Known = slices.Compact(next.Known)
	next.Known = next.Known[max(len(next.Known)-maxKnown, 0):]
	now := time.Now()
	if next.Looked == 0 {
		next.Looked = now.Unix()
	}
	if !page.More && len(page.Items) == 0 && len(next.Known) > 0 && now.Sub(time.Unix(next.Looked, 0)) >= c.look {
		gone, err := c.missing(ctx, a, next.Known)
		if err != nil {
			return platform.Page{}, err
		}
		for _, id := range gone {
			page.Items = append(page.Items, platform.Item{Kind: platform.Mention, RemoteID: id, Thread: id, Deleted: true})
		}
		next.Known = slices.DeleteFunc(next.Known, func(id string) bool { return slices.Contains(gone, id) })
		next.Looked = now.Unix()
	}
	page.Cursor = next.String()
	return page, nil
}

// missing are the known mentions that the newest page should have and has not.
func (c *Connector) missing(ctx context.Context, a platform.Account, known []string) ([]string, error) {
	var t timeline
	query := namesOf(a).posts(url.Values{"max_results": {"100"}})
	if err := c.get(ctx, a, &t, query, "2", "users", a.RemoteID, "mentions"); err != nil {
		return nil, err
	}
	spent(ctx, priceOwned, len(t.Data))
	oldest, there := "", map[string]bool{}
	for _, p := range t.Data {
		there[p.first()], there[p.ID] = true, true
		if oldest == "" || later(oldest, p.ID) {
			oldest = p.ID
		}
	}
	var gone []string
	for _, id := range known {
		// A whole page ends at its oldest; a shorter one is all there is.
		if !there[id] && (t.Meta.Next == "" || later(id, oldest)) && time.Since(snowflake(id)) < searchReach {
			gone = append(gone, id)
		}
	}
	return gone, nil
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

	Known  []string `json:"known,omitempty"`  // the newest mentions, to see which are taken away
	Looked int64    `json:"looked,omitempty"` // when they were last looked for, Unix seconds
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
	namesOf(a).posts(query)
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
	price := int64(priceOwned)
	if slices.Contains(path, "search") {
		price = priceRead
	}
	spent(ctx, price, len(t.Data))
	var page platform.Page
	for _, p := range slices.Backward(t.Data) {
		page.Items = append(page.Items, p.item(a, t.Includes))
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
func later(a, b string) bool { return order(a, b) > 0 }

func order(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
