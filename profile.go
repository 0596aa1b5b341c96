package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/BurntSushi/toml"

	"awassiber/bot/gazetteer"
)

// jambi is the profile in force while no configuration file says otherwise.
//
//go:embed profil/jambi.toml
var jambi []byte

// Profile is what an organisation sets once for its province: who runs the bot, how tickets look,
// which places and contacts there are. It is the [profil] table of the configuration file; keys
// are Indonesian because the people who fill it in are. A file overrides the built-in profile of
// Jambi key by key; lists are replaced whole.
type Profile struct {
	Name string `toml:"nama"`
	// Organisations run the bot, as citizens are told in the welcome and the privacy notice.
	Organisations []string `toml:"penyelenggara"`
	// TicketPrefix begins every ticket number: 2 to 5 capital letters.
	TicketPrefix string `toml:"awalan_tiket"`
	// Zone is the IANA name of the time zone, ZoneName what people call it ("WIB").
	Zone     string `toml:"zona_waktu"`
	ZoneName string `toml:"singkatan_waktu"`
	// Regions and Aliases are CSV files in the form of the built-in tables; empty means those.
	Regions   string    `toml:"tabel_wilayah"`
	Aliases   string    `toml:"tabel_alias"`
	Retention Retention `toml:"retensi"`
	Contacts  []Contact `toml:"kontak"`
}

// Retention is how long data is kept, in days, as the privacy notice says it.
type Retention struct {
	Identity int       `toml:"identitas_hari"` // after the case is finished
	Tips     int       `toml:"laporan_hari"`   // tips without identity
	Source   string    `toml:"sumber"`
	Verified time.Time `toml:"terakhir_diverifikasi"`
}

// Contact is an office people are pointed to. Source and Verified are required: a number nobody
// checked is worse than none.
type Contact struct {
	Key      string    `toml:"kunci"` // what sentences refer to: "bawaslu"
	Name     string    `toml:"nama"`
	For      string    `toml:"untuk"`
	Phone    string    `toml:"telepon"`
	Mail     string    `toml:"surel"`
	Link     string    `toml:"tautan"`
	Hours    string    `toml:"jam"`
	Source   string    `toml:"sumber"`
	Verified time.Time `toml:"terakhir_diverifikasi"`
}

// Contact returns the contact with that key; ok is false if the profile has none.
func (p Profile) Contact(key string) (c Contact, ok bool) {
	i := slices.IndexFunc(p.Contacts, func(c Contact) bool { return c.Key == key })
	if i < 0 {
		return Contact{}, false
	}
	return p.Contacts[i], true
}

// places loads the tables of the profile, or the built-in ones.
func (p Profile) places() (*gazetteer.Gazetteer, error) {
	if p.Regions == "" {
		return gazetteer.Jambi()
	}
	regions, err := os.Open(p.Regions)
	if err != nil {
		return nil, err
	}
	defer regions.Close()
	var aliases io.Reader
	if p.Aliases != "" {
		f, err := os.Open(p.Aliases)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		aliases = f
	}
	return gazetteer.Load(regions, aliases, nil)
}

// regencies returns a test for codes of kabupaten and kota. Tables that cannot be read are the
// start's business, which says so; until then every code is accepted.
func (p Profile) regencies() func(code string) bool {
	places := sync.OnceValues(p.places)
	return func(code string) bool {
		g, err := places()
		return err != nil || slices.ContainsFunc(g.Regencies(), func(a gazetteer.Area) bool { return a.Code == code })
	}
}

