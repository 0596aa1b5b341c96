package bot_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"awassiber/bot"
)

var (
	wib = time.FixedZone("WIB", 7*60*60)
	wit = time.FixedZone("WIT", 9*60*60)
)

const (
	bungo = "15.08"
	tebo  = "15.09"
)

func day(text string) bot.Day {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return bot.DayOf(t, time.UTC)
}

func span(p bot.Phase, from, to string, areas ...string) bot.PhaseSpan {
	return bot.PhaseSpan{Phase: p, From: day(from), To: day(to), Areas: areas}
}

func closed(from, to string) bot.Holiday { return bot.Holiday{From: day(from), To: day(to)} }

func hours(open, close int) bot.Hours {
	return bot.Hours{time.Duration(open) * time.Hour, time.Duration(close) * time.Hour}
}

// pilkada is Jambi's election of 2024 (PKPU 2/2024), with the long closures of the joint decrees of
// three ministers for 2024 and 2025, and the vote that Bungo repeated; its masa tenang is made up.
func pilkada() bot.Election {
	week := [7]bot.Hours{}
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = hours(8, 16)
	}
	week[time.Friday].Close += 30 * time.Minute
	return bot.Election{
		Code: "pilkada-2024", Kind: bot.Pilkada, Zone: wib,
		Spans: []bot.PhaseSpan{
			span(bot.Campaign, "2024-09-25", "2024-11-23"),
			span(bot.Silence, "2024-11-24", "2024-11-26"),
			span(bot.Voting, "2024-11-27", "2024-11-27"),
			span(bot.Counting, "2024-11-28", "2024-12-16"),
			span(bot.Dispute, "2024-12-17", "2025-04-01", bungo),
			span(bot.Silence, "2025-04-02", "2025-04-04", bungo),
			span(bot.Revote, "2025-04-05", "2025-04-05", bungo),
			span(bot.Counting, "2025-04-06", "2025-04-07", bungo),
		},
		Report:     bot.Limit{Days: 7, CountFirst: true, Kind: bot.CalendarDays},
		Completion: bot.Limit{Days: 2, CountFirst: true, Kind: bot.CalendarDays},
		Handling:   bot.HandlingRule{Days: 3, Extra: 2, Kind: bot.CalendarDays},
		Service: bot.Service{
			Week: week, Latest: 16 * time.Hour,
			Phases: map[bot.Phase]bot.Hours{bot.Silence: hours(0, 24), bot.Voting: hours(0, 24)},
		},
		Holidays: []bot.Holiday{
			closed("2024-04-08", "2024-04-15"), closed("2024-11-27", "2024-11-27"), closed("2024-12-25", "2024-12-26"),
			closed("2025-01-01", "2025-01-01"), closed("2025-03-28", "2025-04-07"),
		},
		Reminders: []time.Duration{48 * time.Hour, 7 * time.Hour},
	}
}

// pemilu counts working days.
func pemilu() bot.Election {
	e := pilkada()
	e.Code, e.Kind = "pemilu-2024", bot.Pemilu
	e.Spans = []bot.PhaseSpan{
		span(bot.Campaign, "2023-11-28", "2024-02-10"), span(bot.Silence, "2024-02-11", "2024-02-13"), span(bot.Voting, "2024-02-14", "2024-02-14"),
	}
	e.Report.Kind = bot.WorkingDays
	e.Handling = bot.HandlingRule{Days: 7, Extra: 7, Kind: bot.WorkingDays}
	return e
}

const (
	toMinute = "Mon 2006-01-02 15:04"
	toDay    = "Mon 2006-01-02"
)

