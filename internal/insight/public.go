package insight

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// Month is what anybody may know of a month: how much citizens wrote and how
// long they waited. Small numbers are blurred where they are shown.
type Month struct {
	Name     string // "2026-11", on the agency's wall clock
	Received int64
	Response Response
}

// Months sums up an agency's months since the one that holds since, the latest
// first. Anybody may read it: it holds no message and no citizen.
func (in *Insight) Months(ctx context.Context, agency identity.AgencyID, since time.Time) (all []Month, err error) {
	now := in.Now()
	err = in.DB.View(ctx, func(tx *db.Tx) error {
		all = nil
		a, err := identity.AgencyByID(ctx, tx, agency)
		if err != nil {
			return err
		}
		zone := a.Location()
		y, m, _ := now.In(zone).Date()
		for first := time.Date(y, m, 1, 0, 0, 0, 0, zone); first.AddDate(0, 1, 0).After(since) && len(all) < 36; first = first.AddDate(0, -1, 0) {
			s := span{Agency: agency, From: first, To: first.AddDate(0, 1, 0)}
			received, err := receivedIn(ctx, tx, s)
			if err != nil {
				return err
			}
			answers, err := responses(ctx, tx, s)
			if err != nil {
				return err
			}
			all = append(all, Month{Name: first.Format("2006-01"), Received: received, Response: sumUp(answers, a.Answer)})
		}
		return nil
	})
	return all, err
}
