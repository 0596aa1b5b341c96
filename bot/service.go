package bot

import "time"

// Hours are from when to when an office takes reports, since midnight. The zero value is a closed day;
// a Close of 24 hours is the end of the day.
type Hours struct{ Open, Close time.Duration }

// Closed reports whether the office does not open.
func (h Hours) Closed() bool { return h.Close == 0 }

// Service is when Bawaslu takes reports.
type Service struct {
	Week [7]Hours // by time.Weekday
	// Phases has hours that hold on every day of a phase, weekends and holidays included.
	Phases map[Phase]Hours
	// Latest is the time of day no safe limit goes beyond, though the office may close later. Zero: none.
	Latest time.Duration
	Source Source
}

// Holiday is a span of days on which offices are closed: a public holiday or cuti bersama.
type Holiday struct {
	Name     string
	From, To Day
	Source   Source
}

// Workday reports whether a day is a hari kerja: a weekday with service that is no holiday.
func (e Election) Workday(day Day) bool {
	if e.Service.Week[day.Weekday()].Closed() {
		return false
	}
	for _, h := range e.Holidays {
		if day >= h.From && day <= h.To {
			return false
		}
	}
	return true
}

// HoursOn returns the hours of a day in a region: those of the phase there if it has its own, else
// those of the weekday unless it is a holiday.
func (e Election) HoursOn(day Day, region string) Hours {
	if h, ok := e.Service.Phases[e.phaseOn(day, region)]; ok {
		return h
	}
	if e.Workday(day) {
		return e.Service.Week[day.Weekday()]
	}
	return Hours{}
}

// OpenAt reports whether the office of a region takes reports at a moment.
func (e Election) OpenAt(t time.Time, region string) bool {
	day := DayOf(t, e.Zone)
	h := e.HoursOn(day, region)
	return !h.Closed() && !t.Before(day.At(h.Open, e.Zone)) && t.Before(day.At(h.Close, e.Zone))
}

// lastService is when the office closes for the last time in the days from first to last: the last
// moment to bring something there. If it does not open at all, that is the beginning of the first
// day, so that the limit counts as passed: call at once.
func (e Election) lastService(first, last Day, region string) time.Time {
	for day := last; day >= first; day-- {
		h := e.HoursOn(day, region)
		if h.Closed() {
			continue
		}
		closes := min(h.Close, 24*time.Hour-time.Minute) // 23.59: a midnight would be read as a day later
		if e.Service.Latest > 0 {
			closes = min(closes, e.Service.Latest)
		}
		return day.At(closes, e.Zone)
	}
	return first.At(0, e.Zone)
}

// endOf is the last second of a day.
func (e Election) endOf(day Day) time.Time { return day.At(24*time.Hour-time.Second, e.Zone) }
