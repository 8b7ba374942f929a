package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"golang.org/x/text/number"
)

// western is Waktu Indonesia Barat, the zone of most of the country's people.
func western() *time.Location {
	if zone, err := time.LoadLocation("Asia/Jakarta"); err == nil {
		return zone
	}
	return time.FixedZone("WIB", 7*60*60)
}

// Value writes a placeholder's value the way this language writes it.
func (p *Printer) Value(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int:
		return p.Int(int64(v))
	case int64:
		return p.Int(v)
	case float64:
		return p.Decimal(v, 2)
	case time.Time:
		return p.DateTime(v)
	case time.Duration:
		return p.Duration(v)
	case []string:
		return p.List(v)
	case error:
		return "" // an inner error is for the log, never for a person
	default:
		return fmt.Sprint(v)
	}
}

// Int writes 1.234.567 (id) or 1,234,567 (en).
func (p *Printer) Int(n int64) string { return p.numbers.Sprint(number.Decimal(n)) }

// Decimal writes 1.234,5 (id) or 1,234.5 (en), with at most digits decimals.
func (p *Printer) Decimal(n float64, digits int) string {
	return p.numbers.Sprint(number.Decimal(n, number.MaxFractionDigits(digits)))
}

// Percent writes a share, 0 to 1, as 12,5 % (id) or 12.5% (en).
func (p *Printer) Percent(share float64) string {
	text := p.Decimal(share*100, 1)
	if p.lang == "id" {
		return text + " %"
	}
	return text + "%"
}

// Rupiah writes Rp12.500.
func (p *Printer) Rupiah(n int64) string {
	if n < 0 {
		return "-" + p.Rupiah(-n)
	}
	return "Rp" + p.Int(n)
}

// Bytes writes a file size: 4,2 MB.
func (p *Printer) Bytes(n int64) string {
	size, unit := float64(n), "B"
	for _, next := range []string{"KB", "MB", "GB", "TB"} {
		if size < 1000 {
			break
		}
		size, unit = size/1000, next
	}
	return p.Decimal(size, 1) + " " + unit
}

// DateTime writes "Senin, 23 November 2026, 10.30 WIB".
func (p *Printer) DateTime(t time.Time) string {
	return p.Date(t) + ", " + p.Time(t)
}

// Date writes "Senin, 23 November 2026".
func (p *Printer) Date(t time.Time) string {
	t = t.In(p.zone)
	return p.name("day", int(t.Weekday())) + ", " + p.Day(t)
}

// Day writes "23 November 2026".
func (p *Printer) Day(t time.Time) string {
	t = t.In(p.zone)
	return strconv.Itoa(t.Day()) + " " + p.Month(t)
}

// Month writes "November 2026".
func (p *Printer) Month(t time.Time) string {
	t = t.In(p.zone)
	return p.name("month", int(t.Month())) + " " + strconv.Itoa(t.Year())
}

// Weekday writes "Senin".
func (p *Printer) Weekday(day time.Weekday) string { return p.name("day", int(day)) }

// Time writes "10.30 WIB".
func (p *Printer) Time(t time.Time) string {
	return p.Clock(t) + " " + t.In(p.zone).Format("MST")
}

// Clock writes "10.30" (id: a point, PUEBI III.A.8) or "10:30" (en).
func (p *Printer) Clock(t time.Time) string {
	if p.lang == "id" {
		return t.In(p.zone).Format("15.04")
	}
	return t.In(p.zone).Format("15:04")
}

func (p *Printer) name(list string, index int) string {
	return p.T("locale." + list + "." + strconv.Itoa(index))
}

// Duration writes a span by its two largest units: "2 jam 5 menit".
func (p *Printer) Duration(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	units := []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}}
	var parts []string
	for _, u := range units {
		n := d / u.size
		d -= n * u.size
		if n > 0 {
			parts = append(parts, p.count(u.name, int(n)))
		} else if len(parts) > 0 {
			break // "1 day 5 seconds" says too much
		}
		if len(parts) == 2 {
			break
		}
	}
	if len(parts) == 0 {
		return p.count("second", 0)
	}
	return strings.Join(parts, " ")
}

// count writes a number with its unit; only English tells one from many.
func (p *Printer) count(unit string, n int) string {
	key := "locale.units." + unit
	if n == 1 {
		key = "locale.unit." + unit
	}
	return p.T(key, "n", n)
}

// List joins words: "X, Facebook dan Mastodon".
func (p *Printer) List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + p.T("locale.and") + " " + words[last]
}
