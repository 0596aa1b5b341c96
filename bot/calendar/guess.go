package calendar

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Reason is a machine word for why a reading is not certain, or why there is none. The handler
// may have a sentence for it in locales/.
type Reason string

// Reasons why there is no day.
const (
	NotUnderstood Reason = "not_understood"
	Impossible    Reason = "impossible" // 31/2, 45/13, the 25th hour
	Vague         Reason = "vague"      // "dulu", "bulan ini", "Oktober 2024"
)

// Reasons to let the sender confirm a day.
const (
	NoYear   Reason = "no_year"   // day and month only: the latest that is not in the future
	Unsure   Reason = "unsure"    // "kira-kira", a number of weeks or months, a word of two meanings
	Several  Reason = "several"   // more than one day was named
	OnDay    Reason = "weekday"   // the day of the week could be that of another week
	Mismatch Reason = "mismatch"  // "Senin, 1/10/2024", which is a Tuesday
	Midnight Reason = "midnight"  // around midnight "today" and "yesterday" mean either day
	HalfDay  Reason = "half_day"  // "setengah tujuh" is in the morning or in the evening
	TimeOnly Reason = "time_only" // a time of day without a day
	FarPast  Reason = "far_past"  // more than two years ago
)

// Guess is what a typed date was read as.
type Guess struct {
	Day time.Time // midnight in the zone; zero if nothing was understood
	// Times are the readings of a time of day that was typed with it, counted from midnight, most
	// likely first. Empty if none was typed; several if it was ambiguous.
	Times []time.Duration
	Text  string // what was typed, trimmed and cut to a length worth keeping
	// Confirm: the sender should be shown the day before it is stored. Reason says why.
	Confirm      bool
	Alternatives []time.Time // other days it may mean, most likely first
	Future       bool        // it lies after now: no event to report
	Reason       Reason
}

// Limits of the text looked at, in bytes, and of numbers people count back with.
const (
	maxText   = 200
	maxAgo    = 9999
	farPast   = 2 // years
	nightEnds = 4 // hour until which people who are still up call it the day before
)

// Parse reads a typed answer to "when?", as of now, in the election's zone. Days are d/m/y always.
// It looks at the first 200 bytes and skips words it does not know. If it finds no day it returns
// false and a Guess with Text and Reason only.
func Parse(text string, now time.Time, z Zone) (Guess, bool) {
	text = clip(text)
	r := reader{tok: scan(text), now: z.In(now), today: z.Midnight(now)}
	r.read()
	g, ok := r.conclude()
	g.Text, g.Confirm = text, ok && g.Reason != ""
	return g, ok
}

func clip(s string) string {
	s = strings.TrimSpace(s[:min(len(s), 4*maxText)])
	if len(s) > maxText {
		s = s[:maxText]
		for i := 1; i < utf8.UTFMax && !utf8.ValidString(s); i++ {
			s = s[:len(s)-1]
		}
	}
	return strings.ToValidUTF8(s, "")
}

// anchor is one mention of a day.
type anchor struct {
	day    time.Time
	alts   []time.Time
	reason Reason
	kind   anchorKind
	ahead  bool // the words point to the future
}

// anchorKind is how a day was mentioned.
type anchorKind int

const (
	dated    anchorKind = iota // by its date
	counted                    // by counting from today
	justNow                    // "tadi": today, or the night and the evening before
	lastEve                    // the evening of a day: "kemarin malam", "malam Jumat"
	weekday                    // by the day of the week
	sameDate                   // two mentions that agree
)

// reader collects what a text says about day and time.
type reader struct {
	tok        []token
	now, today time.Time
	days       []anchor
	part       part
	clock      clock
	bad        bool // a date or time that does not exist
	vague      bool
	unsure     bool
}

func (r *reader) read() {
	productions := []func(int) int{
		r.compact, r.ago, r.span, r.tanggal, r.numericDate, r.namedDate, r.monthFirst,
		r.byWeekday, r.relative, r.timeOfDay, r.hedge,
	}
	for i := 0; i < len(r.tok); {
		n := 0
		for _, p := range productions {
			if n = p(i); n > 0 {
				break
			}
		}
		i += max(n, 1)
	}
}

func (r *reader) add(a anchor) { r.days = append(r.days, a) }

// conclude turns the mentions into one guess.
func (r *reader) conclude() (Guess, bool) {
	if len(r.days) == 0 {
		switch {
		case r.bad:
			return Guess{Reason: Impossible}, false
		case r.vague:
			return Guess{Reason: Vague}, false
		case r.clock.set:
			return r.guess(r.timeOnly()), true
		case r.part != noPart:
			return r.guess(anchor{day: r.today, kind: justNow, reason: Unsure}), true
		}
		return Guess{Reason: NotUnderstood}, false
	}
	return r.guess(r.merge()), true
}

