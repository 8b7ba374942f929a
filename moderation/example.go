package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
)

// ExampleID is a UUIDv7 as text.
type ExampleID string

// States of an example.
const (
	ExampleDraft     = "draft"
	ExampleReleased  = "released"
	ExampleDiscarded = "discarded" // before anybody saw it
	ExampleWithdrawn = "withdrawn"
)

// Example is a decision told to everybody in the office's own words.
type Example struct {
	ID         ExampleID
	Agency     identity.AgencyID
	Decision   DecisionID
	Number     string // of the decision; never shown to the public
	Act        Act
	Clause     string
	Policy     string
	Month      string // of the decision, "2026-11"
	Text       string
	State      string
	By         identity.PersonID
	ReleasedBy identity.PersonID
	EndedBy    identity.PersonID
	Reason     string
	CreatedAt  time.Time
	ReleasedAt time.Time
	EndedAt    time.Time
}

// Paraphrase is what a moderator writes about a decision.
type Paraphrase struct {
	Number string // of the decision
	Clause string // for what was left alone; else the decision's own
	Text   string
}

// mayRelease: whoever signs what the office says in public signs this, too.
// There is no role for personal data here; the check against the sealed
// original is done by the program, so that nobody needs to read it for this.
const mayRelease = identity.Approve

// WriteExample drafts an example. It is checked against what the citizen wrote
// without anybody opening that.
func (m *Moderation) WriteExample(ctx context.Context, by identity.Actor, p Paraphrase) (e Example, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		number, _ := ReadNumber(p.Number)
		d, err := decisionByNumber(ctx, tx, by.Agency, number)
		if fault.KindOf(err) == fault.NotFound && by.May(identity.Moderate, by.Agency) {
			return fault.New(fault.Invalid, "example.case_unknown", fault.Field("number"))
		}
		if err != nil {
			return err
		}
		a, err := identity.AgencyByID(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		month, _, _ := Month(d.At, a.Location())
		e = Example{
			ID: ExampleID(db.NewID()), Agency: d.Agency, Decision: d.ID, Number: d.Number, Act: d.Act, Clause: d.Clause, Policy: d.Policy, Month: month,
			Text: readable(p.Text), State: ExampleDraft, By: by.ID, CreatedAt: m.Now(),
		}
		if e.Clause == "" || d.Act == Keep {
			e.Clause = strings.TrimSpace(p.Clause)
		}
		taken, err := hasExample(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		policy, err := m.policyIn(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		if err := checkWriting(policy, by, d, e, taken); err != nil {
			return err
		}
		if err := m.checkAgainst(d, e.Text); err != nil {
			return err
		}
		if err := insertExample(ctx, tx, e); err != nil {
			return err
		}
		return m.tellExample(ctx, tx, by, e, "example.write")
	})
	if err != nil {
		return Example{}, err
	}
	return e, nil
}

// checkWriting names everything but the words themselves that is wrong.
func checkWriting(p Policy, by identity.Actor, d Decision, e Example, taken bool) error {
	if by.Via == identity.System || !by.May(identity.Moderate, d.Agency) {
		return fault.New(fault.Denied, "decision.not_moderator")
	}
	var wrong fault.List
	told := map[Act]bool{Hide: true, Remove: true, Warn: true, Block: true, Keep: true, Restore: true}
	if !told[d.Act] || d.State != Done {
		wrong.Add(fault.New(fault.Conflict, "example.not_done", fault.Field("number")))
	}
	if taken {
		wrong.Add(fault.New(fault.Conflict, "example.taken", fault.Field("number")))
	}
	if _, known := p.Clause(e.Clause); !known && e.Clause != d.Clause || e.Clause == "" {
		wrong.Add(fault.New(fault.Invalid, "example.clause", fault.Field("clause")))
	}
	return wrong.Err()
}

// checkAgainst compares a paraphrase with the sealed originals of its decision.
func (m *Moderation) checkAgainst(d Decision, words string) error {
	plain, err := m.Vault.Open(evidencePurpose(d.ID), d.evidence)
	if err != nil {
		return fault.Wrap(fault.Conflict, "example.unchecked", err)
	}
	var exhibits []Exhibit
	if err := json.Unmarshal(plain, &exhibits); err != nil {
		return fault.Wrap(fault.Conflict, "example.unchecked", err)
	}
	var originals, authors []string
	for _, x := range exhibits {
		originals, authors = append(originals, x.Original.Text), append(authors, x.Original.Author)
	}
	return CheckExample(words, originals, authors)
}

// ReleaseExample shows an example to everybody. A person releases it who signs
// for the office, and who did not write it.
func (m *Moderation) ReleaseExample(ctx context.Context, by identity.Actor, id ExampleID) error {
	return m.moveExample(ctx, by, id, func(tx *db.Tx, e *Example) error {
		switch {
		case by.Via == identity.System || !by.May(mayRelease, e.Agency):
			return fault.New(fault.Denied, "example.no_power")
		case by.ID == e.By:
			return fault.New(fault.Denied, "example.own")
		case e.State != ExampleDraft:
			return fault.New(fault.Conflict, "example.not_draft")
		}
		d, err := LoadDecision(ctx, tx, e.Agency, e.Decision)
		if err != nil {
			return err
		}
		if err := m.checkAgainst(d, e.Text); err != nil { // the checks may have learned since
			return err
		}
		e.State, e.ReleasedBy, e.ReleasedAt = ExampleReleased, by.ID, m.Now()
		return nil
	})
}

// EndExample takes an example away: a draft is discarded by a moderator or by
// who might have released it, a released one is withdrawn, with a reason.
func (m *Moderation) EndExample(ctx context.Context, by identity.Actor, id ExampleID, reason string) error {
	return m.moveExample(ctx, by, id, func(tx *db.Tx, e *Example) error {
		switch {
		case by.Via == identity.System || !by.May(mayRelease, e.Agency) && (e.State != ExampleDraft || !by.May(identity.Moderate, e.Agency)):
			return fault.New(fault.Denied, "example.no_power")
		case e.State != ExampleDraft && e.State != ExampleReleased:
			return fault.New(fault.Conflict, "example.not_draft")
		case e.State == ExampleReleased && letters(reason) < minReason:
			return fault.New(fault.Invalid, "decision.reason_missing", fault.Field("reason"), fault.Arg("letters", minReason))
		}
		e.Reason, e.EndedBy, e.EndedAt = masked(readable(reason)), by.ID, m.Now()
		if e.State = map[string]string{ExampleDraft: ExampleDiscarded, ExampleReleased: ExampleWithdrawn}[e.State]; e.State == ExampleDiscarded {
			e.Text = ""
		}
		return nil
	})
}

// moveExample loads an example, changes it by a rule, and saves it unless
// somebody else was first.
func (m *Moderation) moveExample(ctx context.Context, by identity.Actor, id ExampleID, change func(*db.Tx, *Example) error) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		e, err := loadExample(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		was := e.State
		if err := change(tx, &e); err != nil {
			return err
		}
		moved, err := saveExample(ctx, tx, was, e)
		if err != nil {
			return err
		}
		if !moved {
			return fault.New(fault.Conflict, "example.not_draft")
		}
		return m.tellExample(ctx, tx, by, e, "example."+e.State)
	})
}

