package sql

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the "sqlite" driver

	"kentongan/internal/db/dbtest"
)

// Each statement of the program is understood by both databases. modernc's
// Prepare compiles nothing yet, so SQLite is asked to EXPLAIN.
func TestEveryStatementIsPreparedOnBothDatabases(t *testing.T) {
	t.Parallel()
	all := statements(t)
	if len(all) < 100 {
		t.Fatalf("only %d statements found: the scan is blind", len(all))
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		d := openSQLite(t)
		for _, s := range all {
			rows, err := d.QueryContext(t.Context(), "EXPLAIN "+s.text, make([]any, s.parameters())...)
			if err != nil {
				t.Errorf("%s: %v", s.at, err)
				continue
			}
			rows.Close()
		}
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c := connect(t)
		for _, s := range all {
			d, err := c.Prepare(t.Context(), "", s.text)
			if err != nil {
				t.Errorf("%s: %v", s.at, err)
				continue
			}
			if len(d.ParamOIDs) != s.parameters() {
				t.Errorf("%s: %d parameters, PostgreSQL sees %d", s.at, s.parameters(), len(d.ParamOIDs))
			}
			for i, oid := range d.ParamOIDs {
				// boolean, bytea, bigint, text: what the program sends.
				if !slices.Contains([]uint32{16, 17, 20, 25}, oid) {
					t.Errorf("%s: PostgreSQL takes $%d for type %d", s.at, i+1, oid)
				}
			}
		}
	})
}

// A control: what only one database understands is found on the other.
func TestAStatementOfOneDatabaseOnlyIsFound(t *testing.T) {
	t.Parallel()
	d, c := openSQLite(t), connect(t)
	if rows, err := d.QueryContext(t.Context(), "EXPLAIN SELECT key FROM promise FOR UPDATE SKIP LOCKED"); err == nil {
		rows.Close()
		t.Error("SQLite takes SKIP LOCKED")
	}
	if _, err := c.Prepare(t.Context(), "", "SELECT iif(TRUE, 1, 2)"); err == nil {
		t.Error("PostgreSQL takes iif")
	}
}

func openSQLite(t *testing.T) *sql.DB {
	t.Helper()
	d, err := sql.Open("sqlite", dbtest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dbtest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(t.Context()) })
	return c
}

// Both folders of migrations make the same tables: columns by name, type,
// whether they may be empty, and place in the primary key.
func TestBothDatabasesHaveTheSameColumns(t *testing.T) {
	t.Parallel()
	lite, post := map[string]string{}, map[string]string{}
	read(t, lite, openSQLite(t).Query, `
		SELECT m.name || '.' || c.name,
		       lower(c.type) || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
		       || CASE WHEN c.dflt_value IS NOT NULL THEN ' default' ELSE '' END || CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`)
	c := connect(t)
	rows, err := c.Query(t.Context(), `
		SELECT c.table_name || '.' || c.column_name,
		       c.data_type || CASE WHEN c.is_nullable = 'NO' THEN ' not null' ELSE '' END
		       || CASE WHEN c.column_default IS NOT NULL THEN ' default' ELSE '' END
		       || coalesce(' key ' || (SELECT k.ordinal_position FROM information_schema.table_constraints s
		             JOIN information_schema.key_column_usage k ON k.constraint_name = s.constraint_name AND k.table_name = s.table_name
		             WHERE s.constraint_type = 'PRIMARY KEY' AND s.table_name = c.table_name AND k.column_name = c.column_name), '')
		FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE 'goose_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, shape string
		if err := rows.Scan(&name, &shape); err != nil {
			t.Fatal(err)
		}
		post[name] = strings.Replace(shape, "bytea", "blob", 1)
	}
	if err := rows.Err(); err != nil || len(post) < 100 {
		t.Fatalf("%d columns, %v", len(post), err)
	}
	compare(t, lite, post)
}

// Both have the same indexes, unique or not, over the same columns.
func TestBothDatabasesHaveTheSameIndexes(t *testing.T) {
	t.Parallel()
	lite, post := map[string]string{}, map[string]string{}
	read(t, lite, openSQLite(t).Query, `
		SELECT m.name, CASE WHEN l."unique" = 1 THEN 'unique ' ELSE '' END || CASE WHEN l.partial = 1 THEN 'partial ' ELSE '' END
		       || (SELECT group_concat(i.name, ',') FROM (SELECT name FROM pragma_index_info(m.name) ORDER BY seqno) i)
		FROM sqlite_master m JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name WHERE m.type = 'index' AND m.sql IS NOT NULL`)
	c := connect(t)
	rows, err := c.Query(t.Context(), `
		SELECT i.relname, CASE WHEN x.indisunique THEN 'unique ' ELSE '' END || CASE WHEN x.indpred IS NOT NULL THEN 'partial ' ELSE '' END
		       || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k (attnum, n)
		           JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum)
		FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class r ON r.oid = x.indrelid JOIN pg_namespace n ON n.oid = r.relnamespace
		WHERE n.nspname = 'public' AND r.relname NOT LIKE 'goose_%' AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, shape string
		if err := rows.Scan(&name, &shape); err != nil {
			t.Fatal(err)
		}
		post[name] = shape
	}
	if err := rows.Err(); err != nil || len(post) < 20 {
		t.Fatalf("%d indexes, %v", len(post), err)
	}
	compare(t, lite, post)
}

// Text is compared byte by byte on PostgreSQL, as on SQLite: else pages by
// key would differ.
func TestTextIsOrderedByBytes(t *testing.T) {
	t.Parallel()
	var wrong []string
	rows, err := connect(t).Query(t.Context(), `
		SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND data_type = 'text' AND table_name NOT LIKE 'goose_%' AND coalesce(collation_name, '') <> 'C'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		wrong = append(wrong, name)
	}
	if rows.Err() != nil || wrong != nil {
		t.Errorf("not COLLATE \"C\": %v, %v", wrong, rows.Err())
	}
}

func read(t *testing.T, into map[string]string, query func(string, ...any) (*sql.Rows, error), text string) {
	t.Helper()
	rows, err := query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, shape string
		if err := rows.Scan(&name, &shape); err != nil {
			t.Fatal(err)
		}
		into[name] = shape
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, lite, post map[string]string) {
	t.Helper()
	for name, shape := range lite {
		if other, ok := post[name]; !ok || other != shape {
			t.Errorf("%s: %q on SQLite, %q on PostgreSQL", name, shape, other)
		}
	}
	for name, shape := range post {
		if _, ok := lite[name]; !ok {
			t.Errorf("%s: %q on PostgreSQL only", name, shape)
		}
	}
}
