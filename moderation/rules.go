package moderation

import (
	"context"
	"math"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
)

// Precision is how often people agreed with what a rule proposed.
type Precision struct {
	Followed  int64 // it was hidden, or warned, as proposed
	Overruled int64 // left as it was
	Reversed  int64 // hidden, and shown again later: an objection, or a second look
}

// N is how many verdicts there are.
func (p Precision) N() int64 { return p.Followed + p.Overruled + p.Reversed }

// Share is the plain precision; 0 without a verdict.
func (p Precision) Share() float64 {
	if p.N() == 0 {
		return 0
	}
	return float64(p.Followed) / float64(p.N())
}

// Interval is the 95 % score interval (Wilson, JASA 22, 1927).
func (p Precision) Interval() (low, high float64) {
	n := float64(p.N())
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	share := p.Share()
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}

// RuleState is a rule as it stands in an agency.
type RuleState struct {
	configs.PolicyRule
	Mode      Mode
	Default   Mode // what the policy's text says
	SetBy     identity.PersonID
	SetAt     time.Time
	FellBack  bool // switched from automatic back to suggesting, by itself
	Precision Precision
	Month     int64 // messages it matched within 30 days
	MayAuto   bool  // gambling or fraud, and nothing else
	Holds     bool  // precise enough to hide by itself
}

// RuleStates lists the rules of the policy in force with what is known of each.
func (m *Moderation) RuleStates(ctx context.Context, by identity.Actor) (p Policy, all []RuleState, err error) {
	if !mayReadRules(by) {
		return p, nil, fault.New(fault.Denied, "policy.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		if p, err = m.policyIn(ctx, tx, by.Agency); err != nil {
			return err
		}
		all, err = m.ruleStates(ctx, tx, by.Agency, p)
		return err
	})
	return p, all, err
}

func mayReadRules(by identity.Actor) bool {
	for _, p := range [...]identity.Power{identity.Govern, identity.Moderate, identity.ReadAudit} {
		if by.May(p, by.Agency) {
			return true
		}
	}
	return false
}

func (m *Moderation) ruleStates(ctx context.Context, tx *db.Tx, agency identity.AgencyID, p Policy) ([]RuleState, error) {
	set, err := ruleSettings(ctx, tx, agency, p.ID())
	if err != nil {
		return nil, err
	}
	precision, err := m.precision(ctx, tx, agency, p)
	if err != nil {
		return nil, err
	}
	counts, err := hitCounts(ctx, tx, agency, m.Now().AddDate(0, 0, -30))
	if err != nil {
		return nil, err
	}
	month := map[string]int64{}
	for _, c := range counts {
		if c.Policy == p.ID() {
			month[c.Rule] = c.N
		}
	}
	var all []RuleState
	for _, r := range p.everyRule() {
		s := RuleState{PolicyRule: r.PolicyRule, Mode: r.mode(nil), Default: r.mode(nil), Precision: precision[r.Name], Month: month[r.Name], MayAuto: r.spam && r.act == Hide}
		for _, o := range set {
			if o.Rule == r.Name {
				s.Mode, s.SetBy, s.SetAt, s.FellBack = o.Mode, o.By, o.At, o.Why == fellBack
			}
		}
		s.Holds = r.Name == CopyRule || m.Automatic.Holds(s.Precision)
		all = append(all, s)
	}
	return all, nil
}

// precision counts people's verdicts by rule: of the policy in force, and of
// earlier versions where the rule said the same.
func (m *Moderation) precision(ctx context.Context, tx *db.Tx, agency identity.AgencyID, p Policy) (map[string]Precision, error) {
	same, err := m.sameRules(ctx, tx, agency, p)
	if err != nil {
		return nil, err
	}
	all, err := verdictsOnRules(ctx, tx, agency)
	if err != nil {
		return nil, err
	}
	out := map[string]Precision{}
	for _, s := range all {
		if !same[s.Policy+" "+s.Rule] {
			continue
		}
		x := out[s.Rule]
		switch {
		case restricts(s.Act):
			x.Followed += s.N
		case s.Act == Keep:
			x.Overruled += s.N
		default:
			x.Reversed += s.N
		}
		out[s.Rule] = x
	}
	return out, nil
}

