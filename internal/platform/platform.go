// Package platform is the contract between Kentongan and a social media
// platform. A connector is one package below this one; it knows wire formats
// and nothing of posts, approvals or citizens' cases.
//
// The abilities are small interfaces: a connector implements those its
// platform has, and Capabilities says the same as data for the pages.
// platformtest.Run proves both.
package platform

import (
	"context"
	"time"
)

// Name is the platform's short name, as stored: "x", "facebook", "mastodon".
type Name string

// Account is everything a connector needs to speak for one channel. It is
// opened from the vault for one call and never logged.
type Account struct {
	Platform Name
	BaseURL  string // root of the platform's API, no trailing slash
	Mode     string // "" or a connector's own variant: "v1.1" on X
	RemoteID string // our account's id at the platform
	Handle   string
	App      App
	Token    Token
}

// App is our registration at the platform.
type App struct {
	ClientID, ClientSecret, VerifyToken string
}

// Token is the channel's credential.
type Token struct {
	Access  string    `json:"access"`
	Secret  string    `json:"secret,omitempty"`  // OAuth 1.0a
	Refresh string    `json:"refresh,omitempty"` // OAuth 2.0, single use on X
	Expires time.Time `json:"expires,omitzero"`
}

// Outgoing is one thing on its way out: a post's variant or a reply. It is
// what the digest covers.
type Outgoing struct {
	Text      string
	Link      string // "" or one URL that the platform shows as a card
	Media     []Media
	InReplyTo string // remote id of the message answered; "" for a post
	Thread    string // remote id of the thread's root, where the platform wants it
	Key       string // idempotency key of this delivery, stable over attempts
}

// Media is one file as it will be uploaded.
type Media struct {
	Key  string // stable name for notes: "media.0"
	Type string // MIME type, by content
	Alt  string
	Size int64
	Open func() ([]byte, error)
}

// Notes keeps what an invisible step learned (an uploaded media id, the newest
// own post before the attempt), so that a repeat continues instead of starting
// again. Save commits and renews the lease; it fails when the lease is lost.
type Notes interface {
	Value(name string) string
	Save(ctx context.Context, name, value string) error
}

// Receipt is the platform's own word that something is published.
type Receipt struct {
	RemoteID string
	URL      string
	At       time.Time
}

// Attempt describes the earlier attempt whose outcome is unknown.
type Attempt struct {
	Out     Outgoing
	Started time.Time // of the first attempt that may have landed
	Ended   time.Time // when the last attempt is surely dead
	Notes   Notes
}

// Finding is what a read-back saw.
type Finding struct {
	Receipts []Receipt // matching things found; more than one is a conflict
	Complete bool      // the look covered the whole window
}

// Connector is what every platform has.
type Connector interface {
	Name() Name
	Capabilities(Account) Capabilities
	// Verify asks the platform who the credential belongs to.
	Verify(ctx context.Context, a Account) (Profile, error)
	// Count is the platform's own counting of a text.
	Count(a Account, out Outgoing) Length
	// Stage does invisible, repeatable preparation: uploads and containers.
	Stage(ctx context.Context, a Account, out Outgoing, n Notes) error
	// Publish is the single visible call. Any error that is not a *Refusal or
	// *Throttle means the outcome is unknown.
	Publish(ctx context.Context, a Account, out Outgoing, n Notes) (Receipt, error)
	// Find looks for a post or reply that an earlier attempt may have made.
	Find(ctx context.Context, a Account, at Attempt) (Finding, error)
	// Delete removes something of ours.
	Delete(ctx context.Context, a Account, remoteID string) error
}

// Profile is our account as the platform names it.
type Profile struct {
	RemoteID, Handle, Name, URL string
}

// Capabilities are a platform's abilities and limits as data.
type Capabilities struct {
	Platform      Name
	MaxText       int      // in units of Count; 0 means unknown
	TextUnit      string   // "weighted", "characters", "graphemes", "bytes"
	URLLength     int      // what a link counts as; 0 means as long as it is
	MaxMedia      int      // pictures in one post
	MediaTypes    []string // MIME types accepted
	MaxMediaBytes int64
	MaxMediaSide  int // longest side in pixels; 0 means no limit
	MaxAlt        int
	Idempotency   string // "key", "client-id", "read-back"
	Reply         bool
	ReplyDirect   bool   // an answer to a direct message stays between the two
	ReplyNote     string // locale key of a restriction, e.g. "cap.x.summoned"
	Hide          bool
	Delete        bool
	Metrics       []string      // names of counters it can give
	Push          bool          // has webhooks
	Settle        time.Duration // how long a new post may be invisible to Find
}

// Length is a text measured by the platform's own counting.
type Length struct {
	Used, Limit int
}

// Puller reads what citizens wrote.
type Puller interface {
	// Feeds lists the streams to poll for this account.
	Feeds(a Account) []string
	// Pull reads one page of a feed after the cursor.
	Pull(ctx context.Context, a Account, feed, cursor string) (Page, error)
}

// Watch is something of ours whose comments are read one by one, on platforms
// that have no joined feed.
type Watch struct {
	RemoteID string
	Since    time.Time
}

// ThreadPuller reads the replies below one of our own posts.
type ThreadPuller interface {
	PullThread(ctx context.Context, a Account, w Watch, cursor string) (Page, error)
}

// Page is one batch of items, and where to continue.
type Page struct {
	Items  []Item
	Cursor string // to store with the items, in one transaction
	More   bool   // call again at once
}

// ItemKind says what an item is.
type ItemKind string

const (
	Comment ItemKind = "comment" // below one of our posts
	Mention ItemKind = "mention"
	Direct  ItemKind = "direct"
	OwnPost ItemKind = "own" // by our own account: becomes a sighting
)

// Item is one thing somebody wrote, as the platform tells it.
type Item struct {
	Kind      ItemKind
	RemoteID  string
	Thread    string // remote id of the conversation's root
	InReplyTo string
	AuthorID  string
	Author    string // handle; stored encrypted only
	Text      string // plain text
	URL       string
	At        time.Time
	Edited    time.Time // zero if never
	Deleted   bool
	Hidden    bool
	Seq       string // event id for webhooks: duplicates are dropped
}

// Hider can hide a citizen's comment and show it again. Both are idempotent.
type Hider interface {
	SetHidden(ctx context.Context, a Account, remoteID string, hidden bool) error
}

// Counts are engagement figures of one post. A missing name is not available.
type Counts map[string]int64

// Measurer reads engagement figures of our own posts.
type Measurer interface {
	Measure(ctx context.Context, a Account, remoteIDs []string) (map[string]Counts, error)
}

// Listener takes what a platform pushes.
type Listener interface {
	// Challenge answers the platform's check of the address, if this is one.
	Challenge(app App, query map[string][]string) (answer string, ok bool)
	// Signed verifies the signature over the raw body.
	Signed(app App, header map[string][]string, body []byte) error
	// Parse turns a verified body into items by our account's remote id.
	Parse(body []byte) (map[string][]Item, error)
}

// Quota is what the platform's headers say is left.
type Quota struct {
	Remaining int
	Reset     time.Time
}
