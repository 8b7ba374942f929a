package train

import (
	"slices"

	"kentongan/internal/model"
)

// Languages of NusaX as the sets name them. Indonesian is read by the common
// lanes, which learn from SmSA, too; each other language has lanes of its own
// beside them.
func Languages() []string {
	return []string{"id", "jv", "su", "en", "ace", "ban", "bjn", "bbc", "bug", "mad", "min", "nij"}
}

// Sentiments in the order of the heads.
func Sentiments() []string { return []string{"positive", "neutral", "negative"} }

// What a language's own lanes and the common ones count for. Measured by
// folds: own alone .772, common alone .646, both .803 (mean F1 of twelve).
const (
	smsaEvery   = 12 // of SmSA's rows one teaches what Indonesian looks like
	ownPower    = 0.5
	commonShare = 0.5
)

// Tongue is the world in which sentiment and language are learned together:
// NusaX, SmSA, and what else helps to tell languages apart.
type Tongue struct {
	Rows     []Row
	Buckets  [][]uint32
	Clusters []int
	language *Choice
	common   *Choice // sentiment, by rows in Indonesian
	own      *Choice // sentiment, by NusaX
	sizes    *Examples
	ownSizes *Examples
}

// NewTongue gathers the rows. Translations of a sentence, near-duplicates and
// both together are one cluster.
func NewTongue(sets []Set, seed uint64) *Tongue {
	t := &Tongue{}
	nusax := Find(sets, "nusax").Rows
	t.Rows = append(t.Rows, nusax...)
	t.Rows = append(t.Rows, Find(sets, "smsa").Rows...)
	sentiment := len(t.Rows)
	for _, extra := range []struct {
		set   string
		every int
	}{{"emot", 8}, {"judol-gbennnn", 40}, {"sms", 4}, {"local-abusive", 8}} {
		for i, r := range Find(sets, extra.set).Rows {
			if i%extra.every == 0 && !r.Has("gambling") {
				t.Rows = append(t.Rows, r)
			}
		}
	}
	t.Buckets = Buckets(t.Rows)
	parallel := Parallel(nusax, t.Buckets[:len(nusax)], "id")
	for i := len(nusax); i < len(t.Rows); i++ {
		parallel = append(parallel, i)
	}
	t.Clusters = Merge(parallel, Clusters(Texts(t.Rows)))
	choice := func(name string, names []string, letters, power float64, class func(i int) int) *Choice {
		c := &Choice{Name: name, Names: names, Clusters: t.Clusters, Cost: 1, Power: power, Letters: letters, Seed: seed, Class: make([]int, len(t.Rows))}
		for i := range t.Rows {
			c.Class[i] = class(i)
		}
		return c
	}
	t.language = choice("lang", Languages(), 1, 0, func(i int) int {
		if t.Rows[i].Source == "smsa" && i%smsaEvery != 0 {
			return -1 // else Indonesian would outweigh all others
		}
		return slices.Index(Languages(), t.Rows[i].Lang)
	})
	feeling := func(i int) int {
		if i >= sentiment || len(t.Rows[i].Labels) != 1 {
			return -1
		}
		return slices.Index(Sentiments(), t.Rows[i].Labels[0])
	}
	t.own = choice("sentiment", Sentiments(), .5, ownPower, feeling)
	t.common = choice("sentiment", Sentiments(), .5, ownPower, func(i int) int {
		if t.Rows[i].Lang != "id" {
			return -1
		}
		return feeling(i)
	})
	t.sizes = NewExamples(t.Buckets, NewSizes(t.Buckets[:sentiment], .5, choiceShapes))
	t.ownSizes = NewExamples(t.Buckets, NewSizes(t.Buckets[:len(nusax)], .5, choiceShapes))
	return t
}

// tongueLanes is everything learned from some of the rows.
type tongueLanes struct {
	common, language []*Linear
	own              map[string][]*Linear
	languageSizes    *Examples
}

// learn uses the rows for which in is true.
func (t *Tongue) learn(in func(row int) bool) *tongueLanes {
	pick := func(c *Choice, lang string) []int {
		var use []int
		for _, i := range c.rows() {
			if in(i) && (lang == "" || t.Rows[i].Lang == lang && t.Rows[i].Source == "nusax") {
				use = append(use, i)
			}
		}
		return use
	}
	l := &tongueLanes{own: map[string][]*Linear{}, languageSizes: NewExamples(t.Buckets, NewSizes(t.Buckets, t.language.Letters, choiceShapes))}
	l.common = t.common.fit(t.sizes, pick(t.common, ""))
	l.language = t.language.fit(l.languageSizes, pick(t.language, ""))
	for _, lang := range Languages()[1:] {
		l.own[lang] = t.own.fit(t.ownSizes, pick(t.own, lang))
	}
	return l
}

