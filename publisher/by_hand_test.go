package publisher

import (
	"strings"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/manual"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/x"
)

// byHand connects an account that a person publishes on.
func (o *office) byHand(name platform.Name, handle, address string) channel.Channel {
	o.t.Helper()
	for _, n := range manual.Names() {
		o.Channels.Connectors[n] = manual.New(n)
	}
	admin := identity.NewActor("admin", "admin", o.home, identity.Web, map[identity.AgencyID][]identity.Role{o.home: {identity.Admin}})
	return must(o.Channels.ConnectManual(o.t.Context(), admin, channel.Manual{Platform: name, Handle: handle, URL: address}))(o.t)
}

func (o *office) whatsapp() channel.Channel {
	return o.byHand(platform.WhatsAppChannel, "Kota Tirtawangi", "https://whatsapp.com/channel/0029VaTirta")
}

func TestAPersonPublishesByHand(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		ch := o.whatsapp()
		post := o.one(ch, nil)
		task := o.until(post.ID, ByHand)
		if row := o.promise(post.ID); row.State != outbox.Done || task.Code != "delivery.by_hand" {
			t.Errorf("its promise is %s, %s", row.State, task.Code)
		}
		v := o.view(PostID(post.OriginID))
		if v.State != PostScheduled || v.Status != StatusByHand {
			t.Errorf("the post stands at %s, %s", v.State, v.Status)
		}
		if all := must(o.AwaitingHands(ctx, o.officer))(t); len(all) != 1 || all[0].ID != post.ID {
			t.Errorf("%d tasks", len(all))
		}
		h := must(o.HandOver(ctx, o.officer, post.ID))(t)
		if h.Guide != "https://web.whatsapp.com/" || h.Payload.Text == "" {
			t.Errorf("%+v", h)
		}
		for _, c := range []struct {
			name, url, code string
			by              identity.Actor
			kind            fault.Kind
			at              time.Time
		}{
			{"by who may only look", "https://whatsapp.com/channel/0029VaTirta/101", "delivery.resolve.no_power", o.auditor, fault.Denied, time.Time{}},
			{"by another agency", "https://whatsapp.com/channel/0029VaTirta/101", "delivery.not_found", o.stranger, fault.NotFound, time.Time{}},
			{"elsewhere", "https://whatsapp.com.example/channel/1", "delivery.by_hand.elsewhere", o.officer, fault.Invalid, time.Time{}},
			{"without an address", " ", "delivery.resolve.address", o.officer, fault.Invalid, time.Time{}},
			{"tomorrow", "https://whatsapp.com/channel/0029VaTirta/101", "delivery.by_hand.future", o.officer, fault.Invalid, o.time().Add(time.Hour)},
		} {
			wantFault(t, o.PublishedByHand(ctx, c.by, post.ID, c.url, c.at), c.kind, c.code)
		}
		if n := o.count("delivery/"+string(post.ID), "delivery.by_hand.refused"); n != 1 {
			t.Errorf("%d refusals in the trail", n)
		}
		o.wait(20 * time.Minute)
		if late, over := o.HandLate(task); !late || over {
			t.Errorf("late %v, over %v", late, over)
		}
		seen := o.time().Add(-time.Minute)
		if err := o.PublishedByHand(ctx, o.officer, post.ID, " https://whatsapp.com/channel/0029VaTirta/101 ", seen); err != nil {
			t.Fatal(err)
		}
		done := o.delivery(post.ID)
		if done.State != Published || done.RemoteID != "101" || done.HandBy != o.officer.ID || !done.PublishedAt.Equal(seen) || done.RemoteURL != "https://whatsapp.com/channel/0029VaTirta/101" {
			t.Errorf("%+v", done)
		}
		if v := o.view(PostID(post.OriginID)); v.State != PostDone || v.Status != StatusPublished {
			t.Errorf("the post stands at %s, %s", v.State, v.Status)
		}
		wantFault(t, o.PublishedByHand(ctx, o.officer, post.ID, "https://whatsapp.com/channel/0029VaTirta/102", time.Time{}), fault.Conflict, "delivery.not_now")
		if n := o.count("delivery/"+string(post.ID), "delivery.by_hand.published"); n != 1 {
			t.Errorf("%d lines in the trail", n)
		}
		// The same address is not two publications.
		next := o.until(o.one(ch, nil).ID, ByHand)
		wantFault(t, o.PublishedByHand(ctx, o.officer, next.ID, "https://whatsapp.com/channel/0029VaTirta/101", time.Time{}), fault.Conflict, "delivery.resolve.owned")
		if err := o.Resolve(ctx, o.officer, next.ID, Resolution{Exit: ExitCancel}); err != nil {
			t.Fatal(err)
		}
		if v := o.view(PostID(next.OriginID)); v.Status != StatusWithdrawn {
			t.Errorf("what shall not be published stands at %s", v.Status)
		}
	})
}

