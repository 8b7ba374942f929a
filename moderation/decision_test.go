package moderation_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

const diskominfo identity.AgencyID = "diskominfo"

func person(id string, role identity.Role) identity.Actor {
	return identity.NewActor(identity.PersonID(id), id, diskominfo, identity.Web, map[identity.AgencyID][]identity.Role{diskominfo: {role}})
}

func spam(n int, key string, labels ...moderation.Label) []moderation.Item {
	items := make([]moderation.Item, n)
	for i := range items {
		items[i] = moderation.Item{Agency: diskominfo, Evidence: true, CopyKey: key, Labels: labels}
	}
	return items
}

func TestWhatADecisionNeeds(t *testing.T) {
	ratna, wayan := person("ratna", identity.Moderator), person("wayan", identity.Moderator)
	good := func() moderation.Wanted {
		return moderation.Wanted{Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring", Items: spam(1, "k", moderation.Gambling)}
	}
	for name, c := range map[string]struct {
		by     identity.Actor
		change func(*moderation.Wanted)
		want   []string // codes; none means allowed
	}{
		"everything there":                      {ratna, func(w *moderation.Wanted) {}, nil},
		"no clause":                             {ratna, func(w *moderation.Wanted) { w.Clause = "" }, []string{"decision.clause_missing"}},
		"a clause that does not exist":          {ratna, func(w *moderation.Wanted) { w.Clause = "9.9" }, []string{"decision.clause_unknown"}},
		"criticism":                             {ratna, func(w *moderation.Wanted) { w.Clause = "2.1" }, []string{"decision.clause_protected"}},
		"a complaint":                           {ratna, func(w *moderation.Wanted) { w.Clause = "2.2" }, []string{"decision.clause_protected"}},
		"warning under criticism":               {ratna, func(w *moderation.Wanted) { w.Act, w.Clause = moderation.Warn, "2.1" }, []string{"decision.clause_protected"}},
		"an act the clause does not allow":      {ratna, func(w *moderation.Wanted) { w.Act = moderation.Warn }, []string{"decision.act_not_allowed"}},
		"no reason":                             {ratna, func(w *moderation.Wanted) { w.Reason = " judi    " }, []string{"decision.reason_missing"}},
		"no evidence":                           {ratna, func(w *moderation.Wanted) { w.Items[0].Evidence = false }, []string{"decision.evidence_missing"}},
		"hidden already":                        {ratna, func(w *moderation.Wanted) { w.Items[0].Hidden = true }, []string{"decision.already_hidden"}},
		"gone already":                          {ratna, func(w *moderation.Wanted) { w.Items[0].Deleted = true }, []string{"decision.gone"}},
		"all that is missing at once":           {ratna, func(w *moderation.Wanted) { w.Clause, w.Reason, w.Items[0].Evidence = "", "", false }, []string{"decision.clause_missing", "decision.reason_missing", "decision.evidence_missing"}},
		"nothing chosen":                        {ratna, func(w *moderation.Wanted) { w.Items = nil }, []string{"decision.nothing"}},
		"an officer, who answers but not hides": {person("dewi", identity.Officer), func(w *moderation.Wanted) {}, []string{"decision.not_moderator"}},
		"an administrator":                      {person("agus", identity.Admin), func(w *moderation.Wanted) {}, []string{"decision.not_moderator"}},
		"a moderator of another agency":         {ratna, func(w *moderation.Wanted) { w.Items[0].Agency = "protokol" }, []string{"decision.not_moderator"}},
		"the program itself":                    {identity.TheSystem("moderation", diskominfo), func(w *moderation.Wanted) {}, []string{"decision.person_only"}},
		"restoring what is hidden, no clause":   {ratna, func(w *moderation.Wanted) { w.Act, w.Clause, w.Items[0].Hidden = moderation.Restore, "", true }, nil},
		"restoring what is in sight":            {ratna, func(w *moderation.Wanted) { w.Act = moderation.Restore }, []string{"decision.not_hidden"}},
		"leaving as it is, with a reason":       {ratna, func(w *moderation.Wanted) { w.Act, w.Clause = moderation.Keep, "2.1" }, nil},
		"an act that is none":                   {ratna, func(w *moderation.Wanted) { w.Act = "delete" }, []string{"decision.unknown_act"}},
		"20 different ones":                     {ratna, func(w *moderation.Wanted) { w.Items = spam(20, "", moderation.Gambling) }, nil},
		"21 different ones alone":               {ratna, func(w *moderation.Wanted) { w.Items = spam(21, "", moderation.Gambling) }, []string{"decision.second_person"}},
		"21 with a second moderator":            {ratna, func(w *moderation.Wanted) { w.Items, w.Second = spam(21, "", moderation.Gambling), wayan }, nil},
		"21 with oneself as the second":         {ratna, func(w *moderation.Wanted) { w.Items, w.Second = spam(21, "", moderation.Gambling), ratna }, []string{"decision.same_person"}},
		"21 with a second who may not": {ratna, func(w *moderation.Wanted) {
			w.Items, w.Second = spam(21, "", moderation.Gambling), person("dewi", identity.Officer)
		}, []string{"decision.second_not_moderator"}},
		"21 with the program as the second": {ratna, func(w *moderation.Wanted) {
			w.Items, w.Second = spam(21, "", moderation.Gambling), identity.TheSystem("moderation", diskominfo)
		}, []string{"decision.second_person"}},
		"300 copies of one gambling text": {ratna, func(w *moderation.Wanted) { w.Items = spam(300, "k", moderation.Gambling) }, nil},
		"300 copies of one fraud text":    {ratna, func(w *moderation.Wanted) { w.Items = spam(300, "k", moderation.Fraud, moderation.PersonalData) }, nil},
		"300 copies of one insult":        {ratna, func(w *moderation.Wanted) { w.Items, w.Clause = spam(300, "k", moderation.Abusive), "3.6" }, []string{"decision.second_person"}},
		"300 copies and one other gambling text": {ratna, func(w *moderation.Wanted) {
			w.Items = append(spam(300, "k", moderation.Gambling), spam(1, "other", moderation.Gambling)...)
		}, []string{"decision.second_person"}},
		"300 copies, one of which is no gambling": {ratna, func(w *moderation.Wanted) { w.Items = append(spam(300, "k", moderation.Gambling), spam(1, "k")...) }, []string{"decision.second_person"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := good()
			c.change(&w)
			err := moderation.Check(policy(t), c.by, w)
			var codes []string
			for _, f := range fault.All(err) {
				codes = append(codes, f.Code)
			}
			slices.Sort(codes)
			slices.Sort(c.want)
			if !slices.Equal(codes, c.want) {
				t.Errorf("refused with %v, want %v", codes, c.want)
			}
		})
	}
}

func TestCaseNumberIsInTheAgencysYear(t *testing.T) {
	jakarta, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	if got := moderation.CaseNumber(time.Date(2026, 12, 31, 20, 0, 0, 0, time.UTC), jakarta, 42, "K7QX"); got != "MOD-2027-00042-K7QX" {
		t.Errorf("number is %s", got)
	}
}
