package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/locales"
)

// ownElection is a whole configuration of elections, in which a test breaks one line.
const ownElection = `# contoh
http = "127.0.0.1:0"

[janji]
ambil = "3h"
sumber = "rapat"
terakhir_diverifikasi = 2026-11-01

[[libur]]
nama = "Lebaran"
dari = 2030-02-04
sampai = 2030-02-08
sumber = "SKB"
terakhir_diverifikasi = 2029-10-01

[[pemilihan]]
kode = "pilkades"
nama = "Pilkades"
jenis = "pemilu"

[[pemilihan]]
kode = "pilkada-2031"
nama = "Pilkada 2031"
jenis = "pilkada"

[pemilihan.laporan]
hari_lapor = 5
hitung_hari_pertama = false
jenis_hari = "kerja"
pengingat = ["6h", "30h"]
sumber = "UU baru"
terakhir_diverifikasi = 2030-01-01

[pemilihan.penanganan]
tambahan_hari = 4
sumber = "UU baru"
terakhir_diverifikasi = 2030-01-01

[pemilihan.jam_layanan]
sabtu = "09.00-12.00"
jumat = "tutup"
paling_lambat = "15.30"
sumber = "UU baru"
terakhir_diverifikasi = 2030-01-01

[pemilihan.jam_layanan.fase]
PSU = "00.00-24.00"

[[pemilihan.fase]]
fase = "KAMPANYE"
dari = 2031-09-01
sampai = 2031-10-31
sumber = "PKPU"
terakhir_diverifikasi = 2030-12-31

[[pemilihan.fase]]
fase = "PSU"
dari = 2031-10-05
sampai = 2031-10-05
wilayah = ["15.08", "15.72"]
sumber = "PKPU"
terakhir_diverifikasi = 2030-12-31

[[pemilihan.peserta]]
kode = "01"
nama = "Satu"
wilayah = "15.08"
sumber = "KPU"
terakhir_diverifikasi = 2030-12-31
`

func loadFile(t *testing.T, text string) (Config, error) {
	t.Helper()
	return loadConfig(map[string]string{"config": writeText(t, "awas.toml", text)}, environ())
}

func TestBuiltInElections(t *testing.T) {
	c, err := loadConfig(nil, environ())
	if err != nil {
		t.Fatal(err)
	}
	wib := c.Profile.Location()
	for _, x := range []struct {
		at, region, code string
		phase            bot.Phase
	}{
		{"2024-10-01 12:00", "15.09", "pilkada-2024", bot.Campaign},
		{"2024-11-24 00:00", "", "pilkada-2024", bot.Silence},
		{"2024-11-27 23:59", "15.71", "pilkada-2024", bot.Voting},
		{"2025-04-05 08:00", "15.08", "pilkada-2024", bot.Revote},
		{"2025-04-05 08:00", "15.09", "pilkada-2024", bot.NoPhase},
		{"2024-02-14 08:00", "15.09", "pemilu-2024", bot.Voting},
		{"2026-11-24 08:00", "15.09", "pilkada-2024", bot.NoPhase},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", x.at, wib)
		if err != nil {
			t.Fatal(err)
		}
		e, ok := c.Elections.For(at, x.region)
		if !ok || e.Code != x.code || e.PhaseAt(at, x.region) != x.phase {
			t.Errorf("%s in %q: %s %s, want %s %s", x.at, x.region, e.Code, e.PhaseAt(at, x.region), x.code, x.phase)
		}
	}
	for known, want := range map[string]string{ // the examples of the handbook, and Lebaran
		"2024-10-01": "Mon 7 Oct 16:00, Tue 8 Oct", "2024-09-30": "Fri 4 Oct 16:00, Mon 7 Oct", "2025-03-25": "Thu 27 Mar 16:00, Tue 1 Apr",
	} {
		at, err := time.ParseInLocation(time.DateOnly, known, wib)
		if err != nil {
			t.Fatal(err)
		}
		e, _ := c.Elections.For(at, "15.09")
		d := e.ReportDeadline(at, at, "15.09")
		if got := d.Safe.Format("Mon 2 Jan 15:04, ") + d.Last.Format("Mon 2 Jan"); got != want {
			t.Errorf("known %s: %s, want %s", known, got, want)
		}
	}
	if p := c.Promises; p.Lease != (bot.Promise{Within: 2 * time.Hour, Warn: 15 * time.Minute}) || p.Inquiry.Within != 24*time.Hour ||
		p.Privacy.Within != 72*time.Hour || p.FirstAnswer.Within <= 0 || p.Source.Text == "" {
		t.Errorf("promises %+v", p)
	}
}

