package bench

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/queue"
)

// BenchmarkAgainstFloor measures the whole way and, in the same run, the raw
// floor: database/sql, prepared statements, no package of ours, every row that
// a delivery writes, in as many commits. The floor makes no network call and
// rings no bell. "x-floor" is how many times longer the whole way takes.
func BenchmarkAgainstFloor(b *testing.B) {
	floor := timeFloor(b, b.N)
	o := open(b, dbtest.SQLite(b))
	o.seed(b)
	for i := range b.N {
		o.approve(b, i)
	}
	r, err := queue.OpenRedis(b.Context(), quiet, "", string(queue.Embedded), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	b.ResetTimer()
	o.deliver(b, r)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/floor.Seconds(), "floor-deliveries/s")
	b.ReportMetric(b.Elapsed().Seconds()/floor.Seconds(), "x-floor")
}

// floorSteps are the writes of one delivery, a slice for each commit: rung,
// claimed, gated, recorded.
func floorSteps() [][]string {
	return [][]string{
		{`UPDATE promise SET ring = ring + 1, rung_at = $2 WHERE kind = 'deliver' AND key = $1`},
		{
			`UPDATE promise SET state = 'taken', epoch = epoch + 1, lease_until = $2 WHERE kind = 'deliver' AND key = $1`,
			`UPDATE delivery SET state = 'sending', updated_at = $2 WHERE id = $1`,
			`UPDATE channel SET pace_reset = $2 WHERE id = 'c' AND $1 <> ''`,
			`INSERT INTO attempt (delivery_id, epoch, act, key, started_at) VALUES ($1, 1, 'stage', 'k', $2)`,
		},
		{
			`UPDATE promise SET lease_until = $2 WHERE kind = 'deliver' AND key = $1`,
			`INSERT INTO attempt (delivery_id, epoch, act, key, started_at) VALUES ($1, 1, 'publish', 'k', $2)`,
		},
		{
			`UPDATE attempt SET ended_at = $2, outcome = 'published' WHERE delivery_id = $1 AND act = 'publish'`,
			`UPDATE delivery SET state = 'published', remote_id = $1, published_at = $2 WHERE id = $1`,
			`UPDATE channel SET strikes = 0, pace_reset = $2 WHERE id = 'c' AND $1 <> ''`,
			`UPDATE post SET state = 'done', updated_at = $2 WHERE id = $1`,
			`INSERT INTO promise (kind, key, agency_id, class, due_at, state) VALUES ('measure', $1, 'a', 'low', $2, 'open')`,
			`INSERT INTO live (id, at, agency_id, kind, subject) VALUES ($1, $2, 'a', 'delivery', $1)`,
			`INSERT INTO audit (id, at, agency_id, actor, via, deed, subject, hash) VALUES ($1, $2, 'a', 'system:publisher', 'system', 'delivery.published', $1, $1)`,
			`UPDATE promise SET state = 'done', lease_until = 0 WHERE kind = 'deliver' AND key = $1`,
		},
	}
}

func timeFloor(b *testing.B, n int) time.Duration {
	b.Helper()
	d, err := sql.Open("sqlite", "file:"+dbtest.SQLite(b)+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	d.SetMaxOpenConns(1)
	ids := fillFloor(b, d, n)
	var steps [][]*sql.Stmt
	for _, texts := range floorSteps() {
		var step []*sql.Stmt
		for _, text := range texts {
			s, err := d.Prepare(text)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			step = append(step, s)
		}
		steps = append(steps, step)
	}
	began := time.Now()
	for _, id := range ids {
		for _, step := range steps {
			tx, err := d.Begin()
			if err != nil {
				b.Fatal(err)
			}
			for _, s := range step {
				if _, err := tx.Stmt(s).Exec(id, time.Now().UnixMicro()); err != nil {
					b.Fatal(err)
				}
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}
	}
	return time.Since(began)
}

// fillFloor makes what approval has written: n posts with a delivery each.
func fillFloor(b *testing.B, d *sql.DB, n int) (ids []string) {
	b.Helper()
	exec := func(text string, args ...any) {
		if _, err := d.Exec(text, args...); err != nil {
			b.Fatal(err)
		}
	}
	exec(`INSERT INTO agency (id, slug, name, zone, created_at) VALUES ('a', 'a', 'a', 'UTC', 1)`)
	exec(`INSERT INTO person (id, agency_id, username, name, password_hash, created_at) VALUES ('p', 'a', 'p', 'p', '', 1)`)
	exec(`INSERT INTO app (id, agency_id, platform, name, base_url, secrets, created_at) VALUES ('app', 'a', 'mastodon', '', '', x'00', 1)`)
	exec(`INSERT INTO channel (id, agency_id, app_id, platform, base_url, remote_id, handle, name, token, connected_at, created_at)
		VALUES ('c', 'a', 'app', 'mastodon', '', '', '', '', x'00', 1, 1)`)
	for i := range n {
		id := db.NewID()
		ids = append(ids, id)
		exec(`INSERT INTO post (id, agency_id, author_id, title, text, state, revision, created_at, updated_at) VALUES ($1, 'a', 'p', '', '', 'scheduled', 1, 1, 1)`, id)
		exec(`INSERT INTO delivery (id, agency_id, channel_id, origin, origin_id, digest, payload, state, due_at, not_before, not_after, created_at, updated_at)
			VALUES ($1, 'a', 'c', 'post', $1, $1, $2, 'waiting', 1, 1, 1, 1, 1)`, id, fmt.Sprintf(`{"text":"Pengumuman nomor %d: puskesmas buka hari ini."}`, i))
		exec(`INSERT INTO promise (kind, key, agency_id, lane, class, due_at, state) VALUES ('deliver', $1, 'a', '', 'publish', 1, 'open')`, id)
	}
	return ids
}
