package moderation

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// Automatic is when a rule that a person switched on may hide by itself.
type Automatic struct {
	Precision float64       // least precision, 0 = .98
	Decisions int64         // from at least so many verdicts, 0 = 200
	Plain     bool          // the plain share is compared, not the lower bound of its interval
	Sample    float64       // share that goes to a person all the same, 0 = .10
	Copies    time.Duration // how long copies may follow a decided text, 0 = 7 days
}

// leastSample: without some that a person sees, nobody would know the precision.
const leastSample = 0.01

// CopyRule is the rule that no policy writes: a copy of a text that a person has
// hidden as gambling or fraud follows that decision.
const CopyRule = "salinan-teks-diputus"

// fellBack is why a rule suggests again.
const fellBack = "precision"

func (a Automatic) bar() float64   { return cmp.Or(a.Precision, 0.98) }
func (a Automatic) least() int64   { return cmp.Or(a.Decisions, 200) }
func (a Automatic) share() float64 { return max(leastSample, cmp.Or(a.Sample, 0.10)) }

func (a Automatic) measure(p Precision) float64 {
	if a.Plain {
		return p.Share()
	}
	low, _ := p.Interval()
	return low
}

// Holds says whether a rule is precise enough to hide by itself.
func (a Automatic) Holds(p Precision) bool {
	return p.N() >= a.least() && a.measure(p) >= a.bar()
}

// copyRule is CopyRule as a rule of every policy. It matches nothing by itself.
func copyRule() rule {
	return rule{PolicyRule: configs.PolicyRule{Name: CopyRule, Mode: string(Off), Suggest: string(Hide)}, act: Hide, spam: true, firm: true}
}

func (p Policy) everyRule() []rule { return append(slices.Clone(p.rules), copyRule()) }

// warrant is what lets the program hide one message: a rule that a person
// switched to automatic, on gambling or fraud, precise enough at this moment.
// Nothing outside this file makes one.
type warrant struct {
	rule    string
	ordered identity.PersonID // who switched it on, or decided the text that this is a copy of
	holds   bool
}

// check is the one door through which the program may decide. It opens for
// hiding one gambling or fraud message by such a rule; for nothing else.
func (a *warrant) check(p Policy, by identity.Actor, w Wanted) error {
	refused := fault.New(fault.Denied, "decision.person_only")
	if a == nil || !a.holds || a.ordered == "" || a.ordered.System() || w.Act != Hide || w.Second.ID != "" || len(w.Items) != 1 {
		return refused
	}
	item := w.Items[0]
	if by.Agency == "" || item.Agency != by.Agency || !isSpam(item.Labels) || slices.Contains(item.Labels, SafetyPlea) {
		return refused
	}
	if a.rule != CopyRule && !slices.ContainsFunc(p.rules, func(r rule) bool { return r.Name == a.rule && r.spam && r.act == Hide && r.Clause == w.Clause }) {
		return refused
	}
	var wrong fault.List
	wrong.Add(checkClause(p, w))
	wrong.Add(checkHideable(w))
	return wrong.Err()
}

// bench is what a batch of messages is looked at by.
type bench struct {
	policy Policy
	modes  map[string]Mode
	auto   map[string]RuleState // switched to automatic, and precise enough
	names  platforms
	own    map[wording]map[string]float64 // what the office's own model says
}

// bench loads the policy in force and how its rules are set. A rule that is
// automatic and no longer precise enough falls back to suggesting, here.
func (m *Moderation) bench(ctx context.Context, tx *db.Tx, all []inbox.Message) (b bench, err error) {
	if len(all) == 0 {
		return b, nil
	}
	agency := all[0].Agency
	b.names = platforms{}
	if b.policy, err = m.usePolicy(ctx, tx, agency); err != nil {
		return b, err
	}
	set, err := ruleSettings(ctx, tx, agency, b.policy.ID())
	if err != nil {
		return b, err
	}
	b.modes, b.auto = map[string]Mode{}, map[string]RuleState{}
	automatic := false
	for _, s := range set {
		b.modes[s.Rule] = s.Mode
		automatic = automatic || s.Mode == Auto
	}
	if !automatic {
		return b, nil
	}
	states, err := m.ruleStates(ctx, tx, agency, b.policy)
	if err != nil {
		return b, err
	}
	for _, s := range states {
		if s.Mode != Auto {
			continue
		}
		if s.Holds && s.MayAuto {
			b.auto[s.Name] = s
			continue
		}
		b.modes[s.Name] = Suggests
		if err := m.fallBack(ctx, tx, agency, b.policy, s); err != nil {
			return b, err
		}
	}
	return b, nil
}

