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
	Own        Own       // the office's own model; nil: none
	Policy     Policy    // that the program was started with; see PolicyIn
	Officials  []string  // the office's own, whom no rule may name
	Automatic  Automatic // when a rule may hide by itself
	policies   policyCache
	Objections ObjectionRules // how objections are heard; the zero value tells nobody
	PublicURL  string         // where citizens look up cases, without a slash at its end
	// QualityShare is the share of decisions that a second moderator takes again,
	// blind; 0 is two in a hundred.
	QualityShare float64
	Log          *slog.Logger
	Now          func() time.Time
}
