package publisher

import (
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

func printOf(d Delivery) string {
	return channel.Fingerprint(platform.Compose(platform.Outgoing{Text: d.Payload.Text, Link: d.Payload.Link}))
}

// Who writes down the very address under which the platform shows it has told
// whose it is: no alarm, and no other task with the same words.
func TestWhatWasWrittenDownUnderItsOwnAddressIsOurs(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		hand := o.byHand(platform.X, o.x.Handle, "https://x.com/tirtawangi")
		done := o.until(o.one(hand, nil).ID, ByHand)
		if err := o.PublishedByHand(ctx, o.officer, done.ID, "https://x.com/tirtawangi/status/601", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got := o.saw(o.x, channel.Sighting{RemoteID: "601", URL: "https://x.com/tirtawangi/status/601", Fingerprint: printOf(done)}); got != channel.SightingOurs {
			t.Errorf("it is %s", got)
		}
		if h := o.health(o.x); h != channel.OK {
			t.Errorf("the channel is %s", h)
		}
		if got := o.delivery(done.ID); got.RemoteID != "601" || got.State != Published {
			t.Errorf("%s %s", got.State, got.RemoteID)
		}
	})
}

func TestTwoTasksWithTheSameWordsAreToldApartByTheAddress(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		hand := o.byHand(platform.X, o.x.Handle, "https://x.com/tirtawangi")
		first := o.until(o.one(hand, nil).ID, ByHand)
		o.wait(time.Minute)
		second := o.until(o.one(hand, nil).ID, ByHand)
		if err := o.PublishedByHand(ctx, o.officer, first.ID, "https://x.com/tirtawangi/status/602", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got := o.saw(o.x, channel.Sighting{RemoteID: "602", URL: "https://x.com/tirtawangi/status/602", Fingerprint: printOf(first)}); got != channel.SightingOurs {
			t.Errorf("it is %s", got)
		}
		if got := o.delivery(second.ID); got.State != ByHand {
			t.Errorf("the task that nobody has done is %s", got.State)
		}
	})
}

// An answer that could not be delivered twice is sent a third time: no id of an
// earlier try is taken for it.
func TestNoEarlierTryProvesALaterOne(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		moderator := identity.NewActor("mod", "mod", o.home, identity.Web, map[identity.AgencyID][]identity.Role{o.home: {identity.Moderator}})
		root := o.until(o.one(o.masto, nil).ID, Published)
		var a Delivery
		err := o.DB.Update(ctx, func(tx *db.Tx) (err error) {
			a.ID, err = o.Enqueue(ctx, tx, Outgoing{Agency: o.home, Channel: o.masto.ID, OriginID: db.NewID(), Payload: Payload{Text: "Sudah kami teruskan.", InReplyTo: root.RemoteID}, SignedBy: o.officer.ID})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		tried := map[string]bool{}
		for range 3 {
			done := o.until(a.ID, Published)
			if tried[done.RemoteID] {
				t.Fatalf("%s was taken again, and nothing was sent", done.RemoteID)
			}
			tried[done.RemoteID] = true
			o.saw(o.masto, channel.Sighting{RemoteID: done.RemoteID, DeliveryKey: done.Key(), Failed: "platform.person_unreachable"})
			if got := o.delivery(a.ID); got.State != Failed {
				t.Fatalf("it is %s", got.State)
			}
			o.wait(2 * time.Hour) // the server has forgotten the key
			if err := o.Release(ctx, moderator, a.ID, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A platform that names one id for two deliveries must not stop the watch.
func TestAnIdThatAnotherDeliveryOwnsIsNotTakenTwice(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		owner := o.answer(o.masto)
		owner.RemoteID = "wamid.7"
		o.setState(owner, Published)
		other := o.setState(o.setState(o.answer(o.masto), Sending), NeedsPerson)
		o.saw(o.masto, channel.Sighting{RemoteID: "wamid.7", DeliveryKey: other.Key(), InReplyTo: "wamid.7"})
		if got := o.delivery(other.ID); got.State != NeedsPerson || got.RemoteID != "" {
			t.Errorf("it is %s %s", got.State, got.RemoteID)
		}
	})
}
