package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/locales"
)

// environ makes an environment of name, value pairs.
func environ(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// writeText puts text into a new file and returns its path.
func writeText(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsRunTheTrainingNetwork(t *testing.T) {
	c, err := loadConfig(nil, environ())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.checkNetworks(); err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]any{
		"data":         {c.Data, "data"},
		"store":        {c.Store, "bolt:" + filepath.Join("data", "awas.db")},
		"key file":     {c.KeyFile, filepath.Join("data", "awas.key")},
		"http":         {c.HTTP, "127.0.0.1:8080"},
		"training":     {c.Training, true},
		"group":        {c.Coordinators.String(), "sim:koordinator"},
		"custodians":   {fmt.Sprint(c.Custodians), "[sim:penjaga]"},
		"admins":       {fmt.Sprint(c.Admins), "[sim:admin]"},
		"quiet period": {c.QuietPeriod, 15 * time.Second},
		"digest":       {c.Digest.String(), "CRON_TZ=Asia/Jakarta 0 18 * * *"},
		"max file":     {c.MaxFile, int64(20 << 20)},
		"limits":       {c.RateLimits, true},
		"prefix":       {c.Profile.TicketPrefix, "JBI"},
		"zone":         {c.Profile.Location().String(), "Asia/Jakarta"},
		"warnings":     {len(c.Warnings), 0},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %v, want %v", what, pair[0], pair[1])
		}
	}
}

func TestFlagsBeatEnvironmentBeatsFileBeatsDefaults(t *testing.T) {
	file := writeText(t, "awas.toml", "quiet_period = '2s'\nhttp = '127.0.0.1:1'\nrate_limits = false\nlog = 'warn'\n")
	env := environ("AWAS_CONFIG", file, "AWAS_QUIET_PERIOD", "3s", "AWAS_HTTP", "127.0.0.1:2")
	c, err := loadConfig(map[string]string{"quiet-period": "4s"}, env)
	if err != nil {
		t.Fatal(err)
	}
	if c.QuietPeriod != 4*time.Second || c.HTTP != "127.0.0.1:2" || c.RateLimits || c.LogLevel.String() != "WARN" || c.Data != "data" {
		t.Errorf("got %v, %s, %v, %v, %s", c.QuietPeriod, c.HTTP, c.RateLimits, c.LogLevel, c.Data)
	}
	// A file named by the flag counts, not the one of the environment.
	other := writeText(t, "other.toml", "quiet_period = '5s'\n")
	c, err = loadConfig(map[string]string{"config": other}, environ("AWAS_CONFIG", file))
	if err != nil || c.QuietPeriod != 5*time.Second {
		t.Errorf("got %v, %v", c.QuietPeriod, err)
	}
}

func TestEverySettingHasAllItsSpellings(t *testing.T) {
	say, err := locales.New("id")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range settings() {
		if seen[s.name] || strings.ToLower(s.name) != s.name || strings.ContainsAny(s.name, "_ ") {
			t.Errorf("bad name %q", s.name)
		}
		seen[s.name] = true
		if !say.Has(s.usage) || s.usage != "cli.setting."+s.key() {
			t.Errorf("%s: usage key %q", s.name, s.usage)
		}
	}
	for _, name := range []string{ // the contract with operators
		"AWAS_DATA", "AWAS_STORE", "AWAS_CONFIG", "AWAS_HTTP", "AWAS_KEY_FILE", "AWAS_TELEGRAM_TOKEN", "AWAS_TELEGRAM_API",
		"AWAS_TELEGRAM_WEBHOOK", "AWAS_WHATSAPP", "AWAS_COORDINATORS", "AWAS_ADMINS", "AWAS_CUSTODIANS", "AWAS_QUIET_PERIOD", "AWAS_DIGEST",
	} {
		if _, ok := settingBy(func(s setting) bool { return s.env() == name }); !ok {
			t.Errorf("%s is gone", name)
		}
	}
}