// Every figure that is shipped names its source and when it was last compared, not in the future.
func TestBuiltInFiguresHaveASource(t *testing.T) {
	c, err := loadConfig(nil, environ())
	if err != nil {
		t.Fatal(err)
	}
	var all []bot.Source
	regency := c.Profile.regencies()
	for _, e := range c.Elections {
		all = append(all, e.Report.Source, e.Completion.Source, e.Handling.Source, e.Service.Source)
		for _, s := range e.Spans {
			all = append(all, s.Source)
			for _, a := range s.Areas {
				if !regency(a) {
					t.Errorf("%s: no area %s", e.Code, a)
				}
			}
		}
		for _, h := range e.Holidays {
			all = append(all, h.Source)
		}
		if e.Report.Days == 0 || e.Completion.Days == 0 || e.Handling.Days == 0 || len(e.Reminders) == 0 || e.Zone != c.Profile.Location() && e.Zone.String() != c.Profile.Zone {
			t.Errorf("%s is not whole: %+v", e.Code, e)
		}
	}
	for _, s := range all {
		if s.Text == "" || s.Verified == 0 || s.Verified > bot.NewDay(2026, 11, 24) {
			t.Errorf("source %+v", s)
		}
	}
	if len(all) < 60 {
		t.Errorf("%d sources", len(all))
	}
}

func TestOwnElection(t *testing.T) {
	c, err := loadFile(t, ownElection)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Elections) != 2 || len(c.Elections[0].Spans) != 0 || len(c.Elections[0].Holidays) != 1 || c.Elections[0].Report.Kind != bot.WorkingDays {
		t.Errorf("%+v", c.Elections)
	}
	e := c.Elections[1]
	if e.Report.Days != 5 || e.Report.CountFirst || e.Report.Kind != bot.WorkingDays || fmt.Sprint(e.Reminders) != "[30h0m0s 6h0m0s]" {
		t.Errorf("report %+v, %v", e.Report, e.Reminders)
	}
	if e.Handling.Days != 3 || e.Handling.Extra != 4 || e.Completion.Days != 2 {
		t.Errorf("what was not said must stay: %+v, %+v", e.Handling, e.Completion)
	}
	if w := e.Service.Week; !w[time.Friday].Closed() || w[time.Saturday].Close != 12*time.Hour || w[time.Monday].Open != 8*time.Hour {
		t.Errorf("week %v", w)
	}
	if p := e.Service.Phases; len(p) != 3 || p[bot.Revote].Close != 24*time.Hour {
		t.Errorf("phases %v", p)
	}
	if other := c.Elections[0].Service.Phases; len(other) != 0 {
		t.Errorf("one election's hours became another's: %v", other)
	}
	if c.Promises.Lease.Within != 3*time.Hour || c.Promises.Lease.Warn != 15*time.Minute || c.Promises.Inquiry.Within != 24*time.Hour {
		t.Errorf("promises %+v", c.Promises)
	}
	if s := e.SidesIn("15.08"); len(s) != 1 || s[0].Name != "Satu" || len(e.SidesIn("15.09")) != 0 {
		t.Errorf("sides %v", s)
	}
}

