package moderation

import (
	"context"
	"strings"
	"time"

	"kentongan/configs"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/pii"
)

// Objection is what citizens said against one decision, and what became of it.
type Objection struct {
	ID        ObjectionID
	Agency    identity.AgencyID
	Decision  DecisionID
	State     string
	FiledAt   time.Time
	Clock     Running // it was filed under
	Timed     bool    // Clock holds
	DecidedBy identity.PersonID
	DecidedAt time.Time
	Reason    string     // of the outcome, for everybody
	Clause    string     // the right one, when it was granted in part
	UndoneBy  DecisionID // that takes the act back at the platform
}

// word is what one person wrote.
type word struct {
	ID        string
	Agency    identity.AgencyID
	Objection ObjectionID
	Kind      string // filed or added
	Masked    string
	At        time.Time
	receipt   string
	form      string
	original  []byte
}

func wordPurpose(id string) string { return "objection.word/" + id }

// Filed is what an objector is told at once.
type Filed struct {
	Number  string
	Receipt string // shown this once; only its keyed hash is kept
	Joined  bool   // somebody had objected already: this was added to it
	Clock   Running
	Timed   bool
}

// anonymous is whoever speaks without an account.
func anonymous(agency identity.AgencyID) identity.Actor { return identity.TheSystem("citizen", agency) }

// File keeps an objection. Anybody may object: that somebody wrote a message
// cannot be proved without asking who she is. A second one to the same
// decision is added to the first; a form that is sent twice is filed once.
func (m *Moderation) File(ctx context.Context, slug string, f Filing) (out Filed, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := identity.AgencyBySlug(ctx, tx, slug)
		if err != nil {
			return err
		}
		d, err := openCase(ctx, tx, a.ID, f.Number)
		if err != nil {
			return fault.New(fault.Invalid, "objection.case_unknown", fault.Field("number"))
		}
		// The form's key makes the receipt, so that a repeated form gets the same. A
		// form that a browser kept and that now says something else is another one:
		// nothing that a citizen writes may be lost.
		out = Filed{Number: d.Number, Receipt: m.receiptFor(f.Form + " " + d.Number)}
		key := m.formKey(f.Form + " " + d.Number + " " + f.Why)
		if again, found, err := wordBy(ctx, tx, a.ID, "", key); err != nil || found {
			return m.filedAgain(ctx, tx, again, &out, err)
		}
		if err := lockDecision(ctx, tx, d.ID); err != nil {
			return err
		}
		s, open, err := m.stand(ctx, tx, a, d)
		if err != nil {
			return err
		}
		now := m.Now()
		if err := s.check(now); err != nil {
			return err
		}
		deed := "objection.join"
		if open.ID == "" {
			deed = "objection.file"
			if open, err = m.open(ctx, tx, a, d, now); err != nil {
				return err
			}
		}
		out.Joined, out.Clock, out.Timed = deed == "objection.join", open.Clock, open.Timed
		w := word{ID: db.NewID(), Agency: a.ID, Objection: open.ID, Kind: "filed", At: now, receipt: m.receiptHash(out.Receipt), form: key}
		return m.keepWord(ctx, tx, w, f.Why, deed)
	})
	if err != nil {
		return Filed{}, err
	}
	return out, nil
}

func (m *Moderation) filedAgain(ctx context.Context, tx *db.Tx, w word, out *Filed, err error) error {
	if err != nil {
		return err
	}
	o, err := loadObjection(ctx, tx, w.Agency, w.Objection)
	out.Clock, out.Timed = o.Clock, o.Timed
	return err
}

// open starts an objection with its clock.
func (m *Moderation) open(ctx context.Context, tx *db.Tx, a identity.Agency, d Decision, now time.Time) (o Objection, err error) {
	k, err := m.Inbox.ClockOf(a)
	if err != nil {
		return o, err
	}
	o = Objection{ID: ObjectionID(db.NewID()), Agency: a.ID, Decision: d.ID, State: ObjectionOpen, FiledAt: now}
	o.Clock, o.Timed = m.Objections.Start(k, configs.ObjectionDecided, d.Act, now)
	_, err = insertObjection(ctx, tx, o)
	return o, err
}

// stand loads how a decision stands to an objection, and the one that is open.
func (m *Moderation) stand(ctx context.Context, tx *db.Tx, a identity.Agency, d Decision) (s standing, open Objection, err error) {
	k, err := m.Inbox.ClockOf(a)
	if err != nil {
		return s, open, err
	}
	held, err := inSway(ctx, tx, d)
	if err != nil {
		return s, open, err
	}
	all, err := objectionsTo(ctx, tx, d.ID)
	for _, o := range all {
		if o.State == ObjectionOpen {
			open = o
		}
	}
	s = standing{Act: d.Act, State: d.State, InSway: int64(len(held)), Open: open.ID != "", Heard: len(all) > 0 && open.ID == ""}
	s.Window, s.Timed = m.Objections.Start(k, configs.ObjectionFiled, d.Act, announced(d))
	return s, open, err
}

