package calendar

import (
	"fmt"
	"time"
)

func weekdayName(d time.Weekday) string {
	return [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}[d]
}

func monthName(m time.Month) string {
	return [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
		"September", "Oktober", "November", "Desember"}[m-1]
}

func monthAbbrev(m time.Month) string {
	return [...]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des"}[m-1]
}

// Moment writes a point in time: "Selasa, 1 Oktober 2024 pukul 19.00 WIB". Seconds are dropped.
func Moment(t time.Time, z Zone) string {
	s := Day(z.In(t)) + " pukul " + Clock(t, z)
	if z.Abbrev != "" {
		s += " " + z.Abbrev
	}
	return s
}

// Day writes the day of t, in t's own location: "Selasa, 1 Oktober 2024".
func Day(t time.Time) string {
	return fmt.Sprintf("%s, %d %s %d", weekdayName(t.Weekday()), t.Day(), monthName(t.Month()), t.Year())
}

// ShortDay writes the day of t, in t's own location, for lists: "1 Okt".
func ShortDay(t time.Time) string {
	return fmt.Sprintf("%d %s", t.Day(), monthAbbrev(t.Month()))
}

// Clock writes the time of day with a dot, as EYD has it: "19.00".
func Clock(t time.Time, z Zone) string { return z.In(t).Format("15.04") }
