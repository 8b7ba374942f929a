package insight

import (
	"context"
	"encoding/json"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// sent is a delivery as far as measuring needs it.
type sent struct {
	ID          string
	Agency      identity.AgencyID
	Channel     channel.ID
	RemoteID    string
	PublishedAt time.Time
}

func sentByID(ctx context.Context, tx *db.Tx, id string) (sent, error) {
	return db.One(ctx, tx, "delivery.not_found", func(scan func(...any) error) (s sent, err error) {
		err = scan(&s.ID, &s.Agency, &s.Channel, &s.RemoteID, db.At(&s.PublishedAt))
		return s, err
	}, `SELECT id, agency_id, channel_id, COALESCE(remote_id, ''), published_at FROM delivery WHERE id = $1`, id)
}

func insertEngagement(ctx context.Context, tx *db.Tx, delivery string, c platform.Counts, at time.Time) error {
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO engagement (delivery_id, at, counts) VALUES ($1, $2, $3) ON CONFLICT (delivery_id, at) DO NOTHING`,
		delivery, db.Micros(at), string(raw))
	return err
}

// span is a stretch of an agency's time.
type span struct {
	Agency   identity.AgencyID
	From, To time.Time
}

func (s span) args() []any { return []any{s.Agency, db.Micros(s.From), db.Micros(s.To)} }

func channelsOf(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]ChannelReport, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (c ChannelReport, err error) {
		err = scan(&c.Channel, &c.Platform, &c.Handle)
		return c, err
	}, `SELECT id, platform, handle FROM channel WHERE agency_id = $1 AND health <> 'off' ORDER BY id`, agency)
}

type sentCount struct {
	Channel channel.ID
	Origin  string
	N       int64
}

func sentCounts(ctx context.Context, tx *db.Tx, s span) ([]sentCount, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (c sentCount, err error) {
		err = scan(&c.Channel, &c.Origin, &c.N)
		return c, err
	}, `
		SELECT channel_id, origin, COUNT(*) FROM delivery
		WHERE agency_id = $1 AND after_id = '' AND state = 'published' AND published_at >= $2 AND published_at < $3 GROUP BY channel_id, origin`, s.args()...)
}

func postsSent(ctx context.Context, tx *db.Tx, s span) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(DISTINCT origin_id) FROM delivery
		WHERE agency_id = $1 AND origin = 'post' AND state = 'published' AND published_at >= $2 AND published_at < $3`, s.args()...)
}

func stuck(ctx context.Context, tx *db.Tx, agency identity.AgencyID) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM delivery WHERE agency_id = $1 AND state IN ('needs_person', 'failed', 'held', 'missed')`, agency)
}

type figures struct {
	Channel channel.ID
	Counts  platform.Counts
}

func readCounts(raw string) (c platform.Counts, err error) {
	return c, json.Unmarshal([]byte(raw), &c)
}

// latestEngagement is the newest measurement of each post of the span.
func latestEngagement(ctx context.Context, tx *db.Tx, s span) ([]figures, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (f figures, err error) {
		var raw string
		if err = scan(&f.Channel, &raw); err == nil {
			f.Counts, err = readCounts(raw)
		}
		return f, err
	}, `
		SELECT d.channel_id, e.counts FROM delivery d JOIN engagement e ON e.delivery_id = d.id
		WHERE d.agency_id = $1 AND d.origin = 'post' AND d.state = 'published' AND d.published_at >= $2 AND d.published_at < $3
		  AND e.at = (SELECT MAX(n.at) FROM engagement n WHERE n.delivery_id = d.id)`, s.args()...)
}

func engagementOf(ctx context.Context, tx *db.Tx, agency identity.AgencyID, post string) ([]History, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (h History, err error) {
		var raw string
		if err = scan(&h.Delivery, &h.Channel, db.At(&h.At), &raw); err == nil {
			h.Counts, err = readCounts(raw)
		}
		return h, err
	}, `
		SELECT d.id, d.channel_id, e.at, e.counts FROM delivery d JOIN engagement e ON e.delivery_id = d.id
		WHERE d.agency_id = $1 AND d.origin = 'post' AND d.origin_id = $2 ORDER BY d.id, e.at`, agency, post)
}

type response struct {
	Channel channel.ID
	Spent   time.Duration
	Within  bool
}

func responses(ctx context.Context, tx *db.Tx, s span) ([]response, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (r response, err error) {
		var spent int64
		err = scan(&r.Channel, &spent, &r.Within)
		r.Spent = time.Duration(spent) * time.Microsecond
		return r, err
	}, `SELECT channel_id, spent, within FROM response WHERE agency_id = $1 AND answered_at >= $2 AND answered_at < $3`, s.args()...)
}

func receivedIn(ctx context.Context, tx *db.Tx, s span) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM message WHERE agency_id = $1 AND received_at >= $2 AND received_at < $3`, s.args()...)
}

