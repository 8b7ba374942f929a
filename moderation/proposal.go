package moderation

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/pii"
)

// ProposalID is a UUIDv7 as text.
type ProposalID string

// What became of a proposal.
const (
	ProposalWaiting   = "waiting"
	ProposalConfirmed = "confirmed"
	ProposalRejected  = "rejected"
	ProposalWithdrawn = "withdrawn"
)

// Proposal is an order that one person may not give alone: over more messages
// than the limit, or against what was given back after an objection. It waits
// for a second person, who confirms it signed in as themselves.
type Proposal struct {
	ID       ProposalID
	Agency   identity.AgencyID
	By       identity.PersonID
	Act      Act
	Clause   string
	Reason   string
	Policy   string
	State    string
	Second   identity.PersonID
	Said     string
	Decision DecisionID
	At       time.Time
	DoneAt   time.Time
	Messages []inbox.MessageID

	read map[inbox.MessageID]int64 // the versions that the proposer had before them
}

// Bulk is what became of an order over many.
type Bulk struct {
	Decision Decision
	Proposal ProposalID // set when it waits for a second person instead
	Count    int        // messages in it
	Skipped  int        // of those named: held by others, decided meanwhile, or beyond the platform's means
}

// DecideMany decides about several messages of the queue at once, with one
// clause and one reason. What another person holds is left out. Above the limit
// the order waits for a second person, except for copies of one spam text.
func (m *Moderation) DecideMany(ctx context.Context, by identity.Actor, o Order) (b Bulk, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		b, err = m.decideMany(ctx, tx, by, o)
		return err
	})
	if err != nil {
		return Bulk{}, err
	}
	return b, nil
}

func (m *Moderation) decideMany(ctx context.Context, tx *db.Tx, by identity.Actor, o Order) (b Bulk, err error) {
	named := len(o.Messages)
	if o.Messages, err = m.available(ctx, tx, by, o); err != nil {
		return b, err
	}
	left := len(o.Messages)
	if b, err = m.decideOrPropose(ctx, tx, by, o); err != nil {
		return b, err
	}
	b.Skipped = named - left
	return b, nil
}

// DecideCase decides about one case of the queue. When its copies are more than
// one person may decide about, the order waits for a second person.
func (m *Moderation) DecideCase(ctx context.Context, by identity.Actor, o Order) (b Bulk, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		b, err = m.decideOrPropose(ctx, tx, by, o)
		return err
	})
	if err != nil {
		return Bulk{}, err
	}
	return b, nil
}

func (m *Moderation) decideOrPropose(ctx context.Context, tx *db.Tx, by identity.Actor, o Order) (b Bulk, err error) {
	b.Decision, err = m.decide(ctx, tx, by, o)
	wrong := fault.All(err)
	if err == nil || len(wrong) != 1 || wrong[0].Code != "decision.second_person" && wrong[0].Code != "decision.cleared" {
		b.Count = int(b.Decision.Targets)
		return b, err
	}
	// Everything else about the order is right.
	all, err := m.ordered(ctx, tx, by, o)
	if err != nil {
		return b, err
	}
	if err := m.possible(ctx, tx, by, o, all); err != nil {
		return b, err
	}
	o.Messages = nil
	for _, msg := range all {
		o.Messages = append(o.Messages, msg.ID)
	}
	b.Count = len(all)
	b.Proposal, err = m.propose(ctx, tx, by, o, all)
	return b, err
}

// available leaves out what another person holds, what was decided meanwhile,
// and what the platform cannot do; when nothing is left, the order goes on as
// it was, so that the refusal says why.
func (m *Moderation) available(ctx context.Context, tx *db.Tx, by identity.Actor, o Order) (left []inbox.MessageID, err error) {
	now := m.Now()
	keys, err := m.keys(ctx, tx, by, o.Messages)
	if err != nil {
		return nil, err
	}
	var mine []string
	for _, key := range keys {
		ok, _, err := takeClaim(ctx, tx, by.Agency, Claim{Key: key, By: by.ID, At: now, Until: now.Add(claimLease)})
		if err != nil {
			return nil, err
		}
		if ok {
			mine = append(mine, key)
		}
	}
	if len(mine) == 0 && len(keys) > 0 {
		return nil, m.heldBy(ctx, tx, by, keys[0])
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(o.Messages))) {
		msg, open, err := inbox.FlaggedMessage(ctx, tx, by.Agency, id)
		if err != nil {
			return nil, err
		}
		if !open || !slices.Contains(mine, msg.CaseKey()) || o.edited(msg) {
			continue
		}
		if takes, err := m.takesPart(ctx, tx, o.Act, msg); err != nil {
			return nil, err
		} else if takes {
			left = append(left, id)
		}
	}
	if len(left) == 0 {
		return o.Messages, nil
	}
	return left, nil
}

// propose keeps the order for a second person. Its messages leave the queue
// for as long as it waits.
func (m *Moderation) propose(ctx context.Context, tx *db.Tx, by identity.Actor, o Order, all []inbox.Message) (ProposalID, error) {
	inForce, err := m.policyIn(ctx, tx, by.Agency)
	if err != nil {
		return "", err
	}
	p := Proposal{
		ID: ProposalID(db.NewID()), Agency: by.Agency, By: by.ID, Act: o.Act, Clause: o.Clause, Reason: pii.Mask(strings.TrimSpace(o.Reason)).Text,
		Policy: inForce.ID(), State: ProposalWaiting, At: m.Now(), Messages: o.Messages, read: map[inbox.MessageID]int64{},
	}
	for _, msg := range all {
		p.read[msg.ID] = msg.Version
	}
	if err := insertProposal(ctx, tx, p); err != nil {
		return "", err
	}
	for _, msg := range all {
		if err := inbox.MarkDecided(ctx, tx, msg.ID, p.At); err != nil {
			return "", err
		}
	}
	if err := m.release(ctx, tx, by, all); err != nil {
		return "", err
	}
	return p.ID, m.proposalTold(ctx, tx, by, p, "proposal.made")
}

