package moderation

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"kentongan/configs"
	"kentongan/internal/fault"
)

// What a rule may cost. An expression has no loop, so its time is bounded by
// its length; the budget stops whatever we did not think of.
const (
	maxExpression = 2000 // bytes
	maxNodes      = 300
	memoryBudget  = 100_000
)

// environment is what the expression sees: the facts and three functions.
type environment struct {
	Facts
	Has     func(...string) bool `expr:"has"`
	Link    func(...string) bool `expr:"link"`
	Matched func(...string) bool `expr:"matched"`
}

// rule is one rule of a policy, ready to run.
type rule struct {
	configs.PolicyRule
	act     Act
	program *vm.Program
	tree    ast.Node
	needs   needs
	firm    bool // its ground is more than a model's score of abuse or hate
	spam    bool // it holds only for gambling or fraud
}

// needs are the facts that cost a look at the database or at the original.
type needs struct{ text, account, repetition bool }

// compile turns an expression into a rule, or says what is wrong with it and
// where. The grammar is a list of what is allowed: whatever the library can do
// beside it (variables, loops, computed names, patterns) is no part of it.
func compile(r configs.PolicyRule, officials []string) (rule, error) {
	out := rule{PolicyRule: r, act: Act(r.Suggest)}
	if r.When == "" {
		out.When = "labels." + r.Label + " >= " + decimal(r.AtLeast)
	}
	if len(out.When) > maxExpression {
		return out, fault.New(fault.Invalid, "policy.expression_too_long", fault.Arg("limit", maxExpression))
	}
	tree, err := parser.Parse(out.When)
	if err != nil {
		return out, syntax(err)
	}
	out.tree = tree.Node
	g := guard{source: out.When, act: out.act, officials: officials}
	if err := g.strings(tree.Node); err != nil {
		return out, err
	}
	if err := g.grammar(tree.Node, false); err != nil {
		return out, err
	}
	out.needs = g.needs
	out.program, err = expr.Compile(out.When, expr.Env(environment{}), expr.AsBool(), expr.WarnOnAny(), expr.DisableAllBuiltins(), expr.MaxNodes(maxNodes))
	if err != nil {
		return out, syntax(err)
	}
	out.firm, out.spam = grounded(tree.Node, true, firmGround), grounded(tree.Node, true, spamGround)
	if restricts(out.act) && !grounded(tree.Node, true, anyGround) {
		return out, fault.New(fault.Invalid, "policy.no_ground", fault.Arg("column", 1))
	}
	if r.Mode == string(Auto) && (!out.spam || out.act != Hide) {
		return out, fault.New(fault.Invalid, "policy.auto_needs_spam", fault.Arg("column", 1))
	}
	return out, nil
}

// matches says whether the rule holds for the facts.
func (r rule) matches(f Facts) bool {
	if r.program == nil {
		return false
	}
	machine := vm.VM{MemoryBudget: memoryBudget}
	out, err := machine.Run(r.program, environment{Facts: f, Has: f.has, Link: f.link, Matched: f.matchedRule})
	yes, _ := out.(bool)
	return err == nil && yes
}

// syntax says where the library stopped reading, and why.
func syntax(err error) error {
	column, what := 1, err.Error()
	if e, ok := errors.AsType[*file.Error](err); ok {
		column, what = e.Column+1, e.Message
	}
	return fault.Wrap(fault.Invalid, "policy.expression_wrong", err, fault.Arg("column", column), fault.Arg("what", what))
}

// guard walks an expression before it is compiled.
type guard struct {
	source    string
	act       Act
	officials []string
	needs     needs
}

func (g *guard) refuse(n ast.Node, code string, args ...fault.Option) error {
	return fault.New(fault.Invalid, code, append(args, fault.Arg("column", g.column(n)))...)
}

func (g *guard) column(n ast.Node) int {
	return min(n.Location().From, len([]rune(g.source))) + 1
}

// grammar refuses everything that is not on the list. A text may stand only
// where words, hosts or names are expected.
func (g *guard) grammar(n ast.Node, textHere bool) error {
	switch n := n.(type) {
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return nil
	case *ast.StringNode:
		if textHere {
			return nil
		}
		return g.refuse(n, "policy.text_alone", fault.Arg("text", n.Value))
	case *ast.IdentifierNode:
		if n.Value == "platform" || n.Value == "kind" {
			return nil
		}
		return g.unknown(n, n.Value, append(groups(), "platform", "kind", "has", "link", "matched"))
	case *ast.UnaryNode:
		return g.grammar(n.Node, false)
	case *ast.BinaryNode:
		return g.binary(n)
	case *ast.MemberNode:
		return g.member(n)
	case *ast.CallNode:
		return g.call(n)
	case *ast.ArrayNode:
		if !textHere {
			return g.refuse(n, "policy.not_in_rules", fault.Arg("what", "[…]"))
		}
		return g.all(n.Nodes, true)
	}
	return g.refuse(n, "policy.not_in_rules", fault.Arg("what", construct(n)))
}

func (g *guard) all(nodes []ast.Node, textHere bool) error {
	for _, n := range nodes {
		if err := g.grammar(n, textHere); err != nil {
			return err
		}
	}
	return nil
}

