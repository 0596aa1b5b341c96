package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
)

// rules reads the groups of figures an election's limits are counted with, each over what e has. A
// group that is written at all names its source.
func (t *table) rules(e *bot.Election) {
	if g := t.table("laporan"); g != nil {
		g.limit("hari_lapor", &e.Report)
		g.reminders(&e.Reminders)
		g.done()
	}
	if g := t.table("kelengkapan"); g != nil {
		g.limit("waktu_lengkapi", &e.Completion)
		g.done()
	}
	if g := t.table("penanganan"); g != nil {
		g.number("hari", &e.Handling.Days, 1, 60)
		g.number("tambahan_hari", &e.Handling.Extra, 0, 60)
		choice(g, "jenis_hari", &e.Handling.Kind, bot.DayKinds())
		e.Handling.Source = g.source()
		g.done()
	}
	if g := t.table("jam_layanan"); g != nil {
		g.service(&e.Service)
		g.done()
	}
}

func (t *table) limit(key string, into *bot.Limit) {
	t.number(key, &into.Days, 1, 30)
	t.flag("hitung_hari_pertama", &into.CountFirst)
	choice(t, "jenis_hari", &into.Kind, bot.DayKinds())
	into.Source = t.source()
}

// longestWait bounds reminders and promises: longer is a slip.
const longestWait = 30 * 24 * time.Hour

// reminders reads "pengingat", the longest first whatever the order in the file.
func (t *table) reminders(into *[]time.Duration) {
	var words []string
	if t.texts("pengingat", &words); t.values["pengingat"] == nil {
		return
	}
	times := make([]time.Duration, len(words))
	for i, word := range words {
		times[i] = t.duration("pengingat", word, longestWait)
	}
	slices.Sort(times)
	slices.Reverse(times)
	*into = slices.Compact(times)
}

func (t *table) duration(key, word string, most time.Duration) time.Duration {
	d, err := time.ParseDuration(word)
	if err != nil || d < time.Minute || d > most {
		t.fail(key, usage("cli.bad.rule_duration", "value", word, "to", short(most)))
	}
	return d
}

// short writes 2h and 15m, where String has 2h0m0s.
func short(d time.Duration) string {
	s := d.String()
	for _, tail := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, tail) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// holiday reads one [[libur]].
func (t *table) holiday() bot.Holiday {
	var h bot.Holiday
	t.need("nama")
	t.text("nama", &h.Name)
	h.From, h.To = t.days(longestHoliday)
	h.Source = t.source()
	t.done()
	return h
}

// promises reads [janji].
func (t *table) promises(into *bot.Promises) {
	for _, p := range []struct {
		key  string
		into *bot.Promise
	}{
		{"jawaban_pertama", &into.FirstAnswer}, {"pertanyaan", &into.Inquiry}, {"ambil", &into.Lease}, {"hak_data", &into.Privacy},
	} {
		var within, warn string
		if t.text(p.key, &within); within != "" {
			p.into.Within = t.duration(p.key, within, longestWait)
		}
		key := fmt.Sprint(p.key, "_ingatkan")
		if t.text(key, &warn); warn != "" {
			p.into.Warn = t.duration(key, warn, longestWait)
		}
		if p.into.Warn > 0 && p.into.Warn >= p.into.Within {
			t.fail(key, usage("cli.bad.rule_warn", "within", short(p.into.Within), "value", short(p.into.Warn)))
		}
	}
	into.Source = t.source()
	t.done()
}
