package moderation

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/pii"
)

// Listed is an objection in the list of those who decide.
type Listed struct {
	Objection
	Number  string
	Act     Act
	On      string // the decision's clause
	Message inbox.MessageID
	Words   int64
	Mine    error // why the reader may not decide it; nil when she may
}

// Late says that the deadline of the office's own calendar has passed.
func (o Objection) Late(now time.Time) bool {
	return o.State == ObjectionOpen && o.Timed && now.After(o.Clock.Due)
}

// Hearing is an objection with everything that its decision rests on.
type Hearing struct {
	Listed
	Decision Decision
	Said     []SaidWord
	Notices  []Notice
	Members  []inbox.Message // of the decision, masked
	Back     *Decision       // that takes it back
}

// SaidWord is what one objector wrote, masked.
type SaidWord struct {
	ID     string
	Masked string
	Added  bool // by somebody who had objected before
	At     time.Time
	Hides  bool // there is more under the mask
}

func mayRead(by identity.Actor) error {
	if !by.May(identity.Moderate, by.Agency) && !by.May(identity.Approve, by.Agency) && !by.May(identity.ReadAudit, by.Agency) {
		return fault.New(fault.Denied, "objection.no_power")
	}
	return nil
}

// OpenObjections lists what is to be decided, by deadline, and for each whether
// the reader may decide it.
func (m *Moderation) OpenObjections(ctx context.Context, by identity.Actor) (all []Listed, err error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		if all, err = openObjections(ctx, tx, by.Agency, 200); err != nil {
			return err
		}
		return m.whose(ctx, tx, by, all)
	})
	return all, err
}

// DecidedObjections lists what was decided, the latest first.
func (m *Moderation) DecidedObjections(ctx context.Context, by identity.Actor) (all []Listed, err error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = decidedObjections(ctx, tx, by.Agency, 100)
		return err
	})
	return all, err
}

// ObjectionsWaiting is how many objections the reader could decide now, and how
// many of them are late.
func (m *Moderation) ObjectionsWaiting(ctx context.Context, by identity.Actor) (n, late int, err error) {
	if mayRead(by) != nil {
		return 0, 0, nil
	}
	all, err := m.OpenObjections(ctx, by)
	for _, l := range all {
		if l.Mine != nil {
			continue
		}
		if n++; l.Late(m.Now()) {
			late++
		}
	}
	return n, late, err
}

func (m *Moderation) whose(ctx context.Context, tx *db.Tx, by identity.Actor, all []Listed) error {
	if len(all) == 0 {
		return nil
	}
	members, err := identity.Members(ctx, tx, by.Agency)
	if err != nil {
		return err
	}
	for i, l := range all {
		took, err := tookPart(ctx, tx, l.Objection.Decision)
		if err != nil {
			return err
		}
		all[i].Mine = hearing{Agency: l.Agency, State: l.State, TookPart: took, Others: othersOf(members, took)}.mayHear(by)
	}
	return nil
}

// Objected opens one objection for those who decide.
func (m *Moderation) Objected(ctx context.Context, by identity.Actor, id ObjectionID) (h Hearing, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		o, err := loadObjection(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if err := mayRead(by); err != nil {
			return err
		}
		if h.Decision, err = LoadDecision(ctx, tx, by.Agency, o.Decision); err != nil {
			return err
		}
		d := h.Decision
		words, err := wordsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		h.Listed = Listed{Objection: o, Number: d.Number, Act: d.Act, On: d.Clause, Message: d.Message, Words: int64(len(words))}
		for _, w := range words {
			h.Said = append(h.Said, SaidWord{ID: w.ID, Masked: w.Masked, Added: w.Kind == "added", At: w.At, Hides: strings.Contains(w.Masked, "•")})
		}
		part, err := m.hearing(ctx, tx, o, d)
		if err != nil {
			return err
		}
		h.Mine = part.mayHear(by)
		if o.State != ObjectionOpen {
			h.Mine = fault.New(fault.Conflict, "objection.decided")
		}
		if h.Notices, err = noticesOf(ctx, tx, d.ID); err != nil {
			return err
		}
		if h.Members, err = m.targetMessages(ctx, tx, d); err != nil || o.UndoneBy == "" {
			return err
		}
		back, err := LoadDecision(ctx, tx, by.Agency, o.UndoneBy)
		h.Back = &back
		return err
	})
	return h, err
}

// UnmaskWord opens what an objector wrote, for a purpose that is written down.
func (m *Moderation) UnmaskWord(ctx context.Context, by identity.Actor, id ObjectionID, wordID, purpose string) (text string, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := loadObjection(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if !by.May(identity.Unmask, by.Agency) {
			return fault.New(fault.Denied, "message.unmask.no_power")
		}
		if purpose = strings.TrimSpace(purpose); purpose == "" {
			return fault.New(fault.Invalid, "message.unmask.no_purpose", fault.Field("purpose"))
		}
		words, err := wordsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(words, func(w word) bool { return w.ID == wordID })
		if i < 0 {
			return fault.New(fault.NotFound, "objection.not_found")
		}
		plain, err := m.Vault.Open(wordPurpose(wordID), words[i].original)
		if err != nil {
			return err
		}
		text = string(plain)
		if err := audit.Note(ctx, tx, by, m.Now(), audit.Deed{Name: "objection.unmask", Subject: "objection/" + string(id), Detail: pii.Mask(purpose).Text}); err != nil {
			return err
		}
		return inbox.NoteOpening(ctx, tx, by, m.Now())
	})
	if err != nil {
		return "", err
	}
	return text, nil
}
