package publisher

import (
	"sync"
	"testing"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
)

// A person changes, moves or withdraws a post at the instant at which two
// workers claim it: either the person is told that it is leaving and it is
// there once, or what was done holds and nothing of it is there.
func TestPeopleAndWorkersAtTheSameInstant(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		won := map[bool]int{}
		for n := range 24 {
			post := o.one(o.masto, nil)
			id := PostID(post.OriginID)
			edited := o.editing(o.view(id).Post)
			edited.Text += " Ralat."
			person := [...]func() error{
				func() error { _, err := o.Withdraw(ctx, o.officer, id); return err },
				func() error { _, err := o.Draft(ctx, o.officer, edited); return err },
			}[n%2]
			var said error
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() {
					err := o.Deliver(ctx, outbox.Ring{Kind: KindDeliver, Key: string(post.ID)})
					if err != nil {
						t.Errorf("deliver: %v", err)
					}
				})
			}
			all.Go(func() { said = person() })
			all.Wait()
			there := 0
			for _, p := range o.sandbox.World() {
				if p.Key == post.Key() {
					there++
				}
			}
			got := o.delivery(post.ID)
			switch {
			case said == nil && (there != 0 || got.State != Cancelled && got.State != Void || o.signedNow(got)):
				t.Errorf("the person was told that it is done: there %d times, %s", there, got.State)
			case said != nil && (fault.KindOf(said) != fault.Conflict || there != 1 || got.State != Published):
				t.Errorf("the person was told %v: there %d times, %s", said, there, got.State)
			}
			won[said == nil]++
		}
		t.Logf("the person was first %d times, a worker %d times", won[true], won[false])
	})
}