func TestBadValuesNameTheirSetting(t *testing.T) {
	const real = "AWAS_TELEGRAM_TOKEN=1:abc "
	for _, c := range []struct{ env, names string }{
		{"AWAS_HTTP=8080", "AWAS_HTTP"},
		{"AWAS_HTTP=localhost", "AWAS_HTTP"},
		{"AWAS_HTTP=127.0.0.1:99999", "AWAS_HTTP"},
		{"AWAS_HTTP=127.0.0.1:-1", "AWAS_HTTP"},
		{"AWAS_HTTP=127.0.0.1:http", "AWAS_HTTP"},
		{"AWAS_STORE=data/awas.db", "AWAS_STORE"},
		{"AWAS_STORE=sqlite:x", "AWAS_STORE"},
		{"AWAS_STORE=postgres://u:p@h/d", "AWAS_STORE"},
		{"AWAS_TELEGRAM_TOKEN=a/b", "AWAS_TELEGRAM_TOKEN"},
		{"AWAS_TELEGRAM_TOKEN=1:a?b", "AWAS_TELEGRAM_TOKEN"},
		{"AWAS_TELEGRAM_TOKEN_FILE=/does/not/exist", "AWAS_TELEGRAM_TOKEN_FILE"},
		{real + "AWAS_TELEGRAM_TOKEN_FILE=x", "AWAS_TELEGRAM_TOKEN_FILE"},
		{"AWAS_TELEGRAM_API=api.telegram.org", "AWAS_TELEGRAM_API"},
		{"AWAS_TELEGRAM_API=ftp://x", "AWAS_TELEGRAM_API"},
		{"AWAS_TELEGRAM_API=https://u:p@x", "AWAS_TELEGRAM_API"},
		{real + "AWAS_TELEGRAM_WEBHOOK=http://example.org/t", "AWAS_TELEGRAM_WEBHOOK"},
		{real + "AWAS_TELEGRAM_WEBHOOK=https://example.org", "AWAS_TELEGRAM_WEBHOOK"},
		{real + "AWAS_TELEGRAM_WEBHOOK=https://example.org/healthz", "AWAS_TELEGRAM_WEBHOOK"},
		{"AWAS_TELEGRAM_WEBHOOK=https://example.org/t", "AWAS_TELEGRAM_WEBHOOK"},
		{"AWAS_TELEGRAM_SECRET=two_words_é", "AWAS_TELEGRAM_SECRET"},
		{"AWAS_WHATSAPP_TEST=192.0.2.1:443;" + strings.Repeat("00", 32), "AWAS_WHATSAPP_TEST"},
		{"AWAS_WHATSAPP_TEST=localhost:1;" + strings.Repeat("00", 32), "AWAS_WHATSAPP_TEST"}, // a name may lead anywhere
		{"AWAS_WHATSAPP_TEST=127.0.0.1:1;00", "AWAS_WHATSAPP_TEST"},
		{"AWAS_COORDINATORS=whatsapp:120363000000000000@g.us", "AWAS_COORDINATORS"}, // it is off
		{"AWAS_WHATSAPP=true", "AWAS_WHATSAPP"},
		{"AWAS_COORDINATORS=-1001", "AWAS_COORDINATORS"},
		{"AWAS_COORDINATORS=signal:1", "AWAS_COORDINATORS"},
		{"AWAS_COORDINATORS=telegram:-1001", "AWAS_COORDINATORS"}, // no token
		{real + "AWAS_COORDINATORS=sim:koordinator", "AWAS_COORDINATORS"},
		{"AWAS_ADMINS=telegram:1,2", "AWAS_ADMINS"},
		{"AWAS_CUSTODIANS=telegram:1,dua", "AWAS_CUSTODIANS"},
		{"AWAS_QUIET_PERIOD=15", "AWAS_QUIET_PERIOD"},
		{"AWAS_QUIET_PERIOD=0s", "AWAS_QUIET_PERIOD"},
		{"AWAS_QUIET_PERIOD=-1s", "AWAS_QUIET_PERIOD"},
		{"AWAS_QUIET_PERIOD=999us", "AWAS_QUIET_PERIOD"},
		{"AWAS_DIGEST=18:00", "AWAS_DIGEST"},
		{"AWAS_DIGEST=TZ=0", "AWAS_DIGEST"}, // the library panics
		{"AWAS_DIGEST=CRON_TZ=0", "AWAS_DIGEST"},
		{"AWAS_DIGEST=CRON_TZ=Jambi 0 18 * * *", "AWAS_DIGEST"},
		{"AWAS_DIGEST=0 18 30 2 *", "AWAS_DIGEST"}, // never
		{"AWAS_TRAINING=ya", "AWAS_TRAINING"},
		{"AWAS_TRAINING=off", "AWAS_TRAINING"}, // nothing left to run
		{"AWAS_MAX_FILE=0", "AWAS_MAX_FILE"},
		{"AWAS_MAX_FILE=20 TB", "AWAS_MAX_FILE"},
		{"AWAS_MAX_FILE=-5MB", "AWAS_MAX_FILE"},
		{"AWAS_RATE_LIMITS=yes", "AWAS_RATE_LIMITS"},
		{"AWAS_LANGUAGE=jv", "AWAS_LANGUAGE"},
		{"AWAS_LOG=loud", "AWAS_LOG"},
		{"AWAS_LOG=INFO+1", "AWAS_LOG"},
		{"AWAS_CONFIG=/does/not/exist", "AWAS_CONFIG"},
	} {
		t.Run(c.env, func(t *testing.T) {
			dir := t.TempDir()
			pairs := []string{"AWAS_DATA", dir}
			for rest := c.env; rest != ""; {
				var one string
				one, rest, _ = strings.Cut(rest, " AWAS_")
				if rest != "" {
					rest = "AWAS_" + rest
				}
				name, value, _ := strings.Cut(one, "=")
				pairs = append(pairs, name, value)
			}
			out := play(t, environ(pairs...))
			if out.code != exitUsage || !out.oneLine() || !strings.Contains(out.err, c.names) {
				t.Errorf("exit %d, stderr %q; want 2 and one line with %s", out.code, out.err, c.names)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
				t.Errorf("a refused configuration left %v, %v", left, err)
			}
		})
	}
}

