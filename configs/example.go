package configs

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const exampleHead = `# Kentongan: every setting with its default. Nothing here has to be set.
# A line is read when the "#" before it is taken away. Each one can be given in
# the environment instead, where it wins: database.url is KENTONGAN_DATABASE_URL.
`

// Example is a configuration file that sets nothing and explains everything.
func Example() string {
	var b strings.Builder
	b.WriteString(exampleHead)
	c := Default()
	section := ""
	for _, s := range settings(&c) {
		path := strings.Split(s.key, ".")
		name, parents := path[len(path)-1], path[:len(path)-1]
		if in := strings.Join(parents, "."); in != section {
			writeSections(&b, section, parents)
			section = in
		} else if len(parents) == 0 {
			b.WriteByte('\n')
		}
		indent := strings.Repeat("  ", len(parents))
		for line := range strings.Lines(s.help) {
			fmt.Fprintf(&b, "%s# %s\n", indent, strings.TrimSuffix(line, "\n"))
		}
		fmt.Fprintf(&b, "%s#%s: %s\n", indent, name, s.text())
	}
	return b.String()
}

// writeSections opens the sections of the next setting that are not open yet.
func writeSections(b *strings.Builder, open string, parents []string) {
	was := strings.Split(open, ".")
	for depth, name := range parents {
		if depth < len(was) && was[depth] == name {
			continue
		}
		if depth == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(b, "%s%s:\n", strings.Repeat("  ", depth), name)
		was = nil
	}
}

func (s setting) text() string {
	switch v := s.value.(type) {
	case *int:
		return strconv.Itoa(*v)
	case *time.Duration:
		return short(*v)
	case *string:
		if *v == "" || strings.ContainsAny(*v, ": #") || isNumber(*v) {
			return strconv.Quote(*v)
		}
		return *v
	}
	return ""
}

func isNumber(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil }

// short writes 15m, not 15m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
