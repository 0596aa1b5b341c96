package main

import (
	"slices"
	"strings"
)

// setting is one thing an operator can set. The flag (--telegram-token), the environment variable
// (AWAS_TELEGRAM_TOKEN) and the key in the file (telegram_token) all follow from its name.
type setting struct {
	name     string
	standard string // what holds if nobody sets it; "" if it is worked out or means none
	usage    string // locale key of the line in --help
	secret   bool   // its value never appears in a message
	apply    func(c *Config, value string) error
}

// flag, env and key are the three spellings of a setting.
func (s setting) flag() string { return "--" + s.name }
func (s setting) env() string  { return "AWAS_" + strings.ToUpper(s.key()) }
func (s setting) key() string  { return strings.ReplaceAll(s.name, "-", "_") }

// settings is the one table behind flags, environment, file and --help, in the order help shows.
func settings() []setting {
	return []setting{
		{name: "config", usage: "cli.setting.config", apply: applyConfigFile},
		{name: "data", standard: "data", usage: "cli.setting.data", apply: applyData},
		{name: "store", usage: "cli.setting.store", apply: applyStore},
		{name: "key-file", usage: "cli.setting.key_file", apply: applyKeyFile},
		{name: "http", standard: "127.0.0.1:8080", usage: "cli.setting.http", apply: applyHTTP},
		{name: "training", standard: "auto", usage: "cli.setting.training", apply: applyTraining},
		{name: "telegram-token", usage: "cli.setting.telegram_token", secret: true, apply: applyToken},
		{name: "telegram-token-file", usage: "cli.setting.telegram_token_file", apply: applyTokenFile},
		{name: "telegram-api", standard: "https://api.telegram.org", usage: "cli.setting.telegram_api", apply: applyAPI},
		{name: "telegram-webhook", usage: "cli.setting.telegram_webhook", apply: applyWebhook},
		{name: "telegram-secret", usage: "cli.setting.telegram_secret", secret: true, apply: applySecret},
		{name: "whatsapp", standard: "off", usage: "cli.setting.whatsapp", apply: applyWhatsApp},
		{name: "whatsapp-pace", standard: "3/2.5s", usage: "cli.setting.whatsapp_pace", apply: applyPace(overall)},
		{name: "whatsapp-chat-pace", standard: "2/4s", usage: "cli.setting.whatsapp_chat_pace", apply: applyPace(perChat)},
		{name: "whatsapp-group-pace", standard: "4/5s", usage: "cli.setting.whatsapp_group_pace", apply: applyPace(perGroup)},
		{name: "whatsapp-spread", standard: "20s", usage: "cli.setting.whatsapp_spread", apply: applySpread},
		{name: "whatsapp-jitter", standard: "1s", usage: "cli.setting.whatsapp_jitter", apply: applyJitter},
		{name: "whatsapp-read-after", standard: "3s", usage: "cli.setting.whatsapp_read_after", apply: applyReadAfter},
		{name: "whatsapp-typing", standard: "4s", usage: "cli.setting.whatsapp_typing", apply: applyTyping},
		{name: "whatsapp-typing-from", standard: "80", usage: "cli.setting.whatsapp_typing_from", apply: applyTypingFrom},
		{name: "whatsapp-test", usage: "cli.setting.whatsapp_test", apply: applyWhatsAppTest},
		{name: "coordinators", usage: "cli.setting.coordinators", apply: applyCoordinators},
		{name: "admins", usage: "cli.setting.admins", apply: applyAdmins},
		{name: "custodians", usage: "cli.setting.custodians", apply: applyCustodians},
		{name: "quiet-period", standard: "15s", usage: "cli.setting.quiet_period", apply: applyQuietPeriod},
		{name: "digest", standard: "CRON_TZ=Asia/Jakarta 0 18 * * *", usage: "cli.setting.digest", apply: applyDigest},
		{name: "outage-after", standard: "5m", usage: "cli.setting.outage_after", apply: applyOutageAfter},
		{name: "max-file", standard: "20MB", usage: "cli.setting.max_file", apply: applyMaxFile},
		{name: "rate-limits", standard: "on", usage: "cli.setting.rate_limits", apply: applyRateLimits},
		{name: "language", standard: "id", usage: "cli.setting.language", apply: applyLanguage},
		{name: "log", standard: "info", usage: "cli.setting.log", apply: applyLog},
	}
}

func settingBy(same func(setting) bool) (setting, bool) {
	all := settings()
	i := slices.IndexFunc(all, same)
	if i < 0 {
		return setting{}, false
	}
	return all[i], true
}

func settingByName(name string) (setting, bool) {
	return settingBy(func(s setting) bool { return s.name == name })
}

func settingByKey(key string) (setting, bool) {
	return settingBy(func(s setting) bool { return s.key() == key })
}
