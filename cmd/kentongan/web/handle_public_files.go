package web

import (
	"cmp"
	"slices"
	"time"

	"kentongan/moderation"
)

func dataCSV(b *books) ([]byte, error) { return moderation.DataCSV(moderation.DataRows(b.months)) }

func dataJSON(b *books) ([]byte, error) { return moderation.DataJSON(moderation.DataRows(b.months)) }

func dataPackage(b *books) ([]byte, error) {
	table, err := dataCSV(b)
	if err != nil {
		return nil, err
	}
	list, err := dataJSON(b)
	if err != nil {
		return nil, err
	}
	return moderation.DataPackage(moderation.Describing{
		Name: "transparansi-" + b.agency.Slug, Title: b.f.T("public.title") + ", " + b.agency.Name, Description: b.f.T("account.package"),
		Office: b.agency.Name, Home: b.base + b.home, Policy: b.policy.Title.In(b.f.Lang()) + " " + b.policy.ID(), Last: b.months[0].First, Fields: b.fields(),
	}, table, list)
}

// files are what can be fetched, with size and digest of exactly those bytes.
func (b *books) files() (all []DataFile, digest string) {
	for _, file := range []struct {
		name, title string
		write       func(*books) ([]byte, error)
	}{{"data.csv", "CSV", dataCSV}, {"data.json", "JSON", dataJSON}, {"datapackage.json", "Data Package", dataPackage}} {
		body, err := file.write(b)
		if err != nil {
			continue // the file itself says why
		}
		sum := moderation.Sum(body)
		all = append(all, DataFile{Path: b.home + "/" + file.name, Name: file.title, Size: b.f.Bytes(int64(len(body))), Digest: sum})
		digest = cmp.Or(digest, sum)
	}
	return all, digest
}

func (b *books) fields() []moderation.DataField {
	t := func(name, kind, format string, allowed *moderation.Allowed) moderation.DataField {
		return moderation.DataField{Name: name, Type: kind, Format: format, Title: b.f.T("account.field." + name), Description: b.f.T("account.field." + name + ".says"), Constraints: allowed}
	}
	return []moderation.DataField{
		t("month", "string", "", &moderation.Allowed{Required: true, Pattern: "[0-9]{4}-(0[1-9]|1[0-2])"}),
		t("measure", "string", "", &moderation.Allowed{Required: true, Enum: []string{
			moderation.MeasureHidden, moderation.MeasureCorrected, moderation.MeasureWarned, moderation.MeasureBlocked, moderation.MeasureObjection}}),
		t("clause", "string", "", &moderation.Allowed{Required: true, Pattern: `[0-9]{1,2}\.[0-9]{1,2}|\*|none`}),
		t("channel", "string", "", &moderation.Allowed{Required: true}),
		t("outcome", "string", "", &moderation.Allowed{Enum: []string{"", moderation.Every, moderation.OutcomeGranted, moderation.OutcomeDenied}}),
		t("by", "string", "", &moderation.Allowed{Required: true, Enum: []string{moderation.Every, moderation.ByPerson, moderation.ByProgram}}),
		t("count", "integer", "", nil),
	}
}

func dictionary(b *books) View {
	v := DictionaryView{PublicFrame: b.frame("data"), Fields: b.fields()}
	v.Files, _ = b.files()
	for _, m := range []string{moderation.MeasureHidden, moderation.MeasureCorrected, moderation.MeasureWarned, moderation.MeasureBlocked, moderation.MeasureObjection} {
		v.Measures = append(v.Measures, Fact{Name: m, Value: b.f.T("account.measure."+m) + ": " + b.f.T("account.measure."+m+".note")})
	}
	return v
}

// feed tells what happened to the account: a month that is over, a policy that
// came into force, an example that was released. No time in it is a citizen's.
func feed(b *books) ([]byte, error) {
	f := b.f
	var all []moderation.Entry
	for _, m := range b.months {
		if m.Running {
			continue
		}
		hidden, heard := m.Table(moderation.MeasureHidden), m.Table(moderation.MeasureObjection)
		all = append(all, moderation.Entry{
			Path: "?bulan=" + m.Name, Name: "akun/" + m.Name, At: m.First.AddDate(0, 1, 0), Title: f.T("account.feed.month", "month", f.Month(m.First)),
			Summary: f.T("account.feed.month.says", "hidden", cellText(f, hidden.At(moderation.Every, moderation.Every)),
				"decided", cellText(f, heard.At(moderation.Every, moderation.Every)), "restored", cellText(f, heard.At(moderation.Every, moderation.OutcomeGranted))),
		})
	}
	for _, v := range b.versions {
		if v.since.IsZero() {
			continue
		}
		all = append(all, moderation.Entry{
			Path: v.path(""), Name: "pedoman/" + v.policy.ID(), At: v.since, Title: f.T("account.feed.policy", "id", v.policy.ID()), Summary: v.policy.Title.In(f.Lang()),
		})
	}
	for _, e := range b.examples {
		y, m, d := e.ReleasedAt.In(b.zone()).Date()
		title, _ := b.clause(e.Clause)
		all = append(all, moderation.Entry{
			Path: "/disembunyikan#contoh", Name: "contoh/" + string(e.ID), At: time.Date(y, m, d, 0, 0, 0, 0, b.zone()),
			Title: f.T("account.feed.example", "clause", e.Clause+" "+title), Summary: e.Text,
		})
	}
	slices.SortStableFunc(all, func(a, b moderation.Entry) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Name, b.Name)) })
	return moderation.Feed{
		Home: b.base + b.home, Author: b.agency.Name, Title: f.T("public.title") + ", " + b.agency.Name, Lang: f.Lang(), Opened: b.agency.CreatedAt,
	}.Atom(all)
}
