package channel

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

const columns = `id, agency_id, app_id, platform, mode, base_url, remote_id, handle, name, url, sandbox, health, health_note, strikes, pause_until, pace_remaining, pace_reset, connected_at, also, missing, token_expires, push_at, push_code, token`

func read(scan func(...any) error) (c Channel, err error) {
	var also, missing string
	err = scan(&c.ID, &c.Agency, &c.App, &c.Platform, &c.Mode, &c.BaseURL, &c.RemoteID, &c.Handle, &c.Name, &c.URL, &c.Sandbox,
		&c.Health, &c.HealthNote, &c.Strikes, db.At(&c.PauseUntil), &c.PaceRemaining, db.At(&c.PaceReset), db.At(&c.ConnectedAt),
		&also, &missing, db.At(&c.TokenExpires), db.At(&c.PushAt), &c.PushCode, &c.token)
	c.Also, c.Missing = strings.Fields(also), strings.Fields(missing)
	return c, err
}

// Load returns a channel of the agency.
func Load(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id ID) (Channel, error) {
	return db.One(ctx, tx, "channel.not_found", read, `SELECT `+columns+` FROM channel WHERE id = $1 AND agency_id = $2`, id, agency)
}

// ByID returns a channel whatever its agency: for the system's own work.
func ByID(ctx context.Context, tx *db.Tx, id ID) (Channel, error) {
	return db.One(ctx, tx, "channel.not_found", read, `SELECT `+columns+` FROM channel WHERE id = $1`, id)
}

// List returns the agency's channels in the order they were connected.
func List(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Channel, error) {
	return db.All(ctx, tx, read, `SELECT `+columns+` FROM channel WHERE agency_id = $1 AND health <> 'off' ORDER BY id`, agency)
}

// All returns every connected channel.
func All(ctx context.Context, tx *db.Tx) ([]Channel, error) {
	return db.All(ctx, tx, read, `SELECT `+columns+` FROM channel WHERE health <> 'off' ORDER BY id`)
}

// ByAccount returns the channels of an app that speak for a platform account:
// where a pushed item belongs. More than one agency may share an account.
func ByAccount(ctx context.Context, tx *db.Tx, name platform.Name, baseURL, remoteID string) ([]Channel, error) {
	all, err := db.All(ctx, tx, read, `
		SELECT `+columns+` FROM channel
		WHERE platform = $1 AND base_url = $2 AND (remote_id = $3 OR also <> '') AND mode <> 'manual' AND health <> 'off' ORDER BY id`,
		name, baseURL, remoteID)
	return slices.DeleteFunc(all, func(c Channel) bool { return c.RemoteID != remoteID && !slices.Contains(c.Also, remoteID) }), err
}

// insert stores a channel, or gives the one there is its new credential. A
// frozen channel stays frozen: who connects may not release what an approver
// must look at first. The time of the first connection stays, too: what was
// posted or asked there since is not past because a token was renewed.
func insert(ctx context.Context, tx *db.Tx, c Channel, now time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO channel (id, agency_id, app_id, platform, mode, base_url, remote_id, handle, name, url, sandbox, token, connected_at, created_at, also, missing, token_expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16)
		ON CONFLICT (agency_id, platform, base_url, remote_id, mode) DO UPDATE SET
			app_id = excluded.app_id, handle = excluded.handle, name = excluded.name, url = excluded.url, token = excluded.token,
			also = excluded.also, missing = excluded.missing, token_expires = excluded.token_expires,
			health = CASE WHEN channel.health = 'frozen' THEN 'frozen' ELSE 'ok' END,
			health_note = CASE WHEN channel.health = 'frozen' THEN channel.health_note ELSE '' END, strikes = 0, pause_until = 0, pace_remaining = -1,
			connected_at = CASE WHEN channel.health = 'off' THEN excluded.connected_at ELSE channel.connected_at END`,
		c.ID, c.Agency, c.App, c.Platform, c.Mode, c.BaseURL, c.RemoteID, c.Handle, c.Name, c.URL, c.Sandbox, c.token, db.Micros(now),
		strings.Join(c.Also, " "), strings.Join(c.Missing, " "), db.Micros(c.TokenExpires))
	return err
}

func byKey(ctx context.Context, tx *db.Tx, c Channel) (Channel, error) {
	return db.One(ctx, tx, "channel.not_found", read, `
		SELECT `+columns+` FROM channel
		WHERE agency_id = $1 AND platform = $2 AND base_url = $3 AND remote_id = $4 AND mode = $5`,
		c.Agency, c.Platform, c.BaseURL, c.RemoteID, c.Mode)
}

func saveToken(ctx context.Context, tx *db.Tx, id ID, token []byte, expires time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE channel SET token = $1, token_expires = $2 WHERE id = $3`, token, db.Micros(expires), id)
	return err
}

