package moderation

import (
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// leastScore is the lowest score that can be a ground for taking something
// from a citizen.
const leastScore = 0.5

// hideable are the labels on which a rule of a policy may suggest to hide,
// warn or block. What citizens feel, think or want is not among them.
func hideable(l Label) bool { return anyGround("labels", string(l)) }

// ground says whether a fact can carry an act: a label or a kind of personal
// data. Words, accounts and repetition only narrow a rule: a petition is
// repeated, too.
type ground func(group, name string) bool

// spamGround: what may ever be hidden without a person.
func spamGround(group, name string) bool {
	return group == "labels" && (name == string(Gambling) || name == string(Fraud))
}

// firmGround: more than a model's opinion of somebody's tone.
func firmGround(group, name string) bool {
	switch group {
	case "labels":
		return spamGround(group, name) || name == "promo" || name == string(PersonalData)
	case "pii":
		return name != "own" && name != "other"
	}
	return false
}

// anyGround: firm ones, abuse and hate.
func anyGround(group, name string) bool {
	if group == "labels" && (name == string(Abusive) || name == "hs" || strings.HasPrefix(name, "hs_")) {
		return true
	}
	return firmGround(group, name)
}

// grounded proves that an expression can hold only where a ground does: when
// the expression is yes (or, under a "not", when it is no), some fact that is a
// ground lies above its least value. "or" needs the proof on both sides.
func grounded(n ast.Node, yes bool, is ground) bool {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return (n.Operator == "not" || n.Operator == "!") && grounded(n.Node, !yes, is)
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			return either(n, yes, is, yes)
		case "or", "||":
			return either(n, yes, is, !yes)
		case ">=", ">", "<", "<=":
			return atLeast(n, yes, is)
		}
	}
	return false
}

// either: one side's proof is enough, or both are wanted.
func either(n *ast.BinaryNode, yes bool, is ground, one bool) bool {
	l, r := grounded(n.Left, yes, is), grounded(n.Right, yes, is)
	if one {
		return l || r
	}
	return l && r
}

// atLeast reads "labels.gambling >= 0.6" from either side, and its negation.
func atLeast(n *ast.BinaryNode, yes bool, is ground) bool {
	fact, bound, op := n.Left, n.Right, n.Operator
	if _, turned := fact.(*ast.MemberNode); !turned {
		fact, bound = bound, fact
		op = map[string]string{">=": "<=", ">": "<", "<=": ">=", "<": ">"}[op]
	}
	if !yes {
		op = map[string]string{">=": "<", ">": "<=", "<=": ">", "<": ">="}[op]
	}
	m, isFact := fact.(*ast.MemberNode)
	least, isNumber := numberOf(bound)
	if !isFact || !isNumber || op != ">=" && op != ">" {
		return false
	}
	base, plain := m.Node.(*ast.IdentifierNode)
	name, written := m.Property.(*ast.StringNode)
	if !plain || !written || !is(base.Value, name.Value) {
		return false
	}
	if base.Value == "pii" { // whole numbers
		return least >= 1 || op == ">" && least >= 0
	}
	return least >= leastScore
}

func numberOf(n ast.Node) (float64, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	}
	return 0, false
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// distance is Levenshtein's: how many letters to change, add or take away.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		corner := row[0]
		row[0] = i + 1
		for j := range y {
			cost := corner
			if x[i] != y[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
