package moderation

import (
	"slices"
	"strings"
	"unicode"

	"github.com/expr-lang/expr/ast"

	"kentongan/internal/fault"
	"kentongan/internal/text"
)

// strings looks at every text in an expression, wherever it stands and however
// it is put together. A rule that takes something from a citizen may name
// neither what citizens feel and think, nor an official, nor the office.
func (g *guard) strings(root ast.Node) (err error) {
	if !restricts(g.act) {
		return nil
	}
	look := func(n ast.Node, s string) {
		if err != nil {
			return
		}
		if word, yes := namesOfficial(s, g.officials); yes {
			err = g.refuse(n, "policy.names_official", fault.Arg("text", s), fault.Arg("word", word))
		} else if opinionated(s) {
			err = g.refuse(n, "policy.hides_by_sentiment", fault.Arg("label", s))
		}
	}
	visit(root, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.StringNode:
			look(n, n.Value)
		case *ast.BytesNode:
			look(n, string(n.Value))
		case *ast.IdentifierNode:
			look(n, n.Value)
		case *ast.VariableDeclaratorNode:
			look(n, n.Name)
		case *ast.BinaryNode:
			if s, joined := joinedText(n); joined {
				look(n, s)
			}
		case *ast.ArrayNode:
			var b strings.Builder
			for _, part := range n.Nodes {
				s, _ := joinedText(part)
				b.WriteString(s)
			}
			look(n, b.String())
		}
	})
	return err
}

type visitor func(ast.Node)

func (v visitor) Visit(n *ast.Node) { v(*n) }

func visit(root ast.Node, f func(ast.Node)) { ast.Walk(&root, visitor(f)) }

// joinedText is a text put together of pieces: "bu" + "pati".
func joinedText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.BinaryNode:
		if n.Operator != "+" {
			return "", false
		}
		l, left := joinedText(n.Left)
		r, right := joinedText(n.Right)
		return l + r, left || right
	}
	return "", false
}

// plainWords: letters, digits and what stands in words and addresses. Nobody
// needs other signs to say what a rule looks for; disguises are undone in the
// citizen's text, not written into the policy.
func plainWords(s string) bool {
	return strings.TrimSpace(s) != "" && len(s) <= 80 && !strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -./_", r)
	})
}

// namesOfficial says which official or office a text names: by title, in short,
// misspelt by a letter, spaced out or disguised; or by a name of the office's
// own list.
func namesOfficial(s string, officials []string) (string, bool) {
	tokens := text.Fold(s).Tokens()
	var all strings.Builder
	for _, t := range tokens {
		for _, w := range [...]string{t.Text, t.Plain, text.Squeeze(t.Text)} {
			if yes := titled(w); yes != "" {
				return yes, true
			}
		}
		all.WriteString(onlyLetters(t.Text))
	}
	joined := all.String()
	for _, innocent := range [...]string{"kecamatan", "kelurahan", "kementerian"} { // places
		joined = strings.ReplaceAll(joined, innocent, " ")
	}
	for _, t := range titles() {
		if strings.Contains(joined, t) || strings.Contains(text.Squeeze(joined), t) {
			return t, true
		}
	}
	return listed(tokens, joined, officials)
}

// titled says which title one word is: exactly, without its vowels, or with one
// letter wrong when it is long enough not to be another word.
func titled(word string) string {
	word = onlyLetters(word)
	if slices.Contains([]string{"kecamatan", "kelurahan", "kementerian"}, word) {
		return ""
	}
	for _, t := range append(titles(), shortTitles()...) {
		switch {
		case word == t:
			return t
		case len(t) >= 6 && len(word) >= 5 && distance(word, t) <= 1:
			return t
		case len(word) >= 3 && len(t) >= 5 && word == consonants(t):
			return t
		}
	}
	return ""
}

// listed says which of the office's own officials a text names, by the whole
// name or by one part of it.
func listed(tokens []text.Token, joined string, officials []string) (string, bool) {
	for _, name := range officials {
		parts := strings.Fields(text.Fold(name).Text)
		if whole := onlyLetters(strings.Join(parts, "")); len(whole) >= 3 && strings.Contains(joined, whole) {
			return name, true
		}
		for _, part := range parts {
			part = onlyLetters(part)
			for _, t := range tokens {
				word := onlyLetters(t.Text)
				if len(part) >= 3 && (word == part || text.Squeeze(word) == text.Squeeze(part) || len(part) >= 6 && distance(word, part) <= 1) {
					return name, true
				}
			}
		}
	}
	return "", false
}

func onlyLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

func consonants(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aiueo", r) {
			return -1
		}
		return r
	}, s)
}

// titles are of offices and those who hold them, without spaces; long enough
// to be found inside other words. The heads of state are here by name, since no
// office would list them itself.
func titles() []string {
	return []string{"bupati", "walikota", "gubernur", "presiden", "menteri", "mentri", "camat", "lurah", "pejabat", "kepaladinas", "kepaladesa", "kepaladaerah",
		"kepalabadan", "kepalakantor", "kepalabagian", "kepalabidang", "kepalasekolah", "sekretarisdaerah", "pemerintah", "pemkot", "pemkab", "pemprov", "pemda", "pemdes",
		"diskominfo", "instansi", "dprd", "anggotadewan", "wakilrakyat", "kapolres", "kapolsek", "kapolda", "kapolri", "dandim", "ketuarukun", "ketuarw", "ketuart",
		"pakwali", "buwali", "bapakwali", "ibuwali", "governor", "president", "minister", "regent", "villagehead", "districthead", "government",
		"soekarno", "soeharto", "megawati", "yudhoyono", "jokowi", "jokowidodo", "prabowo", "gibran", "jusufkalla", "marufamin"}
}

// shortTitles are the same as people shorten them: only as whole words.
func shortTitles() []string {
	return []string{"bup", "wabup", "cabup", "gub", "wagub", "cagub", "pres", "wapres", "capres", "walkot", "wako", "wawali", "wawako", "sekda", "sekdes", "kades", "kadis", "kadin",
		"kabid", "kabag", "kaban", "asda", "dinas", "dpr", "lrh", "cmt", "sby", "pemimpin", "pimpinan", "kepsek", "mayor"}
}

// opinionated: words of feeling, opinion and blame, as stems.
func opinionated(s string) bool {
	var all strings.Builder
	for _, t := range text.Fold(s).Tokens() {
		if slices.Contains([]string{"anger", "sad", "marah", "sedih", "demo", "kecewa", "gagal", "bobrok", "mundur", "puas"}, t.Text) {
			return true
		}
		all.WriteString(onlyLetters(t.Text))
	}
	joined := strings.ReplaceAll(all.String(), "pendapatan", " ") // income
	return containsAny(joined, []string{"kritik", "critic", "sentimen", "emosi", "emotion", "protes", "keluh", "kecewa", "opini", "pendapat", "negatif", "positif", "netral",
		"negative", "positive", "neutral", "unjukrasa", "korupsi", "koruptor", "bobrok", "becus", "dissent", "complain", "disappoint", "tidakpuas", "tidaksetuju", "angry"})
}