// fallBack switches a rule back to suggesting, and says so where people look.
func (m *Moderation) fallBack(ctx context.Context, tx *db.Tx, agency identity.AgencyID, p Policy, s RuleState) error {
	m.Log.WarnContext(ctx, "a rule is not precise enough any more to hide by itself", slog.String("rule", s.Name), slog.Int64("verdicts", s.Precision.N()))
	return m.switchRule(ctx, tx, identity.TheSystem("moderation", agency), p, setting{Rule: s.Name, Mode: Suggests, Why: fellBack})
}

// actByRule hides a message by itself where a rule may. Some are left to a
// person, chosen so that no citizen can foresee it.
func (m *Moderation) actByRule(ctx context.Context, tx *db.Tx, msg inbox.Message, s *Shown, b bench) error {
	if len(b.auto) == 0 || s.Unreadable || s.Scores[SafetyPlea] > 0 || !isSpam(labelsOf(s.Scores)) || !msg.HiddenAt.IsZero() || !msg.DeletedAt.IsZero() {
		return nil
	}
	a, o, err := m.warrantFor(ctx, tx, msg, s, b)
	if err != nil || a == nil {
		return err
	}
	for i := range s.Rules {
		if s.Rules[i].Rule == a.rule && m.sampled(msg.ID, b.auto[a.rule].Sample) {
			s.Rules[i].Sampled = true
			return nil
		}
	}
	o.warrant, o.Act, o.Messages = a, Hide, []inbox.MessageID{msg.ID}
	err = tx.Try(ctx, func() error {
		_, err := m.decide(ctx, tx, identity.TheSystem("moderation", msg.Agency), o)
		return err
	})
	if fault.Find(err) != nil && fault.KindOf(err) != fault.Internal { // the platform cannot, or a person holds it: it waits for a person
		m.Log.InfoContext(ctx, "left to a person", slog.String("message", string(msg.ID)), slog.String("why", fault.Code(err)))
		return nil
	}
	return err
}

// warrantFor finds by which rule a message may be hidden: one of the policy
// whose suggestion stands, or the rule for copies. A text that a person last
// left standing, or showed again, is for a person.
func (m *Moderation) warrantFor(ctx context.Context, tx *db.Tx, msg inbox.Message, s *Shown, b bench) (*warrant, Order, error) {
	if cleared, err := clearedCopy(ctx, tx, msg); err != nil || cleared {
		return nil, Order{}, err
	}
	if r, ok := b.auto[CopyRule]; ok && msg.Fingerprint != "" {
		d, found, err := decidedCopy(ctx, tx, msg, m.Now().Add(-cmp.Or(m.Automatic.Copies, 7*24*time.Hour)))
		if err != nil {
			return nil, Order{}, err
		}
		if found {
			s.Rules = append(s.Rules, Match{Rule: CopyRule, Act: Hide, Clause: d.Clause, Mode: r.Mode})
			return &warrant{rule: CopyRule, ordered: d.By, holds: true}, Order{Clause: d.Clause, Reason: d.Reason}, nil
		}
	}
	r, ok := b.auto[s.Suggestion.Rule]
	if !ok || s.Suggestion.Act != Hide {
		return nil, Order{}, nil
	}
	c, _ := b.policy.Clause(s.Suggestion.Clause)
	return &warrant{rule: r.Name, ordered: r.SetBy, holds: true}, Order{Clause: c.Number, Reason: c.Title.ID + ": " + r.Title.ID + "."}, nil
}

// sampled draws by a keyed hash of the message.
func (m *Moderation) sampled(id inbox.MessageID, share float64) bool {
	draw, err := strconv.ParseUint(m.Vault.Hash("rule.sample", string(id))[:12], 16, 64)
	return err != nil || float64(draw)/(1<<48) < max(leastSample, cmp.Or(share, m.Automatic.share()))
}

func labelsOf(scores map[Label]float64) (all []Label) {
	for l, s := range scores {
		if s > 0 {
			all = append(all, l)
		}
	}
	return all
}
