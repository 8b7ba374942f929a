package moderation

import (
	"context"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
)

// Own is a model that the office runs itself (internal/ownmodel). What it says
// is shown beside our own reasons, after the policy has judged: no rule sees
// it, so it is never a ground.
type Own interface {
	Score(ctx context.Context, text string) (scores map[string]float64, ok bool)
}

// ownSays is from which score on the office's model counts as agreeing.
const ownSays = 0.5

// wording is a message as it was written at one time.
type wording struct {
	message inbox.MessageID
	version int64
}

// askOwn asks the office's own model about what waits on a channel, before any
// transaction is open: each answer may take its time.
func (m *Moderation) askOwn(ctx context.Context, id channel.ID) (said map[wording]map[string]float64, err error) {
	if m.Own == nil {
		return nil, nil
	}
	var all []inbox.Message
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = inbox.Untriaged(ctx, tx, id, batch)
		return err
	})
	said = map[wording]map[string]float64{}
	for _, msg := range all {
		o, err := m.Inbox.Original(msg)
		if err != nil || o.Text == "" {
			continue // the first look says that it does not open
		}
		if scores, ok := m.Own.Score(ctx, o.Text); ok {
			said[wording{msg.ID, msg.Version}] = scores
		}
	}
	return said, err
}

// weighOwn is what the office's own model said of a message: its scores, and a
// reason more for each label that was given and that it sees, too.
func weighOwn(scores map[string]float64, text string, v *Verdict) map[Label]float64 {
	if scores == nil {
		return nil
	}
	own := map[Label]float64{}
	for _, l := range Labels() {
		score, said := scores[string(l)]
		if !said {
			continue
		}
		own[l] = score
		if score >= ownSays && v.Has(l) {
			v.Reasons = append(v.Reasons, Reason{l, RuleOwn, 0, len(text)})
		}
	}
	return own
}
