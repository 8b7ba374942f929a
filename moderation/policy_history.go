package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"slices"
	"sync"
	"time"

	"gopkg.in/yaml.v3"

	"kentongan/configs"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// PolicyVersion is a policy as it was in force in an agency. Anybody may read
// the history: the public is judged by it.
type PolicyVersion struct {
	ID      string
	Agency  identity.AgencyID
	Name    string
	Version int64
	Digest  string // SHA-256 of YAML
	YAML    string
	By      identity.PersonID // who put it in force; the system at the first use
	Since   time.Time
}

// policyCache keeps compiled policies by their digest.
type policyCache struct {
	mu   sync.Mutex
	made map[string]Policy
}

// PolicyHistory lists the versions that have been in force in an agency, the
// one in force first.
func (m *Moderation) PolicyHistory(ctx context.Context, agency identity.AgencyID) (all []PolicyVersion, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = policyVersions(ctx, tx, agency)
		return err
	})
	return all, err
}

// PolicyIn is the policy in force in an agency. An agency that has used none
// yet has the one that the program was started with.
func (m *Moderation) PolicyIn(ctx context.Context, agency identity.AgencyID) (p Policy, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		p, err = m.policyIn(ctx, tx, agency)
		return err
	})
	return p, err
}

// PolicyNamed is the policy that a decision names ("contoh/2"): as it was in
// force in the agency, or as it was shipped.
func (m *Moderation) PolicyNamed(ctx context.Context, agency identity.AgencyID, id string) (Policy, error) {
	if id == m.Policy.ID() {
		return m.Policy, nil
	}
	all, err := m.PolicyHistory(ctx, agency)
	if err != nil {
		return Policy{}, err
	}
	for _, v := range all {
		if v.PolicyID() == id {
			return m.read(ctx, v)
		}
	}
	shipped, err := configs.EarlierPolicies()
	if err != nil {
		return Policy{}, err
	}
	if i := slices.IndexFunc(shipped, func(p configs.Policy) bool { return p.ID() == id }); i >= 0 {
		return NewPolicy(shipped[i])
	}
	return Policy{}, fault.New(fault.NotFound, "policy.not_found", fault.Arg("policy", id))
}

// PolicyID is how a decision names the version.
func (v PolicyVersion) PolicyID() string {
	return configs.Policy{Name: v.Name, Version: int(v.Version)}.ID()
}

func (m *Moderation) policyIn(ctx context.Context, tx *db.Tx, agency identity.AgencyID) (Policy, error) {
	all, err := policyVersions(ctx, tx, agency)
	if err != nil || len(all) == 0 {
		return m.Policy, err
	}
	return m.read(ctx, all[0])
}

// usePolicy is policyIn for what acts by the policy: its first use in an agency
// is written down.
func (m *Moderation) usePolicy(ctx context.Context, tx *db.Tx, agency identity.AgencyID) (Policy, error) {
	all, err := policyVersions(ctx, tx, agency)
	if err != nil {
		return Policy{}, err
	}
	if len(all) > 0 {
		return m.read(ctx, all[0])
	}
	return m.Policy, m.putInForce(ctx, tx, identity.TheSystem("moderation", agency))
}

// read compiles a stored policy once. One that a later program no longer lets
// through keeps its clauses, by which people decide, and loses its rules.
func (m *Moderation) read(ctx context.Context, v PolicyVersion) (Policy, error) {
	m.policies.mu.Lock()
	defer m.policies.mu.Unlock()
	if p, ok := m.policies.made[v.Digest]; ok {
		return p, nil
	}
	data, err := configs.ParsePolicy(v.PolicyID(), []byte(v.YAML))
	if err != nil {
		return Policy{}, err
	}
	p, err := NewPolicy(data, m.Officials...)
	if err != nil {
		m.Log.ErrorContext(ctx, "the rules of the policy in force are refused", slog.String("policy", v.PolicyID()), slog.String("error", err.Error()))
		data.Rules = nil
		if p, err = NewPolicy(data); err != nil {
			return Policy{}, err
		}
	}
	if m.policies.made == nil {
		m.policies.made = map[string]Policy{}
	}
	m.policies.made[v.Digest] = p
	return p, nil
}

// Enact puts the policy that the program was started with in force in the
// actor's agency: new messages are looked at by it, decisions name it. A policy
// that differs from one in force before needs a later version number, so that
// no decision names a text that it was not taken by.
func (m *Moderation) Enact(ctx context.Context, by identity.Actor) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		if !by.May(identity.Govern, by.Agency) {
			return fault.New(fault.Denied, "policy.no_power")
		}
		all, err := policyVersions(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		for _, v := range all {
			if v.Name != m.Policy.Name {
				continue
			}
			switch same := m.same(v); {
			case int(v.Version) == m.Policy.Version && !same:
				return fault.New(fault.Conflict, "policy.version_reused", fault.Arg("policy", v.PolicyID()))
			case int(v.Version) == m.Policy.Version && v.ID == all[0].ID:
				return fault.New(fault.Conflict, "policy.in_force_already", fault.Arg("policy", v.PolicyID()))
			case int(v.Version) >= m.Policy.Version:
				return fault.New(fault.Conflict, "policy.version_older", fault.Arg("policy", m.Policy.ID()), fault.Arg("known", v.PolicyID()))
			}
		}
		return m.putInForce(ctx, tx, by)
	})
}

// same compares what two texts mean, not how they are laid out.
func (m *Moderation) same(v PolicyVersion) bool {
	data, err := configs.ParsePolicy(v.PolicyID(), []byte(v.YAML))
	return err == nil && canonical(data) == canonical(m.Policy.source)
}

func canonical(p configs.Policy) string {
	out, err := yaml.Marshal(p)
	if err != nil {
		return ""
	}
	return string(out)
}

func (m *Moderation) putInForce(ctx context.Context, tx *db.Tx, by identity.Actor) error {
	text := string(m.Policy.source.Raw)
	if text == "" {
		text = canonical(m.Policy.source)
	}
	sum := sha256.Sum256([]byte(text))
	v := PolicyVersion{
		ID: db.NewID(), Agency: by.Agency, Name: m.Policy.Name, Version: int64(m.Policy.Version), Digest: hex.EncodeToString(sum[:]),
		YAML: text, By: by.ID, Since: m.Now(),
	}
	if err := insertPolicyVersion(ctx, tx, v); err != nil {
		return err
	}
	return audit.Note(ctx, tx, by, v.Since, audit.Deed{Name: "policy.in_force", Subject: "policy/" + v.ID, Digest: v.Digest, Detail: v.PolicyID()})
}

// Pending says whether the policy that the program was started with differs
// from the one in force, and why it cannot be put in force as it is.
func (m *Moderation) Pending(ctx context.Context, agency identity.AgencyID) (waits bool, why error, err error) {
	all, err := m.PolicyHistory(ctx, agency)
	if err != nil || len(all) == 0 {
		return false, nil, err
	}
	now := all[0]
	if now.PolicyID() == m.Policy.ID() {
		if m.same(now) {
			return false, nil, nil
		}
		return true, fault.New(fault.Conflict, "policy.version_reused", fault.Arg("policy", now.PolicyID())), nil
	}
	for _, v := range all {
		if v.Name == m.Policy.Name && int(v.Version) >= m.Policy.Version {
			return true, fault.New(fault.Conflict, "policy.version_older", fault.Arg("policy", m.Policy.ID()), fault.Arg("known", v.PolicyID())), nil
		}
	}
	return true, nil, nil
}