// announced is when a citizen could first have seen what was decided.
func announced(d Decision) time.Time {
	if d.DoneAt.After(d.At) {
		return d.DoneAt
	}
	return d.At
}

// keepWord seals what was written and keeps its masked form beside it. The
// trail says that somebody objected, and not one word of it.
func (m *Moderation) keepWord(ctx context.Context, tx *db.Tx, w word, text, deed string) error {
	n, err := countWords(ctx, tx, w.Objection)
	if err != nil {
		return err
	}
	if n >= maxWords {
		return fault.New(fault.Conflict, "objection.full")
	}
	w.Masked, w.original = pii.Mask(text).Text, m.Vault.Seal(wordPurpose(w.ID), []byte(text))
	if _, err := insertWord(ctx, tx, w); err != nil {
		return err
	}
	if err := live.Tell(ctx, tx, w.Agency, "objection", string(w.Objection)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, anonymous(w.Agency), w.At, audit.Deed{Name: deed, Subject: "objection/" + string(w.Objection)})
}

// The receipt is made of the form's random key, which only the page knew. It
// says nothing, and only a keyed hash of it is kept.
func (m *Moderation) receiptFor(form string) string {
	code := m.Vault.Hash("objection.receipt", form)
	var b strings.Builder
	for i := range 20 {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(caseLetters[(hexValue(code[2*i])<<4|hexValue(code[2*i+1]))&31])
	}
	return b.String()
}

func hexValue(c byte) int { return strings.IndexByte("0123456789abcdef", c) }

func (m *Moderation) receiptHash(receipt string) string {
	return m.Vault.Hash("objection.receipt.kept", receipt)
}
func (m *Moderation) formKey(form string) string { return m.Vault.Hash("objection.form", form) }

// ReadReceipt reads a receipt as people type it.
func ReadReceipt(typed string) (string, bool) {
	if len(typed) > 100 {
		return "", false
	}
	up := strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	var b strings.Builder
	n := 0
	for _, r := range up {
		switch {
		case strings.ContainsRune(caseLetters, r):
			if n > 0 && n%5 == 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			n++
		case r == '-' || r == ' ' || r == '–':
		default:
			return "", false
		}
	}
	return b.String(), n == 20
}

// ByReceipt shows an objector what became of the objection.
func (m *Moderation) ByReceipt(ctx context.Context, slug, typed string) (c PublicCase, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		a, w, err := m.holder(ctx, tx, slug, typed)
		if err != nil {
			return err
		}
		o, err := loadObjection(ctx, tx, a.ID, w.Objection)
		if err != nil {
			return err
		}
		d, err := LoadDecision(ctx, tx, a.ID, o.Decision)
		if err == nil {
			c, err = m.public(ctx, tx, a, d)
		}
		return err
	})
	return c, err
}

// holder finds who holds a receipt. A wrong one is not told from an unknown one.
func (m *Moderation) holder(ctx context.Context, tx *db.Tx, slug, typed string) (a identity.Agency, w word, err error) {
	if a, err = identity.AgencyBySlug(ctx, tx, slug); err != nil {
		return a, w, err
	}
	unknown := fault.New(fault.Invalid, "objection.receipt_unknown", fault.Field("receipt"))
	code, ok := ReadReceipt(typed)
	if !ok {
		return a, w, unknown
	}
	w, found, err := wordBy(ctx, tx, a.ID, m.receiptHash(code), "")
	if err == nil && !found {
		err = unknown
	}
	return a, w, err
}

// Add keeps a further sentence of somebody who holds a receipt, while the
// objection is heard.
func (m *Moderation) Add(ctx context.Context, slug, typed, more, form string) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		a, w, err := m.holder(ctx, tx, slug, typed)
		if err != nil {
			return err
		}
		more = readable(more)
		if err := checkWhy(more); err != nil {
			return err
		}
		o, err := loadObjection(ctx, tx, a.ID, w.Objection)
		if err != nil {
			return err
		}
		if o.State != ObjectionOpen {
			return fault.New(fault.Conflict, "objection.heard_already")
		}
		if _, found, err := wordBy(ctx, tx, a.ID, "", m.formKey(form+" "+more)); err != nil || found {
			return err // the same form, sent twice
		}
		next := word{ID: db.NewID(), Agency: a.ID, Objection: o.ID, Kind: "added", At: m.Now(), receipt: w.receipt, form: m.formKey(form + " " + more)}
		return m.keepWord(ctx, tx, next, more, "objection.add")
	})
}
