package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// testRules are the smallest rules that have everything: two regencies, a national body, an urgent
// matter, a route by phase and one by area.
func testRules() Rules {
	src := Source{Text: "test", Verified: NewDay(2026, 11, 1)}
	body := func(code, kind string, areas ...string) Organisation {
		return Organisation{Code: code, Name: "Badan " + code, Kind: kind, Areas: areas}
	}
	rest := slices.DeleteFunc(Categories(), func(c Category) bool { return c == HateSpeech || c == Intimidation })
	return Rules{
		Areas: []string{"15", "15.05", "15.71"},
		Organisations: []Organisation{
			body("BAWASLU_PROV", "bawaslu", "15"), body("BAWASLU_15.05", "bawaslu", "15.05"), body("BAWASLU_15.71", "bawaslu", "15.71"),
			body("POLDA", "polri", "15"), body("POLRES", "polri", "15.05"), body("KOMDIGI", "komdigi"), body("P110", "darurat"), body("GAKKUMDU", "gakkumdu", "15"),
		},
		Routes: []Route{
			{Categories: []Category{Intimidation}, Legs: []Leg{{"bawaslu", Owner, "ancaman"}, {"polri", Owner, "keselamatan"}}, Emergency: "P110", Source: src},
			{Categories: []Category{HateSpeech}, Phases: []Phase{Campaign}, Legs: []Leg{{"bawaslu", Owner, "dalam kampanye"}, {"polri", Copy, "bila di luar"}}, Source: src},
			{Categories: []Category{HateSpeech}, Legs: []Leg{{"polri", Owner, "di luar kampanye"}, {"KOMDIGI", Copy, "konten"}}, Source: src},
			{Categories: []Category{VoteBuying}, Areas: []string{AnyRegency}, Source: src,
				Legs: []Leg{{"bawaslu", Owner, "pemilihan"}, {"BAWASLU_PROV", Copy, "terstruktur"}, {"gakkumdu", Onward, "melalui"}}},
			{Categories: rest, Legs: []Leg{{"bawaslu", Owner, "pemilihan"}}, Source: src},
		},
		Phases: []PhaseRule{{Phases: []Phase{Silence}, Categories: []Category{CampaignProps}, Add: CampaignTime, Source: src}},
	}
}

