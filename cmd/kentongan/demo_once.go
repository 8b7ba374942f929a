package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/internal/sandbox"
	"kentongan/moderation"
	"kentongan/publisher"
)

// walk is the whole path once: from a draft to an answer that a citizen can
// read, over the same verbs, queue and wire protocols as in an office.
type walk struct {
	*demonstration
	c       *call
	office  identity.Agency
	rina    identity.Actor // composes
	hendra  identity.Actor // approves
	siti    identity.Actor // moderates and answers
	dewi    identity.Actor // leads
	post    publisher.Post
	sent    int
	spam    inbox.Message
	plea    inbox.Message
	replies int
}

// patience is how long a step may take before the walk has failed.
const stepLimit = 40 * time.Second

// demoOnce walks the path unattended, prints a line a step, and fails when any
// step did not happen.
func demoOnce(ctx context.Context, c *call, seed int64) (err error) {
	folder, err := os.MkdirTemp("", "kentongan-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	cfg := demoConfig(folder)
	cfg.PollEvery = 300 * time.Millisecond
	d, err := openDemo(ctx, c, cfg, sandbox.Options{Seed: seed})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	d.publisher.MeasureAfter = 500 * time.Millisecond
	d.channels.Hook = nil // no page is served: everything is asked for
	platforms := &httptest.Server{Listener: d.line, Config: newServer(d.box.Handler())}
	platforms.Start()
	defer platforms.Close()
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.queue.Run(ctx) }()
	defer func() { stop(); err = errors.Join(err, <-ended) }()
	w := &walk{demonstration: d, c: c}
	for n, step := range w.steps() {
		began := time.Now()
		said, err := step.do(ctx)
		if err != nil {
			fmt.Fprintf(c.out, "%2d. %s: %s\n", n+1, c.words.T("demo.step."+step.name), c.words.T("demo.said.failed"))
			return err
		}
		fmt.Fprintf(c.out, "%2d. %s: %s (%d ms)\n", n+1, c.words.T("demo.step."+step.name), said, time.Since(began).Milliseconds())
	}
	return nil
}

type step struct {
	name string
	do   func(context.Context) (said string, err error)
}

func (w *walk) steps() []step {
	return []step{
		{"open", w.open}, {"compose", w.compose}, {"own", w.own}, {"approve", w.approve}, {"publish", w.publish},
		{"citizens", w.citizens}, {"triage", w.triage}, {"hide", w.hide}, {"answer", w.answer},
		{"measure", w.measure}, {"report", w.report}, {"audit", w.audit},
	}
}

