package bot

import "time"

// Day is a calendar day without a time zone: what a schedule or a holiday list means. It counts from
// 1 January of the year 1, so days compare and add like numbers. Zero is no day.
type Day int

// unixDay is the Day of 1 January 1970.
const unixDay Day = 719162

// NewDay returns the day of a date. A date that does not exist counts on, as in time.Date.
func NewDay(year int, month time.Month, day int) Day {
	return unixDay + Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/(24*60*60))
}

// DayOf returns the day that t falls on in a zone (nil is UTC), and zero for the zero time.
func DayOf(t time.Time, zone *time.Location) Day {
	if t.IsZero() {
		return 0
	}
	return NewDay(t.In(orUTC(zone)).Date())
}

// At returns the moment at which it is clock after midnight on that day, by the clocks of a zone (nil
// is UTC). 24 hours is the midnight with which the next day begins.
func (d Day) At(clock time.Duration, zone *time.Location) time.Time {
	year, month, day := d.midnight().Date()
	return time.Date(year, month, day, 0, 0, int(clock/time.Second), 0, orUTC(zone))
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.midnight().Weekday() }

// String returns "2024-11-27", and "" for no day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.midnight().Format(time.DateOnly)
}

func (d Day) midnight() time.Time {
	return time.Unix(int64(d-unixDay)*24*60*60, 0).UTC()
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}
