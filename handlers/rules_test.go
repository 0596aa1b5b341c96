package handlers

import (
	"regexp"
	"testing"
	"time"

	"awassiber/bot"
)

func testSource() bot.Source {
	return bot.Source{Text: "untuk uji", Verified: bot.NewDay(2026, time.November, 1)}
}

// testRouting is a small table: everything goes to the province's Bawaslu, hoaxes and fraud to the police.
func testRouting(t testing.TB) bot.Routing {
	t.Helper()
	line := bot.ContactLine{Text: "kantor uji", Source: testSource()}
	org := func(code, name, kind string) bot.Organisation {
		return bot.Organisation{Code: code, Name: name, Kind: kind, Areas: []string{"15"}, Contacts: []bot.ContactLine{line}}
	}
	var election []bot.Category
	for _, c := range bot.Categories() {
		if c != bot.HoaxContent && c != bot.Fraud && c != bot.Intimidation {
			election = append(election, c)
		}
	}
	supervisor := org("BAWASLU_PROV", "Bawaslu Uji", "bawaslu")
	var err error
	supervisor.Register, err = bot.NewRegisterForm(regexp.MustCompile(`^\d{3}/LP/[A-Za-z0-9./]+$`), "003/LP/PB/Kab/06.08/XII/2024", []string{"Kab"})
	check(t, err)
	leg := func(to string) bot.Leg { return bot.Leg{To: to, Part: bot.Owner, Reason: "karena uji"} }
	r, err := bot.NewRouting(bot.Rules{
		Organisations: []bot.Organisation{supervisor, org("POLDA", "Polda Uji", "polri"), org("IWO", "IWO Uji", "pers")},
		Routes: []bot.Route{
			{Categories: election, Legs: []bot.Leg{leg("BAWASLU_PROV")}, Source: testSource()},
			{Categories: []bot.Category{bot.HoaxContent, bot.Fraud}, Legs: []bot.Leg{leg("POLDA")}, Source: testSource()},
			{Categories: []bot.Category{bot.Intimidation}, Legs: []bot.Leg{leg("BAWASLU_PROV")}, Emergency: "POLDA", Source: testSource()},
		},
		Areas: []string{"15", "15.01", "15.02", "15.03", "15.04", "15.05", "15.06", "15.07", "15.08", "15.09", "15.71", "15.72"},
	})
	check(t, err)
	return r
}

// testElections is one election with two sides and no phase running.
func testElections() bot.Elections {
	zone := time.FixedZone("WIB", 7*3600)
	week := bot.Hours{Open: 8 * time.Hour, Close: 16 * time.Hour}
	return bot.Elections{{
		Code: "uji", Name: "Pilkada Uji", Kind: bot.Pilkada, Zone: zone,
		Report:     bot.Limit{Days: 7, CountFirst: true, Kind: bot.CalendarDays, Source: testSource()},
		Completion: bot.Limit{Days: 2, Kind: bot.CalendarDays, Source: testSource()},
		Handling:   bot.HandlingRule{Days: 3, Extra: 2, Kind: bot.CalendarDays, Source: testSource()},
		Service:    bot.Service{Week: [7]bot.Hours{1: week, 2: week, 3: week, 4: week, 5: week}, Latest: 16 * time.Hour, Source: testSource()},
		Reminders:  []time.Duration{48 * time.Hour, 12 * time.Hour},
		Sides:      []bot.Side{{Code: "01", Name: "Pasangan Satu"}, {Code: "02", Name: "Pasangan Dua"}},
	}}
}
