package sandbox

import (
	"cmp"
	"context"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// live lets citizens act, on average once a pace, until ctx ends.
func (s *Sandbox) live(ctx context.Context) {
	wait := rand.New(rand.NewPCG(uint64(s.opt.Seed), 0xC1712E5))
	timer := time.NewTimer(s.opt.Pace)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		s.Tick()
		timer.Reset(time.Duration(float64(s.opt.Pace) * min(0.2+wait.ExpFloat64()*0.8, 5)))
	}
}

// interest is how long citizens go on talking about a post.
const interest = 72 * time.Hour

// Tick is one act of the citizens: a follow-up to an answer, a comment, a word
// of their own, a like. The same seed and the same world give the same act. It
// returns the new post's id, "" for a like or nothing.
func (s *Sandbox) Tick() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.dice()
	if p := s.followUp(d); p != nil && d.IntN(10) < 6 {
		return s.utter(p)
	}
	about := s.talkedAbout()
	switch n := d.IntN(100); {
	case n < 12 || len(about) == 0:
		return s.utter(s.ownWord(d))
	case n < 22:
		if p := s.chatter(d, about); p != nil {
			return s.utter(p)
		}
	case n < 40:
		s.like(d, about)
		return ""
	}
	open := slices.DeleteFunc(slices.Clone(about), func(p *Post) bool { return len(s.world.children[at(p.Platform, p.ID)]) >= appetite(p) })
	if len(open) == 0 {
		s.like(d, about)
		return ""
	}
	// The newest draw the most: the smaller of two throws.
	p := open[min(d.IntN(len(open)), d.IntN(len(open)))]
	return s.utter(s.comment(d, p, drawKind(d)))
}

// Answer makes citizens react now: n comments over our recent posts, each post
// in turn, with a question, spam, a complaint and so on in turn; the next call
// goes on where this one ended. It returns their ids.
func (s *Sandbox) Answer(n int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := []string{}
	deck := answerDeck()
	about := s.talkedAbout()
	// Which platform was the first to show a post is chance; the same seed is to
	// give the same city.
	slices.SortStableFunc(about, func(a, b *Post) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Account, b.Account))
	})
	for range n {
		d := s.dice()
		kind := deck[s.world.answers%len(deck)]
		p := s.ownWord(d)
		if len(about) > 0 {
			root := about[s.world.answers%len(about)]
			p = s.comment(d, root, kind)
			s.grow(root, int64(20+d.IntN(60)), 1, 0)
		}
		s.world.answers++
		if id := s.utter(p); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// dice are the same for the same seed and the same number of acts before.
func (s *Sandbox) dice() *rand.Rand {
	s.world.acts++
	return rand.New(rand.NewPCG(uint64(s.world.seed), uint64(s.world.spoken)<<20+uint64(s.world.acts)))
}

// talkedAbout are our own recent posts, newest first.
func (s *Sandbox) talkedAbout() []*Post {
	var out []*Post
	now := s.now()
	for _, p := range slices.Backward(s.world.order) {
		if p.Ours && p.Kind == kindPost && !p.Deleted && !p.Draft && now.Sub(p.At) < interest {
			out = append(out, p)
		}
		if len(out) == 40 {
			break
		}
	}
	return out
}

// appetite is how many citizens have something to say to a post.
func appetite(p *Post) int {
	return 3 + int(spread(p.ID)%9)
}

func spread(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

// utter publishes what a citizen says.
func (s *Sandbox) utter(p *Post) string {
	if p == nil || s.world.isBlocked(p.Platform, p.Account, p.AuthorID) {
		return ""
	}
	if err := s.publish(p, s.now()); err != nil {
		s.log.Error("sandbox: a citizen could not be heard", "err", err)
		return ""
	}
	return p.ID
}

func (s *Sandbox) citizen(d *rand.Rand, platform, account string) *Post {
	who := personas()[d.IntN(len(personas()))]
	if habitOf(platform).names {
		who.handle = who.name
	}
	p := s.world.person(platform, who.handle, who.name)
	return &Post{Platform: platform, Account: account, AuthorID: p.ID, Author: p.Handle}
}

// comment is a citizen's comment below a post.
func (s *Sandbox) comment(d *rand.Rand, root *Post, kind string) *Post {
	p := s.citizen(d, root.Platform, root.Account)
	p.Kind, p.InReplyTo = kindComment, root.ID
	p.Text = s.compose(d, kind, root.Text)
	return p
}

// ownWord is something a citizen says to an office without being asked.
func (s *Sandbox) ownWord(d *rand.Rand) *Post {
	reachable := slices.DeleteFunc(slices.Clone(s.world.accounts), func(a *Account) bool { return len(habitOf(a.Platform).hears) == 0 })
	a := reachable[d.IntN(len(reachable))]
	p := s.citizen(d, a.Platform, a.ID)
	p.Kind = habitOf(a.Platform).hears[0]
	if p.Kind == kindDirect {
		p.Thread = directThread(p)
	}
	p.Text = s.compose(d, []string{kindReport, kindAsk, kindComplain, kindRescue, kindReport, kindAsk}[d.IntN(6)], "")
	if p.Kind == kindMention && a.Platform != Facebook {
		p.Text = "@" + a.Handle + " " + p.Text
	}
	return p
}

// chatter is one citizen answering another.
func (s *Sandbox) chatter(d *rand.Rand, about []*Post) *Post {
	root := about[d.IntN(len(about))]
	all := s.world.replies(root)
	if len(all) == 0 {
		return nil
	}
	to := all[d.IntN(len(all))]
	if to.Ours || to.Hidden {
		return nil
	}
	p := s.citizen(d, root.Platform, root.Account)
	if p.AuthorID == to.AuthorID {
		return nil
	}
	p.Kind, p.InReplyTo = kindComment, to.ID
	p.Text = s.compose(d, kindChatter, root.Text)
	return p
}

// followUp is what a citizen says to our answer; nil when everybody has said
// what they wanted. Four in ten never come back.
func (s *Sandbox) followUp(d *rand.Rand) *Post {
	looked := 0
	for _, ours := range slices.Backward(s.world.order) {
		if looked++; looked > 500 {
			return nil
		}
		if !ours.Ours || ours.Kind != kindComment || ours.Deleted || spread("again"+ours.ID)%10 < 4 {
			continue
		}
		asked := s.world.visible(ours.Platform, ours.InReplyTo)
		if asked == nil || asked.Ours || len(s.world.children[at(ours.Platform, ours.ID)]) > 0 {
			continue
		}
		p := &Post{Platform: ours.Platform, Account: ours.Account, AuthorID: asked.AuthorID, Author: asked.Author, Kind: kindComment, InReplyTo: ours.ID}
		p.Text = s.compose(d, kindAgain, asked.Text)
		return p
	}
	return nil
}

// like adds views, likes and now and then a share to a recent post.
func (s *Sandbox) like(d *rand.Rand, about []*Post) {
	if len(about) == 0 {
		return
	}
	shares := int64(0)
	if d.IntN(6) == 0 {
		shares = 1
	}
	s.grow(about[d.IntN(len(about))], int64(8+d.IntN(40)), int64(1+d.IntN(3)), shares)
}

func (s *Sandbox) grow(p *Post, views, likes, shares int64) {
	if err := s.world.change(p, func(p *Post) { p.Views += views; p.Likes += likes; p.Shares += shares }); err != nil {
		s.log.Error("sandbox: a like was lost", "err", err)
	}
}
