package db

import (
	"database/sql"
	"fmt"
	"time"
)

// Micros is how a time is written. The zero time is 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// At scans a BIGINT column into t, in UTC; 0 is the zero time.
func At(t *time.Time) sql.Scanner { return (*micros)(t) }

type micros time.Time

func (m *micros) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("time column holds %T, want BIGINT", v)
	}
	if n == 0 {
		*m = micros(time.Time{})
		return nil
	}
	*m = micros(time.UnixMicro(n).UTC())
	return nil
}