// feel reads the sentiment of row i as written in that language.
func (t *Tongue) feel(l *tongueLanes, i int, lang string) []float64 {
	values := read(t.sizes, l.common, []int{i})[0].values
	if own := l.own[lang]; own != nil {
		for k, v := range read(t.ownSizes, own, []int{i})[0].values {
			values[k] = v + commonShare*values[k]
		}
	}
	return values
}

// TongueRead is one row with what lanes that had not seen it say.
type TongueRead struct {
	Row     Row
	Known   Judged // sentiment, the language being known
	Guessed Judged // sentiment, the language being guessed
	Lang    Judged // the language
	common  said
	own     said // of a language with lanes of its own
	lang    said
}

// Cross reads every row of NusaX and SmSA by folds; official reads the
// official valid part with lanes from the official train part.
func (t *Tongue) Cross(progress func(done, of int)) (folds []TongueRead, official []TongueRead) {
	fold := Folds(t.Clusters, choiceFolds, t.own.Seed)
	for f := range choiceFolds {
		progress(f, choiceFolds+1)
		l := t.learn(func(i int) bool { return fold[i] != f })
		folds = append(folds, t.readAll(l, func(i int) bool { return fold[i] == f })...)
	}
	progress(choiceFolds, choiceFolds+1)
	valid := map[int]bool{} // sentences of NusaX lie in SmSA, too
	for i, r := range t.Rows {
		if r.Split == "valid" {
			valid[t.Clusters[i]] = true
		}
	}
	l := t.learn(func(i int) bool { return !valid[t.Clusters[i]] })
	official = t.readAll(l, func(i int) bool { return t.Rows[i].Split == "valid" })
	progress(choiceFolds+1, choiceFolds+1)
	return folds, official
}

func (t *Tongue) readAll(l *tongueLanes, in func(int) bool) []TongueRead {
	var out []TongueRead
	for i, r := range t.Rows {
		if k := t.own.Class[i]; k >= 0 && in(i) {
			lang := read(l.languageSizes, l.language, []int{i})[0]
			guess := Languages()[most(lang.values)]
			judged := func(values []float64) Judged {
				return Judged{True: 1 << k, Said: 1 << most(values), Cluster: t.Clusters[i]}
			}
			known := t.feel(l, i, r.Lang)
			one := TongueRead{Row: r, Known: judged(known), Guessed: judged(t.feel(l, i, guess)), Lang: Judged{
				True: 1 << slices.Index(Languages(), r.Lang), Said: 1 << slices.Index(Languages(), guess), Cluster: t.Clusters[i]}, lang: lang}
			if r.Lang == "id" {
				one.common = said{i, known}
			} else {
				one.own = said{i, known}
			}
			out = append(out, one)
		}
	}
	return out
}

// Train learns from all rows; reads of other lanes set how sure they may be.
func (t *Tongue) Train(reads []TongueRead) (sentiment, language *Trained) {
	l := t.learn(func(int) bool { return true })
	var common, own, lang []said
	for _, r := range reads {
		if r.common.values != nil {
			common = append(common, r.common)
		} else {
			own = append(own, r.own)
		}
		if t.language.Class[r.lang.row] >= 0 {
			lang = append(lang, r.lang)
		}
	}
	warm, warmOwn := t.own.warmth(common), t.own.warmth(own)
	sentiment = t.common.group(t.sizes.Sizes, l.common, warm)
	sentiment.Tongues = &model.Tongues{Group: "sentiment", By: "lang", Share: float32(commonShare * warmOwn / warm), Warmth: float32(warmOwn)}
	sentiment.AsideSizes = t.ownSizes.Sizes
	for _, name := range Languages()[1:] {
		sentiment.Tongues.Names = append(sentiment.Tongues.Names, name)
		for k, lane := range l.own[name] {
			sentiment.Aside = append(sentiment.Aside, Lane{"sentiment." + name + "." + Sentiments()[k], lane})
		}
	}
	return sentiment, t.language.group(l.languageSizes.Sizes, l.language, t.language.warmth(lang))
}
