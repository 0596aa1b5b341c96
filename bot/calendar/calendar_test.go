package calendar_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"awassiber/bot/calendar"
)

func TestFormat(t *testing.T) {
	z := wib(t)
	for _, tt := range []struct{ utc, moment, short, clock string }{
		{"2024-10-01T12:00:00Z", "Selasa, 1 Oktober 2024 pukul 19.00 WIB", "1 Okt", "19.00"},
		{"2024-09-30T16:59:59Z", "Senin, 30 September 2024 pukul 23.59 WIB", "30 Sep", "23.59"},
		{"2024-09-30T17:00:00Z", "Selasa, 1 Oktober 2024 pukul 00.00 WIB", "1 Okt", "00.00"},
		{"2024-12-31T17:05:00Z", "Rabu, 1 Januari 2025 pukul 00.05 WIB", "1 Jan", "00.05"},
		{"2024-02-29T00:00:00Z", "Kamis, 29 Februari 2024 pukul 07.00 WIB", "29 Feb", "07.00"},
		{"2024-08-16T05:00:00Z", "Jumat, 16 Agustus 2024 pukul 12.00 WIB", "16 Agt", "12.00"},
		{"2024-11-24T05:00:00Z", "Minggu, 24 November 2024 pukul 12.00 WIB", "24 Nov", "12.00"},
		{"2024-05-04T05:00:00Z", "Sabtu, 4 Mei 2024 pukul 12.00 WIB", "4 Mei", "12.00"},
	} {
		at, err := time.Parse(time.RFC3339, tt.utc)
		if err != nil {
			t.Fatal(err)
		}
		day, _, _ := strings.Cut(tt.moment, " pukul")
		for _, c := range [][2]string{
			{calendar.Moment(at, z), tt.moment}, {calendar.Day(z.In(at)), day},
			{calendar.ShortDay(z.In(at)), tt.short}, {calendar.Clock(at, z), tt.clock},
			{calendar.Day(z.Midnight(at)), day}, {calendar.Clock(z.Midnight(at), z), "00.00"},
		} {
			if c[0] != c[1] {
				t.Errorf("%s: got %q, want %q", tt.utc, c[0], c[1])
			}
		}
	}
	if got := calendar.Moment(time.Unix(0, 0), calendar.Zone{}); got != "Kamis, 1 Januari 1970 pukul 00.00" {
		t.Errorf("zero zone: %q", got)
	}
}

// What Day writes, Parse reads back: every day of four years.
func TestRoundTrip(t *testing.T) {
	z := wib(t)
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	for day := z.Midnight(now).AddDate(-2, 0, 0); !day.After(now); day = day.AddDate(0, 0, 1) {
		for _, typed := range []string{calendar.Day(day), calendar.ShortDay(day) + day.Format(" 2006"), day.Format("2/1/2006"), day.Format("2006-01-02"), day.Format("2.1.06")} {
			g, ok := calendar.Parse(typed, now, z)
			if !ok || !g.Day.Equal(day) || g.Confirm || g.Future {
				t.Errorf("%q read as %s", typed, show(g, ok))
			}
		}
		// Without the year it is the latest such day.
		g, ok := calendar.Parse(day.Format("2/1"), now, z)
		latest := day
		for next := day.AddDate(1, 0, 0); !next.After(now) && next.Day() == day.Day(); next = next.AddDate(1, 0, 0) {
			latest = next
		}
		if !ok || !g.Day.Equal(latest) || g.Reason != calendar.NoYear {
			t.Errorf("%s read as %s", day.Format("2/1"), show(g, ok))
		}
	}
}

func TestLoadZone(t *testing.T) {
	for name, want := range map[string]string{
		"Asia/Jakarta": "WIB +7", "Asia/Pontianak": "WIB +7", "Asia/Makassar": "WITA +8", "Asia/Jayapura": "WIT +9",
		"WIB": "WIB +7", "WITA": "WITA +8", "WIT": "WIT +9",
	} {
		z, err := calendar.LoadZone(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		noon := time.Date(2024, 10, 1, 0, 0, 0, 0, time.UTC)
		if got := z.Abbrev + " +" + strings.TrimPrefix(strings.TrimSuffix(calendar.Clock(noon, z), ".00"), "0"); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	for _, name := range []string{"", "UTC", "Local", "Europe/Berlin", "wib"} {
		if _, err := calendar.LoadZone(name); !errors.Is(err, calendar.ErrZone) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	z := wib(f)
	for _, s := range []string{"", "tadi malam jam 2", "1/10", "31/2", "malam Jumat", "setengah tujuh", "2-3 hari lalu", "1-3 oktober 2024",
		"9999 tahun lalu", "9999 minggu lalu", "9999 bulan lalu", "tanggal 5 bulan lalu", "99999999999999999999", "kemarin kemarin senin", "jam 24.00 malam",
		"\xff\xff", strings.Repeat("1/", 50_000), strings.Repeat("kemarin ", 10_000)} {
		f.Add(s, int64(1727838000))
	}
	f.Fuzz(func(t *testing.T, s string, unix int64) {
		now := time.Unix(unix%4_000_000_000, 0)
		g, ok := calendar.Parse(s, now, z)
		if len(g.Text) > 200 {
			t.Errorf("%d bytes of text kept", len(g.Text))
		}
		if !ok {
			if g.Reason == "" || !g.Day.IsZero() || g.Confirm || g.Future || g.Times != nil || g.Alternatives != nil {
				t.Errorf("%q: no, but %+v", s, g)
			}
			return
		}
		days := append([]time.Time{g.Day}, g.Alternatives...)
		for i, d := range days {
			if !d.Equal(z.Midnight(d)) || d.Location() != z.Location {
				t.Errorf("%q: %v is not midnight in the zone", s, d)
			}
			if d.After(now) && !g.Future {
				t.Errorf("%q: %v lies in the future of %v", s, d, now)
			}
			for _, e := range days[:i] {
				if d.Equal(e) {
					t.Errorf("%q: %v twice", s, d)
				}
			}
		}
		for _, at := range g.Times {
			if at < 0 || at >= 24*time.Hour {
				t.Errorf("%q: time of day %v", s, at)
			}
		}
		if g.Confirm != (g.Reason != "") || len(g.Alternatives) > 0 && !g.Confirm {
			t.Errorf("%q: confirmation and reason disagree: %+v", s, g)
		}
	})
}