// until repeats look until it says true.
func until(ctx context.Context, look func() (bool, error)) error {
	limit := time.NewTimer(stepLimit)
	defer limit.Stop()
	for {
		ok, err := look()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return fault.New(fault.Transient, "demo.did_not_happen")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (w *walk) open(ctx context.Context) (string, error) {
	var err error
	if w.office, err = w.people.CreateAgency(ctx, identity.Operator(), offices[0]); err != nil {
		return "", err
	}
	actors := map[string]identity.Actor{}
	if err := w.hire(ctx, w.office, actors); err != nil {
		return "", err
	}
	if err := w.connect(ctx, w.office, 0); err != nil {
		return "", err
	}
	cookie, err := w.people.SignIn(ctx, "rina", demoPassword)
	if err != nil {
		return "", err
	}
	if w.rina, _, err = w.people.Session(ctx, cookie); err != nil {
		return "", err
	}
	w.hendra, w.siti, w.dewi = actors["hendra"], actors["siti"], actors["dewi"]
	channels, err := w.fitting(ctx, w.office.ID, script{})
	return w.c.words.T("demo.said.open", "people", len(actors), "channels", len(channels)), err
}

func (w *walk) compose(ctx context.Context) (string, error) {
	all, err := w.fitting(ctx, w.office.ID, script{})
	if err != nil {
		return "", err
	}
	s := scripts()[0]
	w.post, err = w.publisher.Draft(ctx, w.rina, publisher.DraftInput{
		Title: s.title, Text: s.text, Link: s.link, Variants: all, When: publisher.When{Zone: w.office.Zone}})
	if err != nil {
		return "", err
	}
	w.post, err = w.publisher.Submit(ctx, w.rina, w.post.ID, w.post.Revision)
	return w.c.words.T("demo.said.compose", "variants", len(w.post.Variants)), err
}

// own proves that the author cannot sign her own post.
func (w *walk) own(ctx context.Context) (string, error) {
	// Small offices give one person both roles: the power alone must not do.
	both := identity.NewActor(w.rina.ID, w.rina.Name, w.office.ID, w.rina.Via, map[identity.AgencyID][]identity.Role{w.office.ID: {identity.Officer, identity.Approver}})
	err := w.publisher.Approve(ctx, both, w.post.ID, w.post.Digest)
	if fault.KindOf(err) != fault.Denied {
		return "", errors.Join(err, errors.New("the author could approve her own post"))
	}
	return fault.Code(err), nil
}

func (w *walk) approve(ctx context.Context) (string, error) {
	err := w.publisher.Approve(ctx, w.hendra, w.post.ID, w.post.Digest)
	return w.c.words.T("demo.said.approve", "digest", string(w.post.Digest[:16])), err
}

func (w *walk) publish(ctx context.Context) (string, error) {
	want := len(w.post.Variants)
	err := until(ctx, func() (bool, error) {
		v, err := w.publisher.LoadPost(ctx, w.hendra, w.post.ID)
		w.sent = 0
		for _, ch := range v.Channels {
			if ch.Delivery != nil && ch.Delivery.State == publisher.Published && ch.Delivery.RemoteID != "" {
				w.sent++
			}
		}
		return w.sent == want, err
	})
	if err != nil {
		return "", err
	}
	there := 0
	for _, s := range w.box.World() {
		if s.Ours && strings.HasPrefix(s.Text, "Mulai Sabtu ini") {
			there++
		}
	}
	if there != want {
		return "", fmt.Errorf("%d copies on %d platforms", there, want)
	}
	return w.c.words.T("demo.said.publish", "n", w.sent), nil
}

func (w *walk) citizens(ctx context.Context) (string, error) {
	ids := w.box.Answer(24)
	err := until(ctx, func() (bool, error) {
		t, err := w.insight.Today(ctx, w.dewi)
		return t.Messages >= int64(len(ids)), err
	})
	return w.c.words.T("demo.said.citizens", "n", len(ids)), err
}

// triage waits until everything was looked at, and takes out what the next
// steps need: one spam, one citizen to answer.
func (w *walk) triage(ctx context.Context) (string, error) {
	labels := map[string]int{}
	var waiting []inbox.Conversation
	looks := 0
	err := until(ctx, func() (bool, error) {
		if looks++; looks%40 == 0 { // no advertisement yet where one can be hidden: more people write
			w.box.Answer(len(w.post.Variants))
		}
		clear(labels)
		queue, err := w.moderation.Queue(ctx, w.siti, "", 100)
		if err != nil {
			return false, err
		}
		for _, m := range queue {
			for _, l := range m.Labels {
				labels[l]++
			}
			can, err := w.canHide(ctx, m.Message)
			if err != nil {
				return false, err
			}
			if can && hasLabel(m.Message, moderation.Gambling) {
				w.spam = m.Message
			}
		}
		waiting, err = w.inbox.List(ctx, w.siti, inbox.Query{View: inbox.Unanswered, Limit: 100})
		return w.spam.ID != "" && len(waiting) > 0, err
	})
	if err != nil {
		return "", err
	}
	for _, c := range waiting {
		k, err := w.inbox.Load(ctx, w.siti, c.ID)
		if err != nil {
			return "", err
		}
		last := k.Messages[len(k.Messages)-1]
		if !hasLabel(last, moderation.Gambling) && last.Kind == platform.Comment {
			w.plea = last
			break
		}
	}
	if w.plea.ID == "" {
		return "", errors.New("no citizen to answer")
	}
	return w.c.words.T("demo.said.triage", "gambling", labels[string(moderation.Gambling)], "waiting", len(waiting)), nil
}

func hasLabel(m inbox.Message, l moderation.Label) bool {
	for _, have := range m.Labels {
		if have == string(l) {
			return true
		}
	}
	return false
}

// canHide says whether the message's platform lets us hide it.
func (w *walk) canHide(ctx context.Context, m inbox.Message) (can bool, err error) {
	err = w.db.View(ctx, func(tx *db.Tx) error {
		ch, err := channel.Load(ctx, tx, w.office.ID, m.Channel)
		if err != nil {
			return err
		}
		connector, err := w.channels.Connector(ch.Platform)
		if err != nil {
			return err
		}
		account := platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID, Handle: ch.Handle}
		can = m.Kind == platform.Comment && connector.Capabilities(account).Hide
		return nil
	})
	return can, err
}

func (w *walk) hide(ctx context.Context) (string, error) {
	clause := moderation.VerdictOf(w.spam).Suggestion.Clause
	if _, err := w.moderation.Decide(ctx, w.siti, moderation.Order{Messages: []inbox.MessageID{w.spam.ID}, Act: moderation.Hide}); err == nil {
		return "", errors.New("a message could be hidden without a clause")
	}
	decision, err := w.moderation.Decide(ctx, w.siti, moderation.Order{
		Messages: []inbox.MessageID{w.spam.ID}, Act: moderation.Hide, Clause: clause, Reason: "Promosi judi daring, bukan percakapan tentang layanan."})
	if err != nil {
		return "", err
	}
	err = until(ctx, func() (bool, error) {
		for _, s := range w.box.World() {
			if s.ID == w.spam.RemoteID && s.Hidden {
				return true, nil
			}
		}
		return false, nil
	})
	return w.c.words.T("demo.said.hide", "number", decision.Number, "clause", clause), err
}

func (w *walk) answer(ctx context.Context) (string, error) {
	words := "Terima kasih, laporan Anda kami terima dan sedang diperiksa petugas hari ini."
	if _, err := w.moderation.Answer(ctx, w.siti, w.plea.ID, words); err != nil {
		return "", err
	}
	err := until(ctx, func() (bool, error) {
		k, err := w.inbox.Load(ctx, w.siti, w.plea.Conversation)
		return err == nil && !k.AnsweredAt.IsZero(), err
	})
	if err != nil {
		return "", err
	}
	for _, s := range w.box.World() {
		if s.Ours && strings.Contains(s.Text, words) {
			w.replies++
		}
	}
	if w.replies != 1 {
		return "", fmt.Errorf("the answer is %d times on its platform", w.replies)
	}
	return w.c.words.T("demo.said.answer"), nil
}

func (w *walk) measure(ctx context.Context) (string, error) {
	n, want := 0, 0
	for _, v := range w.post.Variants { // some platforms count nothing for programs
		can, err := w.abilities(ctx, v.Channel)
		if err != nil {
			return "", err
		}
		if len(can.Metrics) > 0 {
			want++
		}
	}
	err := until(ctx, func() (bool, error) {
		r, err := w.insight.Report(ctx, w.dewi, time.Now().Add(-time.Hour), time.Now().Add(time.Minute))
		n = 0
		for _, ch := range r.Channels {
			if len(ch.Figures.ByName) > 0 {
				n++
			}
		}
		return n == want, err
	})
	return w.c.words.T("demo.said.measure", "n", n), err
}

func (w *walk) abilities(ctx context.Context, id channel.ID) (can platform.Capabilities, err error) {
	err = w.db.View(ctx, func(tx *db.Tx) error {
		ch, err := channel.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		connector, err := w.channels.Connector(ch.Platform)
		if err == nil {
			can = connector.Capabilities(platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode})
		}
		return err
	})
	return can, err
}

func (w *walk) report(ctx context.Context) (string, error) {
	r, err := w.insight.Report(ctx, w.dewi, time.Now().Add(-time.Hour), time.Now().Add(time.Minute))
	if err == nil && (r.Posts != 1 || r.Response.Answered != 1) {
		err = fmt.Errorf("the report has %d posts and %d answers", r.Posts, r.Response.Answered)
	}
	return w.c.words.T("demo.said.report", "posts", r.Posts, "reactions", r.Total.Reactions, "waiting", r.Waiting.Open), err
}

func (w *walk) audit(ctx context.Context) (string, error) {
	rows, broken, err := audit.Verify(ctx, w.db)
	if err == nil && len(broken) > 0 {
		err = fault.New(fault.Conflict, "audit.broken", fault.Arg("broken", len(broken)), fault.Arg("rows", rows))
	}
	return w.c.words.T("demo.said.audit", "rows", rows), err
}
