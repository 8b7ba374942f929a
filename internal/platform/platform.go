// Package platform is the contract between Kentongan and a social media
// platform. A connector is one package below this one; it knows wire formats
// and nothing of posts, approvals or citizens' cases.
//
// The abilities are small interfaces: a connector implements those its
// platform has, and Capabilities says the same as data for the pages.
// platformtest.Run proves both.
package platform

import (
	"bytes"
	"context"
	"io"
	"time"
)

// Name is the platform's short name, as stored.
type Name string

// The platforms.
const (
	X         Name = "x"
	Facebook  Name = "facebook"
	Instagram Name = "instagram"
	Threads   Name = "threads"
	YouTube   Name = "youtube"
	TikTok    Name = "tiktok"
	LinkedIn  Name = "linkedin"
	Telegram  Name = "telegram"
	Mastodon  Name = "mastodon"
	Bluesky   Name = "bluesky"
	WhatsApp  Name = "whatsapp"
	// Published by hand only: no interface exists that a government may use.
	WhatsAppChannel  Name = "whatsapp_channel"
	YouTubeCommunity Name = "youtube_community"
)

// Manual is the Mode of a channel whose posts a person publishes: the platform
// has no interface, or has not admitted the office's app yet.
const Manual = "manual"

// Account is everything a connector needs to speak for one channel. It is
// opened from the vault for one call and never logged.
type Account struct {
	Platform Name
	BaseURL  string   // root of the platform's API, no trailing slash
	Mode     string   // "" or a connector's own variant: "v1.1" on X
	Version  string   // of the platform's API, from the settings; "" is the connector's own
	RemoteID string   // our account's id at the platform
	Also     []string // other ids it is known by: a Telegram channel's discussion group
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
	Private   bool   // answers a public comment by a private message to its author
	To        string // remote id of the person answered, where the platform wants it
	Template  *Template
	Key       string // idempotency key of this delivery, stable over attempts
}

// Template is a text that the platform approved beforehand (WhatsApp): the only
// thing it lets out of the answering window. Outgoing.Text is what it will say.
type Template struct {
	Name, Language string
	Values         []string // for {{1}}, {{2}}, … of its body
}

// Media is one file as it will be uploaded.
type Media struct {
	Key           string // stable name for notes: "media.0"
	Type          string // MIME type, by content
	Alt           string
	Size          int64
	Width, Height int           // 0 when unknown
	Length        time.Duration // of a film; 0 for a picture or when unknown
	URL           string        // where the platform itself can fetch it; "" without a public address
	Open          func() (File, error)
}

// Video says that the file is a film.
func (m Media) Video() bool { return len(m.Type) > 6 && m.Type[:6] == "video/" }

// File is a medium's bytes; a film is never held in memory whole.
type File interface {
	io.ReadSeeker
	io.ReaderAt
	io.Closer
}

// Bytes is a File over bytes in memory.
func Bytes(raw []byte) func() (File, error) {
	return func() (File, error) { return memory{bytes.NewReader(raw)}, nil }
}

type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

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
	Also                        []string // see Account.Also
}

// Capabilities are a platform's abilities and limits as data.
type Capabilities struct {
	Platform  Name
	MaxText   int    // in units of Count; 0 means unknown
	TextUnit  string // "weighted", "characters", "graphemes", "bytes"
	URLLength int    // what a link counts as; 0 means as long as it is

	MaxMedia      int      // files in one post
	MediaTypes    []string // MIME types of pictures it takes
	MaxMediaBytes int64
	MaxMediaSide  int      // longest side in pixels; 0 means no limit
	VideoTypes    []string // MIME types of films it takes; none means no films
	MaxVideoBytes int64
	MaxVideo      time.Duration // longest film; 0 means no limit
	NeedsMedia    string        // "", "any" or "video": no post without one
	PublicMedia   bool          // pictures are fetched by the platform: they need a public address
	PublicVideo   bool          // films, too
	MaxAlt        int           // 0 means that it has no alt text

	NoPosts      bool   // an inbox only: nothing goes out to the public (WhatsApp)
	Idempotency  string // "key", "client-id", "container", "read-back", "sighting" (only what is heard proves it); "" means that an unclear outcome ends with a person
	Thread       bool   // an own post can be continued below itself
	FirstComment bool   // our first comment can go below our own post
	Edit         bool   // a published post's text can be changed

	Reply        bool
	MaxReply     int           // an answer's length in units of Count; 0 means MaxText
	ReplyDirect  bool          // an answer to a direct message stays between the two
	ReplyWindow  time.Duration // a direct message can be answered so long; 0 means always
	ReplyNote    string        // locale key of a restriction, e.g. "cap.x.summoned"
	PrivateReply time.Duration // a comment can be answered privately so long; 0 means it cannot
	PrivateOnce  bool          // and only once
	Templates    bool          // approved templates go out after the window

	Hide     bool
	HideNote string // locale key: what is to be done instead, or a restriction
	Remove   bool   // somebody else's comment below our post can be deleted
	Block    bool   // its author can be blocked
	Delete   bool   // something of ours can be deleted

	Hears     []ItemKind // what citizens can write to us: Comment, Mention, Direct
	Edits     bool       // that a citizen changed it later is told
	Deletions bool       // that a citizen took it away is told

	Metrics []string      // names of counters it can give
	Push    bool          // has webhooks
	Stream  bool          // tells at once through a connection of ours that stays open
	Quota   bool          // can say how much of its daily limit is used
	Settle  time.Duration // how long a new post may be invisible to Find
	Connect Connect
}

