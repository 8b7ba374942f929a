package configs

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"kentongan/internal/fault"
)

const envPrefix = "KENTONGAN_"

// Load reads defaults, then the file ("" for none), then the environment (as
// os.Environ gives it); the later one wins. Everything that is wrong is told at
// once.
func Load(file string, environ []string) (Config, error) {
	c := Default()
	var wrong fault.List
	if file != "" {
		wrong.Add(fromFile(&c, file))
	}
	wrong.Add(fromEnvironment(&c, environ))
	if err := wrong.Err(); err != nil {
		return Default(), err
	}
	for _, address := range c.addresses() {
		*address = strings.TrimRight(*address, "/")
	}
	if err := check(c); err != nil {
		return Default(), err
	}
	return c, nil
}

// addresses are the settings to which paths are appended.
func (c *Config) addresses() []*string {
	all := []*string{&c.PublicURL, &c.MediaURL}
	for i := range c.Platforms {
		all = append(all, &c.Platforms[i].BaseURL)
	}
	return all
}

func fromFile(c *Config, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return fault.Wrap(fault.Invalid, "config.unreadable", err, fault.Arg("path", file))
	}
	var doc yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
		return nil // an empty file sets nothing
	} else if err != nil {
		return fault.Wrap(fault.Invalid, "config.not_yaml", err, fault.Arg("path", file))
	}
	var wrong fault.List
	if len(doc.Content) == 1 {
		walk(c, "", doc.Content[0], &wrong)
	}
	return wrong.Err()
}

// walk sets what it finds below the key prefix, down to the single values.
func walk(c *Config, prefix string, node *yaml.Node, wrong *fault.List) {
	if node.Kind != yaml.MappingNode {
		if node.Tag != "!!null" { // "redis:" with everything below it commented out
			wrong.Add(fault.New(fault.Invalid, "config.not_a_section", fault.Field(strings.TrimSuffix(prefix, ".")), fault.Arg("line", node.Line)))
		}
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		key := prefix + name.Value
		switch s := find(c, key); {
		case seen[key]:
			wrong.Add(fault.New(fault.Invalid, "config.twice", fault.Field(key), fault.Arg("line", name.Line)))
		case s != nil && value.Kind == yaml.ScalarNode:
			text := value.Value
			if value.Tag == "!!null" {
				text = ""
			}
			wrong.Add(s.set(text))
		case s != nil:
			wrong.Add(fault.New(fault.Invalid, "config.not_a_value", fault.Field(key), fault.Arg("line", value.Line)))
		case isSection(c, key):
			walk(c, key+".", value, wrong)
		default:
			wrong.Add(fault.New(fault.Invalid, "config.unknown_key", fault.Field(key), fault.Arg("line", name.Line), fault.Arg("nearest", nearest(c, key))))
		}
		seen[key] = true
	}
}

func fromEnvironment(c *Config, environ []string) error {
	var wrong fault.List
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix) {
			continue
		}
		all := settings(c)
		i := slices.IndexFunc(all, func(s setting) bool { return s.env() == name })
		if i >= 0 {
			wrong.Add(all[i].set(value))
			continue
		}
		// Other variables with our prefix are fine (they name tools and test
		// servers); one that is nearly a setting is a slip of the keyboard.
		close := slices.MinFunc(all, func(a, b setting) int { return distance(a.env(), name) - distance(b.env(), name) })
		if distance(close.env(), name) <= 2 {
			wrong.Add(fault.New(fault.Invalid, "config.unknown_variable", fault.Field(name), fault.Arg("nearest", close.env())))
		}
	}
	return wrong.Err()
}

func (s setting) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

func (s setting) set(text string) error {
	switch v := s.value.(type) {
	case *string:
		*v = text
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fault.New(fault.Invalid, "config.not_a_number", fault.Field(s.key))
		}
		*v = n
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return fault.New(fault.Invalid, "config.not_a_duration", fault.Field(s.key))
		}
		*v = d
	}
	return nil
}

func find(c *Config, key string) *setting {
	all := settings(c)
	if i := slices.IndexFunc(all, func(s setting) bool { return s.key == key }); i >= 0 {
		return &all[i]
	}
	return nil
}

func isSection(c *Config, key string) bool {
	return slices.ContainsFunc(settings(c), func(s setting) bool { return strings.HasPrefix(s.key, key+".") })
}

// nearest is the existing key or section that is spelled most like key. A key
// without its section ("url") is compared with the last parts, too.
func nearest(c *Config, key string) string {
	best, least := "", 1<<30
	closer := func(name string, d int) {
		if d < least {
			best, least = name, d
		}
	}
	for _, s := range settings(c) {
		closer(s.key, 2*distance(s.key, key))
		for i, r := range s.key {
			if r == '.' {
				closer(s.key[:i], 2*distance(s.key[:i], key))
			}
		}
		if last := s.key[strings.LastIndexByte(s.key, '.')+1:]; last != s.key {
			closer(s.key, 2*distance(last, key[strings.LastIndexByte(key, '.')+1:])+1)
		}
	}
	return best
}

// distance is Levenshtein's: how many letters to change, add or take away.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
