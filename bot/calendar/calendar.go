// Package calendar writes dates in Indonesian and reads them as people type them.
//
// The names of days and months and the form "Selasa, 1 Oktober 2024 pukul 19.00 WIB" are here and
// not in locales/, because they are facts of the Indonesian calendar like the order of its months;
// every sentence around them is in locales/.
//
// A day is the midnight with which it begins in the zone of the election. [Parse] never invents
// one: a reading that could be another day says so and offers the others, because the seven days
// within which an official report can be filed are counted from it. Text, day and zone are pure
// values; the package reads no clock and owns no storage.
package calendar

import (
	"errors"
	"fmt"
	"time"
)

// ErrZone: the name is not that of an Indonesian time zone.
var ErrZone = errors.New("not an Indonesian time zone")

// Zone is a time zone with the abbreviation Indonesians write. The zero value is UTC.
type Zone struct {
	Location *time.Location
	Abbrev   string // "WIB", "WITA" or "WIT"
}

// LoadZone returns a zone by its IANA name ("Asia/Jakarta") or abbreviation ("WIB"). It returns
// ErrZone for a zone outside Indonesia, and the error of time.LoadLocation where the machine has
// no time zone data (programs import time/tzdata).
func LoadZone(name string) (Zone, error) {
	switch name {
	case "WIB":
		name = "Asia/Jakarta"
	case "WITA":
		name = "Asia/Makassar"
	case "WIT":
		name = "Asia/Jayapura"
	}
	abbrev := ""
	switch name {
	case "Asia/Jakarta", "Asia/Pontianak":
		abbrev = "WIB"
	case "Asia/Makassar":
		abbrev = "WITA"
	case "Asia/Jayapura":
		abbrev = "WIT"
	default:
		return Zone{}, fmt.Errorf("%w: %q", ErrZone, name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return Zone{}, err
	}
	return Zone{Location: loc, Abbrev: abbrev}, nil
}

// In returns t in the zone.
func (z Zone) In(t time.Time) time.Time {
	if z.Location == nil {
		return t.UTC()
	}
	return t.In(z.Location)
}

// Midnight returns the beginning of the day that t falls on in the zone.
func (z Zone) Midnight(t time.Time) time.Time {
	t = z.In(t)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
