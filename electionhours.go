package main

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"

	"awassiber/bot"
)

// service reads [pemilihan.jam_layanan] and its phases.
func (t *table) service(s *bot.Service) {
	for i, name := range []string{"minggu", "senin", "selasa", "rabu", "kamis", "jumat", "sabtu"} {
		t.hours(name, &s.Week[i])
	}
	var latest string
	if t.text("paling_lambat", &latest); latest != "" {
		var ok bool
		if s.Latest, ok = clock(latest); !ok || s.Latest == 0 {
			t.fail("paling_lambat", usage("cli.bad.rule_clock", "value", latest))
		}
	}
	s.Source = t.source()
	s.Phases = maps.Clone(s.Phases) // the rules of the kind are shared
	if p := t.table("fase"); p != nil {
		for _, phase := range bot.Phases() {
			var h bot.Hours
			if p.hours(string(phase), &h); p.read[string(phase)] && p.values[string(phase)] != nil {
				if s.Phases == nil {
					s.Phases = map[bot.Phase]bot.Hours{}
				}
				s.Phases[phase] = h
			}
		}
		p.done()
	}
	t.serves(*s)
}

// serves refuses a week without any service, which would leave no safe limit at all, and a latest
// time before the office opens.
func (t *table) serves(s bot.Service) {
	open := slices.DeleteFunc(s.Week[:], bot.Hours.Closed)
	if len(open) == 0 {
		t.fail("senin", usage("cli.bad.rule_workday"))
	}
	for _, h := range open {
		if s.Latest > 0 && s.Latest <= h.Open {
			t.fail("paling_lambat", usage("cli.bad.rule_clock", "value", t.values["paling_lambat"]))
		}
	}
}

var (
	hoursForm = regexp.MustCompile(`^(.+)-(.+)$`)
	timeForm  = regexp.MustCompile(`^([0-2][0-9])\.([0-5][0-9])$`)
)

// shut is how a file says that an office does not open on a day.
const shut = "tutup"

// hours reads "08.00-16.00", or "tutup".
func (t *table) hours(key string, into *bot.Hours) {
	var text string
	if t.text(key, &text); text == "" {
		return
	}
	if text == shut {
		*into = bot.Hours{}
		return
	}
	if m := hoursForm.FindStringSubmatch(text); m != nil {
		from, ok := clock(m[1])
		to, ok2 := clock(m[2])
		if ok && ok2 && from < to {
			*into = bot.Hours{Open: from, Close: to}
			return
		}
	}
	t.fail(key, usage("cli.bad.rule_hours", "value", text, "shut", shut))
}

// clock reads a time of day, up to 24.00.
func clock(text string) (since time.Duration, ok bool) {
	m := timeForm.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[1]) // two digits each
	minute, _ := strconv.Atoi(m[2])
	since = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	return since, since <= 24*time.Hour
}
