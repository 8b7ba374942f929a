package publisher

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

func personName(ctx context.Context, tx *db.Tx, id identity.PersonID) (string, error) {
	all, err := db.All(ctx, tx, db.Value[string], `SELECT name FROM person WHERE id = $1`, id)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

func notesOf(ctx context.Context, tx *db.Tx, id PostID) ([]Note, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (n Note, err error) {
		err = scan(&n.ID, &n.Revision, &n.By, &n.ByName, &n.Deed, &n.Text, db.At(&n.At))
		return n, err
	}, `
		SELECT n.id, n.revision, n.by_id, COALESCE(p.name, ''), n.deed, n.text, n.at
		FROM post_note n LEFT JOIN person p ON p.id = n.by_id
		WHERE n.post_id = $1 ORDER BY n.id`, id)
}

func revisionsOf(ctx context.Context, tx *db.Tx, id PostID) ([]Revision, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (r Revision, err error) {
		var content string
		if err = scan(&r.Number, &r.By, &r.ByName, db.At(&r.At), &content); err != nil {
			return r, err
		}
		return r, json.Unmarshal([]byte(content), &r.Content)
	}, `
		SELECT r.revision, r.by_id, COALESCE(p.name, ''), r.at, r.content
		FROM post_revision r LEFT JOIN person p ON p.id = r.by_id
		WHERE r.post_id = $1 ORDER BY r.revision DESC LIMIT 100`, id)
}

func signaturesOf(ctx context.Context, tx *db.Tx, id PostID) ([]Signature, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (s Signature, err error) {
		err = scan(&s.ID, &s.Agency, &s.Origin, &s.OriginID, &s.Channel, &s.Revision, &s.Digest, &s.By, &s.Policy,
			db.At(&s.At), db.At(&s.VoidedAt), &s.ByName)
		return s, err
	}, `
		SELECT a.id, a.agency_id, a.origin, a.origin_id, a.channel_id, a.revision, a.digest, a.by_id, a.policy, a.at, a.voided_at, COALESCE(p.name, '')
		FROM approval a LEFT JOIN person p ON p.id = a.by_id
		WHERE a.origin = 'post' AND a.origin_id = $1 ORDER BY a.id`, id)
}

// prefixed names the columns of a joined table.
func prefixed(table, columns string) string {
	return table + "." + strings.ReplaceAll(columns, ", ", ", "+table+".")
}

func summaryColumns() string {
	return prefixed("o", postColumns) + `, COALESCE(p.name, ''), (SELECT COUNT(*) FROM post_media m WHERE m.post_id = o.id)`
}

func readSummary(scan func(...any) error) (s Summary, err error) {
	s.Post, err = readPost(func(into ...any) error { return scan(append(into, &s.AuthorName, &s.Pictures)...) })
	return s, err
}

func listPosts(ctx context.Context, tx *db.Tx, agency identity.AgencyID, q PostQuery) ([]Summary, error) {
	at, id := int64(math.MaxInt64), string(q.Before.ID)
	if id != "" {
		at = db.Micros(q.Before.At)
	}
	return db.All(ctx, tx, readSummary, `
		SELECT `+summaryColumns()+` FROM post o LEFT JOIN person p ON p.id = o.author_id
		WHERE o.agency_id = $1 AND ($2 = '' OR o.state = $2) AND (o.updated_at, o.id) < ($3, $4)
		  AND (NOT $5 OR EXISTS (SELECT 1 FROM delivery d WHERE d.origin = 'post' AND d.origin_id = o.id
			AND d.state IN ('needs_person', 'failed', 'held', 'missed')))
		ORDER BY o.updated_at DESC, o.id DESC LIMIT $6`, agency, string(q.State), at, id, q.Urgent, q.Limit)
}

func postsDue(ctx context.Context, tx *db.Tx, agency identity.AgencyID, from, to time.Time) ([]Summary, error) {
	return db.All(ctx, tx, readSummary, `
		SELECT `+summaryColumns()+` FROM post o LEFT JOIN person p ON p.id = o.author_id
		WHERE o.agency_id = $1 AND o.due_at >= $2 AND o.due_at < $3 AND o.due_at > 0 AND o.state NOT IN ('withdrawn', 'rejected')
		ORDER BY o.due_at, o.id LIMIT 2000`, agency, db.Micros(from), db.Micros(to))
}

// postsToSign: those without a due time wait for the signature only, so they
// stand by the time of their submission.
func postsToSign(ctx context.Context, tx *db.Tx, agency identity.AgencyID, notBy identity.PersonID) ([]Summary, error) {
	return db.All(ctx, tx, readSummary, `
		SELECT `+summaryColumns()+` FROM post o LEFT JOIN person p ON p.id = o.author_id
		WHERE o.agency_id = $1 AND o.state = 'review' AND o.author_id <> $2 AND ',' || o.editor_ids || ',' NOT LIKE '%,' || $2 || ',%'
		ORDER BY CASE WHEN o.due_at = 0 THEN o.not_before ELSE o.due_at END, o.id LIMIT 500`, agency, string(notBy))
}

// addLegs reads the deliveries of listed posts; a post that has none yet shows
// the channels it is meant for.
func addLegs(ctx context.Context, tx *db.Tx, posts []Summary) error {
	for i := range posts {
		s := &posts[i]
		read := func(scan func(...any) error) (l Leg, err error) {
			var after string
			err = scan(&l.Channel, &l.State, &l.Code, &after)
			l.Part = after != ""
			return l, err
		}
		var err error
		if s.State == PostScheduled || s.State == PostDone || s.State == PostWithdrawn {
			s.Legs, err = db.All(ctx, tx, read, `
				SELECT channel_id, state, code, after_id FROM delivery
				WHERE origin = 'post' AND origin_id = $1 AND NOT (state = 'void' AND code = $2) ORDER BY channel_id, id`, s.ID, superseded)
		}
		if err == nil && len(s.Legs) == 0 {
			s.Legs, err = db.All(ctx, tx, read, `SELECT channel_id, '', '', '' FROM variant WHERE post_id = $1 ORDER BY channel_id`, s.ID)
		}
		if err != nil {
			return err
		}
		s.Status = StatusOf(s.State, s.Legs)
	}
	return nil
}

func standing(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Delivery, error) {
	return db.All(ctx, tx, readDelivery, `
		SELECT `+deliveryColumns+` FROM delivery
		WHERE agency_id = $1 AND state IN ('needs_person', 'failed', 'held', 'missed') ORDER BY due_at, id LIMIT 500`, agency)
}