func TestElectionsOfOtherFiles(t *testing.T) {
	c, err := loadFile(t, "[profil]\nzona_waktu = 'Asia/Jayapura'\nsingkatan_waktu = 'WIT'\n")
	if err != nil || len(c.Elections) != 2 || c.Elections[0].Zone.String() != "Asia/Jayapura" {
		t.Errorf("built-in elections keep the zone of Jambi: %v", err)
	}
	if c, err = loadFile(t, "pemilihan = []\nlibur = []\n"); err != nil || len(c.Elections) != 0 {
		t.Errorf("no elections: %v, %v", c.Elections, err)
	}
	if c, err = loadFile(t, "[[libur]]\nnama='x'\ndari=2026-01-02\nsampai=2026-01-02\nsumber='x'\nterakhir_diverifikasi=2026-01-01\n"); err != nil ||
		len(c.Elections) != 2 || len(c.Elections[1].Holidays) != 1 {
		t.Errorf("own holidays for built-in elections: %v", err)
	}
	if c, err = loadFile(t, "libur = []\n[[pemilihan]]\nkode='a'\nnama='A'\njenis='pilkada'\nfase=[{fase='PRA',dari=2030-01-01,sampai=2030-01-02,sumber='x',terakhir_diverifikasi=2026-01-01}]\n"); err != nil ||
		len(c.Elections[0].Spans) != 1 || len(c.Elections[0].Holidays) != 0 {
		t.Errorf("tables written in one line: %v", err)
	}
	// Area codes are those of the profile's own table.
	path := writeText(t, "awas.toml", "[profil]\ntabel_wilayah = 'w.csv'\n"+strings.TrimPrefix(ownElection, "# contoh\nhttp = \"127.0.0.1:0\"\n"))
	table := "kode,nama,jenis,kode_induk\n15,Provinsi Contoh,provinsi,\n15.08,Kabupaten Satu,kabupaten,15\n"
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "w.csv"), []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := play(t, environ("AWAS_CONFIG", path)); out.code != exitUsage || !strings.Contains(out.err, `"15.72"`) {
		t.Errorf("exit %d, %q", out.code, out.err)
	}
}

