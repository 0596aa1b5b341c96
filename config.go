package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/digest"
	"awassiber/bot/whatsapp"
)

// Config is everything an operator can set, checked and worked out. Sources, strongest first:
// flags, environment, configuration file, defaults (see settings).
type Config struct {
	// Data is the directory of everything the program writes; other paths default into it.
	Data string
	// Store is where state lives: "bolt:" and a path.
	Store string
	// KeyFile holds the one secret that opens the store, the files and the backups.
	KeyFile string
	// HTTP is the listening address of the page, the health endpoints and the webhook.
	HTTP string
	// Training turns the built-in training network on.
	Training bool

	TelegramToken   secret // empty: Telegram is not configured
	TelegramAPI     string // base URL without trailing slash
	TelegramWebhook string // public URL; empty: updates are polled
	TelegramSecret  secret // what Telegram repeats to the webhook; derived from the token if not set

	WhatsApp     bool             // the WhatsApp network is on; the phone is linked by pairing
	WhatsAppPace whatsapp.Limits  // how fast messages leave there
	Habits       whatsapp.Habits  // how human the bot behaves there
	Spread       time.Duration    // between two senders who are told the same there; 0: none
	WhatsAppTest loopbackWhatsApp // a stand-in for WhatsApp, in tests only

	// Coordinators is the group that works the cases; zero if a network is configured but the
	// group is not yet known.
	Coordinators bot.Address
	Admins       []bot.Address
	// Custodians may open a sealed identity.
	Custodians []bot.Address

	QuietPeriod time.Duration
	// Digest is when the evening summary is due, in the profile's zone unless it names another.
	Digest digest.Schedule

	// OutageAfter is how long a network must be out of reach until the admins are told.
	OutageAfter time.Duration

	MaxFile    int64 // bytes of one attachment
	RateLimits bool  // false lifts the sending limits: for tests against a stand-in network only
	Language   string
	LogLevel   slog.Level
	Profile    Profile
	// Elections are the configured elections with their rules, holidays and zone, the one that matters
	// most first; Promises the clocks the desk sets itself.
	Elections bot.Elections
	Promises  bot.Promises
	// Routing knows the organisations, and whose matter what is.
	Routing bot.Routing
	// Warnings are settings that work but deserve a line in the log: machine words.
	Warnings []string

	training  string // as typed: on, off or auto
	tokenFile string
}

// secret is text that prints as a mask, so that no log line or %v can carry it.
type secret string

