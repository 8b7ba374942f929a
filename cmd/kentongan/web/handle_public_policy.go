package web

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"kentongan/configs"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
	"kentongan/publisher"
)

// version is a policy with the time it came into force in an office.
type version struct {
	policy moderation.Policy
	since  time.Time // zero when it never was in force here, or nobody wrote down when
	until  time.Time // zero while it is in force
	now    bool
}

// path is the version's own address, below the account.
func (v version) path(home string) string {
	return home + "/pedoman/" + v.policy.Name + "/" + strconv.Itoa(v.policy.Version)
}

// versions lists the policies that were in force in an office, the one in
// force first; then the earlier ones of the same name that came with the
// program, by which it may have decided before this was written down.
func (c account) versions(ctx context.Context, a identity.Agency, now moderation.Policy) (all []version, err error) {
	history, err := c.Moderation.PolicyHistory(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	var until time.Time
	for i, h := range history {
		p, err := c.Moderation.PolicyNamed(ctx, a.ID, h.PolicyID())
		if err != nil {
			return nil, err
		}
		all = append(all, version{policy: p, since: h.Since, until: until, now: i == 0})
		until = h.Since
	}
	if len(all) == 0 {
		all = append(all, version{policy: now, now: true})
	}
	shipped, err := configs.EarlierPolicies()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(shipped, func(a, b configs.Policy) int { return b.Version - a.Version })
	for _, s := range shipped {
		known := slices.ContainsFunc(all, func(v version) bool { return v.policy.ID() == s.ID() })
		if known || s.Name != all[0].policy.Name || s.Version > all[len(all)-1].policy.Version {
			continue
		}
		p, err := moderation.NewPolicy(s)
		if err != nil {
			return nil, err
		}
		all = append(all, version{policy: p})
	}
	return all, nil
}

// PolicyView is Pedoman: the clauses of one version, and what it changed.
type PolicyView struct {
	PublicFrame
	ID, Name, Note string
	Since          string
	Now            bool
	Clauses        []PublicClause
	Versions       []VersionLine
	Before         string // the version it is compared with; "" for the first
	Changes        []PolicyChange
}

// PublicClause is one clause of the policy.
type PublicClause struct {
	Number, Title, Text, Basis, Severity, Acts string
	Protected                                  bool
	Covered, NotCovered                        []string
}

// VersionLine is one version in the history.
type VersionLine struct {
	ID, Path, Since string
	Here, Now       bool
	Changes         string // "3 klausul berubah"
}

// PolicyChange is one clause that a version changed.
type PolicyChange struct {
	Number, Title string
	Tag           Tag
	Parts         []ChangedPart
}

// ChangedPart is one part of it, word by word.
type ChangedPart struct {
	Name   string
	Pieces []Piece
}

func (v PolicyView) Body(f *Frame) templ.Component { return policyPage(f, v) }

func policyNow(b *books) View { return b.policyPage(0) }

// version shows one version at its own address.
func (c account) version(r *Request) (Answer, error) {
	b, err := c.office(r)
	if err != nil {
		return nil, err
	}
	policy, err := c.Moderation.PolicyIn(r.Context(), b.agency.ID)
	if err != nil {
		return nil, err
	}
	all, err := c.versions(r.Context(), b.agency, policy)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(v version) bool { return v.path(b.home) == r.URL.Path })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "policy.not_found", fault.Arg("policy", r.PathValue("name")+"/"+r.PathValue("version")))
	}
	r.Frame.Path = all[i].path(b.home)
	return c.drawn(r, b, r.Frame.Path, func(b *books) View { return b.policyPage(i) })
}

func (b *books) policyPage(n int) View {
	f, here := b.f, b.versions[n]
	p := here.policy
	v := PolicyView{PublicFrame: b.frame("policy"), ID: p.ID(), Name: p.Title.In(f.Lang()), Note: p.Note.In(f.Lang()), Since: b.since(here), Now: here.now}
	for _, c := range p.Clauses {
		line := PublicClause{
			Number: c.Number, Title: c.Title.In(f.Lang()), Text: c.Text.In(f.Lang()), Basis: c.Basis.In(f.Lang()),
			Severity: f.T("clause.severity." + c.Severity), Protected: c.Protected,
		}
		var acts []string
		for _, a := range c.Acts {
			acts = append(acts, f.T("account.act."+string(a)))
		}
		line.Acts = f.List(acts)
		for _, w := range c.Examples.Covered {
			line.Covered = append(line.Covered, w.In(f.Lang()))
		}
		for _, w := range c.Examples.NotCovered {
			line.NotCovered = append(line.NotCovered, w.In(f.Lang()))
		}
		v.Clauses = append(v.Clauses, line)
	}
	for i, other := range b.versions {
		line := VersionLine{ID: other.policy.ID(), Path: other.path(b.home), Since: b.since(other), Here: i == n, Now: other.now}
		if i+1 < len(b.versions) {
			line.Changes = f.T("account.changes", "n", len(moderation.ComparePolicies(b.versions[i+1].policy, other.policy, f.Lang())))
		}
		v.Versions = append(v.Versions, line)
	}
	if n+1 < len(b.versions) {
		before := b.versions[n+1].policy
		v.Before, v.Changes = before.ID(), changesOf(f, moderation.ComparePolicies(before, p, f.Lang()))
	}
	return v
}

func (b *books) since(v version) string {
	switch {
	case v.since.IsZero() && v.now:
		return b.f.T("account.since.unwritten")
	case v.since.IsZero():
		return b.f.T("account.since.shipped")
	case v.until.IsZero():
		return b.f.T("account.since", "day", b.f.Day(v.since))
	}
	return b.f.T("account.since.until", "from", b.f.Day(v.since), "to", b.f.Day(v.until))
}

func changesOf(f *Frame, all []moderation.ClauseChange) (out []PolicyChange) {
	tone := map[string]string{moderation.ClauseAdded: "ok", moderation.ClauseRemoved: "bad", moderation.ClauseChanged: "info"}
	for _, c := range all {
		change := PolicyChange{Number: c.Number, Title: c.Title.In(f.Lang()), Tag: Tag{Text: f.T("account.clause." + c.Kind), Tone: tone[c.Kind]}}
		for _, p := range c.Parts {
			part := ChangedPart{Name: f.T("account.part." + p.What)}
			for _, op := range p.Ops {
				kind := map[publisher.OpKind]string{publisher.Kept: "kept", publisher.Inserted: "inserted", publisher.Deleted: "deleted"}[op.Kind]
				part.Pieces = append(part.Pieces, Piece{Kind: kind, Text: op.Text})
			}
			change.Parts = append(change.Parts, part)
		}
		out = append(out, change)
	}
	return out
}
