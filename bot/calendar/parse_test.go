package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"awassiber/bot/calendar"
)

func wib(t testing.TB) calendar.Zone {
	t.Helper()
	z, err := calendar.LoadZone("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// show writes a guess as "2024-10-01 19.00 ?no_year alt 2024-09-30 future"; what is not so is left out.
func show(g calendar.Guess, ok bool) string {
	if !ok {
		return string(g.Reason)
	}
	s := g.Day.Format("2006-01-02")
	for _, t := range g.Times {
		s += fmt.Sprintf(" %02d.%02d", int(t.Hours()), int(t.Minutes())%60)
	}
	if g.Confirm {
		s += " ?" + string(g.Reason)
	}
	for i, d := range g.Alternatives {
		if i == 0 {
			s += " alt"
		}
		s += " " + d.Format("2006-01-02")
	}
	if g.Future {
		s += " future"
	}
	return s
}

type row struct{ want, typed string }

func run(t *testing.T, now string, rows []row) {
	t.Helper()
	z := wib(t)
	at, err := time.ParseInLocation("2006-01-02 15:04", now, z.Location)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		for typed := range strings.SplitSeq(r.typed, "|") {
			// The program's clock is UTC.
			if got := show(calendar.Parse(typed, at.UTC(), z)); got != r.want {
				t.Errorf("%s, %q: got %s, want %s", now, typed, got, r.want)
			}
		}
	}
}

// Wednesday, by day.
func TestParse(t *testing.T) {
	run(t, "2024-10-02 10:00", []row{
		// Today and the days before.
		{"2024-10-02", "hari ini|Hari ini kak|hr ini|sekarang|skrg|barusan|baru saja|baru bae|tadi|td|tadi pagi|pagi tadi|pagi ini|tadi subuh|hari ko|tadi bae"},
		{"2024-10-01", "kemarin|kemaren|KMRN|Kemarin.|kemarin pagi|kemarin sore|sore kemarin|kemarin malam|malam kemarin|kmrn mlm|tadi malam|td mlm|malam tadi|tadi malam pak|tadi dalu|kemarin di pasar ado bagi amplop"},
		{"2024-10-01 ?unsure", "semalam|smlm|semalem|tadi sore|tadi petang"},
		{"2024-09-30", "kemarin lusa|lusa kemarin|2 hari lalu|2 hari yang lalu|dua hari lalu|duo hari yg lalu|2hari lalu|2 hr yg lalu"},
		{"2024-09-30 ?unsure alt 2024-10-01 2024-09-29", "kemarin dulu|kemaren dulu|kemarin dahulu"},
		{"2024-09-29", "3 hari lalu|tiga hari yang lalu|tigo hari lalu|3 hari silam"},
		{"2024-09-28", "empat hari lalu"}, {"2024-09-27", "lima hari lalu|limo hari lalu"}, {"2024-09-26", "enam hari lalu"},
		{"2024-09-25", "tujuh hari lalu"}, {"2024-09-24", "delapan hari lalu"}, {"2024-09-23", "sembilan hari lalu"},
		{"2024-09-22", "sepuluh hari lalu"}, {"2024-09-21", "sebelas hari lalu"}, {"2024-09-12", "dua puluh hari lalu"},
		{"2024-10-01 ?no_year", "satu okt"}, {"2024-01-31 ?no_year", "31 jan|31 januari"}, {"2024-02-28 ?no_year", "28 feb|28 pebruari"},
		{"2024-03-05 ?no_year", "5 mrt|5 maret"}, {"2024-04-05 ?no_year", "5 apr"}, {"2024-05-05 ?no_year", "5 mei"},
		{"2024-06-05 ?no_year", "5 jun|5 juni"}, {"2024-07-05 ?no_year", "5 jul|5 juli"}, {"2023-12-05 ?no_year", "5 des|5 desember"},
		{"2024-09-20", "dua belas hari lalu|12 hari lalu"},
		{"2024-09-07", "dua puluh lima hari lalu"},
		{"2024-09-29 ?unsure", "sudah 3 hari|kira-kira 3 hari lalu|mungkin 3 hari yang lalu"},
		{"2024-09-30 ?several alt 2024-09-29", "2-3 hari lalu|dua atau tiga hari yang lalu|2 - 3 hari yang lalu"},
		{"2024-10-01", "sehari lalu|1 hari lalu"},
		{"2024-09-25 ?unsure alt 2024-09-29", "minggu lalu|minggu kemarin|pekan lalu"},
		{"2024-09-25 ?unsure", "seminggu lalu|seminggu yang lalu|satu minggu lalu|1 mgg lalu|sepekan lalu|seminggu"},
		{"2024-09-18 ?unsure", "2 minggu lalu|dua pekan yang lalu"},
		{"2024-09-02 ?unsure", "sebulan lalu|satu bulan yang lalu"},
		{"2023-10-02 ?unsure", "setahun lalu"},
		{"2024-10-02 07.00", "3 jam lalu|tiga jam yang lalu"},
		{"2024-10-02 09.30", "setengah jam lalu|30 menit lalu"},
		{"2024-10-01 22.00", "12 jam yang lalu"},
		// Weekdays. Today is Wednesday.
		{"2024-09-30", "senin|Senin|hari Senin|hari senen|Senin kemarin|senin pagi"},
		{"2024-09-30 ?weekday alt 2024-09-23", "Senin lalu|hari senin yang lalu"},
		{"2024-09-23 ?weekday", "senin minggu lalu"},
		{"2024-10-01", "selasa|Selasa kemarin|selasa malam|malam rabu|selasa malam rabu"},
		{"2024-10-02 ?weekday alt 2024-09-25", "rabu|hari Rabu|rebo"},
		{"2024-09-25", "rabu kemarin"},
		{"2024-09-26", "kamis|Kemis|malam Jumat|malam jum'at|mlm jumat|Kamis malam Jumat"},
		{"2024-09-27", "Jumat|Jum'at|jum’at|malam sabtu"},
		{"2024-09-28", "sabtu|malam minggu|malam Minggu kemarin|malam ahad|sabtu malam minggu"},
		{"2024-09-29", "minggu|hari minggu|Ahad|hari minggu kemarin|malam senin"},
		{"2024-09-25 ?weekday", "malam kamis"},
		{"2024-10-04 future", "jumat ini"},
		{"2024-10-07 ?weekday future", "senin depan"},
		// Dates.
		{"2024-10-01 ?no_year", "1/10|tgl 1/10|tgl 1 - 10|1-10|01/10|1 Okt|1 oktober|tanggal 1 Oktober|1okt|1.10|tgl 1.10|tanggal 1|tgl 01|tanggal satu|1|Oktober 1|1 bulan 10|tanggal 1 bulan sepuluh"},
		{"2024-10-01", "1-10-2024|1/10/2024|1/10/24|1.10.2024|01.10.24|1 / 10 / 2024|1–10–2024|1 oktober 2024|1 Oktober tahun 2024|1 okt 24|2024-10-01|2024/10/1|01102024|20241001|011024|Oktober 1, 2024|kemarin tgl 1/10|kemarin, 1 Oktober|selasa 1 oktober 2024|Selasa, 1/10/2024|satu oktober 2024"},
		{"2024-09-30", "Senin, 30 September|hari senin tgl 30/9"},
		{"2024-09-30 ?no_year", "30/9|30 sept|tgl 30"},
		{"2023-10-03 ?no_year", "3/10|3 oktober"},
		{"2023-11-05 ?no_year", "5 Nop|5 nov|5 November|5 Nopember|tanggal 5 nop"},
		{"2024-08-17 ?no_year", "17 Agt|17 ags|17 agu|17 Agustus|17-8"},
		{"2024-09-05 ?no_year", "tanggal 5|tgl 5|5 september"},
		{"2024-08-31 ?no_year", "tanggal 31"},
		{"2024-09-07", "tanggal 7 bulan lalu|tgl 7 bulan kemarin"},
		{"2024-10-01", "tanggal 1 bulan ini"},
		{"2024-02-29 ?no_year", "29/2|29 Februari|29 peb"},
		{"2024-10-01 ?mismatch", "Senin 1/10/2024|Senin, 1 Oktober 2024"},
		{"2024-09-01 ?several alt 2024-09-03", "1-3 September 2024|1 sampai 3 sept 2024|1 s/d 3 september 2024|1 september 2024 dan 3 september 2024"},
		{"2024-10-01 ?several alt 2024-09-30", "kemarin atau kemarin lusa|bukan kemarin tapi senin"},
		{"2024-10-01 ?several", "1-3 Oktober 2024|1/10/2024 sampai 5/10/2024"},
		{"2024-12-06 future", "6/12/2024|6 Desember 2024"},
		{"2022-10-01 ?far_past", "1/10/2022|1 okt 22"},
		{"1998-05-21 ?far_past", "21/5/98|21 Mei 1998"},
		{"2022-10-02", "2/10/2022"},
		{"impossible", "31/2|31/2/2024|45/13|0/10|1/13/2024|10/31/2024|30 februari|32 oktober|29/2/2023|2024-13-01|1/10/224|99999999|jam 25|1/1/0000|tanggal 45|2-31-2024|12345 hari lalu"},
	})
}

func TestParseTimes(t *testing.T) {
	run(t, "2024-10-02 10:00", []row{
		{"2024-10-01 19.00", "kemarin jam 7 malam|kemarin jam 7 mlm|kemarin pukul 19.00|kemarin pkl 19.00 WIB|kemarin 19:00|kemarin 19.00 wib|tadi malam jam 7|tadi malam jam 19|td mlm jm 7|kemarin 7 malam|7 malam kemarin|jam 7 malam kemarin|1/10/2024 19.00|1 okt 2024 pukul 19.00|1 Oktober 2024 7 malam"},
		{"2024-10-01 19.30", "tadi malam 19.30 WIB|kemarin jam 7.30 malam|kemarin setengah delapan malam|kemarin jam 7 lewat 30 malam|kemarin jam setengah 8 malam"},
		{"2024-10-01 06.50", "kemarin jam 7 kurang 10 pagi"},
		{"2024-10-01 06.30 18.30 ?half_day", "kemarin setengah tujuh|kemarin jam setengah 7"},
		{"2024-10-01 12.30 00.30 ?half_day", "kemarin setengah satu"},
		{"2024-10-01 07.00 19.00 ?half_day", "kemarin jam 7|kemarin jam tujuh"},
		{"2024-10-01 13.00", "kemarin jam 1 siang|kemarin 1 siang"},
		{"2024-10-01 11.00", "kemarin jam 11 siang"},
		{"2024-10-01 16.30", "kemarin setengah 5 sore|kemarin sore jam setengah lima"},
		{"2024-10-02 07.00", "tadi pagi jam 7|hari ini jam 7|tadi jam 7|hari ini 07.00"},
		{"2024-10-02 23.00 future", "hari ini jam 23.00|hari ini jam 11 malam"},
		{"2024-10-01 19.00 ?time_only", "jam 7 malam|19.00 WIB"},
		{"2024-10-02 07.00 ?time_only", "jam 7|pukul 07.00"},
		{"2024-10-02 06.30 ?time_only", "setengah tujuh"},
		// Past midnight the night belongs to the next day.
		{"2024-10-02 02.00 ?midnight alt 2024-10-01", "tadi malam jam 2|kemarin malam jam 2"},
		{"2024-09-27 01.00 ?midnight alt 2024-09-26", "malam Jumat jam 1"},
		{"2024-09-01 01.00 ?midnight alt 2024-09-02", "1/9/2024 jam 1 malam"},
		{"2024-10-01 02.00", "kemarin jam 2 dini hari"},
		{"2024-09-26 20.00", "malam Jumat jam 8|jam 8 malam Jumat"},
		// Still to come.
		{"2024-10-03 future", "besok|besok pagi|bsk"},
		{"2024-10-04 future", "lusa"},
		{"2024-10-02 future", "nanti malam|malam ini|kagek malam"},
		{"2024-10-05 ?unsure future", "3 hari lagi"},
		{"2024-11-01 ?unsure future", "bulan depan"},
		{"2025-10-02 ?unsure future", "tahun depan|setahun lagi"},
		{"2024-10-02 ?unsure future", "2 jam lagi"},
		{"2024-10-09 ?unsure future", "minggu depan|seminggu lagi"},
		// A part of the day alone.
		{"2024-10-01 ?unsure", "malam|sore"},
		{"2024-10-02 ?unsure", "pagi"},
		// Nothing.
		{"vague", "dulu|tempo hari|beberapa hari lalu|beberapa minggu yang lalu|bulan ini|bulan lalu|tahun lalu|minggu ini|Oktober|oktober 2024|awal oktober|2024-10|kemarin-kemarin|kemarin2"},
		{"not_understood", "| |?|tidak tahu|dak tau|lewati|tebo|🙂|apa|081200000000|12345"},
	})
}

// In the small hours and in the evening the same words mean other days, or either.
func TestParseAroundMidnight(t *testing.T) {
	run(t, "2024-10-02 00:30", []row{
		{"2024-10-02 ?midnight alt 2024-10-01", "hari ini|barusan|tadi"},
		{"2024-10-01 ?midnight alt 2024-09-30", "kemarin|kemarin malam"},
		{"2024-10-01 ?midnight alt 2024-10-02", "tadi malam"},
		{"2024-10-01 ?unsure", "tadi pagi|tadi siang|tadi sore|semalam"},
		{"2024-10-01 23.30", "1 jam lalu"},
		{"2024-10-02 00.10", "20 menit lalu"},
		{"2024-10-01 ?no_year", "1/10"},
		{"2024-10-01", "malam rabu"},
		{"2024-10-02 ?midnight alt 2024-10-01", "malam ini"},
	})
	run(t, "2024-10-02 23:59", []row{
		{"2024-10-02", "hari ini|tadi|tadi siang|tadi sore|malam ini|tadi pagi"},
		{"2024-10-01 ?midnight alt 2024-10-02", "tadi malam"},
		{"2024-10-01", "kemarin"},
		{"2024-10-02 ?weekday alt 2024-09-25", "malam kamis"},
		{"2024-10-02 19.00", "hari ini jam 7 malam"},
		{"2024-10-02 19.00 ?time_only", "jam 7 malam"},
	})
	// 17:30 UTC is past midnight in WIB: the day is the zone's, not the clock's.
	run(t, "2024-10-03 00:30", []row{{"2024-10-02 ?midnight alt 2024-10-01", "kemarin"}, {"2024-10-03 ?no_year", "3/10"}})
}

func TestParseAcrossYearsAndMonths(t *testing.T) {
	run(t, "2025-01-01 09:00", []row{
		{"2024-12-31", "kemarin|tadi malam|selasa|malam rabu"},
		{"2024-12-30", "kemarin lusa|senin"},
		{"2024-12-31 ?no_year", "31/12|31 des|tanggal 31|31 Desember"},
		{"2025-01-01 ?no_year", "1/1|1 Januari|tgl 1"},
		{"2024-01-02 ?no_year", "2/1|2 jan"},
		{"2024-12-02 ?no_year", "tanggal 2"},
		{"2024-12-05", "tanggal 5 bulan lalu"},
		{"2024-12-01 ?unsure", "sebulan lalu"},
		{"2024-12-01 ?several alt 2024-12-31", "1 desember 2024 kemarin"},
	})
	run(t, "2024-03-31 09:00", []row{
		{"2024-02-29 ?unsure", "sebulan lalu|satu bulan lalu"},
		{"2024-02-29 ?no_year", "29/2"},
		{"2024-03-30 ?no_year", "tanggal 30"},
		{"2024-02-28", "tanggal 28 bulan lalu"},
		{"impossible", "tanggal 30 bulan lalu"},
	})
	run(t, "2023-03-01 09:00", []row{
		{"2023-02-28", "kemarin"},
		{"2020-02-29 ?no_year", "29/2"},
		{"2023-01-31 ?no_year", "tanggal 31"},
	})
}

func TestParseOtherZone(t *testing.T) {
	z, err := calendar.LoadZone("WIT")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2024, 10, 1, 20, 0, 0, 0, time.UTC) // 05.00 WIT on 2 October, 03.00 WIB
	if got := show(calendar.Parse("hari ini", now, z)); got != "2024-10-02" {
		t.Errorf("got %s", got)
	}
	g, ok := calendar.Parse("hari ini", now, calendar.Zone{})
	if !ok || !g.Day.Equal(time.Date(2024, 10, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("zero zone: %v", g)
	}
}

func TestParseKeepsText(t *testing.T) {
	z := wib(t)
	now := time.Date(2024, 10, 2, 3, 0, 0, 0, time.UTC)
	if g, _ := calendar.Parse("  tadi malam \n", now, z); g.Text != "tadi malam" {
		t.Errorf("text %q", g.Text)
	}
	if g, ok := calendar.Parse(" entah ", now, z); ok || g.Text != "entah" || !g.Day.IsZero() || g.Confirm {
		t.Errorf("%+v", g)
	}
	if g, ok := calendar.Parse("kemarin "+strings.Repeat("é", 50_000), now, z); !ok || len(g.Text) > 200 {
		t.Errorf("long text: %v, %d bytes", ok, len(g.Text))
	}
}