func testRouting(t *testing.T) Routing {
	t.Helper()
	r, err := NewRouting(testRules())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// brief writes proposals as "CODE:part" and ! for urgent.
func brief(all []Proposal) string {
	var out []string
	for _, p := range all {
		s := p.Organisation.Code + ":" + string(p.Part)
		if p.Urgent {
			s += "!"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestPropose(t *testing.T) {
	r := testRouting(t)
	for _, c := range []struct {
		categories []Category
		region     string
		phase      Phase
		want       string
	}{
		{[]Category{VoteBuying}, "15.05", Campaign, "BAWASLU_15.05:owner BAWASLU_PROV:copy GAKKUMDU:onward"},
		{[]Category{VoteBuying}, "15.05.03.2001", Campaign, "BAWASLU_15.05:owner BAWASLU_PROV:copy GAKKUMDU:onward"},
		{[]Category{VoteBuying}, "", Campaign, "BAWASLU_PROV:owner"},
		{[]Category{VoteBuying}, "15", Campaign, "BAWASLU_PROV:owner"},
		{[]Category{HateSpeech}, "15.05", Campaign, "BAWASLU_15.05:owner POLRES:copy"},
		{[]Category{HateSpeech}, "15.05", NoPhase, "POLRES:owner KOMDIGI:copy"},
		{[]Category{HateSpeech}, "15.71", "", "POLDA:owner KOMDIGI:copy"}, // no police of its own: the province's
		{[]Category{HateSpeech}, "15.71", "LEBARAN", "POLDA:owner KOMDIGI:copy"},
		// Urgent owners come first whatever the order of categories; each body stands once.
		{[]Category{VoteBuying, Intimidation}, "15.05", Campaign, "BAWASLU_15.05:owner! POLRES:owner! BAWASLU_PROV:copy GAKKUMDU:onward"},
		{[]Category{Intimidation, VoteBuying, VoteBuying}, "15.05", Campaign, "BAWASLU_15.05:owner! POLRES:owner! BAWASLU_PROV:copy GAKKUMDU:onward"},
		// A copy of one category is the owner of another.
		{[]Category{HateSpeech, Fraud}, "15.05", NoPhase, "POLRES:owner BAWASLU_15.05:owner KOMDIGI:copy"},
	} {
		got, err := r.Propose(c.categories, c.region, c.phase)
		if err != nil || brief(got) != c.want {
			t.Errorf("%v in %q, %s: %s, %v; want %s", c.categories, c.region, c.phase, brief(got), err, c.want)
		}
	}
}

func TestProposalsCarryReasonsOnce(t *testing.T) {
	got, err := testRouting(t).Propose([]Category{CampaignProps, VoteBuying, Polling}, "15.05", Silence)
	if err != nil {
		t.Fatal(err)
	}
	first := got[0]
	if !slices.Equal(first.Reasons, []string{"pemilihan"}) {
		t.Errorf("reasons %q", first.Reasons)
	}
	// CampaignTime came with the phase.
	if want := []Category{VoteBuying, CampaignTime, CampaignProps, Polling}; !slices.Equal(first.Categories, want) {
		t.Errorf("categories %v, want %v", first.Categories, want)
	}
}

func TestProposeDoesNotGuess(t *testing.T) {
	r := testRouting(t)
	for _, c := range []struct {
		routing    Routing
		categories []Category
		region     string
		key        string
	}{
		{r, nil, "15.05", "referral.no_category"},
		{r, []Category{VoteBuying, "XX"}, "15.05", "referral.unknown_category"},
		{r, []Category{VoteBuying}, "32.01", "referral.no_body"},
		{Routing{}, []Category{VoteBuying}, "15.05", "referral.no_body"},
	} {
		got, err := c.routing.Propose(c.categories, c.region, Campaign)
		var u *UserError
		if !errors.As(err, &u) || u.Key != c.key || got != nil {
			t.Errorf("%v in %s: %v, %v; want %s", c.categories, c.region, got, err, c.key)
		}
		if _, ok := c.routing.Emergency(c.categories, c.region, Campaign); ok {
			t.Errorf("%v: an emergency", c.categories)
		}
	}
}

func TestEmergency(t *testing.T) {
	r := testRouting(t)
	if o, ok := r.Emergency([]Category{VoteBuying, Intimidation}, "15.71", Campaign); !ok || o.Code != "P110" {
		t.Errorf("got %v, %v", o, ok)
	}
	if o, ok := r.Emergency([]Category{VoteBuying}, "15.71", Campaign); ok {
		t.Errorf("vote buying: %v", o)
	}
}

func TestUnknownPlaceOfSeveralProvinces(t *testing.T) {
	rules := testRules()
	rules.Areas = append(rules.Areas, "14")
	for i, o := range rules.Organisations {
		if slices.Equal(o.Areas, []string{"15"}) {
			rules.Organisations[i].Areas = []string{"15", "14"}
		}
	}
	r, err := NewRouting(rules)
	if err != nil {
		t.Fatal(err)
	}
	// Which province is not known, so nobody is proposed for what only provinces do.
	if got, err := r.Propose([]Category{VoteBuying}, "", Campaign); err == nil {
		t.Errorf("guessed %s", brief(got))
	}
}

func TestBadRules(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Rules)
		want  RulesError
	}{
		"code":         {func(r *Rules) { r.Organisations[1].Code = "bawaslu" }, RulesError{Table: "lembaga", Index: 1, Key: "kode", Value: "bawaslu", Problem: BadValue}},
		"name":         {func(r *Rules) { r.Organisations[0].Name = " " }, RulesError{Table: "lembaga", Key: "nama", Value: " ", Problem: BadValue}},
		"kind":         {func(r *Rules) { r.Organisations[0].Kind = "Bawaslu" }, RulesError{Table: "lembaga", Key: "golongan", Value: "Bawaslu", Problem: BadValue}},
		"area of body": {func(r *Rules) { r.Organisations[0].Areas = []string{"15", "16"} }, RulesError{Table: "lembaga", Key: "wilayah", Value: "16", Problem: UnknownArea}},
		"empty contact": {func(r *Rules) { r.Organisations[0].Contacts = []ContactLine{{}} },
			RulesError{Table: "lembaga", Key: "kontak", Problem: BadValue}},
		"contact without source": {func(r *Rules) { r.Organisations[0].Contacts = []ContactLine{{Text: "telepon"}} },
			RulesError{Table: "lembaga", Key: "kontak", Value: "telepon", Problem: NoSource}},
		"contact never checked": {func(r *Rules) {
			r.Organisations[0].Contacts = []ContactLine{{Text: "telepon", Source: Source{Text: "kabar"}}}
		}, RulesError{Table: "lembaga", Key: "kontak", Value: "telepon", Problem: NoSource}},
		"code twice": {func(r *Rules) { r.Organisations[5].Code = "POLDA" },
			RulesError{Table: "lembaga", Index: 5, Key: "kode", Value: "POLDA", Problem: Twice, Other: 3}},
		"area twice": {func(r *Rules) { r.Organisations[2].Areas = []string{"15.05"} },
			RulesError{Table: "lembaga", Index: 2, Key: "wilayah", Value: "15.05", Problem: Twice, Other: 1}},
		"country twice": {func(r *Rules) { r.Organisations[6].Kind = "komdigi" },
			RulesError{Table: "lembaga", Index: 6, Key: "golongan", Value: "komdigi", Problem: Twice, Other: 5}},
		"no category":   {func(r *Rules) { r.Routes[3].Categories = nil }, RulesError{Table: "rute", Index: 3, Key: "jenis", Problem: BadValue}},
		"category":      {func(r *Rules) { r.Routes[3].Categories[0] = "pu" }, RulesError{Table: "rute", Index: 3, Key: "jenis", Value: "pu", Problem: UnknownCategory}},
		"phase":         {func(r *Rules) { r.Routes[1].Phases[0] = "KAMPANYE2" }, RulesError{Table: "rute", Index: 1, Key: "fase", Value: "KAMPANYE2", Problem: UnknownPhase}},
		"area of route": {func(r *Rules) { r.Routes[3].Areas = []string{"15.99"} }, RulesError{Table: "rute", Index: 3, Key: "wilayah", Value: "15.99", Problem: UnknownArea}},
		"no owner":      {func(r *Rules) { r.Routes[4].Legs[0].Part = Copy }, RulesError{Table: "rute", Index: 4, Key: "lembaga", Problem: BadValue}},
		"owner":         {func(r *Rules) { r.Routes[4].Legs[0].To = "bawasl" }, RulesError{Table: "rute", Index: 4, Key: "lembaga", Value: "bawasl", Problem: UnknownBody}},
		"copy":          {func(r *Rules) { r.Routes[2].Legs[1].To = "KOMINFO" }, RulesError{Table: "rute", Index: 2, Key: "tembusan", Value: "KOMINFO", Problem: UnknownBody}},
		"onward":        {func(r *Rules) { r.Routes[3].Legs[2].To = "BKN" }, RulesError{Table: "rute", Index: 3, Key: "lanjutan", Value: "BKN", Problem: UnknownBody}},
		"no reason":     {func(r *Rules) { r.Routes[4].Legs[0].Reason = "" }, RulesError{Table: "rute", Index: 4, Key: "alasan", Problem: BadValue}},
		"copy no reason": {func(r *Rules) { r.Routes[2].Legs[1].Reason = "" },
			RulesError{Table: "rute", Index: 2, Key: "tembusan", Problem: BadValue}},
		"emergency":       {func(r *Rules) { r.Routes[0].Emergency = "112" }, RulesError{Table: "rute", Key: "darurat", Value: "112", Problem: UnknownBody}},
		"route source":    {func(r *Rules) { r.Routes[2].Source = Source{} }, RulesError{Table: "rute", Index: 2, Key: "sumber", Problem: NoSource}},
		"rule everywhere": {func(r *Rules) { r.Phases[0].Phases = nil }, RulesError{Table: "jenis_menurut_fase", Key: "fase", Problem: BadValue}},
		"rule adds":       {func(r *Rules) { r.Phases[0].Add = "" }, RulesError{Table: "jenis_menurut_fase", Key: "tambah", Problem: UnknownCategory}},
		"rule phase":      {func(r *Rules) { r.Phases[0].Phases[0] = "X" }, RulesError{Table: "jenis_menurut_fase", Key: "fase", Value: "X", Problem: UnknownPhase}},
		"rule source":     {func(r *Rules) { r.Phases[0].Source.Text = "" }, RulesError{Table: "jenis_menurut_fase", Key: "sumber", Problem: NoSource}},
		"no route": {func(r *Rules) {
			r.Routes[4].Categories = slices.DeleteFunc(r.Routes[4].Categories, func(c Category) bool { return c == Fraud })
		}, RulesError{Table: "rute", Index: 4, Value: "PN 15 NON_TAHAPAN", Problem: Unrouted}},
		"no route in a phase": {func(r *Rules) { r.Routes[2].Phases = []Phase{Silence} },
			RulesError{Table: "rute", Index: 2, Value: "HS 15 NON_TAHAPAN", Problem: Unrouted}},
		"no route in the province": {func(r *Rules) {
			r.Routes[4].Categories = slices.DeleteFunc(r.Routes[4].Categories, func(c Category) bool { return c == VoteBuying })
		}, RulesError{Table: "rute", Index: 3, Value: "PU 15 NON_TAHAPAN", Problem: Unrouted}},
		"shadowed": {func(r *Rules) { r.Routes[1], r.Routes[2] = r.Routes[2], r.Routes[1] },
			RulesError{Table: "rute", Index: 2, Value: "HS", Problem: Shadowed, Other: 1}},
		"nobody for an area": {func(r *Rules) { r.Organisations[2].Areas, r.Organisations[0].Areas = []string{"15"}, []string{"15.71"} },
			RulesError{}},
		"nobody at all": {func(r *Rules) { r.Organisations[3].Areas = []string{"15.71"} },
			RulesError{Table: "rute", Index: 2, Key: "lembaga", Value: "15", Problem: Unserved}},
	} {
		t.Run(name, func(t *testing.T) {
			rules := testRules()
			c.spoil(&rules)
			_, err := NewRouting(rules)
			var got *RulesError
			switch {
			case c.want == (RulesError{}) && err == nil:
			case !errors.As(err, &got) || *got != c.want:
				t.Errorf("got %v, want %v", err, &c.want)
			}
		})
	}
}
