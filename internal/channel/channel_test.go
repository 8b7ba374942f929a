package channel_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
)

func TestConnect(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		var told []channel.Channel
		o.Connected = func(_ context.Context, _ *db.Tx, c channel.Channel) error {
			told = append(told, c)
			return nil
		}
		c := o.connect(t, credential("access"))
		if c.Agency != o.info || c.RemoteID != "77" || c.Health != channel.OK || c.BaseURL != "https://paper.example" || len(told) != 1 || told[0].ID != c.ID {
			t.Errorf("%+v, told %d", c, len(told))
		}
		a, err := o.Account(t.Context(), c)
		if err != nil || a.Token.Access != "access" || a.App.ClientSecret != "app-secret" || a.RemoteID != "77" {
			t.Errorf("%+v, %v", a.RemoteID, err)
		}
		again := o.connect(t, credential("second"))
		if again.ID != c.ID {
			t.Error("the same account became a second channel")
		}
		if a, err := o.Account(t.Context(), again); err != nil || a.Token.Access != "second" {
			t.Errorf("the new credential does not open: %v", err)
		}
		if n := o.count(t, `SELECT count(*) FROM app`); n != 1 {
			t.Errorf("%d registrations", n)
		}
		if n := o.count(t, `SELECT count(*) FROM audit WHERE deed = 'channel.connect' AND agency_id = $1`, o.info); n != 2 {
			t.Errorf("%d rows in the trail", n)
		}
		mine, err := o.Connect(t.Context(), o.outsider, credential("access"))
		if err != nil || mine.ID == c.ID {
			t.Errorf("another agency has a channel of its own to the same account: %v", err)
		}
	})
}

func TestConnectIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	unknown := credential("access")
	unknown.Platform = "smoke"
	for _, c := range []struct {
		name string
		cred channel.Credential
		want string
	}{
		{"a platform that nobody speaks", unknown, "channel.unknown_platform"},
		{"no token", credential(""), "channel.connect.no_token"},
		{"a token that the platform refuses", credential("refused"), "platform.auth_lost"},
		{"a platform that gives no clear answer", credential("silent"), "channel.connect.no_answer"},
	} {
		if _, err := o.Connect(t.Context(), o.admin, c.cred); code(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := o.Connect(t.Context(), o.approver, credential("access")); code(err) != "channel.connect.no_power" {
		t.Errorf("an approver connects: %v", err)
	}
	broken := errors.New("broken")
	o.Connected = func(context.Context, *db.Tx, channel.Channel) error { return broken }
	if _, err := o.Connect(t.Context(), o.admin, credential("access")); !errors.Is(err, broken) {
		t.Error(err)
	}
	if n := o.count(t, `SELECT (SELECT count(*) FROM channel) + (SELECT count(*) FROM app) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM live)`); n != 0 {
		t.Errorf("a refusal left %d rows", n)
	}
}

// The rows hold no secret in clear, and a token moved to another row is closed.
func TestSecretsAreSealed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.connect(t, credential("access-in-clear"))
	other, err := o.Connect(t.Context(), o.outsider, credential("access"))
	if err != nil {
		t.Fatal(err)
	}
	o.update(t, func(tx *db.Tx) error {
		all, err := db.All(t.Context(), tx, db.Value[[]byte], `SELECT token FROM channel UNION ALL SELECT secrets FROM app`)
		for _, sealed := range all {
			for _, secret := range []string{"access", "refresh", "app-secret", "verify"} {
				if bytes.Contains(sealed, []byte(secret)) {
					t.Errorf("%q stands in clear", secret)
				}
			}
		}
		if err == nil {
			_, err = tx.Exec(t.Context(), `UPDATE channel SET token = (SELECT token FROM channel WHERE agency_id = $1) WHERE id = $2`, o.info, other.ID)
		}
		return err
	})
	if _, err := o.Account(t.Context(), o.load(t, other.ID)); err == nil {
		t.Error("another channel's token opens here")
	}
}

func TestAFrozenChannelIsReleasedByAnApproverAlone(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx := t.Context()
		c := o.connect(t, credential("access"))
		seen := channel.Sighting{Channel: c.ID, RemoteID: "9", Fingerprint: "f", PostedAt: noon, SeenAt: noon}
		o.update(t, func(tx *db.Tx) error {
			for i := range 2 {
				fresh, err := channel.Saw(ctx, tx, seen)
				if err != nil || fresh != (i == 0) {
					t.Errorf("sighting %d: fresh %v, %v", i, fresh, err)
				}
			}
			if err := channel.Judge(ctx, tx, seen, channel.SightingForeign); err != nil {
				return err
			}
			return channel.SetHealth(ctx, tx, c.ID, channel.Frozen, "https://paper.example/9", time.Time{})
		})
		o.connect(t, credential("new"))
		o.update(t, func(tx *db.Tx) error { return channel.SetHealth(ctx, tx, c.ID, channel.AuthLost, "x", time.Time{}) })
		if c := o.load(t, c.ID); c.Health != channel.Frozen || c.HealthNote != "https://paper.example/9" || !c.Broken() {
			t.Errorf("thawed by a reconnection or a lost credential: %s %s", c.Health, c.HealthNote)
		}
		if err := o.Repair(ctx, o.admin, c.ID); code(err) != "channel.repair.no_power" {
			t.Errorf("an administrator releases it: %v", err)
		}
		if err := o.Repair(ctx, o.outsider, c.ID); code(err) != "channel.not_found" {
			t.Errorf("another agency's approver sees it: %v", err)
		}
		if err := o.Repair(ctx, o.approver, c.ID); err != nil {
			t.Fatal(err)
		}
		if err := o.Repair(ctx, o.approver, c.ID); code(err) != "channel.repair.not_frozen" {
			t.Errorf("released twice: %v", err)
		}
		if ok, _ := o.load(t, c.ID).Usable(noon); !ok {
			t.Error("not usable after its release")
		}
		if n := o.count(t, `SELECT count(*) FROM sighting WHERE state = 'known'`); n != 1 {
			t.Errorf("%d sightings known", n)
		}
		if n := o.count(t, `SELECT count(*) FROM audit WHERE deed = 'channel.repair'`); n != 1 {
			t.Errorf("%d rows in the trail", n)
		}
	})
}

