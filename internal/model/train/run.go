package train

import (
	"fmt"
	"slices"

	"kentongan/internal/model"
)

// Targets of the office's order, as shares.
const (
	targetHate       = .85
	targetAbusive    = .90
	targetExact      = .72
	targetJaccard    = .79
	targetGambling   = .90
	leastGambling    = .75
	mostOrdinaryHits = .001
	targetSMS        = .945
	targetNusax      = .78
)

// Result is what one run gives.
type Result struct {
	Figures             []Figure
	Free, NonCommercial *model.Part // nil where only figures were asked for
}

// Run reads every head crosswise, and with weights learns them all. rules, if
// given, says what the program's rules alone call gambling. say is told what
// is being done.
func Run(sets []Set, seed uint64, weights bool, rules func(string) bool, say func(what string)) (*Result, error) {
	r := &Result{}
	if err := r.RunFree(sets, seed, weights, rules, say); err != nil {
		return nil, err
	}
	return r, r.RunToxicity(sets, seed, weights, say)
}

// RunToxicity is the part of Run that rests on the set that may not be used
// commercially.
func (r *Result) RunToxicity(sets []Set, seed uint64, weights bool, say func(what string)) error {
	toxic, judged, err := toxicity(sets, seed, weights, say)
	if err != nil {
		return err
	}
	r.Figures = append(r.Figures, toxicFigures(judged, seed)...)
	if weights {
		r.NonCommercial = Assemble("CC BY-NC-SA 4.0, not for commercial use: see NOTICE.md and CARD.md.", trainedOn(sets, true), seed, toxic)
	}
	return nil
}

// RunFree is the rest of it.
func (r *Result) RunFree(sets []Set, seed uint64, weights bool, rules func(string) bool, say func(what string)) error {
	var free []*Trained
	say("gambling: each source left out in turn")
	rows, clusters, err := gamblingRows(sets)
	if err != nil {
		return err
	}
	tests := LeaveOneOut(rows, clusters, seed)
	r.Figures = append(r.Figures, gamblingFigures(tests, rules, seed)...)
	say("text messages")
	sms, buckets, err := SMS(sets, seed)
	if err != nil {
		return err
	}
	r.choice(&free, measured{sms, buckets, "sms", targetSMS}, weights)
	say("emotions")
	emotion, buckets := Emotion(sets, seed)
	r.choice(&free, measured{emotion, buckets, "emotion (EmoT)", 0}, weights)
	say("pornography")
	porn, shown := Porn(sets, seed)
	free = append(free, porn)
	r.Figures = append(r.Figures, figure("pornography (netifier)", "F1", shown, F1Of(0), seed))
	say("own-written examples: wishes, topics, urgency")
	intent, buckets, err := Intent(sets, seed)
	if err != nil {
		return err
	}
	r.choice(&free, measured{intent, buckets, "intent (own-written examples)", 0}, weights)
	wishes, buckets, err := Wishes(seed)
	if err != nil {
		return err
	}
	for _, c := range wishes {
		r.choice(&free, measured{c, buckets, c.Name + " (own-written examples)", 0}, weights)
	}
	tongue := NewTongue(sets, seed)
	folds, official := tongue.Cross(func(done, of int) { say(fmt.Sprintf("sentiment in twelve languages: %d of %d", done, of)) })
	r.Figures = append(r.Figures, sentimentFigures(folds, official, seed)...)
	if !weights {
		return nil
	}
	say("learning from everything")
	sentiment, language := tongue.Train(folds)
	free = append(free, language, sentiment)
	r.Free = Assemble("Free weights: see NOTICE.md and CARD.md.", trainedOn(sets, false), seed, free...)
	r.Free.Campaign = Gambling(rows, clusters, seed)
	calibrate(r.Free.Campaign, tests)
	return nil
}

// measured is a task with its rows, how it is called in the figures, and what
// is asked of it.
type measured struct {
	task    *Choice
	buckets [][]uint32
	title   string
	target  float64
}

