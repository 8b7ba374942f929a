package publisher

import (
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// A person who takes an hour for the first part of a thread does not lose the
// others.
func TestPartsWaitForThePersonWhoPublishesTheFirst(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		hand := o.byHand(platform.X, o.x.Handle, "https://x.com/tirtawangi")
		o.able(platform.X, threads)
		all := o.thread(hand)
		o.until(all[0].ID, ByHand)
		for range 20 {
			if err := o.ring(all[1].ID); err != nil {
				t.Fatal(err)
			}
		}
		o.wait(time.Hour)
		if err := o.ring(all[1].ID); err != nil {
			t.Fatal(err)
		}
		if got := o.delivery(all[1].ID); got.State != Waiting {
			t.Errorf("it is %s %s", got.State, got.Code)
		}
		if err := o.PublishedByHand(ctx, o.officer, all[0].ID, "https://x.com/tirtawangi/status/1", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got := o.until(all[1].ID, ByHand); got.BelowID != "1" {
			t.Errorf("below %q", got.BelowID)
		}
	})
}

// Nothing is public before it was signed: the citizen's clock cannot be set back.
func TestNothingWasPublishedBeforeItWasSigned(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		moderator := identity.NewActor("mod", "mod", o.home, identity.Web, map[identity.AgencyID][]identity.Role{o.home: {identity.Moderator}})
		a := o.setState(o.answer(o.x), Failed)
		err := o.PublishedByHand(ctx, moderator, a.ID, "https://x.com/tirtawangi/status/9", o.time().Add(-time.Hour))
		wantFault(t, err, fault.Invalid, "delivery.by_hand.unsigned_then")
	})
}

// What a platform says is kept on either database.
func TestAPlatformsWordsHoldNothingBack(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a := o.answer(o.masto)
		a.Said = "Not\x00 now"
		if got := o.delivery(o.setState(a, Failed).ID); got.Said != "Not now" {
			t.Errorf("%q", got.Said)
		}
	})
}
