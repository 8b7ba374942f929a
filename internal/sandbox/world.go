package sandbox

import (
	"slices"
	"strings"
	"time"
)

// The platforms.
const (
	X         = "x"
	Facebook  = "facebook"
	Mastodon  = "mastodon"
	Instagram = "instagram"
	Threads   = "threads"
	YouTube   = "youtube"
	TikTok    = "tiktok"
	LinkedIn  = "linkedin"
	Telegram  = "telegram"
	Bluesky   = "bluesky"
	WhatsApp  = "whatsapp"
)

// Kinds of a post.
const (
	kindPost    = "post"    // stands alone on its author's own channel
	kindComment = "comment" // below another post
	kindMention = "mention" // stands alone and names one of our accounts
	kindDirect  = "direct"  // a private message
)

// Post is one thing that was published or said.
type Post struct {
	Platform  string    `json:"platform"`
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Account   string    `json:"account"` // our account it belongs to, by id
	AuthorID  string    `json:"author_id"`
	Author    string    `json:"author"` // handle
	Ours      bool      `json:"ours"`
	Text      string    `json:"text"`
	Link      string    `json:"link,omitempty"`
	Media     []Media   `json:"media,omitempty"`
	InReplyTo string    `json:"in_reply_to,omitempty"`
	Thread    string    `json:"thread"`
	At        time.Time `json:"at"`
	EditedAt  time.Time `json:"edited_at,omitzero"`
	Deleted   bool      `json:"deleted,omitempty"`
	Hidden    bool      `json:"hidden,omitempty"`
	Draft     bool      `json:"draft,omitempty"` // Graph's published=false: made, not shown
	Key       string    `json:"key,omitempty"`   // Idempotency-Key it came with
	Scope     string    `json:"scope,omitempty"` // Mastodon's visibility
	Views     int64     `json:"views,omitempty"`
	Likes     int64     `json:"likes,omitempty"`
	Shares    int64     `json:"shares,omitempty"`
	Private   string    `json:"private,omitempty"` // the public comment that this private message answers
	Title     string    `json:"title,omitempty"`
	// Face is what only its own platform knows of it (a CID, a URN, a template).
	Face map[string]string `json:"face,omitempty"`
	// History are the texts before the present one, the oldest first.
	History []Version `json:"history,omitempty"`
	order   int       // of arrival
}

// Version is a text and since when it was so.
type Version struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// since is when the present text was made.
func (p *Post) since() time.Time {
	if p.EditedAt.IsZero() {
		return p.At
	}
	return p.EditedAt
}

// Media is one uploaded file. Its bytes are not kept, only what identifies them.
type Media struct {
	ID       string    `json:"id"`
	Platform string    `json:"platform"`
	Account  string    `json:"account"`
	Type     string    `json:"type"`
	Category string    `json:"category,omitempty"`
	Size     int64     `json:"size"`
	Want     int64     `json:"want,omitempty"` // announced size of an upload in parts
	SHA256   string    `json:"sha256"`
	Alt      string    `json:"alt,omitempty"`
	Ready    bool      `json:"ready"`
	Link     string    `json:"link,omitempty"` // fetched from here instead of uploaded
	At       time.Time `json:"at"`
	// Face is what only its own platform knows of it (a container's caption).
	Face  map[string]string `json:"face,omitempty"`
	parts map[int][]byte
	asked int // times its state was read while it was processed
}

// world is everything that persists. Its owner holds the lock.
type world struct {
	seed     int64
	posts    map[string]*Post // platform/id
	order    []*Post          // as they came
	byAuthor map[string][]*Post
	children map[string][]*Post
	media    map[string]*Media
	tokens   map[string]*token
	hooks    []Hook
	accounts []*Account
	people   map[string]*Person
	blocked  map[string]bool        // platform/account/person
	records  map[string]*repoRecord // AT Protocol records that are no posts, by address
	codes    map[string]*consent    // OAuth codes that were given out
	last     map[string]int64       // newest id number per platform
	spoken   int                    // things citizens have said, for their dice
	acts     int                    // acts since the start, for the same
	answers  int                    // comments that were asked for, so that kinds and posts come round
	updates  []*update              // what Telegram's bots have not taken yet
	wanted   map[string][]string    // kinds of updates that a bot asked for
	arrived  chan struct{}          // closed when an update arrives
	journal  *journal
}

