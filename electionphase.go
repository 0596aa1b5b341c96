package main

import (
	"regexp"
	"slices"

	"awassiber/bot"
)

// span reads one [[pemilihan.fase]].
func (t *table) span(regency func(string) bool) bot.PhaseSpan {
	var s bot.PhaseSpan
	t.need("fase")
	t.texts("wilayah", &s.Areas)
	for _, area := range s.Areas {
		t.area("wilayah", area, regency)
	}
	phases := bot.Phases()
	if len(s.Areas) == 0 { // only an area can be taken out of an election; elsewhere no phase needs no line
		phases = slices.DeleteFunc(phases, func(p bot.Phase) bool { return p == bot.NoPhase })
	}
	choice(t, "fase", &s.Phase, phases)
	s.From, s.To = t.days(longestPhase)
	s.Source = t.source()
	t.done()
	return s
}

// side reads one [[pemilihan.peserta]].
func (t *table) side(regency func(string) bool) bot.Side {
	var s bot.Side
	t.need("kode", "nama")
	t.text("kode", &s.Code)
	t.text("nama", &s.Name)
	if t.text("wilayah", &s.Area); s.Area != "" {
		t.area("wilayah", s.Area, regency)
	}
	t.source()
	t.done()
	return s
}

// Longer spans are taken for a slip in the year.
const (
	longestPhase   = 800
	longestHoliday = 31
)

// days reads "dari" and "sampai", both included.
func (t *table) days(most int) (from, to bot.Day) {
	t.need("dari", "sampai")
	t.day("dari", &from)
	t.day("sampai", &to)
	if from > to {
		t.fail("sampai", usage("cli.bad.rule_span", "from", from, "to", to))
	}
	if int(to-from) >= most {
		t.fail("sampai", usage("cli.bad.rule_long", "from", from, "to", to, "most", most))
	}
	return from, to
}

var regencyForm = regexp.MustCompile(`^[0-9]{2}\.[0-9]{2}$`)

func (t *table) area(key, code string, regency func(string) bool) {
	if !regencyForm.MatchString(code) || regency != nil && !regency(code) {
		t.fail(key, usage("cli.bad.rule_area", "value", code))
	}
}

// overlaps refuses two phases on one day, for all areas or for one. A phase of an area may lie on one
// for all: it wins.
func overlaps(list []*table, spans []bot.PhaseSpan) {
	for i, later := range spans {
		for _, earlier := range spans[:i] {
			if from := max(earlier.From, later.From); from <= min(earlier.To, later.To) && meet(earlier.Areas, later.Areas) {
				list[i].fail("dari", usage("cli.bad.rule_overlap", "value", later.Phase, "other", earlier.Phase, "day", from))
			}
		}
	}
}

// meet reports whether both lists are empty or have an area in common.
func meet(a, b []string) bool {
	return len(a) == 0 && len(b) == 0 || slices.ContainsFunc(a, func(area string) bool { return slices.Contains(b, area) })
}