func TestReportDeadline(t *testing.T) {
	inWIT := pilkada()
	inWIT.Zone = wit
	bare := pilkada() // no hours of phases, no cap: the office's own closing
	bare.Service.Phases, bare.Service.Latest = nil, 0
	uncounted := pilkada()
	uncounted.Report.CountFirst = false
	uncapped := pilkada()
	uncapped.Service.Latest = 0
	for name, c := range map[string]struct {
		e                   bot.Election
		learned, told, area string
		safe, last          string
	}{
		"handbook: Tuesday":            {pilkada(), "2024-10-01", "", "15", "Mon 2024-10-07 16:00", "Tue 2024-10-08"},
		"handbook: back over a Sunday": {pilkada(), "2024-09-30", "", "15", "Fri 2024-10-04 16:00", "Mon 2024-10-07"},
		"Friday closes later":          {bare, "2024-09-30", "", "15", "Fri 2024-10-04 16:30", "Mon 2024-10-07"},
		"first day not counted":        {uncounted, "2024-10-01", "", "15", "Tue 2024-10-08 16:00", "Tue 2024-10-08"},
		"across the year":              {pilkada(), "2024-12-26", "", "", "Tue 2024-12-31 16:00", "Thu 2025-01-02"},
		"Sunday in masa tenang stays":  {pilkada(), "2024-11-18", "", tebo, "Sun 2024-11-24 16:00", "Mon 2024-11-25"},
		"voting day stays":             {pilkada(), "2024-11-21", "", tebo, "Wed 2024-11-27 16:00", "Thu 2024-11-28"},
		"open all day: 23.59":          {uncapped, "2024-11-18", "", tebo, "Sun 2024-11-24 23:59", "Mon 2024-11-25"},
		"masa tenang without hours":    {bare, "2024-11-18", "", tebo, "Fri 2024-11-22 16:30", "Mon 2024-11-25"},
		"back to voting day, not past": {uncapped, "2024-11-24", "", tebo, "Fri 2024-11-29 16:30", "Sun 2024-12-01"},
		"Lebaran: back before it":      {pilkada(), "2025-03-25", "", tebo, "Thu 2025-03-27 16:00", "Tue 2025-04-01"},
		"Lebaran: no office, hurry":    {pilkada(), "2025-03-28", "", tebo, "Fri 2025-03-28 00:00", "Fri 2025-04-04"},
		"Lebaran: silence in Bungo":    {pilkada(), "2025-03-28", "", bungo, "Thu 2025-04-03 16:00", "Fri 2025-04-04"},
		"a village of Bungo":           {pilkada(), "2025-03-28", "", bungo + ".01.2001", "Thu 2025-04-03 16:00", "Fri 2025-04-04"},
		"revote day has no hours":      {pilkada(), "2025-03-30", "", bungo, "Fri 2025-04-04 16:00", "Sun 2025-04-06"},
		"known from tomorrow":          {pilkada(), "2024-10-09", "2024-10-01", "15", "Mon 2024-10-07 16:00", "Tue 2024-10-08"},
		"known before it was told":     {pilkada(), "2024-10-01", "2024-10-05", "15", "Mon 2024-10-07 16:00", "Tue 2024-10-08"},
		"another time zone":            {inWIT, "2024-10-01", "", "15", "Mon 2024-10-07 16:00", "Tue 2024-10-08"},
		"working days":                 {pemilu(), "2024-01-02", "", "", "Wed 2024-01-10 16:00", "Thu 2024-01-11"},
		"working days from a Saturday": {pemilu(), "2024-01-06", "", "", "Mon 2024-01-15 16:00", "Tue 2024-01-16"},
		"working days over Lebaran":    {pemilu(), "2024-04-05", "", "", "Tue 2024-04-23 16:00", "Wed 2024-04-24"},
	} {
		t.Run(name, func(t *testing.T) {
			at := func(s string) (at time.Time) {
				if s != "" {
					at = day(s).At(0, c.e.Zone)
				}
				return at
			}
			d := c.e.ReportDeadline(at(c.learned), at(c.told), c.area)
			if got := d.Safe.Format(toMinute); got != c.safe {
				t.Errorf("safe %s, want %s", got, c.safe)
			}
			if got := d.Last.Format(toDay); got != c.last || d.Last.Add(time.Second).Format(toDay) == c.last {
				t.Errorf("last %v, want the end of %s", d.Last, c.last)
			}
		})
	}
}

