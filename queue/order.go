package queue

import (
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
)

// fairTurns lets the agencies take turns: each gets its earliest promise rung
// before any gets its second, so that one office's thousand posts do not keep
// another's single one waiting. Within an agency the order stays.
func fairTurns(rows []outbox.Row) []outbox.Row {
	var order []identity.AgencyID
	byAgency := map[identity.AgencyID][]outbox.Row{}
	for _, r := range rows {
		if _, known := byAgency[r.Agency]; !known {
			order = append(order, r.Agency)
		}
		byAgency[r.Agency] = append(byAgency[r.Agency], r)
	}
	turns := make([]outbox.Row, 0, len(rows))
	for len(turns) < len(rows) {
		for _, agency := range order {
			if waiting := byAgency[agency]; len(waiting) > 0 {
				turns, byAgency[agency] = append(turns, waiting[0]), waiting[1:]
			}
		}
	}
	return turns
}

// oneEach keeps the earliest promise of each lane: only one of them can be
// taken, and its end rings the next.
func oneEach(rows []outbox.Row) []outbox.Row {
	seen, rest := map[string]bool{}, rows[:0]
	for _, r := range rows {
		if r.Lane != "" && seen[r.Lane] {
			continue
		}
		seen[r.Lane] = true
		rest = append(rest, r)
	}
	return rest
}