func (m *Moderation) proposalTold(ctx context.Context, tx *db.Tx, by identity.Actor, p Proposal, deed string) error {
	if err := live.Tell(ctx, tx, p.Agency, "decision", "proposal/"+string(p.ID)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, by, m.Now(), audit.Deed{Name: deed, Subject: "proposal/" + string(p.ID), Detail: string(p.Act) + " " + p.Clause})
}

// Proposals lists the orders that wait for a second person.
func (m *Moderation) Proposals(ctx context.Context, by identity.Actor) (all []Proposal, err error) {
	if !by.May(identity.Moderate, by.Agency) {
		return nil, fault.New(fault.Denied, "decision.not_moderator")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		if all, err = waitingProposals(ctx, tx, by.Agency); err != nil {
			return err
		}
		for i := range all {
			if all[i].Messages, err = proposalMessages(ctx, tx, all[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// Confirm is the second person's word: the order becomes a decision of who
// proposed it, confirmed by this person. What has gone meanwhile is left out.
func (m *Moderation) Confirm(ctx context.Context, by identity.Actor, id ProposalID) (d Decision, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := m.settle(ctx, tx, by, id, ProposalConfirmed, "")
		if err != nil {
			return err
		}
		if p.By == by.ID {
			return fault.New(fault.Denied, "decision.same_person", fault.Arg("limit", bulkLimit))
		}
		proposer, err := moderatorOf(ctx, tx, p.Agency, p.By)
		if err != nil {
			return err
		}
		o := Order{Act: p.Act, Clause: p.Clause, Reason: p.Reason, Second: by}
		if o.Read, err = proposalRead(ctx, tx, p.ID); err != nil {
			return err
		}
		// Who reads before confirming holds what they read; the decision is the proposer's.
		if err := m.giveBack(ctx, tx, by, ""); err != nil {
			return err
		}
		for _, msg := range p.Messages {
			// What waited is in nobody's queue, so a claim from before has no meaning.
			it, err := inbox.LoadMessage(ctx, tx, p.Agency, msg)
			if err != nil {
				return err
			}
			takes, err := m.takesPart(ctx, tx, p.Act, it)
			if err != nil {
				return err
			}
			if takes && it.DeletedAt.IsZero() && !o.edited(it) {
				o.Messages = append(o.Messages, msg)
			}
		}
		if len(o.Messages) == 0 {
			return fault.New(fault.Conflict, "proposal.nothing_left")
		}
		if d, err = m.decide(ctx, tx, proposer, o); err != nil {
			return err
		}
		if err := linkProposal(ctx, tx, p.ID, d.ID); err != nil {
			return err
		}
		return m.proposalTold(ctx, tx, by, p, "proposal.confirmed")
	})
	if err != nil {
		return Decision{}, err
	}
	return d, nil
}

// Reject returns the messages to the queue: the second person's no, or the
// proposer's own change of mind.
func (m *Moderation) Reject(ctx context.Context, by identity.Actor, id ProposalID, reason string) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := loadProposal(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		state, deed := ProposalRejected, "proposal.rejected"
		if p.By == by.ID {
			state, deed = ProposalWithdrawn, "proposal.withdrawn"
		} else if len([]rune(strings.TrimSpace(reason))) < minReason {
			return fault.New(fault.Invalid, "decision.reason_missing", fault.Field("reason"), fault.Arg("letters", minReason))
		}
		if p, err = m.settle(ctx, tx, by, id, state, reason); err != nil {
			return err
		}
		for _, msg := range p.Messages {
			if err := inbox.MarkDecided(ctx, tx, msg, time.Time{}); err != nil {
				return err
			}
		}
		return m.proposalTold(ctx, tx, by, p, deed)
	})
}

// settle ends a proposal that waits, once.
func (m *Moderation) settle(ctx context.Context, tx *db.Tx, by identity.Actor, id ProposalID, state, said string) (Proposal, error) {
	p, err := loadProposal(ctx, tx, by.Agency, id)
	if err != nil {
		return p, err
	}
	if !by.May(identity.Moderate, by.Agency) {
		return p, fault.New(fault.Denied, "decision.not_moderator")
	}
	p.State, p.Second, p.Said, p.DoneAt = state, by.ID, pii.Mask(strings.TrimSpace(said)).Text, m.Now()
	if err := saveProposal(ctx, tx, p); err != nil {
		return p, err
	}
	p.Messages, err = proposalMessages(ctx, tx, id)
	return p, err
}

// moderatorOf is a person as the actor they would be today.
func moderatorOf(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id identity.PersonID) (identity.Actor, error) {
	all, err := identity.Members(ctx, tx, agency)
	if err != nil {
		return identity.Actor{}, err
	}
	for _, p := range all {
		if p.ID == id {
			return identity.NewActor(p.ID, p.Name, agency, identity.Web, map[identity.AgencyID][]identity.Role{agency: p.Roles}), nil
		}
	}
	return identity.Actor{}, fault.New(fault.Denied, "proposal.proposer_gone")
}
