package moderation

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/pii"
)

// qualityShare is the share of decisions that a second moderator takes again
// without knowing the first, where the office has set none.
const qualityShare = 0.02

// ReviewID is a UUIDv7 as text. It does not tell which decision it is of.
type ReviewID string

// Sample is one decision that is taken twice.
type Sample struct {
	ID        ReviewID
	Decision  DecisionID
	First     string // "keep" or the clause of the first decision
	Second    string
	By        identity.PersonID
	Reason    string
	SampledAt time.Time
	At        time.Time
}

// Blind is a sampled message as the second moderator sees it: without the first
// decision, who took it, and whether the message stands.
type Blind struct {
	ID      ReviewID
	Message inbox.Message
	Verdict Shown
}

// Sampled says whether a decision falls into the sample. It follows from the
// decision's id alone, so that nobody chooses and anybody can recompute it.
func Sampled(id DecisionID, share float64) bool {
	sum := sha256.Sum256([]byte("quality/" + string(id)))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11)/(1<<53) < share
}

// category is what a decision comes to, for comparing.
func category(act Act, clause string) string {
	if restricts(act) {
		return clause
	}
	return string(Keep)
}

func (m *Moderation) sample(ctx context.Context, tx *db.Tx, d Decision) error {
	if d.Reverses != "" || (d.Act != Keep && !restricts(d.Act)) || !Sampled(d.ID, cmp.Or(m.QualityShare, qualityShare)) {
		return nil
	}
	return insertReview(ctx, tx, d.Agency, Sample{ID: ReviewID(db.NewID()), Decision: d.ID, First: category(d.Act, d.Clause), SampledAt: d.At})
}

// NextReview is the oldest sampled decision that this person had no part in;
// found is false when there is none.
func (m *Moderation) NextReview(ctx context.Context, by identity.Actor) (b Blind, found bool, err error) {
	if !by.May(identity.Moderate, by.Agency) {
		return b, false, fault.New(fault.Denied, "decision.not_moderator")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		open, err := openReviews(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		// Spread by person, so that two at once mostly see two different ones.
		for _, r := range turned(open, by.ID) {
			took, err := hadPart(ctx, tx, r.Decision, by.ID)
			if err != nil || took {
				if err != nil {
					return err
				}
				continue
			}
			d, err := LoadDecision(ctx, tx, by.Agency, r.Decision)
			if err != nil {
				return err
			}
			msg, err := inbox.LoadMessage(ctx, tx, by.Agency, d.Message)
			if err != nil {
				return err
			}
			b, found = Blind{ID: r.ID, Message: msg, Verdict: VerdictOf(msg)}, true
			return nil
		}
		return nil
	})
	return b, found, err
}

// turned begins a list at a place that depends on the person.
func turned(open []Sample, by identity.PersonID) []Sample {
	if len(open) < 2 {
		return open
	}
	sum := sha256.Sum256([]byte(by))
	at := int(sum[0]) % len(open)
	return slices.Concat(open[at:], open[:at])
}

// Second is a decision taken blind.
type Second struct {
	Review ReviewID
	Act    Act // Keep or Hide
	Clause string
	Reason string
}

// DecideAgain writes the second decision of a sampled one. It changes nothing at
// a platform: whether the first was right is talked about, not overruled.
func (m *Moderation) DecideAgain(ctx context.Context, by identity.Actor, s Second) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := loadReview(ctx, tx, by.Agency, s.Review)
		if err != nil {
			return err
		}
		if err := m.checkReview(ctx, tx, by, r, Wanted{Act: s.Act, Clause: s.Clause, Reason: s.Reason}); err != nil {
			return err
		}
		r.Second, r.By, r.Reason, r.At = category(s.Act, s.Clause), by.ID, pii.Mask(strings.TrimSpace(s.Reason)).Text, m.Now()
		if err := saveReview(ctx, tx, r); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, by.Agency, "decision", "review/"+string(r.ID)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, by, r.At, audit.Deed{Name: "quality.reviewed", Subject: "quality/" + string(r.ID)})
	})
}

