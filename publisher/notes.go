package publisher

import (
	"context"
	"sync"

	"kentongan/internal/db"
	"kentongan/internal/outbox"
)

// notes is a delivery's scratch page: what an invisible step learned. Each
// saving renews the lease, and fails when the claim is lost.
type notes struct {
	p      *Publisher
	j      *job
	once   sync.Once
	values map[string]string
}

func (p *Publisher) notes(j *job) *notes { return &notes{p: p, j: j} }

// Value returns what was saved under name, "" if nothing.
func (n *notes) Value(name string) string {
	n.once.Do(func() {
		n.values = map[string]string{}
		err := n.p.DB.View(context.Background(), func(tx *db.Tx) (err error) {
			n.values, err = stageValues(context.Background(), tx, n.j.delivery.ID)
			return err
		})
		if err != nil {
			// Without the notes a step is made again: it is invisible.
			n.p.Log.Warn("delivery: notes unread", "delivery", string(n.j.delivery.ID), "err", err)
		}
	})
	return n.values[name]
}

// Save keeps value under name and renews the lease.
func (n *notes) Save(ctx context.Context, name, value string) error {
	n.Value(name) // loads once
	err := n.p.DB.Update(ctx, func(tx *db.Tx) error {
		now := n.p.Now()
		if err := outbox.Renew(ctx, tx, &n.j.claim, now.Add(n.j.timing.Lease)); err != nil {
			return err
		}
		return saveStage(ctx, tx, n.j.delivery.ID, name, value, now)
	})
	if err == nil {
		n.values[name] = value
		n.p.step("noted", n.j)
	}
	return err
}