func TestBadElectionsNameFileLineAndKey(t *testing.T) {
	speech, err := locales.New(locales.Default)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, key, says string }{
		"no code":             {`kode = "pilkada-2031"`, ``, "pemilihan.kode", "belum diisi"},
		"code":                {`"pilkada-2031"`, `"Pilkada 2031"`, "pemilihan.kode", "huruf kecil"},
		"code twice":          {`"pilkada-2031"`, `"pilkades"`, "pemilihan.kode", "sudah dipakai"},
		"no name":             {`nama = "Pilkada 2031"`, `nama = " "`, "pemilihan.nama", "teks"},
		"kind":                {`jenis = "pilkada"`, `jenis = "pileg"`, "pemilihan.jenis", "pilkada pemilu"},
		"kind type":           {`jenis = "pilkada"`, `jenis = 1`, "pemilihan.jenis", "teks"},
		"unknown key":         {`jenis = "pilkada"`, "jenis = \"pilkada\"\nnomor = 1", "pemilihan.nomor", "tidak dikenal"},
		"unknown table":       {`[pemilihan.penanganan]`, `[pemilihan.penangan]`, "pemilihan.penangan", "tidak dikenal"},
		"days 0":              {`hari_lapor = 5`, `hari_lapor = 0`, "pemilihan.laporan.hari_lapor", "1 sampai 30"},
		"days 31":             {`hari_lapor = 5`, `hari_lapor = 31`, "pemilihan.laporan.hari_lapor", "1 sampai 30"},
		"days as text":        {`hari_lapor = 5`, `hari_lapor = "5"`, "pemilihan.laporan.hari_lapor", "angka"},
		"flag":                {`pertama = false`, `pertama = "tidak"`, "pemilihan.laporan.hitung_hari_pertama", "true"},
		"kind of days":        {`"kerja"`, `"libur"`, "pemilihan.laporan.jenis_hari", "kalender kerja"},
		"reminder":            {`"30h"`, `"2 hari"`, "pemilihan.laporan.pengingat", "48h"},
		"reminder in seconds": {`"30h"`, `"30s"`, "pemilihan.laporan.pengingat", "720h"},
		"reminders":           {`["6h", "30h"]`, `"6h"`, "pemilihan.laporan.pengingat", "daftar"},
		"group without source": {"[pemilihan.penanganan]\ntambahan_hari = 4\nsumber = \"UU baru\"", "[pemilihan.penanganan]\ntambahan_hari = 4",
			"pemilihan.penanganan.sumber", "belum diisi"},
		"never verified":     {"terakhir_diverifikasi = 2029-10-01", "", "libur.terakhir_diverifikasi", "belum diisi"},
		"verified as text":   {"2029-10-01", `"2029-10-01"`, "libur.terakhir_diverifikasi", "tanggal"},
		"handling":           {"tambahan_hari = 4", "tambahan_hari = -1", "pemilihan.penanganan.tambahan_hari", "0 sampai 60"},
		"hours":              {`"09.00-12.00"`, `"09:00-12:00"`, "pemilihan.jam_layanan.sabtu", "08.00-16.00"},
		"hours backwards":    {`"09.00-12.00"`, `"12.00-09.00"`, "pemilihan.jam_layanan.sabtu", "08.00-16.00"},
		"hour 25":            {`"09.00-12.00"`, `"09.00-25.00"`, "pemilihan.jam_layanan.sabtu", "08.00-16.00"},
		"hours after 24":     {`"00.00-24.00"`, `"00.00-24.30"`, "pemilihan.jam_layanan.fase.PSU", "08.00-16.00"},
		"latest":             {`"15.30"`, `"sore"`, "pemilihan.jam_layanan.paling_lambat", "16.00"},
		"latest too early":   {`"15.30"`, `"09.00"`, "pemilihan.jam_layanan.paling_lambat", "16.00"},
		"hours of no phase":  {`PSU = "00`, `HARI_H = "00`, "pemilihan.jam_layanan.fase.HARI_H", "tidak dikenal"},
		"never open":         {`sabtu = "09.00-12.00"`, "senin=\"tutup\"\nselasa=\"tutup\"\nrabu=\"tutup\"\nkamis=\"tutup\"", "pemilihan.jam_layanan.senin", "tutup"},
		"phase":              {`fase = "PSU"`, `fase = "HARI_H"`, "pemilihan.fase.fase", "MASA_TENANG"},
		"no phase for all":   {`fase = "KAMPANYE"`, `fase = "NON_TAHAPAN"`, "pemilihan.fase.fase", "MASA_TENANG"},
		"backwards":          {"sampai = 2031-10-31", "sampai = 2031-08-31", "pemilihan.fase.sampai", "2031-09-01"},
		"a slip in the year": {"sampai = 2031-10-31", "sampai = 2041-10-31", "pemilihan.fase.sampai", "800"},
		"date and time":      {"dari = 2031-09-01", "dari = 2031-09-01T00:00:00", "pemilihan.fase.dari", "tanggal"},
		"area":               {`"15.72"`, `"15.73"`, "pemilihan.fase.wilayah", "15.73"},
		"area is a province": {`"15.72"`, `"15"`, "pemilihan.fase.wilayah", `"15"`},
		"area of BPS":        {`"15.72"`, `"1572"`, "pemilihan.fase.wilayah", "1572"},
		"areas as text":      {`["15.08", "15.72"]`, `"15.08"`, "pemilihan.fase.wilayah", "daftar"},
		"areas as numbers":   {`["15.08", "15.72"]`, `[15.08]`, "pemilihan.fase.wilayah", "daftar"},
		"phases as text":     {"[[pemilihan.peserta]]", "[[pemilihan]]\nkode = \"x\"\nnama = \"x\"\njenis = \"pemilu\"\nfase = \"KAMPANYE\"\n[[pemilihan.peserta]]", "pemilihan.fase", "[[pemilihan.fase]]"},
		"phases as texts":    {"[[pemilihan.peserta]]", "[[pemilihan]]\nkode = \"x\"\nnama = \"x\"\njenis = \"pemilu\"\nfase = [\"KAMPANYE\"]\n[[pemilihan.peserta]]", "pemilihan.fase", "[[pemilihan.fase]]"},
		"overlap":            {`wilayah = ["15.08", "15.72"]`, ``, "pemilihan.fase.dari", "2031-10-05"},
		"overlap in an area": {"[[pemilihan.peserta]]", "[[pemilihan.fase]]\nfase = \"SENGKETA\"\ndari = 2031-10-01\nsampai = 2031-10-05\nwilayah = [\"15.72\"]\nsumber = \"x\"\nterakhir_diverifikasi = 2030-01-01\n[[pemilihan.peserta]]",
			"pemilihan.fase.dari", "SENGKETA berlaku pada 2031-10-05"},
		"side":              {`wilayah = "15.08"`, `wilayah = "15.99"`, "pemilihan.peserta.wilayah", "15.99"},
		"side without name": {`nama = "Satu"`, ``, "pemilihan.peserta.nama", "belum diisi"},
		"holiday backwards": {"sampai = 2030-02-08", "sampai = 2030-02-01", "libur.sampai", "2030-02-04"},
		"holiday of a year": {"sampai = 2030-02-08", "sampai = 2031-02-08", "libur.sampai", "31"},
		"holiday key":       {`nama = "Lebaran"`, "nama = \"Lebaran\"\ntanggal = 1", "libur.tanggal", "tidak dikenal"},
		"promise":           {`ambil = "3h"`, `ambil = "3"`, "janji.ambil", "48h"},
		"promise too short": {`ambil = "3h"`, `ambil = "10m"`, "janji.ambil_ingatkan", "10m"},
		"promise of what":   {`ambil = "3h"`, `mengambil = "3h"`, "janji.mengambil", "tidak dikenal"},
		"promises as text":  {"[janji]\nambil = \"3h\"\nsumber = \"rapat\"\nterakhir_diverifikasi = 2026-11-01", "janji = 'ada'", "janji", "tabel [janji]"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(ownElection, c.old, c.new, 1)
			if text == ownElection {
				t.Fatal("nothing was changed")
			}
			path := writeText(t, "awas.toml", text)
			_, err := loadConfig(map[string]string{"config": path}, environ())
			var u usageError
			if !errors.As(err, &u) || u.Args["key"] != c.key || u.Args["file"] != path {
				t.Fatalf("%v with %v, want a usage error about %s", err, u.UserError, c.key)
			}
			said := speech.Text(u.Key, args(u)...)
			if strings.Contains(said, "{") || strings.Contains(said, "\n") || !strings.Contains(said, c.says) {
				t.Errorf("%q, want %q in it", said, c.says)
			}
			// The line is that of the key, or of the header of the table that lacks it.
			line, _ := u.Args["line"].(int)
			at := strings.Split(text, "\n")[line-1]
			names := strings.Split(c.key, ".")
			key, table := names[len(names)-1], strings.Join(names[:len(names)-1], ".")
			if !strings.HasPrefix(at, key) && !strings.Contains(at, "["+table+"]") && !strings.Contains(at, "["+c.key+"]") {
				t.Errorf("line %d is %q, which is not about %s", line, at, c.key)
			}
			if c.new != "" && strings.HasPrefix(c.new, key) && !strings.Contains(at, strings.Split(c.new, "\n")[0]) {
				t.Errorf("line %d is %q, want the one of %q", line, at, c.new)
			}
		})
	}
	// All the way: one line, exit code 2, nothing written.
	path, data := writeText(t, "awas.toml", strings.Replace(ownElection, "hari_lapor = 5", "hari_lapor = 50", 1)), t.TempDir()
	out := play(t, environ("AWAS_CONFIG", path, "AWAS_DATA", data))
	if out.code != exitUsage || !out.oneLine() || !strings.Contains(out.err, path+", baris 27: pemilihan.laporan.hari_lapor") {
		t.Errorf("exit %d, %q", out.code, out.err)
	}
	if left, err := os.ReadDir(data); err != nil || len(left) != 0 {
		t.Errorf("a refused configuration left %v, %v", left, err)
	}
}

// args makes a usage error's values into pairs.
func args(u usageError) (pairs []any) {
	for name, value := range u.Args {
		pairs = append(pairs, name, value)
	}
	return pairs
}