func (m *Moderation) checkReview(ctx context.Context, tx *db.Tx, by identity.Actor, r Sample, w Wanted) error {
	took, err := hadPart(ctx, tx, r.Decision, by.ID)
	if err != nil {
		return err
	}
	switch {
	case !by.May(identity.Moderate, by.Agency):
		return fault.New(fault.Denied, "decision.not_moderator")
	case took:
		return fault.New(fault.NotFound, "decision.not_found")
	case !r.At.IsZero():
		return fault.New(fault.Conflict, "quality.done_already")
	case w.Act != Keep && w.Act != Hide:
		return fault.New(fault.Invalid, "decision.unknown_act", fault.Field("act"))
	}
	var wrong fault.List
	if len([]rune(strings.TrimSpace(w.Reason))) < minReason {
		wrong.Add(fault.New(fault.Invalid, "decision.reason_missing", fault.Field("reason"), fault.Arg("letters", minReason)))
	}
	if w.Act == Hide {
		p, err := m.policyIn(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		wrong.Add(checkClause(p, w))
	}
	return wrong.Err()
}

// Disagreement is a sampled decision on which two moderators differ, for a talk
// about the policy. It names nobody.
type Disagreement struct {
	Sample       Sample
	Message      inbox.Message
	Number       string
	FirstReason  string
	SecondReason string
}

// Quality is how far moderators agree: over all, by month (the latest first),
// and by clause.
type Quality struct {
	Overall   Agreement
	Months    []MonthAgreement
	Clauses   []ClauseAgreement
	Differ    []Disagreement
	Open      int64 // sampled, and not yet taken again
	Share     float64
	Decisions int64 // of the same kind, since the first one that was sampled
}

// MonthAgreement is the agreement of one month on the office's wall clock.
type MonthAgreement struct {
	Month string
	Agreement
}

// ClauseAgreement asks only whether both named the clause.
type ClauseAgreement struct {
	Clause string
	Agreement
}

// Quality tells moderators and their leaders how far decisions agree.
func (m *Moderation) Quality(ctx context.Context, by identity.Actor) (q Quality, err error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return q, fault.New(fault.Denied, "inbox.no_power")
	}
	q.Share = cmp.Or(m.QualityShare, qualityShare)
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		a, err := identity.AgencyByID(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		done, err := doneReviews(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		q.gather(done, a.Location())
		if q.Open, q.Decisions, err = countReviews(ctx, tx, by.Agency); err != nil {
			return err
		}
		for _, r := range slices.Backward(done) {
			if r.First == r.Second || len(q.Differ) == 20 {
				continue
			}
			d, err := LoadDecision(ctx, tx, by.Agency, r.Decision)
			if err != nil {
				return err
			}
			msg, err := inbox.LoadMessage(ctx, tx, by.Agency, d.Message)
			if err != nil {
				return err
			}
			q.Differ = append(q.Differ, Disagreement{Sample: r, Message: msg, Number: d.Number, FirstReason: d.Reason, SecondReason: r.Reason})
		}
		return nil
	})
	return q, err
}

// gather sorts the pairs by month and clause.
func (q *Quality) gather(done []Sample, zone *time.Location) {
	var all []Pair
	months, clauses := map[string][]Pair{}, map[string]bool{}
	for _, r := range done {
		p := Pair{r.First, r.Second}
		all = append(all, p)
		month := r.At.In(zone).Format("2006-01")
		months[month] = append(months[month], p)
		for _, c := range []string{p.First, p.Second} {
			if c != string(Keep) {
				clauses[c] = true
			}
		}
	}
	q.Overall = Agree(all)
	for month, pairs := range months {
		q.Months = append(q.Months, MonthAgreement{month, Agree(pairs)})
	}
	slices.SortFunc(q.Months, func(a, b MonthAgreement) int { return cmp.Compare(b.Month, a.Month) })
	for c := range clauses {
		q.Clauses = append(q.Clauses, ClauseAgreement{c, Agree(OneAgainstRest(all, c))})
	}
	slices.SortFunc(q.Clauses, func(a, b ClauseAgreement) int { return cmp.Compare(a.Clause, b.Clause) })
}
