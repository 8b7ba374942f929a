package platform

import (
	"context"
	"time"
)

// Refresher is a connector whose access tokens run out. The caller asks
// Expired before a call and, holding the channel's lock, takes a new token
// from Refresh and stores it BEFORE using it: a refresh token is good once, so
// a token that is lost is a channel that must be connected again by hand.
type Refresher interface {
	Expired(a Account, now time.Time) bool
	Refresh(ctx context.Context, a Account) (Token, error)
}
