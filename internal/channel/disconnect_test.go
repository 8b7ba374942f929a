package channel_test

import (
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
)

// Who takes a channel out of use leaves no credential behind, and cannot hide
// what an approver has still to look at.
func TestADisconnectedChannelKeepsNoCredential(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.connect(t, credential("access"))
		if _, err := o.Disconnect(t.Context(), o.approver, c.ID); code(err) != "channel.connect.no_power" {
			t.Errorf("an approver: %v", err)
		}
		if _, err := o.Disconnect(t.Context(), o.outsider, c.ID); code(err) != "channel.not_found" {
			t.Errorf("another agency: %v", err)
		}
		o.update(t, func(tx *db.Tx) error {
			return channel.SetHealth(t.Context(), tx, c.ID, channel.Frozen, "https://paper.example/9", time.Time{})
		})
		if _, err := o.Disconnect(t.Context(), o.admin, c.ID); code(err) != "channel.disconnect.frozen" || o.load(t, c.ID).Health != channel.Frozen {
			t.Errorf("a frozen one: %v", err)
		}
		if err := o.Repair(t.Context(), o.approver, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Disconnect(t.Context(), o.admin, c.ID); err != nil {
			t.Fatal(err)
		}
		off := o.load(t, c.ID)
		if a, err := o.Account(t.Context(), off); err != nil || a.Token.Access != "" || a.Token.Refresh != "" || off.Health != channel.Off || !off.Broken() {
			t.Errorf("afterwards: %s, %v", off.Health, err)
		}
		o.update(t, func(tx *db.Tx) error {
			all, err := channel.List(t.Context(), tx, o.info)
			if len(all) != 0 {
				t.Errorf("%d channels listed", len(all))
			}
			return err
		})
		if n := o.count(t, `SELECT count(*) FROM audit WHERE deed = 'channel.disconnect'`); n != 1 {
			t.Errorf("%d rows in the trail", n)
		}
		if again := o.connect(t, credential("second")); again.ID != c.ID || again.Health != channel.OK {
			t.Errorf("connected again: %s, %s", again.ID, again.Health)
		}
	})
}