// Location is the profile's time zone. The name was checked when the profile was loaded.
func (p Profile) Location() *time.Location {
	loc, err := time.LoadLocation(p.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// configFile is a configuration file, read: the settings on its top level as text, the profile, and
// what it says about elections, organisations and routes.
type configFile struct {
	settings  map[string]string
	profile   Profile
	electoral electoral
	rules     ruleSet
}

// builtinConfig is what holds without a file.
func builtinConfig() (configFile, error) {
	var base struct {
		Profile Profile `toml:"profil"`
	}
	if err := toml.Unmarshal(jambi, &base); err != nil {
		return configFile{}, fmt.Errorf("built-in profile: %w", err)
	}
	elections, err := builtinElectoral()
	if err != nil {
		return configFile{}, fmt.Errorf("built-in elections: %w", err)
	}
	rules, err := builtinRuleSet()
	if err != nil {
		return configFile{}, fmt.Errorf("built-in routes: %w", err)
	}
	return configFile{profile: base.Profile, electoral: elections, rules: rules}, nil
}

// readConfig reads the file at path over the built-in profile. Unknown keys are errors: a typing
// mistake must not silently leave a default in force.
func readConfig(path string) (configFile, error) {
	f, err := builtinConfig()
	if err != nil {
		return f, err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return f, usage("cli.bad.config", "setting", "AWAS_CONFIG", "cause", err.Error())
	}
	var top map[string]any
	meta, err := toml.Decode(string(raw), &top)
	if err != nil {
		return f, badTOML(path, err)
	}
	elections, rules := cut(top, electoralKeys()), cut(top, ruleKeys())
	delete(top, "profil")
	if f.settings, err = fileSettings(path, top); err != nil {
		return f, err
	}
	over := struct {
		Profile *Profile `toml:"profil"`
	}{&f.profile}
	// The decoder fills an existing slice element by element, which would mix two lists.
	if meta.IsDefined("profil", "kontak") {
		f.profile.Contacts = nil
	}
	if meta.IsDefined("profil", "penyelenggara") {
		f.profile.Organisations = nil
	}
	if meta, err = toml.Decode(string(raw), &over); err != nil {
		return f, badTOML(path, err)
	}
	for _, k := range meta.Undecoded() {
		if k[0] == "profil" {
			return f, usage("cli.bad.unknown_key", "file", path, "key", k.String())
		}
	}
	if err := f.profile.check(path); err != nil {
		return f, err
	}
	if f.electoral, err = readElectoral(path, string(raw), elections, f.electoral, f.profile.regencies()); err != nil {
		return f, err
	}
	f.rules, err = readRules(path, string(raw), rules, f.rules)
	return f, err
}

// cut takes keys out of a file's top level.
func cut(top map[string]any, keys []string) map[string]any {
	out := map[string]any{}
	for _, key := range keys {
		if v, ok := top[key]; ok {
			out[key] = v
		}
		delete(top, key)
	}
	return out
}

// fileSettings turns the top level of a file into setting values by setting name.
func fileSettings(path string, top map[string]any) (map[string]string, error) {
	out := map[string]string{}
	for key, v := range top {
		s, ok := settingByKey(key)
		if !ok || s.name == "config" {
			return nil, usage("cli.bad.unknown_key", "file", path, "key", key)
		}
		switch v := v.(type) {
		case string:
			out[s.name] = v
		case int64:
			out[s.name] = fmt.Sprint(v)
		case bool:
			out[s.name] = map[bool]string{true: "on", false: "off"}[v]
		default:
			return nil, usage("cli.bad.type", "file", path, "key", key)
		}
	}
	return out, nil
}

func badTOML(path string, err error) error {
	var p toml.ParseError
	if errors.As(err, &p) {
		return usage("cli.bad.toml", "file", path, "line", p.Position.Line, "cause", p.Message)
	}
	return usage("cli.bad.toml_plain", "file", path, "cause", err.Error())
}

var ticketPrefix = regexp.MustCompile(`^[A-Z]{2,5}$`)

// check refuses a profile that would fail later, in front of a citizen, and makes its paths usable
// from any directory.
func (p *Profile) check(path string) error {
	bad := func(key, value string) error {
		return usage("cli.bad.profile", "file", path, "key", "profil."+key, "value", value)
	}
	if !ticketPrefix.MatchString(p.TicketPrefix) {
		return bad("awalan_tiket", p.TicketPrefix)
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" || p.Zone == "Local" {
		return bad("zona_waktu", p.Zone)
	}
	if p.ZoneName == "" {
		return bad("singkatan_waktu", "")
	}
	if len(p.Organisations) == 0 || slices.Contains(p.Organisations, "") {
		return bad("penyelenggara", "")
	}
	if p.Retention.Identity <= 0 || p.Retention.Tips <= 0 {
		return bad("retensi", fmt.Sprintf("%d, %d", p.Retention.Identity, p.Retention.Tips))
	}
	seen := map[string]bool{}
	for _, c := range p.Contacts {
		if c.Key == "" || c.Name == "" || c.Source == "" || c.Verified.IsZero() || seen[c.Key] {
			return bad("kontak", c.Key)
		}
		seen[c.Key] = true
	}
	for key, table := range map[string]*string{"tabel_wilayah": &p.Regions, "tabel_alias": &p.Aliases} {
		if *table == "" {
			continue
		}
		if !filepath.IsAbs(*table) {
			*table = filepath.Join(filepath.Dir(path), *table)
		}
		if info, err := os.Stat(*table); err != nil || !info.Mode().IsRegular() {
			return bad(key, *table)
		}
	}
	return nil
}
