// Package inbox takes a citizen's message from arrival to closed.
//
//	push -> Parse --+
//	                +-> Receive (one door, deduplicated) -> triage -> open -> answered -> closed
//	poll -> Poll ---+                                                  ^------ writes again
//
// What somebody wrote is stored twice: sealed as it came, and masked. Only the
// masked text is listed, searched or shown; the original is opened for a named
// purpose and the opening is written down.
package inbox

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/vault"
)

// Kinds of promise this room puts. Watch and triage are kept by other rooms.
const (
	KindPoll   = "poll"   // key: channel id
	KindParse  = "parse"  // key: push id
	KindTriage = "triage" // key: channel id
	KindWatch  = "watch"  // key: channel id
)

// Inbox holds the verbs of the room.
type Inbox struct {
	DB       *db.DB
	Vault    *vault.Vault
	Channels *channel.Desk
	Log      *slog.Logger
	Now      func() time.Time
	// Every is the time between two polls of a channel; 0 is half a minute.
	Every time.Duration
	// Near is how long before its deadline a conversation is called near.
	Near time.Duration
	// LifeSafety is how long a plea for help may wait, round the clock; 0 is a
	// quarter of an hour.
	LifeSafety time.Duration
	// Calendar knows the days on which no office works.
	Calendar Calendar
}

// Connected puts what reads a channel that was just connected: its polls, and
// the pushes that waited for somebody to know their account.
func (in *Inbox) Connected(ctx context.Context, tx *db.Tx, ch channel.Channel) error {
	if err := in.EnsurePolls(ctx, tx, ch); err != nil {
		return err
	}
	return in.unpark(ctx, tx, ch)
}

// citizen is the key of an author on one platform: the same for the same
// person, and nothing to whoever has no key.
func (in *Inbox) citizen(ch channel.Channel, authorID, remoteID string) string {
	if authorID == "" {
		// The platform does not say who: then every message stands alone.
		return in.Vault.Hash("citizen.unknown/"+string(ch.ID), remoteID)
	}
	return in.Vault.Hash("citizen/"+string(ch.Platform)+"/"+ch.BaseURL, authorID)
}

// name is what the pages call a citizen: "W-7K3F".
func (in *Inbox) name(citizen string) string { return in.Vault.Pseudonym("citizen", citizen) }

func maskHandle(handle string) string {
	handle = strings.TrimPrefix(handle, "@")
	for _, r := range handle {
		return string(r) + "••••"
	}
	return ""
}
