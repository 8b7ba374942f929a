package inbox

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// Flagged is a message that a moderator should look at, for all its copies.
type Flagged struct {
	Message
	Flag    string
	Copies  int64 // of the same text and undecided, this one included
	QueueAt int64 // its place: the smallest is first
}

// FlaggedQuery narrows the moderators' queue.
type FlaggedQuery struct {
	Label   string     // "" for every label
	Channel channel.ID // "" for every channel
	Only    []string   // case keys; nil for all
	Except  []string   // case keys that are left out
	AfterAt int64      // the place of the last one of the page above
	After   MessageID  // "" begins the list
	Limit   int
}

const undecided = `flag <> '' AND decided_at = 0 AND deleted_at = 0 AND hidden_at = 0`

func undecidedOf(alias string) string {
	return alias + ".flag <> '' AND " + alias + ".decided_at = 0 AND " + alias + ".deleted_at = 0 AND " + alias + ".hidden_at = 0"
}

// CaseKey is the same for identical copies: they are one case.
func (m Message) CaseKey() string {
	if m.Fingerprint == "" {
		return "m:" + string(m.ID)
	}
	return "c:" + m.Fingerprint
}

const caseKey = `CASE WHEN fingerprint = '' THEN 'm:' || id ELSE 'c:' || fingerprint END`

// SetQueue writes where a message stands in the moderators' queue.
func SetQueue(ctx context.Context, tx *db.Tx, id MessageID, at int64) error {
	_, err := tx.Exec(ctx, `UPDATE message SET queue_at = $1 WHERE id = $2`, at, id)
	return err
}

// ListFlagged lists what moderators have not decided about, by risk and age;
// of identical copies the oldest stands for all.
func ListFlagged(ctx context.Context, tx *db.Tx, agency identity.AgencyID, q FlaggedQuery) ([]Flagged, error) {
	if q.Only != nil && len(q.Only) == 0 {
		return nil, nil
	}
	return db.All(ctx, tx, readFlagged, `
		SELECT `+messageColumns+`, flag, CASE WHEN fingerprint = '' THEN 1 ELSE (
			SELECT COUNT(*) FROM message c WHERE c.agency_id = message.agency_id AND c.fingerprint = message.fingerprint AND `+undecidedOf("c")+`) END, queue_at
		FROM message
		WHERE agency_id = $1 AND `+undecided+` AND ($2 = '' OR (' ' || labels || ' ') LIKE ('% ' || $2 || ' %')) AND ($3 = '' OR channel_id = $3)
		  AND (fingerprint = '' OR NOT EXISTS (
			SELECT 1 FROM message o WHERE o.agency_id = message.agency_id AND o.fingerprint = message.fingerprint AND o.id < message.id
			  AND ($3 = '' OR o.channel_id = $3) AND `+undecidedOf("o")+`))
		  AND ($4 = '' OR $4 LIKE ('%|' || `+caseKey+` || '|%')) AND $5 NOT LIKE ('%|' || `+caseKey+` || '|%')
		  AND ($7 = '' OR queue_at > $6 OR queue_at = $6 AND id > $7)
		ORDER BY queue_at, id LIMIT $8`,
		agency, q.Label, string(q.Channel), keyList(q.Only), keyList(q.Except), q.AfterAt, string(q.After), q.Limit)
}

// keyList is a list of case keys as one text, which LIKE can look into: keys
// are ids and hashes, without any of its signs.
func keyList(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return "|" + strings.Join(keys, "|") + "|"
}

func readFlagged(scan func(...any) error) (f Flagged, err error) {
	f.Message, err = readMessage(func(into ...any) error { return scan(append(into, &f.Flag, &f.Copies, &f.QueueAt)...) })
	return f, err
}

// FlaggedMessage returns a message if a moderator has still to decide about it.
func FlaggedMessage(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id MessageID) (m Message, found bool, err error) {
	all, err := db.All(ctx, tx, readMessage, `SELECT `+messageColumns+` FROM message WHERE id = $1 AND agency_id = $2 AND `+undecided, id, agency)
	if err != nil || len(all) == 0 {
		return m, false, err
	}
	return all[0], true, nil
}

// QueuePlace is where a message of the agency stands in the queue.
func QueuePlace(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id MessageID) (int64, error) {
	return db.One(ctx, tx, "message.not_found", db.Value[int64], `SELECT queue_at FROM message WHERE id = $1 AND agency_id = $2`, id, agency)
}

// CountFlagged is how many messages wait for a moderator.
func CountFlagged(ctx context.Context, tx *db.Tx, agency identity.AgencyID) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM message WHERE agency_id = $1 AND `+undecided, agency)
}

// Account is what the office itself has seen of an author: no name, no number
// that a platform gave.
type Account struct {
	Citizen string
	Since   time.Time // of their first message to us
	Wrote   int64
	Hidden  int64 // of these, hidden now
}

// Accounts tells of several authors at once.
func Accounts(ctx context.Context, tx *db.Tx, agency identity.AgencyID, citizens []string) (map[string]Account, error) {
	known := map[string]Account{}
	for some := range slices.Chunk(citizens, authorsAtOnce) {
		args := []any{agency}
		for i := range authorsAtOnce { // the first one fills a short list
			args = append(args, some[i%len(some)])
		}
		all, err := db.All(ctx, tx, func(scan func(...any) error) (a Account, err error) {
			err = scan(&a.Citizen, db.At(&a.Since), &a.Wrote, &a.Hidden)
			return a, err
		}, `
			SELECT citizen, MIN(posted_at), COUNT(*), SUM(CASE WHEN hidden_at > 0 THEN 1 ELSE 0 END) FROM message
			WHERE agency_id = $1 AND citizen IN (`+authorMarks+`) GROUP BY citizen`, args...)
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			known[a.Citizen] = a
		}
	}
	return known, nil
}

// authorsAtOnce are asked for in one query, by authorMarks.
const (
	authorsAtOnce = 16
	authorMarks   = `$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17`
)

// OfCitizen lists an author's other messages to the agency, the latest first.
func OfCitizen(ctx context.Context, tx *db.Tx, agency identity.AgencyID, citizen string, except MessageID, limit int) ([]Message, error) {
	return db.All(ctx, tx, readMessage, `
		SELECT `+messageColumns+` FROM message WHERE agency_id = $1 AND citizen = $2 AND id <> $3 ORDER BY id DESC LIMIT $4`, agency, citizen, except, limit)
}