func TestUsable(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Minute)
	for name, c := range map[string]struct {
		channel channel.Channel
		ok      bool
		again   time.Time
	}{
		"a healthy one":                              {channel.Channel{Health: channel.OK, PaceRemaining: -1}, true, time.Time{}},
		"a breaker that is open":                     {channel.Channel{Health: channel.OK, PauseUntil: later}, false, later},
		"a breaker that has closed":                  {channel.Channel{Health: channel.OK, PauseUntil: noon, PaceRemaining: -1}, true, time.Time{}},
		"nothing left until the reset":               {channel.Channel{Health: channel.OK, PaceReset: later}, false, later},
		"nothing left, and the reset is over":        {channel.Channel{Health: channel.OK, PaceReset: noon}, true, time.Time{}},
		"blocked by the platform for a while":        {channel.Channel{Health: channel.Blocked, PauseUntil: later}, false, later},
		"blocked, and the while is over":             {channel.Channel{Health: channel.Blocked, PauseUntil: noon, PaceRemaining: 1}, true, time.Time{}},
		"its credential is gone: a person must mend": {channel.Channel{Health: channel.AuthLost}, false, time.Time{}},
		"frozen: a person must look":                 {channel.Channel{Health: channel.Frozen, PauseUntil: later}, false, time.Time{}},
		"disconnected":                               {channel.Channel{Health: channel.Off}, false, time.Time{}},
	} {
		if ok, again := c.channel.Usable(noon); ok != c.ok || !again.Equal(c.again) {
			t.Errorf("%s: %v, again %v", name, ok, again)
		}
	}
}

func TestTheBreakerOpensAtTheFifthStrike(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.connect(t, credential("access"))
		for strike := 1; strike <= 6; strike++ {
			o.update(t, func(tx *db.Tx) error { return channel.Strike(t.Context(), tx, o.load2(t, tx, c.ID), noon) })
			ok, again := o.load(t, c.ID).Usable(noon)
			want := map[int]time.Duration{5: 30 * time.Second, 6: time.Minute}[strike]
			if ok != (strike < 5) || !ok && again.Sub(noon) != want {
				t.Errorf("after %d strikes: usable %v, again after %v", strike, ok, again.Sub(noon))
			}
		}
		o.update(t, func(tx *db.Tx) error { return channel.Answered(t.Context(), tx, c.ID) })
		if ok, _ := o.load(t, c.ID).Usable(noon); !ok {
			t.Error("an answer does not close the breaker")
		}
	})
}

func (o *office) load2(t *testing.T, tx *db.Tx, id channel.ID) channel.Channel {
	t.Helper()
	c, err := channel.ByID(t.Context(), tx, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPaceIsSpentOnce(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.connect(t, credential("access"))
		take := func(now time.Time) int64 {
			o.update(t, func(tx *db.Tx) error { return channel.TakePace(t.Context(), tx, c.ID, now) })
			return o.load(t, c.ID).PaceRemaining
		}
		if left := take(noon); left != -1 {
			t.Errorf("unknown stays unknown: %d", left)
		}
		reset := noon.Add(time.Minute)
		o.update(t, func(tx *db.Tx) error {
			return channel.Pace(t.Context(), tx, c.ID, platform.Quota{Remaining: 2, Reset: reset})
		})
		for i, want := range []int64{1, 0, 0} {
			if left := take(noon); left != want {
				t.Errorf("take %d leaves %d", i, left)
			}
		}
		if ok, again := o.load(t, c.ID).Usable(noon); ok || !again.Equal(reset) {
			t.Errorf("usable with nothing left: %v", again)
		}
		if left := take(reset); left != -1 {
			t.Errorf("after the reset: %d", left)
		}
	})
}

func TestCursor(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.connect(t, credential("access"))
		o.update(t, func(tx *db.Tx) error {
			for _, want := range []string{"", "a", "b"} {
				if want != "" {
					if err := channel.MoveCursor(t.Context(), tx, c.ID, "mentions", want, noon); err != nil {
						return err
					}
				}
				if got, err := channel.Cursor(t.Context(), tx, c.ID, "mentions"); got != want || err != nil {
					t.Errorf("%q, %v", got, err)
				}
			}
			return nil
		})
	})
}
