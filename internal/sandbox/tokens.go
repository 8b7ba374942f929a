package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"
)

// accessLife is what X gives an access token (OAuth 2.0): two hours.
const accessLife = 2 * time.Hour

func (w *world) putToken(t *token) error {
	if err := w.journal.write(entry{Token: t}); err != nil {
		return err
	}
	w.tokens[t.Access] = t
	return nil
}

// refresh trades a refresh token for a new pair. Each works once.
func (w *world) refresh(refresh string, now time.Time) (*token, error) {
	var old *token
	for _, t := range w.tokens {
		if refresh != "" && t.Refresh == refresh {
			old = t
		}
	}
	if old == nil || old.Revoked || old.Spent {
		return nil, fmt.Errorf("value passed for the token was invalid")
	}
	// The new pair is written first: a kill between the two leaves both alive, never none.
	next := &token{Access: random(), Refresh: random(), Account: old.Account, Mode: old.Mode, Expires: now.Add(accessLife)}
	if err := w.putToken(next); err != nil {
		return nil, err
	}
	spent := *old
	spent.Spent = true
	return next, w.putToken(&spent)
}

func random() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // crypto/rand never fails
	return hex.EncodeToString(b)
}