// String returns a mask, or nothing for the empty secret.
func (s secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString keeps %#v from showing what String hides.
func (s secret) GoString() string { return s.String() }

// LogValue keeps structured logs from showing it.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// usageError is a mistake of the operator: exit code 2.
type usageError struct{ *bot.UserError }

// Unwrap lets errors.As find the sentence.
func (e usageError) Unwrap() error { return e.UserError }

func usage(key string, args ...any) error { return usageError{bot.Refuse(key, args...)} }

// loadConfig reads all sources. Every mistake is a usageError that names the setting as the
// operator wrote it. flags holds the values given on the command line by setting name.
func loadConfig(flags map[string]string, env func(string) string) (Config, error) {
	c := Config{}
	path, ok := flags["config"]
	if !ok {
		path = env("AWAS_CONFIG")
	}
	f, err := builtinConfig()
	if err == nil && path != "" {
		f, err = readConfig(path)
	}
	if err != nil {
		return c, err
	}
	c.Profile = f.profile
	if c.Routing, err = f.routing(); err != nil {
		return c, err
	}
	c.Elections, c.Promises = f.electoral.in(c.Profile.Location()), f.electoral.promises
	for _, s := range settings() {
		value, label := s.standard, s.env()
		if v, ok := f.settings[s.name]; ok {
			value, label = v, path+": "+s.key()
		}
		if v := env(s.env()); v != "" {
			value, label = v, s.env()
		}
		if v, ok := flags[s.name]; ok {
			value, label = v, s.flag()
		}
		if err := s.apply(&c, strings.TrimSpace(value)); err != nil {
			return c, labelled(err, s, label, value)
		}
	}
	return c, c.finish()
}

// labelled adds to a setting's refusal where the value came from, and the value unless it is secret.
func labelled(err error, s setting, label, value string) error {
	var u usageError
	if !errors.As(err, &u) {
		return err
	}
	if s.secret {
		value = secret(value).String()
	}
	u.Args["setting"], u.Args["value"] = label, value
	return u
}

// finish works out what depends on several settings.
func (c *Config) finish() error {
	if c.tokenFile != "" && c.TelegramToken != "" {
		return usage("cli.bad.token_twice", "setting", "AWAS_TELEGRAM_TOKEN_FILE")
	}
	if err := c.readTokenFile(); err != nil {
		return err
	}
	if c.Store == "" {
		c.Store = "bolt:" + filepath.Join(c.Data, "awas.db")
	}
	if c.KeyFile == "" {
		c.KeyFile = filepath.Join(c.Data, "awas.key")
	}
	c.Training = c.training == "on" || c.training == "auto" && !c.real()
	if !c.real() && c.Coordinators.IsZero() {
		c.Coordinators = bot.Address{Network: bot.Sim, Chat: "koordinator"}
	}
	if !c.real() && len(c.Admins) == 0 {
		c.Admins = []bot.Address{{Network: bot.Sim, Chat: "admin"}}
		if len(c.Custodians) == 0 {
			c.Custodians = []bot.Address{{Network: bot.Sim, Chat: "penjaga"}}
		}
	}
	c.warn()
	return nil
}

// real reports whether a network of real people is configured.
func (c *Config) real() bool { return c.TelegramToken != "" || c.WhatsApp }

// checkNetworks refuses what cannot work as a running bot, though it does for the other commands:
// a backup needs no token. Admins of a network that is not configured are harmless: it may come.
func (c *Config) checkNetworks() error {
	if !c.Training && !c.real() {
		return usage("cli.bad.no_network", "setting", "AWAS_TRAINING")
	}
	if c.TelegramWebhook != "" && c.TelegramToken == "" {
		return usage("cli.bad.webhook_alone", "setting", "AWAS_TELEGRAM_WEBHOOK")
	}
	reachable := map[bot.Network]bool{bot.Telegram: c.TelegramToken != "", bot.WhatsApp: c.WhatsApp, bot.Sim: c.Training}
	if n := c.Coordinators.Network; n != "" && !reachable[n] {
		return usage("cli.bad.group_network", "setting", "AWAS_COORDINATORS", "value", c.Coordinators.String())
	}
	return nil
}

func (c *Config) warn() {
	if c.Coordinators.IsZero() {
		c.Warnings = append(c.Warnings, "coordinators_missing")
	}
	if len(c.Admins) == 0 {
		c.Warnings = append(c.Warnings, "admins_missing")
	}
	if c.Training && !loopback(c.HTTP) {
		c.Warnings = append(c.Warnings, "training_page_open_to_network")
	}
	if c.TelegramToken != "" && insecure(c.TelegramAPI) {
		c.Warnings = append(c.Warnings, "telegram_api_not_encrypted")
	}
	if c.WhatsApp && hasty(c.WhatsAppPace) {
		c.Warnings = append(c.Warnings, "whatsapp_pace_is_risky")
	}
	if c.WhatsAppTest.address != "" {
		c.Warnings = append(c.Warnings, "whatsapp_is_a_stand_in")
	}
	if !c.RateLimits {
		c.Warnings = append(c.Warnings, "rate_limits_off")
	}
}

func (c *Config) readTokenFile() error {
	if c.tokenFile == "" {
		return nil
	}
	raw, err := os.ReadFile(c.tokenFile)
	if err != nil {
		return usage("cli.bad.config", "setting", "AWAS_TELEGRAM_TOKEN_FILE", "cause", err.Error())
	}
	if err := applyToken(c, strings.TrimSpace(string(raw))); err != nil || c.TelegramToken == "" {
		return usage("cli.bad.token", "setting", "AWAS_TELEGRAM_TOKEN_FILE", "value", c.tokenFile)
	}
	return nil
}

// socket is where a running process listens for operator commands.
func (c *Config) socket() string { return filepath.Join(c.Data, "awas.sock") }

// evidence is the directory of the files people sent.
func (c *Config) evidence() string { return filepath.Join(c.Data, "evidence") }
