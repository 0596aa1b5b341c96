package main

import (
	"math"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/digest"
	"awassiber/locales"
)

// The functions of the settings table: each takes the text of one setting into the Config or
// refuses it. loadConfig adds the setting's name and value to the refusal.

func applyKeyFile(c *Config, v string) error   { c.KeyFile = v; return nil }
func applyTokenFile(c *Config, v string) error { c.tokenFile = v; return nil }

// applyConfigFile has nothing left to do: the file was read before any setting.
func applyConfigFile(*Config, string) error { return nil }

func applyData(c *Config, v string) error {
	if v == "" {
		return usage("cli.bad.empty")
	}
	c.Data = v
	return nil
}

func applyStore(c *Config, v string) error {
	kind, path, _ := strings.Cut(v, ":")
	switch {
	case v == "" || v == "bolt:":
		return nil
	case kind == "bolt" && path != "":
		c.Store = v
		return nil
	case kind == "postgres" || kind == "postgresql":
		return usage("cli.bad.later")
	}
	return usage("cli.bad.store")
}

func applyHTTP(c *Config, v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		return usage("cli.bad.hostport")
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > math.MaxUint16 {
		return usage("cli.bad.hostport")
	}
	c.HTTP = v
	return nil
}

func applyTraining(c *Config, v string) error {
	if !slices.Contains([]string{"on", "off", "auto"}, v) {
		return usage("cli.bad.choice", "choices", "on, off, auto")
	}
	c.training = v
	return nil
}

// A token stands in the path of every request, so what could leave the path is refused. The
// exact form is Telegram's business.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9:_-]+$`)

func applyToken(c *Config, v string) error {
	if v != "" && !tokenForm.MatchString(v) {
		return usage("cli.bad.token")
	}
	c.TelegramToken = secret(v)
	return nil
}

func applyAPI(c *Config, v string) error {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.User != nil {
		return usage("cli.bad.url")
	}
	c.TelegramAPI = strings.TrimRight(v, "/")
	return nil
}

// applyWebhook wants what Telegram wants (Bot API, setWebhook): HTTPS. Plain HTTP is let through
// for a loopback host, where a stand-in for the network may run.
func applyWebhook(c *Config, v string) error {
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && insecure(v)) || u.Scheme == "" {
		return usage("cli.bad.webhook")
	}
	if slices.Contains([]string{"", "/", "/healthz", "/readyz", "/metrics"}, u.Path) {
		return usage("cli.bad.webhook_path")
	}
	c.TelegramWebhook = v
	return nil
}

// secretForm is what the Bot API accepts as secret_token.
var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func applySecret(c *Config, v string) error {
	if v != "" && !secretForm.MatchString(v) {
		return usage("cli.bad.secret")
	}
	c.TelegramSecret = secret(v)
	return nil
}

func applyWhatsApp(c *Config, v string) (err error) {
	c.WhatsApp, err = onOff(v)
	return err
}

func applyCoordinators(c *Config, v string) (err error) {
	if v == "" {
		return nil
	}
	if c.Coordinators, err = bot.ParseAddress(v); err != nil {
		return usage("cli.bad.address")
	}
	return nil
}

func applyAdmins(c *Config, v string) (err error) {
	c.Admins, err = addresses(c.Admins, v)
	return err
}

func applyCustodians(c *Config, v string) (err error) {
	c.Custodians, err = addresses(c.Custodians, v)
	return err
}

// addresses adds those of a list, separated by commas, each once.
func addresses(all []bot.Address, v string) ([]bot.Address, error) {
	for part := range strings.SplitSeq(v, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		a, err := bot.ParseAddress(part)
		if err != nil {
			return all, usage("cli.bad.address")
		}
		if !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all, nil
}

func applyQuietPeriod(c *Config, v string) (err error) { c.QuietPeriod, err = duration(v); return err }
func applyOutageAfter(c *Config, v string) (err error) { c.OutageAfter, err = duration(v); return err }

// duration is between a millisecond and a day.
func duration(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d < time.Millisecond || d > 24*time.Hour {
		return 0, usage("cli.bad.duration")
	}
	return d, nil
}

// applyDigest reads an expression without a time zone in the profile's.
func applyDigest(c *Config, v string) (err error) {
	if !strings.HasPrefix(v, "CRON_TZ=") && !strings.HasPrefix(v, "TZ=") {
		v = "CRON_TZ=" + c.Profile.Zone + " " + v
	}
	if c.Digest, err = digest.ParseSchedule(v); err != nil {
		return usage("cli.bad.cron", "cause", err.Error())
	}
	return nil
}

// applyMaxFile reads bytes, with KB, MB or GB for powers of 1024.
func applyMaxFile(c *Config, v string) error {
	digits, shift := v, 0
	for unit, bits := range map[string]int{"KB": 10, "MB": 20, "GB": 30} {
		if rest, ok := strings.CutSuffix(strings.ToUpper(v), unit); ok {
			digits, shift = strings.TrimSpace(rest), bits
		}
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || n <= 0 || n > math.MaxInt64>>shift {
		return usage("cli.bad.size")
	}
	c.MaxFile = n << shift
	return nil
}

func applyRateLimits(c *Config, v string) (err error) {
	c.RateLimits, err = onOff(v)
	return err
}

func applyLanguage(c *Config, v string) error {
	if !slices.Contains(locales.Languages(), v) {
		return usage("cli.bad.choice", "choices", strings.Join(locales.Languages(), ", "))
	}
	c.Language = v
	return nil
}

func applyLog(c *Config, v string) error {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, v) || c.LogLevel.UnmarshalText([]byte(v)) != nil {
		return usage("cli.bad.choice", "choices", "debug, info, warn, error")
	}
	return nil
}

func onOff(v string) (bool, error) {
	switch v {
	case "on":
		return true, nil
	case "off":
		return false, nil
	}
	return false, usage("cli.bad.choice", "choices", "on, off")
}

// loopback reports whether a host:port is reachable from this machine only.
func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// insecure reports whether requests to rawURL would cross a network in clear.
func insecure(rawURL string) bool {
	u, err := url.Parse(rawURL)
	return err != nil || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname()))
}
