package inbox

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/pii"
)

// Purposes are what an office may open a citizen's personal data for: the
// processing that she wrote to it for, and the protection of life
// (UU 27/2022 pasal 20 ayat 2). Curiosity is none.
var Purposes = [...]string{"verify", "contact", "forward", "safety", "decide", "subject"}

// PurposeOf is what the trail keeps of a purpose that was chosen from the list,
// with a word of the officer's own; "" when it is none of them.
func PurposeOf(chosen, detail string) string {
	if !slices.Contains(Purposes[:], chosen) {
		return ""
	}
	if detail = strings.TrimSpace(detail); detail != "" {
		return chosen + ": " + short(detail, 160)
	}
	return chosen
}

// Unmask opens what a citizen wrote, for a purpose that is written down in the
// same transaction: who sees it is known before it is shown.
func (in *Inbox) Unmask(ctx context.Context, by identity.Actor, id MessageID, purpose string) (o Original, err error) {
	err = in.DB.Update(ctx, func(tx *db.Tx) error {
		m, err := LoadMessage(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Unmask, by.Agency) {
			return fault.New(fault.Denied, "message.unmask.no_power")
		}
		if purpose = strings.TrimSpace(purpose); purpose == "" {
			return fault.New(fault.Invalid, "message.unmask.no_purpose", fault.Field("purpose"))
		}
		if o, err = in.Original(m); err != nil {
			return err
		}
		if err := in.note(ctx, tx, by, "message.unmask", "message/"+string(id), short(pii.Mask(purpose).Text, 200)); err != nil {
			return err
		}
		return NoteOpening(ctx, tx, by, in.Now())
	})
	if err != nil {
		return Original{}, err
	}
	return o, nil
}

// manyOpenings within openingSpan are worth a line of their own in the trail.
const (
	manyOpenings = 10
	openingSpan  = time.Hour
)

// NoteOpening is called by every verb that opens personal data, after its own
// audit row. Each tenth opening by one person within an hour stands out: it may
// be an incident's work, or somebody who collects.
func NoteOpening(ctx context.Context, tx *db.Tx, by identity.Actor, now time.Time) error {
	n, err := countOpenings(ctx, tx, by, now.Add(-openingSpan))
	if err != nil || n == 0 || n%manyOpenings != 0 {
		return err
	}
	return audit.Note(ctx, tx, by, now, audit.Deed{Name: "unmask.many", Subject: "person/" + string(by.ID), Detail: strconv.FormatInt(n, 10)})
}