func waiting(ctx context.Context, tx *db.Tx, agency identity.AgencyID, now, near time.Time) (Waiting, error) {
	return db.One(ctx, tx, "", func(scan func(...any) error) (w Waiting, err error) {
		err = scan(&w.Open, &w.Overdue, &w.Near, &w.Unassigned, &w.LifeSafety, db.At(&w.OldestDue))
		return w, err
	}, `
		SELECT COUNT(*),
			COALESCE(SUM(CASE WHEN sla_due > 0 AND sla_due < $2 THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN sla_due >= $2 AND sla_due <= $3 THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN assignee_id = '' THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN class = 'life_safety' THEN 1 ELSE 0 END), 0),
			COALESCE(MIN(CASE WHEN sla_due > 0 THEN sla_due END), 0)
		FROM conversation WHERE agency_id = $1 AND status = 'open'`, agency, db.Micros(now), db.Micros(near))
}

func mineAndDone(ctx context.Context, tx *db.Tx, agency identity.AgencyID, me identity.PersonID) (mine, done int64, err error) {
	type pair struct{ mine, done int64 }
	p, err := db.One(ctx, tx, "", func(scan func(...any) error) (p pair, err error) {
		err = scan(&p.mine, &p.done)
		return p, err
	}, `
		SELECT COALESCE(SUM(CASE WHEN status = 'open' AND assignee_id = $2 THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN status <> 'open' THEN 1 ELSE 0 END), 0)
		FROM conversation WHERE agency_id = $1`, agency, me)
	return p.mine, p.done, err
}

// standing is what stands now.
func standing(ctx context.Context, tx *db.Tx, agency identity.AgencyID) (Today, error) {
	return db.One(ctx, tx, "", func(scan func(...any) error) (t Today, err error) {
		err = scan(&t.Review, &t.Scheduled, db.At(&t.Next), &t.Failed, &t.Flagged, &t.Broken)
		return t, err
	}, `
		SELECT
			(SELECT COUNT(*) FROM post WHERE agency_id = $1 AND state = 'review'),
			(SELECT COUNT(*) FROM delivery WHERE agency_id = $1 AND origin = 'post' AND state = 'waiting'),
			(SELECT COALESCE(MIN(due_at), 0) FROM delivery WHERE agency_id = $1 AND origin = 'post' AND state = 'waiting'),
			(SELECT COUNT(*) FROM delivery WHERE agency_id = $1 AND state IN ('needs_person', 'failed', 'held', 'missed')),
			(SELECT COUNT(*) FROM message WHERE agency_id = $1 AND flag <> '' AND decided_at = 0 AND deleted_at = 0 AND hidden_at = 0),
			(SELECT COUNT(*) FROM channel WHERE agency_id = $1 AND health NOT IN ('ok', 'off'))`, agency)
}

type moment struct {
	At   time.Time
	What string
}

// moments lists when things happened, for sums by the wall clock's day.
func moments(ctx context.Context, tx *db.Tx, s span) ([]moment, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (m moment, err error) {
		err = scan(db.At(&m.At), &m.What)
		return m, err
	}, `
		SELECT published_at AS at, 'post' AS what FROM delivery
		WHERE agency_id = $1 AND origin = 'post' AND after_id = '' AND state = 'published' AND published_at >= $2 AND published_at < $3
		UNION ALL
		SELECT received_at, 'message' FROM message WHERE agency_id = $1 AND received_at >= $2 AND received_at < $3
		UNION ALL
		SELECT answered_at, 'answer' FROM response WHERE agency_id = $1 AND answered_at >= $2 AND answered_at < $3`, s.args()...)
}