// choice reads and perhaps learns one task.
func (r *Result) choice(free *[]*Trained, m measured, weights bool) {
	var judged []Judged
	if weights {
		var t *Trained
		t, judged = m.task.Train(m.buckets)
		*free = append(*free, t)
	} else {
		judged = m.task.Cross(m.buckets)
	}
	r.Figures = append(r.Figures, single(m.title, m.task.Names, judged, m.target, m.task.Seed)...)
}

func trainedOn(sets []Set, noncommercial bool) string {
	out := ""
	for _, s := range sets {
		if s.NonCommercial == noncommercial {
			out += fmt.Sprintf("%s (%s, %d rows, sha256 %s); ", s.Name, s.Licence, len(s.Rows), s.Digest[:16])
		}
	}
	return out
}

// gamblingRows are the sources of gambling and the ordinary messages beside
// them, the own-written ones first.
func gamblingRows(sets []Set) ([]Row, []int, error) {
	rows, err := civic()
	if err != nil {
		return nil, nil, err
	}
	for _, s := range sets {
		if s.Name != "local-abusive" {
			rows = append(rows, s.Rows...)
		}
	}
	return rows, Clusters(Texts(rows)), nil
}

func calibrate(c *model.Campaign, tests []GamblingTest) {
	var values []float64
	var yes []bool
	for _, t := range tests {
		values = append(values, t.Values...)
		for _, r := range t.Rows {
			yes = append(yes, r.Has("gambling"))
		}
	}
	CalibrateGambling(c, values, yes)
}

// gamblingFigures: F1 on each source left out, their mean, and hits among
// ordinary messages.
func gamblingFigures(tests []GamblingTest, rules func(string) bool, seed uint64) []Figure {
	const task = "gambling, one source left out"
	var out []Figure
	readers := []struct {
		name string
		says func(t *GamblingTest, i int) bool
	}{{"", func(t *GamblingTest, i int) bool { return t.Values[i] > GamblingValue }}}
	if rules != nil {
		readers = append(readers, struct {
			name string
			says func(t *GamblingTest, i int) bool
		}{" with rules", func(t *GamblingTest, i int) bool { return t.Values[i] > GamblingValue || rules(t.Rows[i].Text) }})
	}
	for _, reader := range readers {
		mean := Estimate{}
		var ordinary []Judged
		for n := range tests {
			t := &tests[n]
			var own []Judged
			for i, r := range t.Rows {
				j := Judged{Cluster: t.Clusters[i]}
				if r.Has("gambling") {
					j.True = 1
				}
				if reader.says(t, i) {
					j.Said = 1
				}
				if r.Source == t.Source {
					own = append(own, j)
				} else if slices.Contains([]string{"okky2019", "smsa", "emot", "nusax"}, r.Source) {
					ordinary = append(ordinary, j)
				}
			}
			f := figure(task, "F1 "+t.Source+reader.name, own, F1Of(0), seed)
			c := Tally(own, 1)[0]
			f.Note, f.Target = fmt.Sprintf("(precision %.1f, recall %.1f)", 100*c.Precision(), 100*c.Recall()), leastGambling
			out = append(out, f)
			k := float64(len(tests))
			mean.Value, mean.Low, mean.High = mean.Value+f.Value.Value/k, mean.Low+f.Value.Low/k, mean.High+f.Value.High/k
		}
		out = append(out, Figure{Task: task, What: "F1, mean of the sources" + reader.name, Value: mean, Rows: len(tests), Target: targetGambling})
		hits := figure(task, "hits on ordinary messages"+reader.name, ordinary, saidShare, seed)
		hits.Target, hits.Most = mostOrdinaryHits, true
		out = append(out, hits)
	}
	return out
}

