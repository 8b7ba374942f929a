package tiktok

import (
	"context"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// Find implements platform.Connector: the publish id is asked what became of
// it. What has no publish id is looked for among our posts.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	if a.Mode == Business {
		return c.findBusiness(ctx, a, at)
	}
	id, size := "", int64(0)
	if at.Notes != nil {
		id = at.Notes.Value(notePhoto)
		if u, ok := readNote[upload](at.Notes, noteUpload); ok {
			id, size = u.ID, filmSize(at.Out)
		}
	}
	if id != "" {
		return c.asked(ctx, a, at, id, size)
	}
	found, whole, err := c.listed(ctx, a, at)
	if err != nil {
		return platform.Finding{}, err
	}
	// A film without a publish id was never sent. Pictures may have been
	// accepted, and TikTok does not promise that its list shows them: only a
	// person can say that they are not there.
	pictures := len(at.Out.Media) > 0 && !at.Out.Media[0].Video()
	return platform.Finding{Receipts: found, Complete: whole && (!pictures || len(found) > 0)}, nil
}

func filmSize(out platform.Outgoing) int64 {
	if len(out.Media) == 0 {
		return 0
	}
	return out.Media[0].Size
}

// asked looks at a publish id, a few times where TikTok is at work.
func (c *Connector) asked(ctx context.Context, a platform.Account, at platform.Attempt, id string, size int64) (platform.Finding, error) {
	pause := 50 * time.Millisecond
	for range 5 {
		s, err := c.status(ctx, a, id)
		switch {
		case gone(err):
			// Forgotten: then only the list can tell, and only what is there.
			found, _, err := c.listed(ctx, a, at)
			return platform.Finding{Receipts: found, Complete: err == nil && len(found) > 0}, err
		case err != nil:
			return platform.Finding{}, err
		case s.State == failed:
			return platform.Finding{Complete: true}, nil
		case s.State == complete:
			if r, ok := c.appeared(ctx, a, s, at); ok {
				return platform.Finding{Receipts: []platform.Receipt{r}, Complete: true}, nil
			}
		case size > 0 && s.State == uploading && s.Uploaded < size:
			return platform.Finding{Complete: true}, nil // a byte is missing: nothing can be public
		}
		if err := wire.Wait(ctx, pause); err != nil {
			return platform.Finding{}, err
		}
		pause *= 2
	}
	return platform.Finding{}, nil // accepted and not shown yet: it is asked again later
}
