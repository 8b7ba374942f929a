package locale

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"
	"time"

	"kentongan/internal/fault"
)

func strict(t *testing.T, lang string) *Printer {
	t.Helper()
	return New(lang, Missing(func(key string) { t.Errorf("%s: no text for %q", lang, key) }))
}

func TestFormats(t *testing.T) {
	id, en := strict(t, "id"), strict(t, "en")
	at := time.Date(2026, 11, 23, 3, 30, 0, 0, time.UTC)
	jayapura, err := time.LoadLocation("Asia/Jayapura")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ what, got, want string }{
		{"a time in Indonesian, in western time", id.DateTime(at), "Senin, 23 November 2026, 10.30 WIB"},
		{"a time in English", en.DateTime(at), "Monday, 23 November 2026, 10:30 WIB"},
		{"a time in Papua", id.In(jayapura).DateTime(at), "Senin, 23 November 2026, 12.30 WIT"},
		{"the day before midnight UTC is already the next day", id.Date(time.Date(2026, 8, 16, 18, 0, 0, 0, time.UTC)), "Senin, 17 Agustus 2026"},
		{"a number with dots", id.Int(1234567), "1.234.567"},
		{"a number with commas", en.Int(1234567), "1,234,567"},
		{"a decimal comma", id.Decimal(1234.56, 1), "1.234,6"},
		{"a share", id.Percent(0.125), "12,5 %"},
		{"an amount of money", id.Rupiah(12500), "Rp12.500"},
		{"a file size", id.Bytes(4_230_000), "4,2 MB"},
		{"a span of two units", id.Duration(26*time.Hour + 4*time.Minute), "1 hari 2 jam"},
		{"a span without its empty middle", en.Duration(24*time.Hour + 4*time.Second), "1 day"},
		{"one minute, many seconds", en.Duration(61 * time.Second), "1 minute 1 second"},
		{"nothing", id.Duration(0), "0 detik"},
		{"a list", id.List([]string{"X", "Facebook", "Mastodon"}), "X, Facebook dan Mastodon"},
		{"one word is no list", id.List([]string{"X"}), "X"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.what, row.got, row.want)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	p := strict(t, "id")
	args := map[string]any{"a": "{b}", "b": 1500, "c": io.EOF}
	if got := p.fill("{a} {b} {c}{unknown} {", args); got != "{b} 1.500 {unknown} {" {
		t.Errorf("got %q: a value must not be expanded again, an inner error never shown", got)
	}
}

func TestUnknownKeyIsReportedAndSeen(t *testing.T) {
	var missing []string
	p := New("id", Missing(func(key string) { missing = append(missing, key) }))
	if got := p.T("no.such.key", "n", 1); got != "no.such.key" || !reflect.DeepEqual(missing, []string{"no.such.key"}) {
		t.Errorf("got %q, reported %v", got, missing)
	}
}

func TestFaultsBecomeSentences(t *testing.T) {
	var missing []string
	p := New("en", Missing(func(key string) { missing = append(missing, key) }))
	for _, row := range []struct {
		what string
		err  error
		want []Sentence
	}{
		{"no error says nothing", nil, nil},
		{"an unclassified error shows no detail", fmt.Errorf("secret: %w", io.EOF), []Sentence{{Text: p.T("fault.internal")}}},
		{"our own mistake shows no detail even with a code", fault.Wrap(fault.Internal, "db.broken", io.EOF), []Sentence{{Text: p.T("fault.internal")}}},
		{"a code without a sentence falls back to its kind", fault.New(fault.Denied, "no.such_code", fault.Field("x")), []Sentence{{Field: "x", Text: p.T("fault.kind.denied")}}},
		{"several faults keep their fields", errors.Join(fault.New(fault.Invalid, "no.one", fault.Field("a")), fault.New(fault.Invalid, "no.two", fault.Field("b"))),
			[]Sentence{{"a", p.T("fault.kind.invalid")}, {"b", p.T("fault.kind.invalid")}}},
	} {
		if got := p.Fault(row.err); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: got %v", row.what, got)
		}
	}
	if want := []string{"fault.no.such_code", "fault.no.one", "fault.no.two"}; !reflect.DeepEqual(missing, want) {
		t.Errorf("missing sentences reported: %v, want %v", missing, want)
	}
}

func TestMatch(t *testing.T) {
	for header, want := range map[string]string{
		"": "id", "id-ID,id;q=0.9,en;q=0.8": "id", "en-GB": "en", "fr": "id", "jv, en;q=0.5": "en", "\x00": "id",
	} {
		if got := Match(header); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}