func TestBadFilesNameLineOrKey(t *testing.T) {
	for name, c := range map[string]struct{ text, names string }{
		"syntax":             {"http = '127.0.0.1:0'\nlog = \n", "2"},
		"unknown setting":    {"quietperiod = '1s'\n", "quietperiod"},
		"unknown table":      {"[telegram]\ntoken = 'x'\n", "telegram"},
		"config inside":      {"config = 'other.toml'\n", "config"},
		"list":               {"admins = ['sim:admin']\n", "admins"},
		"unknown profile":    {"[profil]\nnama_provinsi = 'x'\n", "profil.nama_provinsi"},
		"unknown in contact": {"[[profil.kontak]]\nkunci = 'a'\nnomor = '1'\n", "nomor"},
		"profile type":       {"[profil]\nnama = 5\n", "nama"},
		"prefix":             {"[profil]\nawalan_tiket = 'jbi-1'\n", "profil.awalan_tiket"},
		"zone":               {"[profil]\nzona_waktu = 'WIB'\n", "profil.zona_waktu"},
		"zone of machine":    {"[profil]\nzona_waktu = 'Local'\n", "profil.zona_waktu"},
		"nobody runs it":     {"[profil]\npenyelenggara = []\n", "profil.penyelenggara"},
		"retention":          {"[profil.retensi]\nidentitas_hari = 0\n", "profil.retensi"},
		"contact unverified": {"[[profil.kontak]]\nkunci = 'a'\nnama = 'b'\nsumber = 'c'\n", "profil.kontak"},
		"no such table":      {"[profil]\ntabel_wilayah = 'tidak-ada.csv'\n", "tabel_wilayah"},
		"value":              {"quiet_period = 'lama'\n", "quiet_period"},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeText(t, "awas.toml", c.text)
			out := play(t, environ("AWAS_CONFIG", path))
			if out.code != exitUsage || !out.oneLine() || !strings.Contains(out.err, c.names) || !strings.Contains(out.err, path) {
				t.Errorf("exit %d, stderr %q; want 2, the file and %s", out.code, out.err, c.names)
			}
		})
	}
}