// timeOnly is the latest day on which the time of day was before now.
func (r *reader) timeOnly() anchor {
	a := anchor{day: r.today, reason: TimeOnly}
	passed := func(t time.Duration) bool { return !r.at(r.today, t).After(r.now) }
	if !slices.ContainsFunc(r.clock.readings(r.part), passed) {
		a.day = r.back(1)
	}
	return a
}

// merge makes one mention of all. Two that agree need no confirmation; a date that falls on
// another weekday than named, or different days, do.
func (r *reader) merge() anchor {
	for i := range r.days {
		r.days[i] = r.settle(r.days[i])
	}
	best := 0 // the most explicit mention: the first date, else the first
	for i, a := range r.days {
		if a.kind == dated && r.days[best].kind != dated {
			best = i
		}
	}
	a := r.days[best]
	for i, other := range r.days {
		switch {
		case i == best:
		case other.day.Equal(a.day):
			if a.kind != other.kind {
				a.reason, a.alts, a.kind = "", nil, sameDate
			}
		case a.kind == dated && other.kind == weekday && other.day.Weekday() == a.day.Weekday():
			// "Senin, 30 September": the weekday only repeats what the date says.
		case a.kind == dated && (other.kind == weekday || other.kind == lastEve):
			a.reason = Mismatch
		default:
			a.reason, a.alts = Several, append(a.alts, other.day)
		}
	}
	return a
}

// guess adds the time of day and what follows from it.
func (r *reader) guess(a anchor) Guess {
	a = r.settle(a)
	g := Guess{Day: a.day, Alternatives: a.alts, Reason: a.reason, Times: r.clock.readings(r.part)}
	r.afterMidnight(&g, a)
	if g.Day.Equal(r.today) && len(g.Times) > 1 {
		past := slices.DeleteFunc(slices.Clone(g.Times), func(t time.Duration) bool { return r.at(g.Day, t).After(r.now) })
		if len(past) > 0 {
			g.Times = past
		}
	}
	future := func(t time.Duration) bool { return r.at(g.Day, t).After(r.now) }
	g.Future = a.ahead || g.Day.After(r.today) ||
		g.Day.Equal(r.today) && len(g.Times) > 0 && !slices.ContainsFunc(g.Times, func(t time.Duration) bool { return !future(t) })
	doubt := func(is bool, why Reason) {
		if is && g.Reason == "" {
			g.Reason = why
		}
	}
	doubt(g.Day.Before(r.today.AddDate(-farPast, 0, 0)), FarPast)
	doubt(len(g.Times) > 1, HalfDay)
	doubt(r.unsure || r.bad, Unsure)
	seen := []time.Time{g.Day}
	g.Alternatives = slices.DeleteFunc(g.Alternatives, func(d time.Time) bool {
		dup := slices.ContainsFunc(seen, d.Equal)
		seen = append(seen, d)
		return dup || !g.Future && d.After(r.today) // nothing to offer: it has not happened
	})
	return g
}

// settle fixes the day of mentions that depend on the part of the day: "tadi malam" typed by day
// is the evening before. Between midnight and four the day people mean may be the one before.
func (r *reader) settle(a anchor) anchor {
	hour := r.now.Hour()
	small := hour < nightEnds
	switch a.kind {
	case justNow:
		a.kind = counted
		if r.part == night {
			a.day, a.kind = r.back(1), lastEve
			if small || hour >= int(night) {
				a.alts, a.reason = append(a.alts, r.today), Midnight
			}
			return a
		}
		if int(r.part) > hour {
			a.day, a.reason = r.back(1), Unsure
			return a
		}
	case counted:
	default:
		return a
	}
	if small && a.reason == "" && !a.ahead {
		a.alts, a.reason = append(a.alts, a.day.AddDate(0, 0, -1)), Midnight
	}
	if a.kind == counted && r.part == night && a.day.Before(r.today) {
		a.kind = lastEve
	}
	return a
}

// afterMidnight moves "tadi malam jam 2" to the day on which that hour was, and offers the day
// after for "1/10 jam 2 malam".
func (r *reader) afterMidnight(g *Guess, a anchor) {
	if r.part != night || len(g.Times) != 1 || g.Times[0] >= 6*time.Hour {
		return
	}
	next := g.Day.AddDate(0, 0, 1)
	if next.After(r.today) {
		return
	}
	if a.kind == lastEve {
		g.Day, next = next, g.Day
	}
	g.Alternatives = append(g.Alternatives, next)
	g.Reason = Midnight
}

// back is the day n days before today.
func (r *reader) back(n int) time.Time { return r.today.AddDate(0, 0, -n) }

// at is a time of day on a day.
func (r *reader) at(day time.Time, t time.Duration) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, int(t/time.Minute), 0, 0, day.Location())
}
