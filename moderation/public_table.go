package moderation

import (
	"cmp"
	"slices"
	"strconv"
)

// Measures of the public account.
const (
	MeasureHidden    = "hidden"    // out of public sight, deletion where a platform has no hiding included
	MeasureCorrected = "corrected" // shown again by the office itself, without an objection
	MeasureWarned    = "warned"
	MeasureBlocked   = "blocked"
	MeasureObjection = "objection" // decided; its second key is the outcome, not a platform
)

// Outcomes of an objection, as the account tells them.
const (
	OutcomeGranted = "granted"
	OutcomeDenied  = "denied"
)

// Who took a decision, as the account tells it.
const (
	ByPerson  = "person"
	ByProgram = "program"
)

// Every is the key of a sum over all clauses, platforms or outcomes.
const Every = "*"

// Count is one number of the account before anything is covered.
type Count struct {
	Measure string
	Clause  string
	Place   string // platform; for objections the outcome
	By      string // ByPerson or ByProgram
	N       int64
}

// Cell is one number as anybody may read it. N counts only when Told is Exact.
type Cell struct {
	Told Told
	N    int64
}

// Text is the number in data files: digits, "<5" or ">=5".
func (c Cell) Text() string {
	switch c.Told {
	case Small:
		return "<5"
	case Covered:
		return ">=5"
	}
	return itoa64(c.N)
}

// Table is one measure of one month, ready to be published.
type Table struct {
	Measure string
	Clauses []string // sorted
	Places  []string // sorted
	cells   map[[2]string]Cell
	by      map[string]Cell // ByPerson, ByProgram; only of what was hidden
}

// At is the number for a clause and a place; either may be Every.
func (t Table) At(clause, place string) Cell { return t.cells[[2]string{clause, place}] }

// By is how much of it people decided, or the program.
func (t Table) By(who string) Cell { return t.by[who] }

// prices: single cells are covered first, the sum of the month last.
const (
	priceCell  = 10
	priceSum   = 1_000
	priceWho   = 5_000
	priceTotal = 1_000_000
)

// Publish makes the table of one measure: small numbers are not told, and
// neither is any other that would tell one by subtraction, within this table,
// its sums and its parts by people and program. It names the given clauses and
// places even where nothing happened.
func Publish(measure string, counts []Count, clauses, places []string) Table {
	sum := map[[2]string]int64{}
	part := map[[2]string]int64{} // who, clause
	who := map[string]int64{}
	clauses, places = slices.Clone(clauses), slices.Clone(places)
	for _, c := range counts {
		if c.Measure != measure || c.N <= 0 {
			continue
		}
		clauses, places = append(clauses, c.Clause), append(places, c.Place)
		for _, k := range [][2]string{{c.Clause, c.Place}, {c.Clause, Every}, {Every, c.Place}, {Every, Every}} {
			sum[k] += c.N
		}
		part[[2]string{c.By, c.Clause}] += c.N
		who[c.By] += c.N
	}
	t := Table{Measure: measure, Clauses: sortedOnce(clauses), Places: sortedOnce(places), cells: map[[2]string]Cell{}, by: map[string]Cell{}}
	d := drawing{network: network{nodes: 1 + 2*len(t.Clauses) + len(t.Places) + 2}, at: map[[2]string]int{}}
	d.table(t, sum)
	whoAt := d.people(t, measure == MeasureHidden, part, who, isSmall(sum[[2]string{Every, Every}]))
	d.protect()
	for k, i := range d.at {
		t.cells[k] = d.cell(i)
	}
	for name, i := range whoAt {
		t.by[name] = d.cell(i)
	}
	return t
}

func sortedOnce(all []string) []string {
	slices.SortFunc(all, cmp.Compare)
	return slices.Compact(all)
}

// drawing is a table drawn as a flow: from the source through who decided and
// the clause to the place, and back.
type drawing struct {
	network
	at map[[2]string]int // arc of each published number
}

func (d *drawing) cell(i int) Cell {
	a := d.arcs[i]
	c := Cell{Told: a.told}
	if a.told == Exact {
		c.N = a.n
	}
	return c
}

// Nodes: 0 is the source and the sink; clause i comes in at 1+2i and goes out
// at 2+2i; places and the two who decide follow.
func (d *drawing) table(t Table, sum map[[2]string]int64) {
	all := [2]string{Every, Every}
	nothing := isSmall(sum[all])
	sink := d.nodes
	d.nodes++
	d.at[all] = d.add(sink, 0, sum[all], priceTotal, false)
	for i, clause := range t.Clauses {
		k := [2]string{clause, Every}
		d.at[k] = d.add(1+2*i, 2+2*i, sum[k], priceSum, nothing)
	}
	for j, place := range t.Places {
		k, node := [2]string{Every, place}, 1+2*len(t.Clauses)+j
		d.at[k] = d.add(node, sink, sum[k], priceSum, nothing)
		for i, clause := range t.Clauses {
			k := [2]string{clause, place}
			row, column := sum[[2]string{clause, Every}], sum[[2]string{Every, place}]
			under := nothing || row > 0 && column > 0 && (isSmall(row) || isSmall(column))
			d.at[k] = d.add(2+2*i, node, sum[k], priceCell, under)
		}
	}
}

// people draws who decided. Only the sum of the month is published; how it
// spreads over the clauses is not.
func (d *drawing) people(t Table, told bool, part map[[2]string]int64, who map[string]int64, nothing bool) map[string]int {
	at := map[string]int{}
	if !told {
		for i, clause := range t.Clauses {
			d.add(0, 1+2*i, part[[2]string{ByPerson, clause}]+part[[2]string{ByProgram, clause}], 0, false)
		}
		return at
	}
	for n, name := range [...]string{ByPerson, ByProgram} {
		node := 1 + 2*len(t.Clauses) + len(t.Places) + n
		at[name] = d.add(0, node, who[name], priceWho, nothing)
		for i, clause := range t.Clauses {
			d.add(node, 1+2*i, part[[2]string{name, clause}], 0, false)
		}
	}
	return at
}

func itoa64(n int64) string { return strconv.FormatInt(n, 10) }
