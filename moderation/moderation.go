package moderation

import (
	"log/slog"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/vault"
	"kentongan/publisher"
)

// KindEnforce is the promise to carry out a decision at its platform.
const KindEnforce = "enforce" // key: decision id

// Moderation holds the verbs of the room.
type Moderation struct {
	DB         *db.DB
	Vault      *vault.Vault
	Channels   *channel.Desk
	Inbox      *inbox.Inbox
	Publisher  *publisher.Publisher
	Classifier *Classifier
	Policy     Policy
	Log        *slog.Logger
	Now        func() time.Time
}
