package main

import (
	"strconv"
	"strings"
	"time"

	"awassiber/bot/whatsapp"
)

// The settings of WhatsApp's pace and habits. Their defaults are those of whatsapp.SafeLimits and
// whatsapp.Habits; docs/operating.md gives the reasons.

// rhythm is one of the paces of whatsapp.Limits.
type rhythm func(*whatsapp.Limits) (burst *int, every *time.Duration)

func overall(l *whatsapp.Limits) (*int, *time.Duration)  { return &l.Burst, &l.Every }
func perChat(l *whatsapp.Limits) (*int, *time.Duration)  { return &l.ChatBurst, &l.ChatEvery }
func perGroup(l *whatsapp.Limits) (*int, *time.Duration) { return &l.GroupBurst, &l.GroupEvery }

// applyPace reads "3/2.5s": three at once, then one every 2.5 seconds.
func applyPace(which rhythm) func(*Config, string) error {
	return func(c *Config, v string) error {
		burst, every, _ := strings.Cut(v, "/")
		n, err := strconv.Atoi(burst)
		d, bad := time.ParseDuration(every)
		if err != nil || bad != nil || n < 1 || n > 1000 || d < time.Millisecond || d > time.Hour {
			return usage("cli.bad.pace")
		}
		b, e := which(&c.WhatsAppPace)
		*b, *e = n, d
		return nil
	}
}

// hasty reports whether any pace is faster than what numbers have been living by.
func hasty(l whatsapp.Limits) bool {
	safe := whatsapp.SafeLimits()
	for _, which := range []rhythm{overall, perChat, perGroup} {
		burst, every := which(&l)
		safeBurst, safeEvery := which(&safe)
		if *burst > *safeBurst || *every < *safeEvery {
			return true
		}
	}
	return false
}

// habit reads a duration of at most most, with 0 for none.
func habit(v string, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if v == "0" {
		err = nil
	}
	if err != nil || d < 0 || d > most {
		return 0, usage("cli.bad.habit", "most", most.String())
	}
	return d, nil
}

// off is how whatsapp.Habits writes that there is none; zero means the default there.
func off(d time.Duration) time.Duration {
	if d == 0 {
		return -1
	}
	return d
}

func applySpread(c *Config, v string) (err error) {
	c.Spread, err = habit(v, time.Hour)
	return err
}

// Jitter and typing come before each message, and the outbox does not wait for ever.

func applyJitter(c *Config, v string) error {
	d, err := habit(v, 5*time.Second)
	c.Habits.Jitter = off(d)
	return err
}

func applyTyping(c *Config, v string) error {
	d, err := habit(v, 5*time.Second)
	c.Habits.TypeMax = off(d)
	return err
}

func applyReadAfter(c *Config, v string) error {
	d, err := habit(v, time.Hour)
	c.Habits.ReadAfter = off(d)
	return err
}

func applyTypingFrom(c *Config, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 65536 {
		return usage("cli.bad.typing_from")
	}
	c.Habits.TypeFrom = n
	return nil
}
