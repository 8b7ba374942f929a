package moderation

import "context"

// Own is a model that the office runs itself (internal/ownmodel). What it says
// is shown beside our own reasons, after the policy has judged: no rule sees
// it, so it is never a ground.
type Own interface {
	Score(ctx context.Context, text string) (scores map[string]float64, ok bool)
}

// ownSays is from which score on the office's model counts as agreeing.
const ownSays = 0.5

// askOwn asks the office's own model about a message: its scores, and a reason
// more for each label that was given and that it sees, too.
func (m *Moderation) askOwn(ctx context.Context, text string, v *Verdict) map[Label]float64 {
	if m.Own == nil || text == "" {
		return nil
	}
	scores, ok := m.Own.Score(ctx, text)
	if !ok {
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