// saidShare is the share of messages that were called anything.
func saidShare(rows []Judged) float64 {
	n := 0
	for _, r := range rows {
		if r.Said != 0 {
			n++
		}
	}
	return share(n, len(rows))
}

// sentimentFigures: the mean over the twelve languages, each language, SmSA.
func sentimentFigures(folds, official []TongueRead, seed uint64) []Figure {
	const task = "sentiment"
	pick := func(reads []TongueRead, source, lang string, of func(TongueRead) Judged) []Judged {
		var out []Judged
		for _, r := range reads {
			if r.Row.Source == source && (lang == "" || r.Row.Lang == lang) {
				out = append(out, of(r))
			}
		}
		return out
	}
	known := func(r TongueRead) Judged { return r.Known }
	guessed := func(r TongueRead) Judged { return r.Guessed }
	tongue := func(r TongueRead) Judged { return r.Lang }
	macro := MacroF1(3)
	var out []Figure
	for _, way := range []struct {
		what  string
		reads []TongueRead
		of    func(TongueRead) Judged
	}{
		{"NusaX macro-F1, mean of 12, language guessed", folds, guessed}, {"NusaX the same, language known", folds, known},
		{"NusaX official valid part, language guessed", official, guessed},
	} {
		mean, n := Estimate{}, 0
		for _, lang := range Languages() {
			rows := pick(way.reads, "nusax", lang, way.of)
			e := Bootstrap(rows, macro, seed)
			mean.Value, n = mean.Value+e.Value/12, n+len(rows)
		}
		mean.Low, mean.High = meanInterval(way.reads, way.of, seed)
		out = append(out, Figure{Task: task, What: way.what, Value: mean, Rows: n, Target: targetNusax})
	}
	for _, lang := range Languages() {
		out = append(out, figure(task, "NusaX "+lang+" macro-F1, language guessed", pick(folds, "nusax", lang, guessed), macro, seed))
	}
	out = append(out, figure(task, "language of NusaX, accuracy", pick(folds, "nusax", "", tongue), Exact, seed))
	for _, way := range []struct {
		what  string
		reads []TongueRead
	}{{"SmSA macro-F1 by folds", folds}, {"SmSA macro-F1, official valid part", official}} {
		f := figure(task, way.what, pick(way.reads, "smsa", "", guessed), macro, seed)
		f.Note = "(IndoBERT base 87.7, large 92.7 on its test part)"
		out = append(out, f)
	}
	return out
}

// meanInterval draws sentences, with all their translations, and takes the
// mean of the languages' macro-F1 each time.
func meanInterval(reads []TongueRead, of func(TongueRead) Judged, seed uint64) (low, high float64) {
	var rows []Judged
	for _, r := range reads {
		if r.Row.Source == "nusax" {
			j := of(r)
			lang := slices.Index(Languages(), r.Row.Lang) // in the bits above the three sentiments
			j.True |= 1 << (3 + lang)
			rows = append(rows, j)
		}
	}
	e := Bootstrap(rows, func(sample []Judged) float64 {
		by := make([][]Judged, len(Languages()))
		for _, j := range sample {
			for lang := range by {
				if j.True&(1<<(3+lang)) != 0 {
					by[lang] = append(by[lang], Judged{True: j.True & 7, Said: j.Said})
				}
			}
		}
		sum := 0.0
		for _, some := range by {
			sum += MacroF1(3)(some) / float64(len(by))
		}
		return sum
	}, seed)
	return e.Low, e.High
}

// toxicFigures: the twelve labels together and each.
func toxicFigures(rows []Judged, seed uint64) []Figure {
	out := multiple("toxicity (okky2019)", Toxicity(), rows, seed)
	for i := range out {
		switch out[i].What {
		case "all labels exactly right":
			out[i].Target = targetExact
		case "Jaccard":
			out[i].Target = targetJaccard
		case "F1 hs":
			out[i].Target = targetHate
		case "F1 abusive":
			out[i].Target = targetAbusive
		}
	}
	return out
}
