package publisher

import (
	"strings"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
	"kentongan/internal/sandbox"
)

// The platform says that one call is left. It is used, not put off.
func TestTheLastCallOfThePaceIsUsed(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	post := o.one(o.masto, nil)
	o.exec(`UPDATE channel SET pace_remaining = 1, pace_reset = $1 WHERE id = $2`, db.Micros(o.time().Add(time.Hour)), o.masto.ID)
	if err := o.ring(post.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.delivery(post.ID); got.State != Published {
		t.Errorf("it stands at %s until %v", got.State, o.promise(post.ID).Due)
	}
}

// The platform throttles until long after the lateness limit: people hear at
// the limit that it was missed, and it does not go out by itself later.
func TestThrottledBeyondTheLimitIsMissedAtTheLimit(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	o.sandbox.AddFault(sandbox.Fault{Platform: "mastodon", Op: "publish", Kind: "429", MS: int(2 * time.Hour / time.Millisecond)})
	post := o.one(o.masto, nil)
	if err := o.ring(post.ID); err != nil {
		t.Fatal(err)
	}
	row := o.promise(post.ID)
	if after := row.Due.Sub(post.Due); o.delivery(post.ID).State != Waiting || after <= o.Lateness || after > o.Lateness+time.Second {
		t.Errorf("%s, looked at again after %v", o.delivery(post.ID).State, after)
	}
	o.until(post.ID, Missed)
	o.wait(3 * time.Hour)
	if err := o.ring(post.ID); err != nil {
		t.Fatal(err)
	}
	o.wantThere(0)
	for _, deed := range []string{"delivery.waiting", "delivery.missed"} {
		if n := o.count("delivery/"+string(post.ID), deed); n != 1 {
			t.Errorf("%d lines in the trail say %s", n, deed)
		}
	}
}

// A revoked credential: this one fails, the next is held, nothing is tried.
func TestARevokedCredentialHoldsTheRest(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	first, second := o.one(o.masto, nil), o.one(o.masto, nil)
	o.sandbox.AddFault(sandbox.Fault{Platform: "mastodon", Op: "publish", Kind: "revoked", Count: -1})
	o.until(first.ID, Failed)
	o.until(second.ID, Held)
	o.read(func(tx *db.Tx) error {
		ch, err := channel.ByID(t.Context(), tx, o.masto.ID)
		if ch.Health != channel.AuthLost {
			t.Errorf("the channel is %s", ch.Health)
		}
		n := must(db.One(t.Context(), tx, "", db.Value[int64], `SELECT COUNT(*) FROM attempt WHERE act = 'publish'`))(t)
		if n != 1 {
			t.Errorf("%d calls", n)
		}
		return err
	})
	if o.count("channel/"+string(o.masto.ID), "channel.auth_lost") != 1 || o.count("delivery/"+string(first.ID), "delivery.failed") != 1 ||
		o.count("delivery/"+string(second.ID), "delivery.held") != 1 {
		t.Error("the trail does not tell")
	}
	o.wantThere(0)
}

// The same words twice on purpose: each is there once, even when neither call
// got an answer.
func TestTheSameWordsTwice(t *testing.T) {
	for _, kind := range []string{"", "commit-then-drop", "drop"} {
		t.Run(kind, func(t *testing.T) {
			o := newOffice(t, dbtest.New(t))
			first, second := o.one(o.masto, nil), o.one(o.masto, nil)
			if kind != "" {
				o.sandbox.AddFault(sandbox.Fault{Platform: "mastodon", Op: "publish", Kind: kind, Count: 2})
			}
			for _, d := range []Delivery{first, second} { // both calls before any look
				if err := o.ring(d.ID); err != nil {
					t.Fatal(err)
				}
			}
			a, b := o.until(second.ID, Published), o.until(first.ID, Published)
			if a.RemoteID == b.RemoteID {
				t.Error("one post confirmed both")
			}
			o.wantThere(2)
		})
	}
}

// X and its refusal of a repeated text: read back, then a person, no loop.
func TestADuplicateRefusalDoesNotLoop(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	first := o.one(o.x, nil)
	o.until(first.ID, Published)
	o.wait(10 * time.Minute)
	second := o.one(o.x, nil)
	if got := o.until(second.ID, Failed); got.Code != "delivery.duplicate" {
		t.Errorf("%s", got.Code)
	}
	o.wantThere(1)
	o.read(func(tx *db.Tx) error {
		n := must(db.One(t.Context(), tx, "", db.Value[int64], `SELECT COUNT(*) FROM attempt WHERE act = 'publish' AND delivery_id = $1`, second.ID))(t)
		if n != 1 {
			t.Errorf("sent %d times", n)
		}
		return nil
	})
}

// Who changes or withdraws a post while its pictures are being uploaded.
func TestChangingWhileItIsStaged(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	post := o.one(o.masto, nil)
	o.at("staged", func() {
		in := o.editing(o.view(PostID(post.OriginID)).Post)
		in.Text += " Ralat."
		_, err := o.Draft(t.Context(), o.officer, in)
		wantFault(t, err, fault.Conflict, "post.leaving")
		_, err = o.Withdraw(t.Context(), o.officer, PostID(post.OriginID))
		wantFault(t, err, fault.Conflict, "post.withdraw.nothing_left")
	})
	if err := o.ring(post.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.delivery(post.ID); got.State != Published {
		t.Errorf("it stands at %s", got.State)
	}
	all := o.sandbox.World()
	if last := all[len(all)-1]; strings.Contains(last.Text, "Ralat") {
		t.Errorf("it says %q", last.Text)
	}
}

// A sighting may come before the receipt is recorded; and an old delivery that
// waits for a person must not cover a foreign post.
func TestWatchingOurOwnChannel(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		health := func() (h channel.Health) {
			o.read(func(tx *db.Tx) error {
				ch, err := channel.ByID(t.Context(), tx, o.masto.ID)
				h = ch.Health
				return err
			})
			return h
		}
		see := func(id string, at time.Time) {
			err := d.Update(t.Context(), func(tx *db.Tx) error {
				if _, err := channel.Saw(t.Context(), tx, channel.Sighting{Channel: o.masto.ID, RemoteID: id, PostedAt: at, SeenAt: o.time()}); err != nil {
					return err
				}
				return outbox.Nudge(t.Context(), tx, outbox.Promise{Kind: KindWatch, Key: string(o.masto.ID), Agency: o.home, Class: outbox.Inbox, Due: o.time()})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		watch := func() {
			var row outbox.Row
			o.read(func(tx *db.Tx) (err error) {
				row, err = outbox.One(t.Context(), tx, KindWatch, string(o.masto.ID))
				return err
			})
			if row.Due.After(o.time()) {
				o.wait(row.Due.Sub(o.time()))
			}
			if err := o.Watch(t.Context(), outbox.Ring{Kind: KindWatch, Key: row.Key, Epoch: row.Epoch}); err != nil {
				t.Fatal(err)
			}
		}
		o.wait(time.Minute)
		post := o.one(o.masto, nil)
		o.at("answered", func() {
			all := o.sandbox.World()
			see(all[len(all)-1].ID, all[len(all)-1].At)
			watch()
		})
		if err := o.ring(post.ID); err != nil {
			t.Fatal(err)
		}
		o.Step = nil
		if watch(); health() != channel.OK {
			t.Fatal("our own post froze its channel")
		}
		// Another office of the city speaks through the same account.
		o.wait(time.Hour)
		o.exec(`UPDATE channel SET remote_id = $1 WHERE id = $2`, o.masto.RemoteID, o.foreign.ID)
		o.exec(`UPDATE delivery SET channel_id = $1 WHERE id = $2`, o.foreign.ID, post.ID)
		o.exec(`UPDATE sighting SET state = 'new' WHERE channel_id = $1`, o.masto.ID)
		see("nudge-only", o.masto.ConnectedAt.Add(-time.Hour))
		if watch(); health() != channel.OK {
			t.Fatal("the other office's post froze the channel they share")
		}
		// One of ours has waited for a person since an hour ago.
		stuck := o.one(o.masto, nil)
		o.sandbox.AddFault(sandbox.Fault{Platform: "mastodon", Op: "publish", Kind: "drop"})
		if err := o.ring(stuck.ID); err != nil {
			t.Fatal(err)
		}
		o.setState(o.delivery(stuck.ID), NeedsPerson)
		o.wait(time.Hour)
		see("foreign", o.time())
		if watch(); health() != channel.Frozen {
			t.Error("a foreign post raised no alarm")
		}
	})
}

func TestAReplyWithoutAnInstantLeavesNow(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	var id DeliveryID
	err := o.DB.Update(t.Context(), func(tx *db.Tx) (err error) {
		id, err = o.Enqueue(t.Context(), tx, Outgoing{Agency: o.home, Channel: o.masto.ID, OriginID: "r", SignedBy: o.both.ID, Payload: Payload{Text: "Terima kasih"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.until(id, Published)
	o.wantThere(1)
}