func newWorld(seed int64) *world {
	w := &world{
		seed: seed, posts: map[string]*Post{}, byAuthor: map[string][]*Post{}, children: map[string][]*Post{},
		media: map[string]*Media{}, tokens: map[string]*token{}, people: map[string]*Person{}, blocked: map[string]bool{},
		wanted: map[string][]string{}, arrived: make(chan struct{}),
		codes: map[string]*consent{}, records: map[string]*repoRecord{}, last: map[string]int64{},
	}
	w.accounts = ownAccounts(seed)
	for _, a := range w.accounts {
		for _, t := range firstTokens(seed, a) {
			w.tokens[t.Access] = t
		}
	}
	return w
}

func at(platform, id string) string { return platform + "/" + id }

func (w *world) post(platform, id string) *Post { return w.posts[at(platform, id)] }

// visible is the post if it can still be read.
func (w *world) visible(platform, id string) *Post {
	p := w.post(platform, id)
	if p == nil || p.Deleted {
		return nil
	}
	return p
}

// say adds a post: gives it its id, thread and time, and writes it down.
func (w *world) say(p *Post, now time.Time) error {
	p.At = now
	if parent := w.post(p.Platform, p.InReplyTo); parent != nil {
		p.Thread = parent.Thread
	}
	if h := habitOf(p.Platform); h.id != nil {
		p.ID = h.id(w, p, now)
	} else {
		p.ID = w.nextID(p.Platform, now)
	}
	if p.Thread == "" {
		p.Thread = p.ID
	}
	if err := w.journal.write(entry{Post: p}); err != nil {
		return err
	}
	w.put(p)
	return nil
}

// objectPart is the object's own number in Graph's joined ids PAGE_POST and POST_COMMENT.
func objectPart(id string) string { return id[strings.LastIndexByte(id, '_')+1:] }

// put files a post in every index.
func (w *world) put(p *Post) {
	p.order = len(w.order)
	w.posts[at(p.Platform, p.ID)] = p
	w.order = append(w.order, p)
	author := at(p.Platform, p.AuthorID)
	w.byAuthor[author] = append(w.byAuthor[author], p)
	if p.InReplyTo != "" {
		parent := at(p.Platform, p.InReplyTo)
		w.children[parent] = append(w.children[parent], p)
	}
	w.sawID(p.Platform, p.ID)
	if !p.Ours {
		w.spoken++
		w.remember(p)
	}
}

// change alters a post and writes the new state down.
func (w *world) change(p *Post, alter func(*Post)) error {
	next := *p
	next.Media = slices.Clone(p.Media)
	alter(&next)
	if err := w.journal.write(entry{Post: &next}); err != nil {
		return err
	}
	*p = next
	return nil
}

func (w *world) putMedia(m *Media) error {
	if err := w.journal.write(entry{Media: m}); err != nil {
		return err
	}
	w.media[at(m.Platform, m.ID)] = m
	return nil
}

// account finds one of our accounts by id or handle; "" is the platform's first.
func (w *world) account(platform, who string) *Account {
	who = strings.TrimPrefix(who, "@")
	for _, a := range w.accounts {
		if a.Platform == platform && (who == "" || a.ID == who || a.Handle == who) {
			return a
		}
	}
	return nil
}

// handle is the name a person or account is addressed by.
func (w *world) handle(platform, id string) string {
	if a := w.account(platform, id); a != nil && id != "" {
		return a.Handle
	}
	if p := w.people[at(platform, id)]; p != nil {
		return p.Handle
	}
	return ""
}

// replies are the readable answers directly below a post, oldest first.
func (w *world) replies(p *Post) []*Post {
	var out []*Post
	for _, c := range w.children[at(p.Platform, p.ID)] {
		if !c.Deleted {
			out = append(out, c)
		}
	}
	return out
}

// below is everything readable under a post, oldest first.
func (w *world) below(p *Post) []*Post {
	var out []*Post
	for _, c := range w.children[at(p.Platform, p.ID)] {
		if !c.Deleted {
			out = append(out, c)
		}
		out = append(out, w.below(c)...)
	}
	slices.SortFunc(out, func(a, b *Post) int { return a.order - b.order })
	return out
}

// names says whether a text addresses an account.
func names(text, handle string) bool {
	for f := range strings.FieldsSeq(text) {
		f = strings.TrimRight(f, ".,!?:;)")
		if strings.EqualFold(strings.SplitN(strings.TrimPrefix(f, "@"), "@", 2)[0], handle) && strings.HasPrefix(f, "@") {
			return true
		}
	}
	return false
}

// addressed says whether somebody else's post reaches the account's mentions:
// it names it, or answers something of its.
func (w *world) addressed(p *Post, a *Account) bool {
	if p.Platform != a.Platform || p.AuthorID == a.ID || p.Deleted || p.Kind == kindDirect {
		return false
	}
	if parent := w.post(p.Platform, p.InReplyTo); parent != nil && parent.AuthorID == a.ID {
		return true
	}
	return names(p.Text, a.Handle)
}
