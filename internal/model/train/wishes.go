package train

import (
	"bytes"
	"embed"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
)

// examples were written for this project: no public set says what citizens
// want of an office, about what, and how soon. Figures on them say how well
// the heads learned what their authors meant, not how citizens write.
//
//go:embed examples/*.jsonl
var examples embed.FS

// Example is one own-written message.
type Example struct {
	Text    string `json:"text"`
	Intent  string `json:"intent"`
	Topic   string `json:"topic"`
	Urgency string `json:"urgency"`
}

// NoIntent is the head of messages that want nothing.
const NoIntent = "none"

// Intents, Topics and Urgencies are the names of the heads.
func Intents() []string { return []string{"question", "complaint", "thanks", "idea", NoIntent} }

// Topics that a message may be about.
func Topics() []string {
	return []string{"air", "jalan", "sampah", "kesehatan", "pendidikan", "kependudukan", "bansos", "lalu_lintas", "listrik", "banjir",
		"perizinan", "pajak", "keamanan", "lainnya"}
}

// Urgencies from the most urgent.
func Urgencies() []string { return []string{"darurat", "mendesak", "biasa"} }

// ownExamples reads the own-written messages.
func ownExamples() ([]Example, error) {
	names, err := fs.Glob(examples, "examples/*.jsonl")
	if err != nil {
		return nil, err
	}
	var out []Example
	for _, name := range names {
		body, err := examples.ReadFile(name)
		if err != nil {
			return nil, err
		}
		line := 0
		for row := range bytes.Lines(body) {
			line++
			if len(bytes.TrimSpace(row)) == 0 {
				continue
			}
			var e Example
			if err := json.Unmarshal(row, &e); err != nil {
				return nil, bad(name, line, err)
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// Wishes are the three tasks with the features of the examples.
func Wishes(seed uint64) ([]*Choice, [][]uint32, error) {
	own, err := ownExamples()
	if err != nil {
		return nil, nil, err
	}
	rows := make([]Row, len(own))
	for i, e := range own {
		rows[i].Text = e.Text
	}
	clusters := Clusters(Texts(rows))
	task := func(name string, names []string, of func(Example) string) *Choice {
		c := &Choice{Name: name, Names: names, Clusters: clusters, Cost: 1, Power: .5, Letters: .5, Seed: seed}
		for _, e := range own {
			c.Class = append(c.Class, slices.Index(names, of(e)))
		}
		return c
	}
	return []*Choice{
		task("intent", Intents(), func(e Example) string {
			if e.Intent == "" {
				return NoIntent
			}
			return e.Intent
		}),
		task("topic", Topics(), func(e Example) string { return e.Topic }),
		task("urgency", Urgencies(), func(e Example) string { return e.Urgency }),
	}, Buckets(rows), nil
}

// fromSet is the task of a set whose rows have one label each.
func fromSet(set Set, name string, names []string, seed uint64) (*Choice, [][]uint32) {
	c := &Choice{Name: name, Names: names, Clusters: Clusters(Texts(set.Rows)), Cost: 1, Letters: .5, Seed: seed}
	for _, r := range set.Rows {
		class := -1
		if len(r.Labels) == 1 {
			class = slices.Index(names, r.Labels[0])
		}
		c.Class = append(c.Class, class)
	}
	return c, Buckets(set.Rows)
}

// SMS is the task of text messages: false prizes and loans, advertisements, and
// all others.
func SMS(sets []Set, seed uint64) (*Choice, [][]uint32) {
	return fromSet(Find(sets, "sms"), "sms", []string{"normal", "fraud", "promo"}, seed)
}

// Emotion is the task of the five emotions.
func Emotion(sets []Set, seed uint64) (*Choice, [][]uint32) {
	c, buckets := fromSet(Find(sets, "emot"), "emotion", Emotions(), seed)
	c.Power = .5
	return c, buckets
}

// title is how a name is printed.
func title(name string) string { return strings.ReplaceAll(name, "_", " ") }
