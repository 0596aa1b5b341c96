package digest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// DefaultZone is the time zone of an expression that names none: western Indonesia, without
// summer time.
const DefaultZone = "Asia/Jakarta"

// ErrSchedule is in every error of [ParseSchedule].
var ErrSchedule = errors.New("bad schedule")

// shortest is the least distance between two slots. The five fields of a cron expression cannot
// ask for less; "@every 1s" could.
const shortest = time.Minute

// walkLimit bounds how many missed slots are counted one by one. A daily schedule reaches it after
// almost three years, one that fires every minute after a night.
const walkLimit = 1000

// Schedule is a series of slots: the moments at which a digest is due. The zero value has none.
// It is read-only and safe for concurrent use.
type Schedule struct {
	expr string
	cron cron.Schedule
}

// ParseSchedule reads a cron expression of five fields, or a descriptor such as "@daily" or
// "@every 12h", with an optional CRON_TZ= or TZ= in front
// (https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format). Without a zone it
// means [DefaultZone]. Errors wrap [ErrSchedule]: for what cannot be read, for a day that never
// comes (31 February), for slots less than a minute apart.
func ParseSchedule(expr string) (Schedule, error) {
	full := strings.TrimSpace(expr)
	if !strings.HasPrefix(full, "TZ=") && !strings.HasPrefix(full, "CRON_TZ=") {
		full = "CRON_TZ=" + DefaultZone + " " + full
	}
	parsed, err := parse(full)
	if err != nil {
		return Schedule{}, fmt.Errorf("%w %q: %w", ErrSchedule, expr, err)
	}
	switch c := parsed.(type) {
	case cron.ConstantDelaySchedule:
		if c.Delay < shortest {
			return Schedule{}, fmt.Errorf("%w %q: less than a minute between two digests", ErrSchedule, expr)
		}
	case *cron.SpecSchedule:
		// The library takes its own mark for "no zone" to mean the zone of whatever time it is
		// asked about, which would silently be UTC here.
		if c.Location == time.Local {
			return Schedule{}, fmt.Errorf("%w %q: name a zone such as %s", ErrSchedule, expr, DefaultZone)
		}
	}
	s := Schedule{expr: full, cron: parsed}
	// The library looks five years ahead; from a year before a leap day that finds every day there is.
	if s.Next(time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("%w %q: never comes", ErrSchedule, expr)
	}
	return s, nil
}

// parse guards against the library's panics on a zone that nothing follows
// (https://github.com/robfig/cron/issues/554).
func parse(expr string) (s cron.Schedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("not a cron expression")
		}
	}()
	return cron.ParseStandard(expr)
}

// String returns the expression with its zone.
func (s Schedule) String() string { return s.expr }

// Next returns the first slot later than after, in UTC; zero if none comes within five years.
func (s Schedule) Next(after time.Time) time.Time {
	if s.cron == nil {
		return time.Time{}
	}
	next := s.cron.Next(after)
	if next.IsZero() {
		return time.Time{}
	}
	return next.UTC()
}

// Latest returns the last slot later than after and not later than until, and how many it passed
// over on the way. The slot is zero if there is none. After a very long pause it jumps, and passed
// is then the number counted before the jump.
func (s Schedule) Latest(after, until time.Time) (slot time.Time, passed int) {
	at := after
	for found := range walkLimit {
		next := s.Next(at)
		if next.IsZero() || next.After(until) {
			return slot, max(found-1, 0)
		}
		slot, at = next, next
	}
	return s.bisect(slot, until), walkLimit - 1
}

// bisect returns the last slot up to until, given an earlier one. low is a slot at every step; no
// slot lies in (high, until].
func (s Schedule) bisect(low, until time.Time) time.Time {
	high := until
	for high.Sub(low) > time.Second {
		middle := low.Add(high.Sub(low) / 2)
		if next := s.Next(middle); next.IsZero() || next.After(until) {
			high = middle
		} else {
			low = next
		}
	}
	return low
}