func TestNothingUnsignedIsPublishedByHand(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		ch := o.whatsapp()
		const address = "https://whatsapp.com/channel/0029VaTirta/7"
		for _, c := range []struct {
			name   string
			change func(Delivery)
		}{
			{"its words are others", func(d Delivery) {
				o.exec(`UPDATE delivery SET payload = REPLACE(payload, 'Kenanga', 'Melati') WHERE id = $1`, d.ID)
			}},
			{"its signature ended", func(d Delivery) { o.exec(`UPDATE approval SET voided_at = 1 WHERE origin_id = $1`, d.OriginID) }},
		} {
			task := o.until(o.one(ch, nil).ID, ByHand)
			c.change(task)
			wantFault(t, o.PublishedByHand(ctx, o.officer, task.ID, address, time.Time{}), fault.Conflict, "delivery.by_hand.unsigned")
		}
		withdrawn := o.until(o.one(ch, nil).ID, ByHand)
		if w := must(o.Withdraw(ctx, o.officer, PostID(withdrawn.OriginID)))(t); len(w.Stopped) != 1 {
			t.Errorf("%+v", w)
		}
		wantFault(t, o.PublishedByHand(ctx, o.officer, withdrawn.ID, address, time.Time{}), fault.Conflict, "delivery.not_now")
		early := o.deliveries(o.approved(DraftInput{Text: "Nanti.", Variants: []VariantContent{{Channel: ch.ID}}, When: When{Wall: "2026-11-24T08:30", Zone: "Asia/Jakarta"}}).ID)[0]
		wantFault(t, o.PublishedByHand(ctx, o.officer, early.ID, address, time.Time{}), fault.Conflict, "delivery.not_now")
	})
}

// An edit of a post whose task is open ends the task.
func TestAnEditEndsATask(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	task := o.until(o.one(o.whatsapp(), nil).ID, ByHand)
	in := o.editing(o.view(PostID(task.OriginID)).Post)
	in.Text = "Jalan Kenanga dibuka."
	o.draft(o.officer, in)
	if got := o.delivery(task.ID); got.State != Void {
		t.Errorf("it stands at %s", got.State)
	}
}

