package dbtest

import (
	"testing"

	"kentongan/internal/db"
)

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for range 2 { // the second copy must not see the first one's row
		Both(t, func(t *testing.T, d *db.DB) {
			err := d.Update(t.Context(), func(tx *db.Tx) error {
				n, err := db.One(t.Context(), tx, "", db.Value[int64], `SELECT count(*) FROM live`)
				if err != nil || n != 0 {
					t.Errorf("%d rows, %v: not empty", n, err)
				}
				_, err = tx.Exec(t.Context(), `INSERT INTO live (id, at, agency_id, kind, subject) VALUES ($1, $2, $3, $4, $5)`, db.NewID(), 1, "a", "k", "s")
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if n, err := d.Migrate(t.Context()); err != nil || n != 0 {
				t.Errorf("the template is not migrated: %d steps left, %v", n, err)
			}
		})
	}
}
