package publisher

import (
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/outbox"
	"kentongan/internal/sandbox"
)

// What lies in Redis from before: rings of older epochs, rings come twice,
// rings before the instant.
func TestOldRingsDoNothing(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	early := o.deliveries(o.approved(o.input()).ID)[0]
	post := o.one(o.x, nil)
	o.until(post.ID, Published)
	last := o.promise(post.ID)
	for _, id := range []DeliveryID{early.ID, post.ID} {
		for epoch := int64(-1); epoch <= last.Epoch+1; epoch++ {
			if err := o.Deliver(t.Context(), outbox.Ring{Kind: KindDeliver, Key: string(id), Epoch: epoch}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if now := o.promise(post.ID); now != last {
		t.Errorf("the promise moved: %+v", now)
	}
	if o.delivery(early.ID).State != Waiting || o.promise(early.ID).Epoch != 0 {
		t.Error("one was claimed before its instant")
	}
	o.wantThere(1)
}

// A delivery that is released a day later uploads its pictures anew: what was
// staged then has run out at the platform.
func TestReleasedLaterItIsStagedAnew(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		post := o.one(o.masto, func(in *DraftInput) { in.Media = []Attached{{Media: o.picture(o.officer), Alt: "Genangan"}} })
		o.at("staged", func() { o.exec(`UPDATE channel SET health = 'auth_lost' WHERE id = $1`, o.masto.ID) })
		o.until(post.ID, Held)
		o.exec(`UPDATE channel SET health = 'ok' WHERE id = $1`, o.masto.ID)
		o.exec(`UPDATE stage SET value = 'run out' WHERE delivery_id = $1`, post.ID)
		o.wait(24 * time.Hour)
		if err := o.Release(t.Context(), o.approver, post.ID, o.time()); err != nil {
			t.Fatal(err)
		}
		o.read(func(tx *db.Tx) error {
			values, err := stageValues(t.Context(), tx, post.ID)
			if len(values) != 0 {
				t.Errorf("it would send %v", values)
			}
			return err
		})
		o.until(post.ID, Published)
		o.wantThere(1)
	})
}

// Facebook's addresses hold the second half of an id. What a person confirms
// by its address is the post that was seen, not a stranger's.
func TestConfirmingByAddressIsNoForeignPost(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	post := o.one(o.masto, nil)
	o.setState(post, NeedsPerson)
	err := o.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := channel.Saw(t.Context(), tx, channel.Sighting{Channel: o.masto.ID, RemoteID: "900_77", PostedAt: o.time(), SeenAt: o.time()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := Resolution{Exit: ExitPublished, URL: "https://www.facebook.com/permalink.php?story_fbid=77&id=900"}
	if err := o.Resolve(t.Context(), o.officer, post.ID, found); err != nil {
		t.Fatal(err)
	}
	if got := o.delivery(post.ID); got.RemoteID != "900_77" {
		t.Errorf("it is known as %q", got.RemoteID)
	}
}

// Connecting anew does not make the past of what a stranger posted just before.
func TestConnectingAnewHidesNothing(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	first := o.masto.ConnectedAt
	o.wait(time.Hour)
	if again := o.connect(o.home, "mastodon", 0); again.ID != o.masto.ID || !again.ConnectedAt.Equal(first) {
		t.Errorf("connected since %v, was %v", again.ConnectedAt, first)
	}
}

// The platform never lets itself be read: after an hour or two a person is
// asked, whose word sends it once.
func TestWhoCannotBeReadBackIsAPersonsCase(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	o.sandbox.AddFault(sandbox.Fault{Platform: "mastodon", Op: "publish", Kind: "drop"})
	post := o.one(o.masto, nil)
	if err := o.ring(post.ID); err != nil {
		t.Fatal(err)
	}
	o.sandbox.AddFault(sandbox.Fault{Platform: "mastodon", Op: "find", Kind: "5xx-html", Count: -1})
	began := o.time()
	if got := o.until(post.ID, NeedsPerson); got.Code != "delivery.cannot_look" {
		t.Errorf("%s", got.Code)
	}
	if took := o.time().Sub(began); took > 3*time.Hour {
		t.Errorf("a person was asked after %v", took)
	}
	o.sandbox.ClearFaults()
	if v := o.view(PostID(post.OriginID)); v.State != PostDone || v.Status != StatusAttention {
		t.Errorf("the post stands at %s, %s", v.State, v.Status)
	}
	if err := o.Resolve(t.Context(), o.approver, post.ID, Resolution{Exit: ExitSendAgain}); err != nil {
		t.Fatal(err)
	}
	if v := o.view(PostID(post.OriginID)); v.State != PostScheduled {
		t.Errorf("the post stands at %s", v.State)
	}
	o.until(post.ID, Published)
	o.wantThere(1)
	if v := o.view(PostID(post.OriginID)); v.State != PostDone || v.Status != StatusPublished {
		t.Errorf("in the end it stands at %s, %s", v.State, v.Status)
	}
}