// A store gives times back in UTC; the day is the one they fall on where the election is.
func TestDeadlineOfAnInstant(t *testing.T) {
	midnight := time.Date(2024, 9, 30, 17, 0, 0, 0, time.UTC) // 1 October 00.00 WIB, 02.00 WIT
	if got := pilkada().ReportDeadline(midnight, time.Time{}, "").Safe; !got.Equal(time.Date(2024, 10, 7, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("safe %v", got)
	}
	e := pilkada()
	e.Zone = wit
	before := time.Date(2024, 9, 30, 14, 59, 0, 0, time.UTC) // 23.59 WIT of 30 September
	if got := e.ReportDeadline(before, time.Time{}, "").Last.Format(toDay); got != "Mon 2024-10-07" {
		t.Errorf("last %s", got)
	}
}

func TestNoDeadline(t *testing.T) {
	now := time.Date(2024, 10, 1, 9, 0, 0, 0, wib)
	for name, d := range map[string]bot.Deadline{
		"day not known":       pilkada().ReportDeadline(time.Time{}, now, ""),
		"no rules":            bot.Election{}.ReportDeadline(now, now, ""),
		"no handling rules":   bot.Election{}.HandlingDeadline(now),
		"not received":        pilkada().HandlingDeadline(time.Time{}),
		"not asked":           pilkada().CompletionDeadline(time.Time{}, ""),
		"nothing promised":    bot.Promise{}.From(now),
		"promise not begun":   bot.Promise{Within: time.Hour}.From(time.Time{}),
		"the zero deadline":   {},
		"reminders of no day": {},
	} {
		if d != (bot.Deadline{}) || d.State(now) != bot.DeadlineNone || d.Reminders([]time.Duration{time.Hour}, time.Time{}) != nil {
			t.Errorf("%s: %v", name, d)
		}
	}
	// A week without service must not hang: the search for working days ends.
	e := pemilu()
	e.Service.Week = [7]bot.Hours{}
	if d := e.ReportDeadline(now, now, tebo); d.Safe.After(now) || d.Last.Before(now) {
		t.Errorf("without any working day: %v", d)
	}
}

func TestHandlingAndCompletion(t *testing.T) {
	at := func(s string) time.Time { return day(s).At(10*time.Hour, wib) }
	for name, c := range map[string]struct {
		d          bot.Deadline
		safe, last string
	}{
		"3+2":                     {pilkada().HandlingDeadline(at("2024-10-01")), "Fri 2024-10-04 23:59", "Sun 2024-10-06 23:59"},
		"7+7 working days":        {pemilu().HandlingDeadline(at("2024-01-02")), "Thu 2024-01-11 23:59", "Mon 2024-01-22 23:59"},
		"complete":                {pilkada().CompletionDeadline(at("2024-10-01"), tebo), "Wed 2024-10-02 16:00", "Thu 2024-10-03 23:59"},
		"complete over a weekend": {pilkada().CompletionDeadline(at("2024-10-04"), tebo), "Fri 2024-10-04 16:00", "Sun 2024-10-06 23:59"},
		"complete on Lebaran":     {pilkada().CompletionDeadline(at("2025-03-29"), tebo), "Sat 2025-03-29 00:00", "Mon 2025-03-31 23:59"},
	} {
		if s, l := c.d.Safe.Format(toMinute), c.d.Last.Format(toMinute); s != c.safe || l != c.last {
			t.Errorf("%s: %s, %s; want %s, %s", name, s, l, c.safe, c.last)
		}
	}
}

func TestDeadlineState(t *testing.T) {
	d := pilkada().ReportDeadline(day("2024-10-01").At(0, wib), time.Time{}, "")
	for at, want := range map[string]bot.DeadlineState{
		"2024-10-07 15:59": bot.DeadlineOpen, "2024-10-07 16:00": bot.DeadlineOpen, "2024-10-07 16:01": bot.DeadlineHurry,
		"2024-10-08 23:59": bot.DeadlineHurry, "2024-10-09 00:00": bot.DeadlineOver,
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", at, wib)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.State(now); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	if none := pilkada().ReportDeadline(day("2025-03-28").At(0, wib), time.Time{}, tebo); none.State(day("2025-03-28").At(time.Hour, wib)) != bot.DeadlineHurry {
		t.Error("without an office to go to it must be hurry at once")
	}
}

func TestReminders(t *testing.T) {
	e := pilkada()
	d := e.ReportDeadline(day("2024-10-01").At(0, wib), time.Time{}, "")
	for name, c := range map[string]struct {
		before []time.Duration
		after  string
		want   string
	}{
		"both":         {e.Reminders, "2024-10-01", "Sat 16:00 Mon 09:00 "},
		"one is past":  {e.Reminders, "2024-10-06", "Mon 09:00 "},
		"both past":    {e.Reminders, "2024-10-08", ""},
		"any order":    {[]time.Duration{time.Hour, 2 * time.Hour, time.Hour}, "2024-10-01", "Mon 14:00 Mon 15:00 "},
		"none desired": {nil, "2024-10-01", ""},
	} {
		got := ""
		for _, at := range d.Reminders(c.before, day(c.after).At(0, wib)) {
			got += at.Format("Mon 15:04 ")
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPromise(t *testing.T) {
	start := time.Date(2024, 12, 31, 23, 0, 0, 0, wib)
	d := bot.Promise{Within: 2 * time.Hour, Warn: 15 * time.Minute}.From(start)
	if !d.Safe.Equal(start.Add(105*time.Minute)) || !d.Last.Equal(start.Add(2*time.Hour)) {
		t.Errorf("%v", d)
	}
}

// Whatever the day, the area and the rules: the safe moment is no later than the last, lies in
// service of a day not before the knowing, and no later knowledge brings an earlier limit.
func TestDeadlineProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom([]bot.Election{pilkada(), pemilu()}).Draw(t, "election")
		e.Zone = rapid.SampledFrom([]*time.Location{wib, wit, time.UTC, nil}).Draw(t, "zone")
		e.Report.Days = rapid.IntRange(1, 30).Draw(t, "days")
		e.Report.CountFirst = rapid.Bool().Draw(t, "first")
		if rapid.Bool().Draw(t, "uncapped") {
			e.Service.Latest = 0
		}
		region := rapid.SampledFrom([]string{"", "15", bungo, tebo, bungo + ".02"}).Draw(t, "region")
		known := bot.NewDay(2023, 12, 1) + bot.Day(rapid.IntRange(0, 600).Draw(t, "known"))
		d := e.ReportDeadline(known.At(0, e.Zone), time.Time{}, region)
		safe, last := bot.DayOf(d.Safe, e.Zone), bot.DayOf(d.Last, e.Zone)
		if !d.Safe.Before(d.Last) || safe < known || d.State(d.Safe) != bot.DeadlineOpen || d.State(d.Last) != bot.DeadlineHurry {
			t.Fatalf("known %v: safe %v, last %v", known, d.Safe, d.Last)
		}
		if e.Report.Kind == bot.CalendarDays && last != known+bot.Day(e.Report.Days) {
			t.Fatalf("known %v: last %v", known, last)
		}
		// Safe is when an office closes, or the beginning of the day if there is no service on it. The day
		// before may have had one until midnight.
		if none := d.Safe.Equal(known.At(0, e.Zone)); none && !e.HoursOn(known, region).Closed() || !none && !e.OpenAt(d.Safe.Add(-time.Second), region) {
			t.Fatalf("safe %v: the office is closed, or it was open and not used", d.Safe)
		}
		for between := safe + 1; between <= known+bot.Day(e.Report.Days)-1; between++ {
			if e.Report.Kind == bot.CalendarDays && !e.HoursOn(between, region).Closed() {
				t.Fatalf("known %v: safe %v although there is service on %v", known, safe, between)
			}
		}
		next := e.ReportDeadline((known+1).At(0, e.Zone), time.Time{}, region)
		if next.Last.Before(d.Last) || next.Safe.Before(d.Safe) {
			t.Fatalf("known %v: %v, a day later %v", known, d, next)
		}
	})
}
