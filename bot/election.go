package bot

import (
	"math"
	"strings"
	"time"
)

// ElectionKind says which body of law an election follows.
type ElectionKind string

// Kinds of election: heads of regions (UU 10/2016), and everything UU 7/2017 is about.
const (
	Pilkada ElectionKind = "pilkada"
	Pemilu  ElectionKind = "pemilu"
)

// ElectionKinds lists every kind.
func ElectionKinds() []ElectionKind { return []ElectionKind{Pilkada, Pemilu} }

// Election is one configured election: when it is in which phase, and by which rules its limits are
// counted. Nothing about an election stands in code; the zero value has no phase and no limit.
type Election struct {
	Code string // of the configuration: "pilkada-2024"
	Name string
	Kind ElectionKind
	// Zone is where its days begin and its offices open. Nil is UTC.
	Zone *time.Location
	// Spans are its phases. Those for all areas do not overlap, nor do those for one area.
	Spans      []PhaseSpan
	Report     Limit // for a citizen's report, from the day it became known to them
	Completion Limit // for completing a report that lacks something, from the day this was asked
	Handling   HandlingRule
	Service    Service
	Holidays   []Holiday
	// Reminders are how long before the safe limit of a report to remind of it, longest first.
	Reminders []time.Duration
	Sides     []Side
}

// Source is where a group of figures comes from, and when somebody last compared them.
type Source struct {
	Text     string
	Verified Day
}

// PhaseSpan is a phase from its first to its last day, both included.
type PhaseSpan struct {
	Phase    Phase
	From, To Day
	// Areas are the Kemendagri codes of the kabupaten and kota it is for. Empty: all of them.
	Areas  []string
	Source Source
}

// Side is a contestant, for the desk's own view of whether it treats all alike.
type Side struct {
	Code string // as on the ballot: "01"
	Name string
	Area string // Kemendagri code of where it stands; empty: everywhere
}

// covers reports whether a span is meant for a region: a code in one of its areas, or any if it has none.
func (s PhaseSpan) covers(region string) bool {
	for _, area := range s.Areas {
		if lies(region, area) {
			return true
		}
	}
	return len(s.Areas) == 0
}

// lies reports whether a dotted code is that of an area or of a part of it.
func lies(region, area string) bool {
	return region == area || strings.HasPrefix(region, area+".")
}

// SpanOn returns the span that holds on a day in a region (a dotted code; empty or that of the province
// if not known closer). One made for the area wins over one for all: a repeated vote in one kabupaten.
func (e Election) SpanOn(day Day, region string) (PhaseSpan, bool) {
	var general PhaseSpan
	for _, s := range e.Spans {
		switch {
		case day < s.From || day > s.To || !s.covers(region):
		case len(s.Areas) > 0:
			return s, true
		default:
			general = s
		}
	}
	return general, general.Phase != ""
}

// PhaseAt returns the phase at a moment in a region, NoPhase between phases.
func (e Election) PhaseAt(t time.Time, region string) Phase {
	return e.phaseOn(DayOf(t, e.Zone), region)
}

func (e Election) phaseOn(day Day, region string) Phase {
	if s, ok := e.SpanOn(day, region); ok {
		return s.Phase
	}
	return NoPhase
}

// VotingDay returns the first day of voting in a region. A repeated vote there is another phase.
func (e Election) VotingDay(region string) (first Day, ok bool) {
	for _, s := range e.Spans {
		if s.Phase == Voting && s.covers(region) && (!ok || s.From < first) && e.phaseOn(s.From, region) == Voting {
			first, ok = s.From, true
		}
	}
	return first, ok
}

// SidesIn returns who stands in a region, in the order of the configuration; everybody for region "".
func (e Election) SidesIn(region string) []Side {
	var in []Side
	for _, s := range e.Sides {
		if s.Area == "" || region == "" || lies(region, s.Area) {
			in = append(in, s)
		}
	}
	return in
}

// far is how many days there are to the nearest day with a phase in a region: 0 on such a day.
func (e Election) far(day Day, region string) int {
	if e.phaseOn(day, region) != NoPhase {
		return 0
	}
	nearest := math.MaxInt
	for _, s := range e.Spans {
		if s.Phase != NoPhase && s.covers(region) {
			nearest = min(nearest, max(int(s.From-day), int(day-s.To), 1))
		}
	}
	return nearest
}

// Elections are the configured elections, the one that matters most first.
type Elections []Election

// For returns the election that a day in a region belongs to: one that is in a phase there, else the
// one nearest in time; among equals the first configured. ok is false if there is none at all.
func (es Elections) For(day time.Time, region string) (e Election, ok bool) {
	best := math.MaxInt
	for _, candidate := range es {
		if far := candidate.far(DayOf(day, candidate.Zone), region); !ok || far < best {
			e, best, ok = candidate, far, true
		}
	}
	return e, ok
}

// ByCode returns the election with a code: the one a case was counted by, whatever runs now.
func (es Elections) ByCode(code string) (Election, bool) {
	for _, e := range es {
		if e.Code == code {
			return e, true
		}
	}
	return Election{}, false
}