// sameRules are the rules of any version that mean what they mean now.
func (m *Moderation) sameRules(ctx context.Context, tx *db.Tx, agency identity.AgencyID, p Policy) (map[string]bool, error) {
	versions, err := policyVersions(ctx, tx, agency)
	if err != nil {
		return nil, err
	}
	same := map[string]bool{}
	for _, r := range p.everyRule() {
		same[p.ID()+" "+r.Name] = true
	}
	for _, v := range versions {
		old, err := m.read(ctx, v)
		if err != nil {
			return nil, err
		}
		for _, was := range old.rules {
			for _, is := range p.rules {
				if was.Name == is.Name && was.When == is.When && was.Clause == is.Clause && was.Suggest == is.Suggest {
					same[v.PolicyID()+" "+was.Name] = true
				}
			}
		}
		same[v.PolicyID()+" "+CopyRule] = true
	}
	return same, nil
}

// SetRule switches a rule. Automatic hiding wants a rule that requires gambling
// or fraud, a precision that holds now, and a person who confirms it: what the
// rule hides from then on is hidden on their order.
func (m *Moderation) SetRule(ctx context.Context, by identity.Actor, name string, mode Mode, confirmed bool) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		if !by.May(identity.Govern, by.Agency) || by.Via == identity.System {
			return fault.New(fault.Denied, "policy.no_power")
		}
		p, err := m.usePolicy(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		all, err := m.ruleStates(ctx, tx, by.Agency, p)
		if err != nil {
			return err
		}
		var found *RuleState
		for i := range all {
			if all[i].Name == name {
				found = &all[i]
			}
		}
		switch {
		case found == nil:
			return fault.New(fault.NotFound, "rule.not_found")
		case mode != Off && mode != Shadow && mode != Suggests && mode != Auto, name == CopyRule && mode != Off && mode != Auto:
			return fault.New(fault.Invalid, "rule.mode_unknown", fault.Field("mode"))
		case mode == Auto && !found.MayAuto:
			return fault.New(fault.Denied, "rule.auto_not_spam", fault.Field("mode"))
		case mode == Auto && !found.Holds:
			return fault.New(fault.Conflict, "rule.auto_below_bar", fault.Field("mode"), fault.Arg("share", percent(m.Automatic.measure(found.Precision))),
				fault.Arg("n", found.Precision.N()), fault.Arg("bar", percent(m.Automatic.bar())), fault.Arg("least", m.Automatic.least()))
		case mode == Auto && !confirmed:
			return fault.New(fault.Invalid, "rule.auto_unconfirmed", fault.Field("confirm"))
		}
		return m.switchRule(ctx, tx, by, p, setting{Rule: name, Mode: mode})
	})
}

// switchRule writes a rule's new mode and who ordered it.
func (m *Moderation) switchRule(ctx context.Context, tx *db.Tx, by identity.Actor, p Policy, s setting) error {
	s.By, s.At = by.ID, m.Now()
	if err := saveSetting(ctx, tx, by.Agency, p.ID(), s); err != nil {
		return err
	}
	if err := live.Tell(ctx, tx, by.Agency, "rule", s.Rule); err != nil {
		return err
	}
	deed := audit.Deed{Name: "rule.mode", Subject: "rule/" + p.ID() + "/" + s.Rule, Detail: s.Rule + " " + string(s.Mode)}
	if s.Why == fellBack {
		deed.Name = "rule.fell_back"
	}
	return audit.Note(ctx, tx, by, s.At, deed)
}

// platforms remembers on which platform each channel is.
type platforms map[channel.ID]string

func (p platforms) of(ctx context.Context, tx *db.Tx, id channel.ID) (string, error) {
	if name, ok := p[id]; ok {
		return name, nil
	}
	ch, err := channel.ByID(ctx, tx, id)
	if err == nil {
		p[id] = string(ch.Platform)
	}
	return p[id], err
}

// completed is what a message tells with what the inbox knows, as far as the
// rules ask for it.
func (f Facts) completed(ctx context.Context, tx *db.Tx, msg inbox.Message, ask needs, names platforms) (_ Facts, err error) {
	f.Kind = string(msg.Kind)
	if f.Platform, err = names.of(ctx, tx, msg.Channel); err != nil {
		return f, err
	}
	if ask.account {
		if f.Account, err = accountFacts(ctx, tx, msg); err != nil {
			return f, err
		}
	}
	if ask.repetition {
		f.Repetition, err = repetitionFacts(ctx, tx, msg)
	}
	return f, err
}

// asks are the facts that any rule of the policy reads.
func (p Policy) asks() (n needs) {
	for _, r := range p.rules {
		n = needs{n.text || r.needs.text, n.account || r.needs.account, n.repetition || r.needs.repetition}
	}
	return n
}

func percent(share float64) float64 { return math.Floor(share*1000) / 10 }
