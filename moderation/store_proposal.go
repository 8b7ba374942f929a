package moderation

import (
	"context"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

const proposalColumns = `id, agency_id, by_id, act, clause, reason, policy, state, second_id, said, decision_id, at, done_at`

func readProposal(scan func(...any) error) (p Proposal, err error) {
	err = scan(&p.ID, &p.Agency, &p.By, &p.Act, &p.Clause, &p.Reason, &p.Policy, &p.State, &p.Second, &p.Said, &p.Decision, db.At(&p.At), db.At(&p.DoneAt))
	return p, err
}

func insertProposal(ctx context.Context, tx *db.Tx, p Proposal) error {
	_, err := tx.Exec(ctx, `INSERT INTO proposal (id, agency_id, by_id, act, clause, reason, policy, state, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.ID, p.Agency, p.By, p.Act, p.Clause, p.Reason, p.Policy, p.State, db.Micros(p.At))
	for _, msg := range p.Messages {
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO proposal_item (proposal_id, message_id, version) VALUES ($1, $2, $3)`, p.ID, msg, p.read[msg])
	}
	return err
}

func loadProposal(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id ProposalID) (Proposal, error) {
	return db.One(ctx, tx, "proposal.not_found", readProposal, `SELECT `+proposalColumns+` FROM proposal WHERE id = $1 AND agency_id = $2`, id, agency)
}

func waitingProposals(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Proposal, error) {
	return db.All(ctx, tx, readProposal, `SELECT `+proposalColumns+` FROM proposal WHERE agency_id = $1 AND state = 'waiting' ORDER BY id LIMIT 200`, agency)
}

func proposalMessages(ctx context.Context, tx *db.Tx, id ProposalID) ([]inbox.MessageID, error) {
	return db.All(ctx, tx, db.Value[inbox.MessageID], `SELECT message_id FROM proposal_item WHERE proposal_id = $1 ORDER BY message_id`, id)
}

// proposalRead is which version of each message was proposed about.
func proposalRead(ctx context.Context, tx *db.Tx, id ProposalID) (map[inbox.MessageID]int64, error) {
	read := map[inbox.MessageID]int64{}
	_, err := db.All(ctx, tx, func(scan func(...any) error) (none struct{}, err error) {
		var msg inbox.MessageID
		var version int64
		err = scan(&msg, &version)
		read[msg] = version
		return none, err
	}, `SELECT message_id, version FROM proposal_item WHERE proposal_id = $1`, id)
	return read, err
}

// saveProposal ends a proposal over one that waits: of two persons at once,
// one is told that it has ended.
func saveProposal(ctx context.Context, tx *db.Tx, p Proposal) error {
	n, err := tx.Exec(ctx, `UPDATE proposal SET state = $1, second_id = $2, said = $3, done_at = $4 WHERE id = $5 AND state = 'waiting'`,
		p.State, p.Second, p.Said, db.Micros(p.DoneAt), p.ID)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "proposal.ended")
	}
	return err
}

func linkProposal(ctx context.Context, tx *db.Tx, id ProposalID, d DecisionID) error {
	_, err := tx.Exec(ctx, `UPDATE proposal SET decision_id = $1 WHERE id = $2`, d, id)
	return err
}

// inProposal says whether a message waits for a second person's word.
func inProposal(ctx context.Context, tx *db.Tx, id inbox.MessageID) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM proposal_item i JOIN proposal p ON p.id = i.proposal_id WHERE i.message_id = $1 AND p.state = 'waiting'`, id)
	return n > 0, err
}
