package handlers

import (
	"cmp"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// invitePrefix begins the payload of an invitation link (Bot API: t.me/<bot>?start=<payload>).
const invitePrefix = "petugas_"

// inviteLength is how many characters its code has: 120 bits in base 32.
const inviteLength = 24

// inviteLife is how long an invitation can be used.
const inviteLife = 48 * time.Hour

// staffing answers /petugas tambah|hapus|daftar.
func (c *call) staffing() error {
	word, rest := cutWord(c.args)
	switch strings.ToLower(word) {
	case "tambah":
		return c.addStaff(rest)
	case "hapus":
		return c.removeStaff(rest)
	case "wilayah":
		return c.staffRegions(rest)
	case "daftar", "":
		return c.listStaff()
	}
	return c.usage()
}

// staffRegions answers /petugas wilayah orang: daerah, daerah: the areas a coordinator works on; "semua" is
// all of them. Names have spaces, so that the colon ends them; an address does without.
func (c *call) staffRegions(args string) error {
	who, areas, named := strings.Cut(args, ": ")
	if !named {
		who, areas = cutWord(args)
	}
	if c.u.Message.ReplyTo != nil && c.u.Message.ReplyTo.From.ID != "" {
		who, areas = "", args
	}
	s, err := c.colleague(who)
	if err != nil {
		return err
	}
	n, err := c.tx.Coordinator(s.ID)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Refuse("staff.is_admin")
	}
	if err != nil {
		return err
	}
	var names []string
	n.Regions = nil
	if plainWords(areas) != "semua" {
		for part := range strings.SplitSeq(areas, ",") {
			code, err := c.regionArg(part)
			if err != nil {
				return err
			}
			if code == "" {
				return c.usage()
			}
			n.Regions, names = append(n.Regions, code), append(names, c.Places.Name(code))
		}
	}
	if err := c.tx.PutCoordinator(n); err != nil {
		return err
	}
	if err := c.recordStaff("regions", n); err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{c.Text.Text("staff.all_areas")}
	}
	return c.reply("staff.regions", "name", c.nameOf(n), "areas", strings.Join(names, ", "))
}

// whom finds the person a command names: by replying to them, or by address. An address of WhatsApp may
// hold a phone number and is nobody's name.
func (c *call) whom(arg string) (bot.Person, bool, error) {
	word, _ := cutWord(arg)
	if word != "" {
		id := strings.TrimPrefix(word, string(c.u.Network)+":")
		if !personID(c.u.Network, id) {
			return bot.Person{}, false, bot.Refuse("staff.bad_id", "typed", shorten(bot.Clean(word), 40))
		}
		p := bot.Person{ID: c.tx.Pseudonym(bot.Address{Network: c.u.Network, Chat: id}), Name: id}
		if c.u.Network == bot.WhatsApp {
			p.Name = ""
		}
		return p, true, nil
	}
	if q := c.u.Message.ReplyTo; q != nil && q.From.ID != "" {
		return q.From, true, nil
	}
	return bot.Person{}, false, nil
}

// personID reports whether a word can be a person's id, as /alamat tells it: digits on Telegram, a word in
// training; on WhatsApp digits and what they are the number of, since people are not known there by the
// number of their phone.
func personID(n bot.Network, id string) bool {
	if n == bot.WhatsApp {
		number, kind, _ := strings.Cut(id, "@")
		if kind != "lid" && kind != "s.whatsapp.net" {
			return false
		}
		id = number
	}
	for _, r := range id {
		if !(r >= '0' && r <= '9') && !(n == bot.Sim && r >= 'a' && r <= 'z') {
			return false
		}
	}
	return id != "" && id[0] != '0' && len(id) <= 20 // a leading 0 is a phone number, which is no id
}

