package digest

import (
	"errors"
	"testing"
	"time"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04:05 -0700", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func schedule(t testing.TB, expr string) Schedule {
	t.Helper()
	s, err := ParseSchedule(expr)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParseScheduleNext(t *testing.T) {
	const monday = "2026-10-05 12:00:00 +0700"
	for _, tt := range []struct{ expr, want string }{
		{"0 18 * * *", "2026-10-05 18:00:00 +0700"},
		{"  0   18 * * *  ", "2026-10-05 18:00:00 +0700"},
		{"CRON_TZ=Asia/Jakarta 0 18 * * *", "2026-10-05 18:00:00 +0700"},
		{"TZ=Asia/Jayapura 0 18 * * *", "2026-10-05 18:00:00 +0900"},
		{"CRON_TZ=UTC 0 18 * * *", "2026-10-05 18:00:00 +0000"},
		{"0 7 * * 1", "2026-10-12 07:00:00 +0700"},
		{"0 0 29 2 *", "2028-02-29 00:00:00 +0700"},
		{"@daily", "2026-10-06 00:00:00 +0700"},
		{"@every 12h", "2026-10-06 00:00:00 +0700"},
	} {
		got := schedule(t, tt.expr).Next(at(t, monday))
		if want := at(t, tt.want); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%q: next is %v, want %v in UTC", tt.expr, got, want)
		}
	}
}

func TestParseScheduleRefuses(t *testing.T) {
	for _, expr := range []string{
		"", " ", "18:00", "0 18 * *", "0 0 18 * * *", "60 18 * * *", "0 18 * * * CRON_TZ=Asia/Jakarta",
		"TZ=0", "TZ=", "CRON_TZ=Asia/Jakarta", // these make the library panic
		"CRON_TZ=Asia/Djambi 0 18 * * *", "CRON_TZ=Local 0 18 * * *", "CRON_TZ=../etc/passwd 0 18 * * *",
		"0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *",
		"@never", "@every", "@every 1s", "@every -24h", "@every 0s", "*/0 * * * *", "5-1 * * * *",
	} {
		s, err := ParseSchedule(expr)
		if !errors.Is(err, ErrSchedule) {
			t.Errorf("%q: error %v, want ErrSchedule", expr, err)
		}
		if next := s.Next(time.Unix(0, 0)); !next.IsZero() {
			t.Errorf("%q: refused, but has a slot at %v", expr, next)
		}
	}
}

func TestScheduleLatest(t *testing.T) {
	const after = "2026-10-05 18:00:00 +0700"
	for _, tt := range []struct {
		name, expr, until, slot string
		passed                  int
	}{
		{"none has come", "0 18 * * *", "2026-10-06 17:59:59 +0700", "", 0},
		{"to the second", "0 18 * * *", "2026-10-06 18:00:00 +0700", "2026-10-06 18:00:00 +0700", 0},
		{"three days down", "0 18 * * *", "2026-10-08 20:00:00 +0700", "2026-10-08 18:00:00 +0700", 2},
		{"clock set back", "0 18 * * *", "2026-10-01 20:00:00 +0700", "", 0},
		{"a year of minutes", "* * * * *", "2027-10-05 18:00:30 +0700", "2027-10-05 18:00:00 +0700", walkLimit - 1},
		{"January's minutes in October", "* * * 1 *", "2028-10-05 18:00:00 +0700", "2028-01-31 23:59:00 +0700", walkLimit - 1},
		{"ten years of days", "0 18 * * *", "2036-10-05 17:00:00 +0700", "2036-10-04 18:00:00 +0700", walkLimit - 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			slot, passed := schedule(t, tt.expr).Latest(at(t, after), at(t, tt.until))
			var want time.Time
			if tt.slot != "" {
				want = at(t, tt.slot)
			}
			if !slot.Equal(want) || passed != tt.passed {
				t.Errorf("latest is %v after %d, want %v after %d", slot, passed, want, tt.passed)
			}
		})
	}
}

// FuzzParseSchedule: whatever is typed, the parser returns; what it accepts moves forward, and
// bisecting finds the same slot as walking.
func FuzzParseSchedule(f *testing.F) {
	for _, expr := range []string{
		"0 18 * * *", "TZ=0", "CRON_TZ=Asia/Jakarta 0 7 * * 1", "@every 1h30m", "@weekly", "*/7 1-5,9 ? JAN-MAR sun",
		"0 0 31 2 *", "CRON_TZ=America/Sao_Paulo 0 0 * * *", "TZ=Pacific/Apia 30 23 30 12 *",
	} {
		f.Add(expr, int64(1_600_000_000))
	}
	f.Fuzz(func(t *testing.T, expr string, seconds int64) {
		s, err := ParseSchedule(expr)
		if err != nil {
			return
		}
		from := time.Unix(seconds%4_000_000_000, 0).UTC()
		first := s.Next(from)
		if first.IsZero() {
			return
		}
		last := first
		for range 20 {
			next := s.Next(last)
			if next.IsZero() {
				break
			}
			if next.Sub(last) < shortest {
				t.Fatalf("%q: %v follows %v", expr, next, last)
			}
			last = next
		}
		if slot, _ := s.Latest(from, last); !slot.Equal(last) {
			t.Fatalf("%q: latest up to %v is %v", expr, last, slot)
		}
		if slot := s.bisect(first, last); !slot.Equal(last) && s.Next(slot).Before(last) {
			t.Fatalf("%q: bisecting from %v to %v stops at %v", expr, first, last, slot)
		}
	})
}