func (o *office) saw(ch channel.Channel, s channel.Sighting) string {
	o.t.Helper()
	s.Channel, s.SeenAt = ch.ID, o.time()
	if s.PostedAt.IsZero() {
		s.PostedAt = o.time()
	}
	err := o.DB.Update(o.t.Context(), func(tx *db.Tx) error {
		if _, err := channel.Saw(o.t.Context(), tx, s); err != nil {
			return err
		}
		return outbox.Put(o.t.Context(), tx, outbox.Promise{Kind: KindWatch, Key: string(ch.ID), Agency: ch.Agency, Class: outbox.Inbox, Due: o.time()})
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return o.watch(ch, s.RemoteID)
}

// watch looks at the channel's sightings and says what became of one.
func (o *office) watch(ch channel.Channel, remoteID string) (state string) {
	o.t.Helper()
	var row outbox.Row
	o.read(func(tx *db.Tx) (err error) {
		row, err = outbox.One(o.t.Context(), tx, KindWatch, string(ch.ID))
		return err
	})
	if row.Due.After(o.time()) {
		o.wait(row.Due.Sub(o.time()))
	}
	if err := o.Watch(o.t.Context(), outbox.Ring{Kind: KindWatch, Key: string(ch.ID), Epoch: row.Epoch}); err != nil {
		o.t.Fatal(err)
	}
	o.read(func(tx *db.Tx) (err error) {
		state, err = db.One(o.t.Context(), tx, "", db.Value[string], `SELECT state FROM sighting WHERE channel_id = $1 AND remote_id = $2`, ch.ID, remoteID)
		return err
	})
	return state
}

func (o *office) health(ch channel.Channel) (h channel.Health) {
	o.t.Helper()
	o.read(func(tx *db.Tx) error {
		c, err := channel.ByID(o.t.Context(), tx, ch.ID)
		h = c.Health
		return err
	})
	return h
}

// What a person publishes by hand on an account that is watched is theirs.
func TestAWatchedAccountKnowsWhatWasPublishedByHand(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		hand := o.byHand(platform.X, "@"+strings.TrimPrefix(o.x.Handle, "@"), "https://x.com/tirtawangi")
		print := func(d Delivery) string {
			return channel.Fingerprint(platform.Compose(platform.Outgoing{Text: d.Payload.Text, Link: d.Payload.Link}))
		}
		// Seen before the person wrote it down.
		task := o.until(o.one(hand, nil).ID, ByHand)
		if got := o.saw(o.x, channel.Sighting{RemoteID: "555", URL: "https://x.com/tirtawangi/status/555", Fingerprint: print(task)}); got != channel.SightingOurs {
			t.Errorf("it is %s", got)
		}
		if done := o.delivery(task.ID); done.State != Published || done.RemoteID != "555" {
			t.Errorf("the task stands at %s %s", done.State, done.RemoteID)
		}
		// Written down under another form of its address first.
		task = o.until(o.one(hand, func(in *DraftInput) { in.Text = "Jalan Melati ditutup." }).ID, ByHand)
		if err := o.PublishedByHand(ctx, o.officer, task.ID, "https://x.com/tirtawangi/status/kode", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got := o.saw(o.x, channel.Sighting{RemoteID: "556", URL: "https://x.com/tirtawangi/status/556", Fingerprint: print(task)}); got != channel.SightingOurs {
			t.Errorf("it is %s", got)
		}
		if done := o.delivery(task.ID); done.RemoteID != "556" || done.HandBy != o.officer.ID {
			t.Errorf("%s by %s", done.RemoteID, done.HandBy)
		}
		if h := o.health(o.x); h != channel.OK {
			t.Errorf("the channel is %s", h)
		}
		// A second one that says the same, and one that says something else, are not.
		if got := o.saw(o.x, channel.Sighting{RemoteID: "557", Fingerprint: print(task)}); got != channel.SightingForeign {
			t.Errorf("a second one is %s", got)
		}
		if h := o.health(o.x); h != channel.Frozen {
			t.Errorf("the channel is %s", h)
		}
	})
}

func TestATaskThatIsNotDueCoversNothing(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	hand := o.byHand(platform.X, o.x.Handle, "https://x.com/tirtawangi")
	task := o.deliveries(o.approved(DraftInput{Text: "Besok.", Variants: []VariantContent{{Channel: hand.ID}}, When: When{Wall: "2026-11-24T08:30", Zone: "Asia/Jakarta"}}).ID)[0]
	if got := o.saw(o.x, channel.Sighting{RemoteID: "1", Fingerprint: channel.Fingerprint(task.Payload.Text)}); got != channel.SightingForeign {
		t.Errorf("it is %s", got)
	}
}

// answer is a reply of a moderator on its way.
func (o *office) answer(ch channel.Channel) Delivery {
	o.t.Helper()
	var id DeliveryID
	err := o.DB.Update(o.t.Context(), func(tx *db.Tx) (err error) {
		id, err = o.Enqueue(o.t.Context(), tx, Outgoing{Agency: o.home, Channel: ch.ID, OriginID: db.NewID(), Payload: Payload{Text: "Sudah kami teruskan.", InReplyTo: "77"}, SignedBy: o.officer.ID})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return o.delivery(id)
}

func (o *office) kept(kind string, id DeliveryID) bool {
	o.t.Helper()
	n := 0
	o.read(func(tx *db.Tx) error {
		_, err := outbox.One(o.t.Context(), tx, kind, string(id))
		if err == nil {
			n++
		}
		return nil
	})
	return n == 1
}

// X takes an answer from people alone when nobody summoned us: a person gives
// it there, and the citizen's clock stops.
func TestARefusedAnswerIsGivenByHand(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		moderator := identity.NewActor("mod", "mod", o.home, identity.Web, map[identity.AgencyID][]identity.Role{o.home: {identity.Moderator}})
		a := o.setState(o.answer(o.x), Failed)
		wantFault(t, o.PublishedByHand(ctx, o.auditor, a.ID, "https://x.com/tirtawangi/status/9", time.Time{}), fault.Denied, "delivery.resolve.no_power")
		if err := o.PublishedByHand(ctx, moderator, a.ID, "https://x.com/tirtawangi/status/9", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if done := o.delivery(a.ID); done.State != Published || done.RemoteID != "9" || !o.kept(KindAnswered, a.ID) {
			t.Errorf("%s %s", done.State, done.RemoteID)
		}
		// A post that was refused is no answer.
		post := o.setState(o.one(o.x, nil), Failed)
		wantFault(t, o.PublishedByHand(ctx, o.officer, post.ID, "https://x.com/tirtawangi/status/10", time.Time{}), fault.Conflict, "delivery.not_now")
	})
}

func TestWhatThePlatformSaysLater(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		t.Run("it names what nobody was sure of", func(t *testing.T) {
			a := o.setState(o.answer(o.masto), Sending)
			a = o.setState(a, Unconfirmed)
			o.exec(`INSERT INTO attempt (delivery_id, epoch, act, key, started_at, ended_at, outcome) VALUES ($1, 1, 'publish', 'k', $2, $2, 'unknown')`, a.ID, db.Micros(o.time()))
			o.exec(`UPDATE promise SET state = 'open', lease_until = 0, due_at = $1 WHERE key = $2`, db.Micros(o.time().Add(time.Hour)), a.ID)
			if got := o.saw(o.masto, channel.Sighting{RemoteID: "wamid.1", DeliveryKey: a.Key()}); got != channel.SightingNew {
				t.Errorf("it is %s before the delivery adopts it", got)
			}
			if due := o.promise(a.ID).Due; due.After(o.time()) {
				t.Errorf("it is looked at in %v", due.Sub(o.time()))
			}
			if done := o.until(a.ID, Published); done.RemoteID != "wamid.1" {
				t.Errorf("it took %s", done.RemoteID)
			}
			if got := o.watch(o.masto, "wamid.1"); got != channel.SightingOurs {
				t.Errorf("it is %s", got)
			}
		})
		t.Run("it could not deliver an answer", func(t *testing.T) {
			a := o.answer(o.masto)
			a.RemoteID = "wamid.2"
			a = o.setState(a, Published)
			o.exec(`INSERT INTO attempt (delivery_id, epoch, act, key, started_at, ended_at, outcome, remote_id) VALUES ($1, 1, 'publish', 'k', $2, $2, 'published', 'wamid.2')`, a.ID, db.Micros(o.time()))
			o.saw(o.masto, channel.Sighting{RemoteID: "wamid.2", DeliveryKey: a.Key()})
			if got := o.saw(o.masto, channel.Sighting{RemoteID: "wamid.2", DeliveryKey: a.Key(), Failed: "platform.person_unreachable"}); got != channel.SightingOurs {
				t.Errorf("it is %s", got)
			}
			done := o.delivery(a.ID)
			if done.State != Failed || done.Code != "platform.person_unreachable" || !o.kept(KindUndelivered, a.ID) {
				t.Fatalf("%s %s", done.State, done.Code)
			}
			moderator := identity.NewActor("mod", "mod", o.home, identity.Web, map[identity.AgencyID][]identity.Role{o.home: {identity.Moderator}})
			if err := o.Release(ctx, moderator, a.ID, time.Time{}); err != nil {
				t.Fatal(err)
			}
			if err := o.ring(a.ID); err != nil {
				t.Fatal(err)
			}
			if again := o.delivery(a.ID); again.RemoteID == "wamid.2" && again.State == Published {
				t.Error("what could not be delivered was taken for the new try")
			}
		})
		t.Run("it speaks of a post", func(t *testing.T) {
			post := o.one(o.masto, nil)
			post.RemoteID = "9001"
			post = o.setState(post, Published)
			o.saw(o.masto, channel.Sighting{RemoteID: "9001", Failed: "platform.person_unreachable"})
			if got := o.delivery(post.ID); got.State != Published {
				t.Errorf("a post is %s", got.State)
			}
		})
		t.Run("it gives back a key that is not of this account", func(t *testing.T) {
			other := o.answer(o.x)
			other = o.setState(o.setState(other, Sending), NeedsPerson)
			o.saw(o.masto, channel.Sighting{RemoteID: "5", DeliveryKey: other.Key(), InReplyTo: "1"})
			if got := o.delivery(other.ID); got.State != NeedsPerson {
				t.Errorf("it is %s", got.State)
			}
		})
	})
}

