package moderation

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/text"
)

// How an earlier decision resembles the case.
const (
	LikeCopy   = "copy"   // the same text
	LikeWords  = "words"  // rare words in common
	LikeClause = "clause" // the same clause
)

// Precedent is an earlier decision that may help with this one.
type Precedent struct {
	Decision Decision
	Like     string
	Shared   int    // rare words in common
	Masked   string // what was decided about
	Reversed string // number of the decision that took it back; "" when it stands
}

const (
	minWord     = 4  // letters; shorter ones say little
	keptWords   = 16 // of one message
	minShared   = 3
	rareWithin  = 50 // a word in more decided messages than this tells nothing
	precedents  = 3  // of each kind
	closeEnough = 0.3
)

// fingerWords are the longest words of a masked text, as numbers: enough to
// find what resembles it, and nothing that can be read.
func fingerWords(masked string) (all []int64) {
	var words []string
	for w := range strings.FieldsSeq(text.Fold(masked).Text) {
		w = strings.Trim(w, ".,;:!?\"'()[]{}“”‘’…-/")
		if len([]rune(w)) >= minWord && !strings.Contains(w, "•") && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, w := range words[:min(len(words), keptWords)] {
		h := fnv.New64a()
		_, _ = h.Write([]byte(w))
		all = append(all, int64(h.Sum64()>>1)) // fits BIGINT
	}
	return all
}

// alike is the share of words that two texts have in common.
func alike(a, b []int64) (shared int, share float64) {
	for _, w := range a {
		if slices.Contains(b, w) {
			shared++
		}
	}
	if shared == 0 {
		return 0, 0
	}
	return shared, float64(shared) / float64(len(a)+len(b)-shared)
}

// remember keeps a decided message's words.
func remember(ctx context.Context, tx *db.Tx, msg inbox.Message) error {
	return insertWords(ctx, tx, msg.Agency, msg.ID, fingerWords(msg.Masked))
}

// Similar lists earlier decisions about copies of the message, about what
// resembles it, and under the suggested clause.
func (m *Moderation) Similar(ctx context.Context, by identity.Actor, id inbox.MessageID) (all []Precedent, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		msg, err := inbox.LoadMessage(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.ReadInbox, by.Agency) {
			return fault.New(fault.Denied, "inbox.no_power")
		}
		known := map[DecisionID]bool{}
		add := func(like string, found []Decision, shared int) error {
			for _, d := range found {
				if known[d.ID] {
					continue
				}
				known[d.ID] = true
				p, err := m.precedent(ctx, tx, d)
				if err != nil {
					return err
				}
				p.Like, p.Shared = like, shared
				all = append(all, p)
			}
			return nil
		}
		copies, err := decisionsOnCopies(ctx, tx, msg, precedents)
		if err == nil {
			err = add(LikeCopy, copies, 0)
		}
		if err == nil {
			err = m.alike(ctx, tx, msg, add)
		}
		if clause := VerdictOf(msg).Suggestion.Clause; err == nil && clause != "" {
			var under []Decision
			if under, err = decisionsUnder(ctx, tx, msg, clause, precedents); err == nil {
				err = add(LikeClause, under, 0)
			}
		}
		return err
	})
	return all, err
}

// alike finds decisions about messages that share rare words with this one.
func (m *Moderation) alike(ctx context.Context, tx *db.Tx, msg inbox.Message, add func(string, []Decision, int) error) error {
	words := fingerWords(msg.Masked)
	near, err := sharing(ctx, tx, msg, words)
	if err != nil {
		return err
	}
	for n, c := range near {
		if n == precedents {
			break
		}
		found, err := decisionsOn(ctx, tx, msg.Agency, c.Message)
		if err != nil {
			return err
		}
		found = slices.DeleteFunc(found, func(d Decision) bool { return !precedes(d.Act) })
		if len(found) > 0 {
			if err := add(LikeWords, found[:1], c.Shared); err != nil {
				return err
			}
		}
	}
	return nil
}

// precedes: acts that say something about the message itself.
func precedes(a Act) bool { return a == Keep || restricts(a) }

func (m *Moderation) precedent(ctx context.Context, tx *db.Tx, d Decision) (Precedent, error) {
	msg, err := inbox.LoadMessage(ctx, tx, d.Agency, d.Message)
	if err != nil {
		return Precedent{}, err
	}
	reversed, err := reversedBy(ctx, tx, d)
	return Precedent{Decision: d, Masked: msg.Masked, Reversed: reversed}, err
}
