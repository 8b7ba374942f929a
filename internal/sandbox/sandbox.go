// Package sandbox is the platforms, pretended: one small world of accounts,
// posts and citizens behind the real wire protocols of ten platforms and
// WhatsApp's inbox. Connectors speak to it exactly as they
// would to the real thing: true paths, codes, headers, limits, duplicate
// rules and signatures. Its faults come on demand, and what it has
// acknowledged survives a kill.
//
// Sources by name: X API v2 (docs.x.com), X API v1.1 (archived reference),
// Graph API (developers.facebook.com), Mastodon (docs.joinmastodon.org).
package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Options shape one sandbox.
type Options struct {
	Seed     int64            // citizens repeat themselves for the same seed
	Path     string           // folder of the persisted world; "" keeps it in memory
	Log      *slog.Logger     // nil is silent
	Citizens bool             // they answer by themselves while Run runs
	Pace     time.Duration    // mean time between citizens' acts; 0 is 20 s
	Now      func() time.Time // nil is time.Now
	Rules    Rules            // house rules that some tests switch
}

// Rules are the platforms' own rules that can be switched, because a real
// account may or may not be under them.
type Rules struct {
	TrueLimits     bool `json:"true_limits"`     // the platforms' published rate limits, instead of a thousand times more
	SummonedOnly   bool `json:"summoned_only"`   // X self-serve: replies only where the author mentions us
	RequireProof   bool `json:"require_proof"`   // Facebook: calls without appsecret_proof are refused
	Unaudited      bool `json:"unaudited"`       // TikTok has not audited the app: posts only for oneself
	AllowDuplicate bool `json:"allow_duplicate"` // no refusal of a repeated text (X 403, Facebook 506)
	// Telegram: no group is linked to the channel; the bot is no administrator.
	WithoutDiscussion bool `json:"without_discussion"`
	BotDemoted        bool `json:"bot_demoted"`
	// WhatsApp: refusals come after the acceptance, by webhook; the token is the
	// developers' page's, which lives less than a day.
	LateRefusals bool `json:"late_refusals"`
	ShortTokens  bool `json:"short_tokens"`
}

// Sandbox is one pretended world and its faces.
type Sandbox struct {
	opt    Options
	log    *slog.Logger
	now    func() time.Time
	ahead  atomic.Int64 // nanoseconds that Advance has put the clock forward
	mux    *http.ServeMux
	client *http.Client // for webhooks

	mu     sync.Mutex // guards everything below
	world  *world
	rules  Rules
	faults []*fault
	meters map[string]*meter
	queue  []push
	// Uploads under way and how often a film's state was read: gone at a restart,
	// as a platform may forget them.
	ytSessions  map[string]*ytSession
	ytLooks     map[string]int
	ttPublishes map[string]*ttPublish
	// Kept connections that wait for a notification.
	mastoStreams map[*mastoStream]bool
	wake         chan struct{} // a push is waiting
}

// New opens the world, replaying what an earlier run acknowledged.
func New(o Options) (*Sandbox, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Pace <= 0 {
		o.Pace = 20 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	w, err := openWorld(o.Path, o.Seed)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{
		opt: o, log: o.Log,
		world: w, rules: o.Rules, meters: map[string]*meter{}, mastoStreams: map[*mastoStream]bool{},
		wake:   make(chan struct{}, 1),
		client: &http.Client{Timeout: 10 * time.Second}, // X and Meta give an address ten seconds
	}
	s.now = func() time.Time { return o.Now().UTC().Add(time.Duration(s.ahead.Load())) }
	s.mux = s.routes()
	return s, nil
}

// Handler answers for every platform and for the control page.
func (s *Sandbox) Handler() http.Handler { return s.mux }

// Close closes the journal. What was acknowledged is already written.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.close()
}

// Run lets citizens act and pushes webhooks until ctx ends.
func (s *Sandbox) Run(ctx context.Context) error {
	var g sync.WaitGroup
	if s.opt.Citizens {
		g.Go(func() { s.live(ctx) })
	}
	g.Go(func() { s.deliverLoop(ctx) })
	g.Wait()
	if err := ctx.Err(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (s *Sandbox) routes() *http.ServeMux {
	m := http.NewServeMux()
	s.controlRoutes(m)
	for _, h := range habits() {
		h.routes(s, m)
	}
	return m
}
