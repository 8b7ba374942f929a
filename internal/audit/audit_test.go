package audit_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
)

var noon = time.Date(2026, 3, 2, 5, 0, 0, 123456789, time.UTC)

func person(id identity.PersonID, agency identity.AgencyID) identity.Actor {
	return identity.NewActor(id, "Ratih", agency, identity.Web, nil)
}

func note(t *testing.T, d *db.DB, by identity.Actor, deeds ...audit.Deed) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		for _, deed := range deeds {
			if err := audit.Note(t.Context(), tx, by, noon, deed); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, d *db.DB, q audit.Query) (all []audit.Entry) {
	t.Helper()
	err := d.View(t.Context(), func(tx *db.Tx) (err error) {
		all, err = audit.List(t.Context(), tx, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheTrailIsListedNewestFirst(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		note(t, d, person("p1", "a1"),
			audit.Deed{Name: "post.draft", Subject: "post/1", Revision: 1},
			audit.Deed{Name: "post.submit", Subject: "post/1", Revision: 2, Digest: "d1"},
			audit.Deed{Name: "post.draft", Subject: "post/2", Revision: 1})
		note(t, d, person("p2", "a1"), audit.Deed{Name: "post.approve", Subject: "post/1", Revision: 2, Digest: "d1", Detail: "x"})
		note(t, d, person("p3", "a2"), audit.Deed{Name: "post.draft", Subject: "post/1"})
		note(t, d, identity.TheSystem("queue", "a1"), audit.Deed{Name: "delivery.void", Subject: "post/1"})

		all := list(t, d, audit.Query{Agency: "a1", Limit: 10})
		if got := deeds(all); got != "delivery.void post.approve post.draft post.submit post.draft" {
			t.Errorf("another agency's deed, or the wrong order: %s", got)
		}
		if e := all[1]; e.Actor != "p2" || e.Via != identity.Web || e.Digest != "d1" || e.Revision != 2 || e.Detail != "x" || !e.At.Equal(noon.Truncate(time.Microsecond)) || e.Hash != e.ContentHash() {
			t.Errorf("not as it was noted: %+v", e)
		}
		for _, c := range []struct {
			why  string
			q    audit.Query
			want string
		}{
			{"one person's deeds", audit.Query{Agency: "a1", Actor: "p1", Limit: 10}, "post.draft post.submit post.draft"},
			{"deeds on one subject", audit.Query{Agency: "a1", Subject: "post/2", Limit: 10}, "post.draft"},
			{"the first page", audit.Query{Agency: "a1", Limit: 2}, "delivery.void post.approve"},
			{"the page below it", audit.Query{Agency: "a1", Limit: 2, Before: all[1].ID}, "post.draft post.submit"},
		} {
			if got := deeds(list(t, d, c.q)); got != c.want {
				t.Errorf("%s: %s", c.why, got)
			}
		}
	})
}

func deeds(all []audit.Entry) (names string) {
	for i, e := range all {
		if i > 0 {
			names += " "
		}
		names += e.Deed
	}
	return names
}

func TestAFailedDeedLeavesNoTrail(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	broken := errors.New("broken")
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		return errors.Join(audit.Note(t.Context(), tx, person("p", "a"), noon, audit.Deed{Name: "post.draft"}), broken)
	})
	if all := list(t, d, audit.Query{Agency: "a", Limit: 10}); !errors.Is(err, broken) || len(all) != 0 {
		t.Errorf("%v, %+v", err, all)
	}
}

// One byte changed behind our back, in any column, is found: and only there.
func TestVerifyFindsAChangedByte(t *testing.T) {
	t.Parallel()
	changes := map[string]string{
		"at": "at + 1", "agency_id": "'a2'", "actor": "actor || ' '", "on_behalf_of": "'p9'", "via": "'cli'", "deed": "'post.approvf'",
		"subject": "'post/2'", "revision": "revision + 1", "digest": "'d2'", "detail": "''", "hash": "replace(hash, substr(hash, 1, 1), 'x')",
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		note(t, d, person("p1", "a1"), audit.Deed{Name: "post.draft", Subject: "post/1"},
			audit.Deed{Name: "post.approve", Subject: "post/1", Revision: 3, Digest: "d1", Detail: "x"}, audit.Deed{Name: "post.withdraw", Subject: "post/1"})
		rows, broken, err := audit.Verify(t.Context(), d)
		if err != nil || rows != 3 || len(broken) != 0 {
			t.Fatalf("untouched: %d rows, %v, %v", rows, broken, err)
		}
		target := list(t, d, audit.Query{Agency: "a1", Limit: 10})[1]
		for column, change := range changes {
			tamper := func(value string, args ...any) {
				t.Helper()
				err := d.Update(t.Context(), func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), `UPDATE audit SET `+column+` = `+value+` WHERE id = $1`, append([]any{target.ID}, args...)...)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			tamper(change)
			rows, broken, err := audit.Verify(t.Context(), d)
			if err != nil || rows != 3 || len(broken) != 1 || broken[0].ID != target.ID {
				t.Errorf("%s: %d rows, broken %v, %v", column, rows, broken, err)
			}
			tamper("$2", value(target, column))
		}
		if _, broken, err := audit.Verify(t.Context(), d); err != nil || len(broken) != 0 {
			t.Errorf("put back: %v, %v", broken, err)
		}
	})
}

func value(e audit.Entry, column string) any {
	return map[string]any{
		"at": e.At.UnixMicro(), "agency_id": string(e.Agency), "actor": string(e.Actor), "on_behalf_of": e.OnBehalfOf, "via": string(e.Via),
		"deed": e.Deed, "subject": e.Subject, "revision": e.Revision, "digest": e.Digest, "detail": e.Detail, "hash": e.Hash,
	}[column]
}

func TestVerifyReadsPastOnePage(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	note(t, d, person("p", "a"), make([]audit.Deed, 2001)...)
	last := list(t, d, audit.Query{Agency: "a", Limit: 1})[0]
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE audit SET detail = 'x' WHERE id = $1`, last.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if rows, broken, err := audit.Verify(t.Context(), d); err != nil || rows != 2001 || len(broken) != 1 || broken[0].ID != last.ID {
		t.Errorf("%d rows, %v, %v", rows, broken, err)
	}
}

// No text moved from one field into the next gives the same hash.
func TestFieldsDoNotRunTogether(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, e := range []audit.Entry{
		{Deed: "ab", Subject: "c"}, {Deed: "a", Subject: "bc"}, {Deed: "abc"}, {Subject: "abc"}, {Digest: "abc"}, {Detail: "abc"},
		{Revision: 1}, {Digest: "\x00\x00\x00\x00\x00\x00\x00\x01"}, {OnBehalfOf: "abc"}, {Actor: "abc"}, {},
	} {
		name, h := fmt.Sprintf("%+v", e), e.ContentHash()
		if other, taken := seen[h]; taken {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		seen[h] = name
	}
}
