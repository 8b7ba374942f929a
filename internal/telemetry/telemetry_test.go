package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kentongan/internal/fault"
)

func TestNothingPrivateReachesTheLog(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		for what, log := range map[string]func(*slog.Logger){
			"a token":                          func(l *slog.Logger) { l.Info("x", "token", "geheim") },
			"a key with a hidden word":         func(l *slog.Logger) { l.Info("x", "access_token", "geheim", "App-Secret", "geheim") },
			"a message's text":                 func(l *slog.Logger) { l.Info("x", "text", "geheim") },
			"a group":                          func(l *slog.Logger) { l.WithGroup("body").Info("x", "line", "geheim") },
			"an attribute set before":          func(l *slog.Logger) { l.With("password", "geheim").Info("x") },
			"a struct nobody looked at":        func(l *slog.Logger) { l.Info("x", "v", struct{ T string }{"geheim"}) },
			"a token in an address":            func(l *slog.Logger) { l.Info("x", "err", errors.New(`Get "https://g/?access_token=geheim&a=1": EOF`)) },
			"a password in a database address": func(l *slog.Logger) { l.Info("cannot open postgres://k:geheim@db/k") },
			"a header":                         func(l *slog.Logger) { l.Info("sent Authorization: Bearer geheimgeheim") },
			"a NIK in a message":               func(l *slog.Logger) { l.Info("nomor 3578011234560001 salah") },
			"a NIK in an error":                func(l *slog.Logger) { l.Info("x", "err", errors.New("3578011234560001")) },
			"a telephone number with spaces":   func(l *slog.Logger) { l.Info("hubungi 0812-3456-0001 atau +62 812 3456 0001") },
		} {
			var out bytes.Buffer
			log(Logger(&out, "info", format))
			for _, secret := range []string{"geheim", "3578011234560001", "3456"} {
				if strings.Contains(out.String(), secret) {
					t.Errorf("%s (%s): %s", what, format, out.String())
				}
			}
			if out.Len() == 0 {
				t.Errorf("%s (%s): no line at all", what, format)
			}
		}
	}
}

func TestWhatHelpsStaysInTheLog(t *testing.T) {
	var out bytes.Buffer
	l := Logger(&out, "info", "json")
	l.Debug("not this")
	l.Info("published", "delivery", "0192f3a1-7b2c-7def-8123-123456789012", "remote_id", "1860234567890123456",
		"took", 1500*time.Millisecond, "attempt", 3, "authority", "diskominfo", "address", "127.0.0.1:40671", "err", io.EOF)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("not one line of JSON: %v\n%s", err, out.String())
	}
	for key, want := range map[string]any{
		"msg": "published", "delivery": "0192f3a1-7b2c-7def-8123-123456789012", "remote_id": "1860234567890123456",
		"attempt": 3.0, "authority": "diskominfo", "address": "127.0.0.1:40671", "err": "EOF",
	} {
		if line[key] != want {
			t.Errorf("%s: %v, want %v", key, line[key], want)
		}
	}
}

func ask(t *testing.T, path string, checks ...Check) (int, map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	Health(checks...).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	return w.Code, body
}

func TestReadiness(t *testing.T) {
	good := Check{"database", func(context.Context) error { return nil }}
	late := Check{"queue", func(context.Context) error { return fault.New(fault.Transient, "queue.late") }}
	broken := Check{"vault", func(context.Context) error { return errors.New("geheim") }}
	for _, row := range []struct {
		what   string
		checks []Check
		status int
		found  map[string]any
	}{
		{"all well", []Check{good}, 200, map[string]any{"database": "ok"}},
		{"one thing late turns it red", []Check{good, late}, 503, map[string]any{"database": "ok", "queue": "queue.late"}},
		{"an error's text is not shown", []Check{broken}, 503, map[string]any{"vault": "failed"}},
	} {
		status, body := ask(t, "/readyz", row.checks...)
		if status != row.status || !reflect.DeepEqual(body["checks"], row.found) || body["ready"] != (status == 200) {
			t.Errorf("%s: %d %v", row.what, status, body)
		}
		if status, _ := ask(t, "/healthz", row.checks...); status != 200 {
			t.Errorf("%s: the process lives, but /healthz says %d", row.what, status)
		}
	}
}

func TestACheckThatHangsIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		hangs := Check{"redis", func(context.Context) error { <-release; return nil }}
		start := time.Now()
		found, ready := Ready(t.Context(), []Check{hangs})
		if ready || found["redis"] != "no_answer" || time.Since(start) != patience {
			t.Errorf("%v, %v after %v", found, ready, time.Since(start))
		}
		close(release)
	})
}

func FuzzMask(f *testing.F) {
	f.Add("nomor 3578011234560001")
	f.Fuzz(func(t *testing.T, line string) {
		masked := Mask(line)
		digits := 0
		for _, r := range masked {
			if r < '0' || r > '9' {
				digits = 0
			} else if digits++; digits >= 13 { // twelve may be the end of one of our ids
				t.Errorf("%q still holds a long number: %q", line, masked)
			}
		}
	})
}