func TestWhatCostsTooMuchIsHeld(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		o.able(x.Name, nil).price = 15_000
		o.RupiahPerDollar = 16_000
		budget := int64(40_000)
		o.Budget = func(channel.Channel) int64 { return budget }
		in := o.input()
		r := must(o.Check(ctx, o.officer, in))(t)
		for _, k := range r.Channels {
			if k.Channel == o.x.ID && (k.Price != 15_000 || k.Rupiah != 240) {
				t.Errorf("%+v", k)
			}
		}
		post := o.one(o.x, nil)
		waiting := o.submitted(o.input())
		o.exec(`INSERT INTO spending (channel_id, month, calls, usd_micros) VALUES ($1, '2026-11', 1, 30000)`, o.x.ID)
		if got := o.until(post.ID, Held); got.Code != "delivery.over_budget" {
			t.Errorf("it is held for %s", got.Code)
		}
		wantFault(t, o.Approve(ctx, o.approver, waiting.ID, waiting.Digest), fault.Invalid, "post.over_budget")
		fresh := o.draft(o.officer, o.input())
		_, err := o.Submit(ctx, o.officer, fresh.ID, fresh.Revision)
		wantFault(t, err, fault.Invalid, "post.over_budget")
		budget = 100_000
		if err := o.Release(ctx, o.approver, post.ID, time.Time{}); err != nil {
			t.Fatal(err)
		}
		o.until(post.ID, Published)
	})
}

func TestPlatformsOwnRulesAreCheckedUntilTheSignature(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	c := o.able(mastodon.Name, nil)
	p := o.submitted(o.input())
	c.rules = []*platform.Refusal{{Code: "platform.too_many_links", Said: "3", Fix: platform.FixAuthor}}
	wantFault(t, o.Approve(ctx, o.approver, p.ID, p.Digest), fault.Invalid, "platform.too_many_links")
	r := must(o.Check(ctx, o.officer, o.input()))(t)
	if r.Blocking() == nil || len(r.Of("variants."+string(o.masto.ID)+".text")) != 1 {
		t.Errorf("%+v", r.Findings)
	}
	c.change = func(can *platform.Capabilities) { can.NoPosts = true }
	if o.TakesPosts(o.masto) || !o.TakesPosts(o.x) {
		t.Error("a platform without a public is offered for posts")
	}
	c.rules, c.change = nil, nil
	if err := o.Approve(ctx, o.approver, p.ID, p.Digest); err != nil {
		t.Error(err)
	}
}
