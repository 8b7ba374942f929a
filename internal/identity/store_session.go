package identity

import (
	"context"
	"time"

	"kentongan/internal/db"
)

func sessionByID(ctx context.Context, tx *db.Tx, id SessionID) (Session, error) {
	return db.One(ctx, tx, "session.ended", func(scan func(...any) error) (s Session, err error) {
		err = scan(&s.ID, &s.Person, &s.Agency, db.At(&s.CreatedAt), db.At(&s.SeenAt), db.At(&s.ExpiresAt), db.At(&s.Revoked))
		return s, err
	}, `SELECT id, person_id, agency_id, created_at, seen_at, expires_at, revoked_at FROM session WHERE id = $1`, id)
}

func insertSession(ctx context.Context, tx *db.Tx, s Session) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO session (id, person_id, agency_id, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, s.Person, s.Agency, db.Micros(s.CreatedAt), db.Micros(s.SeenAt), db.Micros(s.ExpiresAt))
	return err
}

func touchSession(ctx context.Context, tx *db.Tx, id SessionID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE session SET seen_at = $1 WHERE id = $2 AND seen_at < $1`, db.Micros(at), id)
	return err
}

func moveSession(ctx context.Context, tx *db.Tx, id SessionID, to AgencyID) error {
	_, err := tx.Exec(ctx, `UPDATE session SET agency_id = $1 WHERE id = $2`, to, id)
	return err
}

func revokeSession(ctx context.Context, tx *db.Tx, id SessionID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE session SET revoked_at = $1 WHERE id = $2 AND revoked_at = 0`, db.Micros(at), id)
	return err
}

func revokeSessions(ctx context.Context, tx *db.Tx, id PersonID, at time.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE session SET revoked_at = $1 WHERE person_id = $2 AND revoked_at = 0 AND expires_at > $1`, db.Micros(at), id)
}

// forgetSessions drops sessions that ended before t: the trail keeps when they
// were opened and closed.
func forgetSessions(ctx context.Context, tx *db.Tx, t time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE expires_at < $1`, db.Micros(t))
	return err
}

// countTry adds one to the tries under a name, unless the name is closed. The
// guard stands in the statement: of many tries at once each is counted.
func countTry(ctx context.Context, tx *db.Tx, name string, now time.Time) (n int64, open bool, err error) {
	all, err := db.All(ctx, tx, db.Value[int64], `
		INSERT INTO sign_in_failure (name_hash, failures, until) VALUES ($1, 1, $2)
		ON CONFLICT (name_hash) DO UPDATE SET failures = sign_in_failure.failures + 1, until = excluded.until
		WHERE sign_in_failure.until <= excluded.until
		RETURNING failures`, name, db.Micros(now))
	if err != nil || len(all) == 0 {
		return 0, false, err
	}
	return all[0], true, nil
}

func closedUntil(ctx context.Context, tx *db.Tx, name string) (until time.Time, err error) {
	return db.One(ctx, tx, "sign_in.throttled", func(scan func(...any) error) (until time.Time, err error) {
		err = scan(db.At(&until))
		return until, err
	}, `SELECT until FROM sign_in_failure WHERE name_hash = $1`, name)
}

func closeName(ctx context.Context, tx *db.Tx, name string, until time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE sign_in_failure SET until = $1 WHERE name_hash = $2`, db.Micros(until), name)
	return err
}

func forgetTries(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, `DELETE FROM sign_in_failure WHERE name_hash = $1`, name)
	return err
}

func forgetOldTries(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM sign_in_failure WHERE until < $1`, db.Micros(before))
	return err
}