func TestProfileOfAnotherProvince(t *testing.T) {
	path := writeText(t, "sumbar.toml", `
[profil]
nama = "Provinsi Contoh"
awalan_tiket = "CTH"
zona_waktu = "Asia/Jayapura"
singkatan_waktu = "WIT"
penyelenggara = ["Satu"]
tabel_wilayah = "wilayah.csv"
[[profil.kontak]]
kunci = "bawaslu"
nama = "Bawaslu Contoh"
sumber = "uji"
terakhir_diverifikasi = 2026-01-02
`)
	table := filepath.Join(filepath.Dir(path), "wilayah.csv")
	if err := os.WriteFile(table, []byte("kode,nama,jenis,kode_induk\n91,Contoh,provinsi,\n91.71,Kota Contoh,kota,91\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(map[string]string{"config": path, "digest": "0 7 * * 1"}, environ())
	if err != nil {
		t.Fatal(err)
	}
	p := c.Profile
	if p.TicketPrefix != "CTH" || len(p.Organisations) != 1 || p.Regions != table || p.Retention.Identity != 90 {
		t.Errorf("got %+v", p)
	}
	if contact, ok := p.Contact("bawaslu"); !ok || contact.Phone != "" || len(p.Contacts) != 1 {
		t.Errorf("lists must be replaced whole, got %+v", p.Contacts)
	}
	// The built-in routes hold there too, with that province's bodies and without Jambi's contacts.
	for code, contacts := range map[string]int{"BAWASLU_PROV": 0, "BAWASLU_91.71": 0, "POLRES_91.71": 0, "POLRI_110": 1} {
		if o, ok := c.Routing.Organisation(code); !ok || len(o.Contacts) != contacts {
			t.Errorf("%s: %+v", code, o)
		}
	}
	if o, ok := c.Routing.Organisation("POLRES_KERINCI"); ok {
		t.Errorf("Jambi's %s is left", o.Code)
	}
	if _, ok := p.Contact("komdigi"); ok {
		t.Error("a contact of Jambi is left")
	}
	// 07.00 in the profile's zone, UTC+9, is 22.00 UTC of the day before.
	if next := c.Digest.Next(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)); next.Hour() != 22 {
		t.Errorf("digest at %v", next)
	}
}

func TestBuiltInProfileIsWhole(t *testing.T) {
	f, err := builtinConfig()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.profile.check("profil/jambi.toml"); err != nil {
		t.Error(err)
	}
	// A copy of it is a valid configuration file.
	if _, err := loadConfig(map[string]string{"config": "profil/jambi.toml"}, environ()); err != nil {
		t.Error(err)
	}
}

func TestRealNetworkTurnsTrainingOff(t *testing.T) {
	for _, c := range []struct {
		training string
		on       bool
		warnings string
	}{
		{"", false, "[coordinators_missing admins_missing]"},
		{"auto", false, "[coordinators_missing admins_missing]"},
		{"on", true, "[coordinators_missing admins_missing]"},
	} {
		got, err := loadConfig(nil, environ("AWAS_TELEGRAM_TOKEN", "1:abc", "AWAS_TRAINING", c.training))
		if err != nil || got.Training != c.on || fmt.Sprint(got.Warnings) != c.warnings || !got.Coordinators.IsZero() {
			t.Errorf("training=%q: %v, %v, %v, %v", c.training, got.Training, got.Warnings, got.Coordinators, err)
		}
	}
	got, err := loadConfig(nil, environ("AWAS_TELEGRAM_TOKEN", "1:abc", "AWAS_ADMINS", "telegram:1, sim:admin,,telegram:1",
		"AWAS_COORDINATORS", "telegram:-1001", "AWAS_TELEGRAM_API", "http://192.0.2.1:81/", "AWAS_TRAINING", "on", "AWAS_HTTP", ":0", "AWAS_RATE_LIMITS", "off"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Admins) != 2 || got.Coordinators != (bot.Address{Network: bot.Telegram, Chat: "-1001"}) || got.TelegramAPI != "http://192.0.2.1:81" {
		t.Errorf("got %v, %v, %s", got.Admins, got.Coordinators, got.TelegramAPI)
	}
	if want := "[training_page_open_to_network telegram_api_not_encrypted rate_limits_off]"; fmt.Sprint(got.Warnings) != want {
		t.Errorf("warnings %v, want %s", got.Warnings, want)
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	const token = "12345:very-secret-token"
	file := writeText(t, "token", token+"\n")
	const hook = "another-very-private-word"
	c, err := loadConfig(nil, environ("AWAS_TELEGRAM_TOKEN_FILE", file, "AWAS_TELEGRAM_WEBHOOK", "https://example.org/t", "AWAS_TELEGRAM_SECRET", hook))
	if err != nil {
		t.Fatal(err)
	}
	if string(c.TelegramToken) != token || string(c.TelegramSecret) != hook {
		t.Error("token or secret not read")
	}
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(form, c); strings.Contains(text, "very-secret") || strings.Contains(text, string(c.TelegramSecret)) {
			t.Errorf("%s shows a secret", form)
		}
	}
	out := play(t, environ("AWAS_TELEGRAM_TOKEN", token+"/"))
	if out.code != exitUsage || strings.Contains(out.err, "very-secret") {
		t.Errorf("exit %d, %q", out.code, out.err)
	}
	empty := writeText(t, "empty", "\n")
	if out := play(t, environ("AWAS_TELEGRAM_TOKEN_FILE", empty)); out.code != exitUsage {
		t.Errorf("an empty token file: exit %d", out.code)
	}
}
