package train

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
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

//go:embed examples/words.txt
var words string

// ownWords are words of each topic and urgency, each an example that is only
// learned from: "topic NAME: word, a few words, …".
func ownWords() ([]Example, error) {
	var out []Example
	line := 0
	for row := range strings.Lines(words) {
		line++
		head, list, ok := strings.Cut(strings.TrimSpace(row), ":")
		if head == "" || head[0] == '#' {
			continue
		}
		kind, name, _ := strings.Cut(head, " ")
		if !ok || kind == "topic" && !slices.Contains(Topics(), name) || kind == "urgency" && !slices.Contains(Urgencies(), name) || kind != "topic" && kind != "urgency" {
			return nil, bad("examples/words.txt", line, errors.New("neither a topic nor an urgency"))
		}
		for w := range strings.SplitSeq(list, ",") {
			e := Example{Text: strings.TrimSpace(w)}
			if kind == "topic" {
				e.Topic = name
			} else {
				e.Urgency = name
			}
			out = append(out, e)
		}
	}
	return out, nil
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

// Wishes are two tasks, what a message is about and how soon, with the features
// of the examples.
func Wishes(seed uint64) ([]*Choice, [][]uint32, error) {
	own, err := ownExamples()
	if err != nil {
		return nil, nil, err
	}
	written := len(own)
	words, err := ownWords()
	if err != nil {
		return nil, nil, err
	}
	own = append(own, words...)
	rows := exampleRows(own)
	clusters := Clusters(Texts(rows))
	task := func(name string, names []string, of func(Example) string) *Choice {
		c := &Choice{Name: name, Names: names, Clusters: clusters, Cost: 1, Power: .5, Letters: .5, Seed: seed}
		for i, e := range own {
			c.Class = append(c.Class, slices.Index(names, of(e)))
			c.Teach = append(c.Teach, i >= written)
		}
		return c
	}
	topic := task("topic", Topics(), func(e Example) string { return e.Topic })
	topic.Cost = .3
	return []*Choice{topic, task("urgency", Urgencies(), func(e Example) string { return e.Urgency })}, Buckets(rows), nil
}

func exampleRows(own []Example) []Row {
	rows := make([]Row, len(own))
	for i, e := range own {
		rows[i].Text = e.Text
	}
	return rows
}

// Intent is the task of what a message wants of the office. Ordinary comments
// of other sets stand beside the examples as messages that want nothing, so
// that not every review is read as a complaint; figures are of the examples.
func Intent(sets []Set, seed uint64) (*Choice, [][]uint32, error) {
	own, err := ownExamples()
	if err != nil {
		return nil, nil, err
	}
	rows := append(exampleRows(own), wantNothing(sets)...)
	c := &Choice{Name: "intent", Names: Intents(), Clusters: Clusters(Texts(rows)), Cost: 1, Power: .5, Letters: .5, Seed: seed,
		Lean: []float64{0, 0, 0, 0, -nothingLean}}
	for i := range rows {
		intent := NoIntent
		if i < len(own) && own[i].Intent != "" {
			intent = own[i].Intent
		}
		c.Class, c.Teach = append(c.Class, slices.Index(c.Names, intent)), append(c.Teach, i >= len(own))
	}
	return c, Buckets(rows), nil
}

// wantNothing are comments and reviews in which nobody asks, thanks, proposes
// or complains, as far as their labels and signs tell.
func wantNothing(sets []Set) []Row {
	pleased := []string{"positive", "neutral", "happy", "love"}
	var out []Row
	for _, more := range []struct {
		set   string
		every int
	}{{"judol-gbennnn", 20}, {"judol-muzazr", 8}, {"smsa", 12}, {"nusax", 8}, {"emot", 4}} {
		for i, r := range Find(sets, more.set).Rows {
			wants := r.Has("gambling") || strings.Contains(r.Text, "?") || strings.Contains(r.Text, "kasih") ||
				len(r.Labels) > 0 && !slices.ContainsFunc(pleased, r.Has)
			if i%more.every == 0 && !wants {
				out = append(out, r)
			}
		}
	}
	return out
}

// nothingLean takes back what the number of messages that want nothing makes
// likely.
const nothingLean = 1.6

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
// all others. Comments of other sets stand beside them as normal, so that what
// only comments say is not read as an advertisement; figures are of messages.
func SMS(sets []Set, seed uint64) (*Choice, [][]uint32, error) {
	names := []string{"normal", "fraud", "promo"}
	rows := slices.Clone(Find(sets, "sms").Rows)
	messages := len(rows)
	for _, more := range []struct {
		set   string
		every int
	}{{"judol-gbennnn", smsBeside}, {"emot", 4}, {"nusax", 8}, {"local-abusive", 8}} {
		for i, r := range Find(sets, more.set).Rows {
			if i%more.every == 0 && !r.Has("gambling") {
				rows = append(rows, r)
			}
		}
	}
	own, err := ownExamples()
	if err != nil {
		return nil, nil, err
	}
	rows = append(rows, exampleRows(own)...)
	c := &Choice{Name: "sms", Names: names, Clusters: Clusters(Texts(rows)), Cost: 3, Letters: .5, Seed: seed, Own: true, Lean: []float64{-smsLean, 0, 0}}
	for i, r := range rows {
		class := 0
		if i < messages {
			class = -1
			if len(r.Labels) == 1 {
				class = slices.Index(names, r.Labels[0])
			}
		}
		c.Class, c.Teach = append(c.Class, class), append(c.Teach, i >= messages)
	}
	return c, Buckets(rows), nil
}

// Of smsBeside ordinary comments one stands beside the messages; smsLean takes
// back what their number makes likely. Measured: macro-F1 95.5 on messages and
// 8 of 3,809 comments read as fraud or advertising, most of which are.
const (
	smsBeside = 20
	smsLean   = 0.7
)

// Emotion is the task of the five emotions.
func Emotion(sets []Set, seed uint64) (*Choice, [][]uint32) {
	c, buckets := fromSet(Find(sets, "emot"), "emotion", Emotions(), seed)
	c.Power = .5
	return c, buckets
}

// title is how a name is printed.
func title(name string) string { return strings.ReplaceAll(name, "_", " ") }