// Connect says how an account is connected, as data for the page.
type Connect struct {
	Home     string   // base URL of the platform's own API; "" where every office has its own server
	OAuth    bool     // consent in the browser: the connector is an Authorizer
	Register bool     // the server gives out app credentials by itself: it is a Registrar
	Fields   []string // what is typed without a browser's consent: see Form's names
	Scopes   []string // what we ask for
	App      []string // what our registration needs beside id and secret: "verify_token"
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
	// Status is what became of something of ours after it was accepted
	// (WhatsApp: sent, delivered, failed). RemoteID is ours, Key what we sent.
	Status ItemKind = "status"
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
	Seq       string   // event id for webhooks: duplicates are dropped
	Files     []string // kinds of what came along: "image", "video", "audio", "file", "sticker", "location"
	Key       string   // Status: the delivery key that the platform gave back
	Failed    string   // Status: a refusal's code; "" means that it arrived
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

// Editor can change the text of something of ours that is public.
type Editor interface {
	Edit(ctx context.Context, a Account, remoteID string, out Outgoing) error
}

// Remover can delete somebody else's comment below something of ours.
type Remover interface {
	Remove(ctx context.Context, a Account, remoteID string) error
}

// Blocker can keep a person from writing to us, and let them again. Both are
// idempotent. remoteID is something the person wrote.
type Blocker interface {
	SetBlocked(ctx context.Context, a Account, authorID, remoteID string, blocked bool) error
}

// Checker knows rules beyond Count and Capabilities that an editor can still
// mend: a missing film, an unwanted sign, too many links. It asks nobody.
type Checker interface {
	Check(a Account, out Outgoing) []*Refusal
}

// Allowance is one of the platform's own daily limits.
type Allowance struct {
	Name        string // "posts", "replies", "units", "messages": a locale key under "quota."
	Used, Limit int64
	Window      time.Duration // over which it is counted; 0 means until Reset
	Reset       time.Time
}

// Quoter asks the platform how much of its limits is used.
type Quoter interface {
	Quota(ctx context.Context, a Account) ([]Allowance, error)
}

// Streamer keeps a connection open on which the platform says that something
// happened. wake is called for each; the feeds are read then, so that what is
// missed here is lost nowhere. It returns when ctx ends or the connection does.
type Streamer interface {
	Stream(ctx context.Context, a Account, wake func()) error
}

// Guide gives the address of the platform's own page where a person does by
// hand what the platform does not let programs do: "post", "reply" (text is
// what to say), "hide".
type Guide interface {
	ByHand(a Account, deed, remoteID, text string) string
}

// Pricer says what a call costs at the platform, in millionths of a US dollar.
type Pricer interface {
	Price(a Account, out Outgoing) int64
}

// Version is one version of a platform's API.
type Version struct {
	Name string
	Ends time.Time // zero: not announced
}

// Versioner lists the versions that the connector was tested with, newest first.
type Versioner interface {
	Versions() []Version
}

// Templater lists the texts that the platform has approved.
type Templater interface {
	Templates(ctx context.Context, a Account) ([]Approved, error)
}

// Approved is one template and where it stands.
type Approved struct {
	Name, Language, Category, State string // State: "APPROVED", "PENDING", "REJECTED", "PAUSED", …
	Body                            string // with {{1}}, {{2}}, …
}

// Subscriber tells the platform where to push what happens on an account. It
// is repeatable: the same address twice is one subscription.
type Subscriber interface {
	Subscribe(ctx context.Context, a Account, address string) error
}

// Quota is what the platform's headers say is left.
type Quota struct {
	Remaining int
	Reset     time.Time
}