func (g *guard) binary(n *ast.BinaryNode) error {
	compares := n.Operator == "==" || n.Operator == "!=" || n.Operator == "in"
	switch n.Operator {
	case "and", "or", "&&", "||", "<", "<=", ">", ">=", "+", "-", "*", "/", "==", "!=", "in":
	default:
		return g.refuse(n, "policy.not_in_rules", fault.Arg("what", n.Operator))
	}
	return g.all([]ast.Node{n.Left, n.Right}, compares)
}

// member allows labels.gambling and the like: a name of the list, written out.
func (g *guard) member(n *ast.MemberNode) error {
	base, plain := n.Node.(*ast.IdentifierNode)
	name, written := n.Property.(*ast.StringNode)
	if !plain || !written || n.Optional || n.Method {
		return g.refuse(n, "policy.computed_name")
	}
	known := members(base.Value)
	if known == nil {
		return g.unknown(base, base.Value, groups())
	}
	if !slices.Contains(known, name.Value) {
		return g.unknown(n, base.Value+"."+name.Value, prefixed(base.Value, known))
	}
	if base.Value == "labels" && restricts(g.act) && !hideable(Label(name.Value)) {
		return g.refuse(n, "policy.hides_by_sentiment", fault.Arg("label", name.Value))
	}
	g.needs.account = g.needs.account || base.Value == "account"
	g.needs.repetition = g.needs.repetition || base.Value == "repetition"
	g.needs.text = g.needs.text || base.Value == "text" || base.Value == "pii"
	return nil
}

func (g *guard) call(n *ast.CallNode) error {
	callee, plain := n.Callee.(*ast.IdentifierNode)
	if !plain {
		return g.refuse(n, "policy.computed_name")
	}
	if !slices.Contains([]string{"has", "link", "matched"}, callee.Value) {
		return g.unknown(n, callee.Value+"()", []string{"has()", "link()", "matched()"})
	}
	g.needs.text = g.needs.text || callee.Value != "matched"
	if len(n.Arguments) == 0 {
		return g.refuse(n, "policy.call_empty", fault.Arg("name", callee.Value))
	}
	for _, a := range n.Arguments {
		s, written := a.(*ast.StringNode)
		if !written {
			return g.refuse(a, "policy.computed_name")
		}
		if callee.Value == "matched" && !slices.Contains(Rules(), Rule(s.Value)) {
			return g.unknown(a, s.Value, ruleNames())
		}
		if callee.Value == "matched" && restricts(g.act) && slices.Contains([]Rule{RuleQuestion, RuleThanks, RuleComplaint, RuleCriticism, RuleDanger, RulePlea, RuleIdea}, Rule(s.Value)) {
			return g.refuse(a, "policy.hides_by_sentiment", fault.Arg("label", s.Value))
		}
		if !plainWords(s.Value) {
			return g.refuse(a, "policy.text_disguised", fault.Arg("text", s.Value))
		}
	}
	return nil
}

// unknown refuses a name that is not offered and tells the nearest one that is.
func (g *guard) unknown(n ast.Node, name string, known []string) error {
	if felt(name) {
		return g.refuse(n, "policy.hides_by_sentiment", fault.Arg("label", name))
	}
	nearest := slices.MinFunc(known, func(a, b string) int { return cmp.Compare(distance(a, name), distance(b, name)) })
	return g.refuse(n, "policy.unknown_name", fault.Arg("name", name), fault.Arg("nearest", nearest))
}

func groups() []string { return []string{"labels", "pii", "text", "account", "repetition"} }

// members are the names that stand behind each group's dot.
func members(group string) []string {
	switch group {
	case "labels":
		var all []string
		for _, l := range ruleLabels() {
			all = append(all, string(l))
		}
		return all
	case "pii":
		return []string{"count", "nik", "kk", "npwp", "phone", "email", "bank_account", "address", "plate", "own", "other"}
	case "text":
		return []string{"letters", "words", "links", "short_links", "disguised", "language"}
	case "account":
		return []string{"messages", "hidden", "days"}
	case "repetition":
		return []string{"copies", "accounts"}
	}
	return nil
}

func prefixed(group string, names []string) (all []string) {
	for _, n := range names {
		all = append(all, group+"."+n)
	}
	return all
}

func ruleNames() (all []string) {
	for _, r := range Rules() {
		all = append(all, string(r))
	}
	return all
}

// construct is how a part of the library's language is written that rules
// cannot use.
func construct(n ast.Node) string {
	switch n := n.(type) {
	case *ast.VariableDeclaratorNode:
		return "let"
	case *ast.ConditionalNode:
		return "? :"
	case *ast.BuiltinNode:
		return n.Name + "()"
	case *ast.PredicateNode, *ast.PointerNode:
		return "#"
	case *ast.SequenceNode:
		return ";"
	case *ast.ChainNode:
		return "?."
	case *ast.SliceNode:
		return "[:]"
	case *ast.MapNode, *ast.PairNode:
		return "{ }"
	case *ast.NilNode:
		return "nil"
	case *ast.BytesNode:
		return `b""`
	}
	return strings.TrimPrefix(n.String(), "*")
}

// RuleWords are the names that a rule can use, for the manual.
func RuleWords() []string {
	all := []string{"platform", "kind", "has()", "link()", "matched()"}
	for _, g := range groups() {
		all = append(all, prefixed(g, members(g))...)
	}
	return all
}