// switchOff disconnects a channel and leaves no credential behind.
func switchOff(ctx context.Context, tx *db.Tx, id ID, empty []byte) error {
	_, err := tx.Exec(ctx, `UPDATE channel SET health = 'off', health_note = '', token = $1, token_expires = 0, push_at = 0, push_code = '' WHERE id = $2`, empty, id)
	return err
}

// savePush writes since when the platform pushes, or why it does not.
func savePush(ctx context.Context, tx *db.Tx, id ID, at time.Time, code string) error {
	_, err := tx.Exec(ctx, `UPDATE channel SET push_at = $1, push_code = $2 WHERE id = $3`, db.Micros(at), code, id)
	return err
}

// lock makes a transaction wait for another that refreshes the same token.
func lock(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `UPDATE channel SET token = token WHERE id = $1`, id)
	return err
}

// SetHealth writes a channel's health. until matters for Blocked only. What is
// frozen leaves that state by Repair alone: whoever took an account over may
// revoke our credential, too, and connecting anew must not hide what they wrote.
func SetHealth(ctx context.Context, tx *db.Tx, id ID, h Health, note string, until time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE channel SET health = $1, health_note = $2, pause_until = $3, strikes = 0 WHERE id = $4 AND health <> 'off' AND (health <> 'frozen' OR $1 = 'ok')`,
		h, note, db.Micros(until), id)
	return err
}

// Answered ends a row of unclear answers, and a block that has run out.
func Answered(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `
		UPDATE channel SET strikes = 0, pause_until = 0, health = CASE WHEN health = 'blocked' THEN 'ok' ELSE health END
		WHERE id = $1 AND (strikes <> 0 OR health = 'blocked')`, id)
	return err
}

// Strike counts an unclear answer; from the fifth in a row the breaker opens.
func Strike(ctx context.Context, tx *db.Tx, c Channel, now time.Time) error {
	until := int64(0)
	if d := pause(c.Strikes + 1); d > 0 {
		until = db.Micros(now.Add(d))
	}
	_, err := tx.Exec(ctx, `UPDATE channel SET strikes = strikes + 1, pause_until = $1 WHERE id = $2`, until, c.ID)
	return err
}

// Pace writes what the platform's headers say is left.
func Pace(ctx context.Context, tx *db.Tx, id ID, q platform.Quota) error {
	_, err := tx.Exec(ctx, `UPDATE channel SET pace_remaining = $1, pace_reset = $2 WHERE id = $3`, q.Remaining, db.Micros(q.Reset), id)
	return err
}

// TakePace uses up one call of what is left, so that workers who share a
// channel do not spend it twice.
func TakePace(ctx context.Context, tx *db.Tx, id ID, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE channel SET pace_remaining = CASE WHEN pace_reset <= $1 THEN -1 WHEN pace_remaining > 0 THEN pace_remaining - 1 ELSE pace_remaining END
		WHERE id = $2`, db.Micros(now), id)
	return err
}

// Cursor returns where reading a feed continues; "" at first.
func Cursor(ctx context.Context, tx *db.Tx, id ID, feed string) (string, error) {
	all, err := db.All(ctx, tx, db.Value[string], `SELECT value FROM cursor WHERE channel_id = $1 AND feed = $2`, id, feed)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// MoveCursor writes where reading continues, in the transaction that stores
// what was read.
func MoveCursor(ctx context.Context, tx *db.Tx, id ID, feed, value string, now time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO cursor (channel_id, feed, value, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel_id, feed) DO UPDATE SET value = excluded.value, at = excluded.at`,
		id, feed, value, db.Micros(now))
	return err
}