func (m *Moderation) tellExample(ctx context.Context, tx *db.Tx, by identity.Actor, e Example, deed string) error {
	if err := live.Tell(ctx, tx, e.Agency, "example", string(e.ID)); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(e.Text))
	return audit.Note(ctx, tx, by, m.Now(), audit.Deed{Name: deed, Subject: "example/" + string(e.ID), Digest: hex.EncodeToString(sum[:]), Detail: e.Number + " " + e.Clause})
}

// Examples lists an agency's examples for its own people, the latest first.
func (m *Moderation) Examples(ctx context.Context, by identity.Actor) (all []Example, err error) {
	if !by.May(identity.Moderate, by.Agency) && !by.May(mayRelease, by.Agency) {
		return nil, fault.New(fault.Denied, "example.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = listExamples(ctx, tx, by.Agency, "", 200)
		return err
	})
	return all, err
}

// PublicExample is an example as everybody sees it.
type PublicExample struct {
	ID         ExampleID
	Act        Act
	Clause     string
	Month      string // "2026-11", or "2026" where so few fell under the clause that the month would tell
	Text       string
	ReleasedAt time.Time
}

// PublicExamples lists what an agency has released, the latest first.
func (m *Moderation) PublicExamples(ctx context.Context, agency identity.AgencyID) (all []PublicExample, err error) {
	var released []Example
	var a identity.Agency
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		if a, err = identity.AgencyByID(ctx, tx, agency); err != nil {
			return err
		}
		released, err = listExamples(ctx, tx, agency, ExampleReleased, 50)
		return err
	})
	if err != nil {
		return nil, err
	}
	months := map[string]MonthAccount{}
	for _, e := range released {
		if _, known := months[e.Month]; !known {
			at, err := time.ParseInLocation("2006-01", e.Month, a.Location())
			if err != nil {
				return nil, err
			}
			if months[e.Month], err = m.Account(ctx, agency, at); err != nil {
				return nil, err
			}
		}
		all = append(all, e.told(months[e.Month]))
	}
	return all, nil
}

// told coarsens the month to the year where fewer than five fell under the
// clause: the example would be one of them.
func (e Example) told(a MonthAccount) PublicExample {
	p := PublicExample{ID: e.ID, Act: e.Act, Clause: e.Clause, Month: e.Month, Text: e.Text, ReleasedAt: e.ReleasedAt}
	c := a.Table(measureOf(e.Act, false)).At(e.Clause, Every)
	if few := c.Told == Small || c.Told == Exact && c.N < SmallestTold; few && e.Act != Keep {
		p.Month, _, _ = strings.Cut(e.Month, "-")
	}
	return p
}