func (c *call) addStaff(arg string) error {
	p, named, err := c.whom(arg)
	if err != nil {
		return err
	}
	if !named {
		return c.invite()
	}
	role, known, err := c.role(c.tx, p.ID)
	if err != nil {
		return err
	}
	if role != bot.Public && role != bot.Member {
		return c.reply("staff.already", "name", c.nameOf(known))
	}
	n := bot.Coordinator{ID: p.ID, Name: shorten(bot.Clean(p.Name), 60), Role: bot.Officer, Added: c.tx.Now(), AddedBy: c.staff.ID}
	if err := c.tx.PutCoordinator(n); err != nil {
		return err
	}
	if err := c.recordStaff("added", n); err != nil {
		return err
	}
	return c.reply("staff.added", "name", c.nameOf(n), "by", c.staff.Name)
}

// invite makes a one-time link; whoever opens it first becomes a coordinator.
func (c *call) invite() error {
	code, i, err := c.newInvite(bot.Officer, "")
	if err != nil {
		return err
	}
	until := calendar.Moment(i.Expires, c.Zone)
	if self := c.Self(c.u.Network); self != "" && c.u.Network == bot.Telegram {
		return c.reply("staff.invite_link", "link", "https://t.me/"+self+"?start="+invitePrefix+code, "until", until)
	}
	return c.reply("staff.invite_word", "word", "MULAI "+invitePrefix+code, "until", until)
}

// newInvite makes a one-time code.
func (c *call) newInvite(role bot.Role, organisation string) (string, bot.Invite, error) {
	raw := make([]byte, inviteLength*5/8)
	if _, err := io.ReadFull(c.Random, raw); err != nil {
		return "", bot.Invite{}, fmt.Errorf("invitation code: %w", err)
	}
	code := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
	i := bot.Invite{Expires: c.tx.Now().Add(inviteLife), By: c.staff.ID, ByName: c.staff.Name, Role: role, Organisation: organisation}
	return code, i, c.tx.PutInvite(code, i)
}

func (c *call) removeStaff(arg string) error {
	p, named, err := c.whom(arg)
	if err != nil {
		return err
	}
	if !named {
		return c.usage()
	}
	role, known, err := c.role(c.tx, p.ID)
	if err != nil {
		return err
	}
	switch role {
	case bot.Admin:
		return c.reply("staff.is_admin")
	case bot.Public, bot.Member:
		return c.reply("staff.not_one")
	}
	if err := c.tx.DeleteCoordinator(p.ID); err != nil && !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	if err := c.recordStaff("removed", known); err != nil {
		return err
	}
	return c.reply("staff.removed", "name", c.nameOf(known), "by", c.staff.Name)
}

func (c *call) recordStaff(what string, n bot.Coordinator) error {
	_, err := c.tx.Append(bot.Event{Action: bot.ActStaff, Actor: c.staff.ID, Name: c.staff.Name, Detail: what, Text: n.Name})
	return err
}

func (c *call) listStaff() error {
	all, err := c.tx.Coordinators()
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b bot.Coordinator) int {
		return cmp.Or(a.Added.Compare(b.Added), cmp.Compare(a.Name, b.Name))
	})
	var lines []string
	for _, n := range all {
		var areas []string
		for _, code := range n.Regions {
			areas = append(areas, c.Places.Short(code))
		}
		if len(areas) == 0 {
			areas = []string{c.Text.Text("staff.all_areas")}
		}
		lines = append(lines, c.Text.Text("staff.line", "name", c.nameOf(n), "day", calendar.Day(n.Added.In(c.Zone.Location)), "areas", strings.Join(areas, ", ")))
	}
	if len(lines) == 0 {
		return c.reply("staff.none", "admins", len(c.Admins))
	}
	return c.reply("staff.list", "list", locales.Marked(strings.Join(lines, "\n")), "count", len(all), "admins", len(c.Admins))
}

// nameOf is a coordinator's name, or that it is not known until they speak.
func (c *call) nameOf(n bot.Coordinator) string {
	if n.Name == "" {
		return c.Text.Text("staff.unnamed")
	}
	return n.Name
}
