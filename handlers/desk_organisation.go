package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// organisations answers /organisasi: the bodies of the routing table with their groups; for an admin
// /organisasi grup KODE alamat and /organisasi lepas KODE. Which organisations there are, and their
// areas, is configuration; their groups are chats, which come and go.
func (c *call) organisations() error {
	word, rest := cutWord(c.args)
	switch plainWords(word) {
	case "", "daftar":
		return c.listOrganisations()
	case "grup":
		return c.withRight(bot.MayStaff, func() error { return c.registerGroup(rest) })
	case "lepas":
		return c.withRight(bot.MayStaff, func() error { return c.removeGroup(rest) })
	}
	return c.usage()
}

func (c *call) listOrganisations() error {
	channels, err := c.tx.Channels()
	if err != nil {
		return err
	}
	var lines []string
	for _, o := range c.Routing.Organisations() {
		i := slices.IndexFunc(channels, func(ch bot.Channel) bool { return ch.Organisation == o.Code })
		if i < 0 {
			lines = append(lines, c.Text.Text("organisation.line", "code", o.Code, "name", o.Name))
			continue
		}
		lines = append(lines, c.Text.Text("organisation.line_group", "code", o.Code, "name", o.Name, "address", channels[i].Group.String()))
	}
	return c.reply("organisation.list", "list", locales.Marked(strings.Join(lines, "\n")))
}

func (c *call) registerGroup(args string) error {
	code, rest := cutWord(args)
	o, err := c.organisation(code)
	if err != nil {
		return err
	}
	group, err := bot.ParseAddress(rest)
	if err != nil {
		return bot.Refuse("organisation.bad_address", "typed", shorten(bot.Clean(rest), 60))
	}
	if desk, err := c.isDesk(c.tx, group); err != nil || desk {
		return errors.Join(err, bot.Refuse("organisation.is_desk"))
	}
	ch := bot.Channel{Organisation: o.Code, Group: group, Added: c.tx.Now(), By: c.staff.ID}
	if err := c.tx.PutChannel(ch); err != nil {
		return err
	}
	if err := c.recordChannel("added", o.Name); err != nil {
		return err
	}
	hello := bot.Message{To: group, Text: c.Text.Text("organisation.hello", "name", o.Name, "operator", c.Operator)}
	if err := c.tx.Enqueue(hello); err != nil {
		return err
	}
	return c.reply("organisation.added", "name", o.Name, "by", c.staff.Name)
}

func (c *call) removeGroup(code string) error {
	o, err := c.organisation(strings.TrimSpace(code))
	if err != nil {
		return err
	}
	if _, ok, err := c.channel(c.tx, o.Code); err != nil || !ok {
		return errors.Join(err, c.reply("organisation.none", "name", o.Name))
	}
	if err := c.tx.DeleteChannel(o.Code); err != nil {
		return err
	}
	if err := c.recordChannel("removed", o.Name); err != nil {
		return err
	}
	return c.reply("organisation.removed", "name", o.Name, "by", c.staff.Name)
}

func (c *call) recordChannel(what, name string) error {
	_, err := c.tx.Append(bot.Event{Action: bot.ActChannel, Actor: c.staff.ID, Name: c.staff.Name, Detail: what, Text: name})
	return err
}

// organisation finds one of the routing table by its code, in any case.
func (c *call) organisation(code string) (bot.Organisation, error) {
	if code == "" {
		return bot.Organisation{}, c.usage()
	}
	if o, ok := c.Routing.Organisation(strings.ToUpper(code)); ok {
		return o, nil
	}
	return bot.Organisation{}, bot.Refuse("organisation.unknown", "typed", shorten(bot.Clean(code), 40))
}

// channel is the group of an organisation, if one is registered.
func (r *Router) channel(tx bot.Tx, organisation string) (bot.Channel, bool, error) {
	all, err := tx.Channels()
	i := slices.IndexFunc(all, func(ch bot.Channel) bool { return ch.Organisation == organisation })
	if err != nil || i < 0 {
		return bot.Channel{}, false, err
	}
	return all[i], true, nil
}

// members answers /anggota: /anggota undang KODE makes a one-time code for a member of an organisation.
// Tips of members are marked with it; who they are stays sealed like everybody's.
func (c *call) members() error {
	word, rest := cutWord(c.args)
	switch plainWords(word) {
	case "undang":
		o, err := c.organisation(strings.TrimSpace(rest))
		if err != nil {
			return err
		}
		code, i, err := c.newInvite(bot.Member, o.Code)
		if err != nil {
			return err
		}
		return c.reply("member.invite", "word", "ANGGOTA "+code, "name", o.Name, "until", calendar.Moment(i.Expires, c.Zone))
	case "", "daftar":
		return c.countMembers()
	}
	return c.usage()
}

// countMembers tells how many members each organisation has. Their names are nobody's business.
func (c *call) countMembers() error {
	n, err := c.tx.Members()
	if err != nil {
		return err
	}
	var lines []string
	for _, o := range c.Routing.Organisations() {
		if n[o.Code] > 0 {
			lines = append(lines, c.Text.Text("member.line", "name", o.Name, "count", n[o.Code]))
		}
	}
	if len(lines) == 0 {
		return c.reply("member.none")
	}
	return c.reply("member.list", "list", locales.Marked(strings.Join(lines, "\n")))
}

// joinOrganisation answers ANGGOTA kode in a private chat.
func (v *visit) joinOrganisation(code string) error {
	role, _, err := v.role(v.tx, v.u.From.ID)
	if err != nil {
		return err
	}
	if bot.May(role, bot.MayRead) { // the code stays good for whom it was meant
		return v.say("member.is_staff")
	}
	i, ok, err := v.takeInvite(code, bot.Member)
	if err != nil {
		return err
	}
	if !ok {
		return v.say("member.bad_code")
	}
	known := bot.Coordinator{ID: v.u.From.ID, Role: bot.Member, Added: v.tx.Now(), AddedBy: i.By, Organisation: i.Organisation}
	if err := v.tx.PutCoordinator(known); err != nil {
		return err
	}
	if _, err := v.tx.Append(bot.Event{Action: bot.ActStaff, Detail: "member", Text: i.Organisation}); err != nil {
		return err
	}
	return v.say("member.welcome", "name", v.organisationName(i.Organisation))
}

func (r *Router) organisationName(code string) string {
	if o, ok := r.Routing.Organisation(code); ok {
		return o.Name
	}
	return code
}

// unseal answers /identitas N alasan. What is sealed is told to the custodian alone, in private; that
// it was opened, by whom and why, is announced in the group and stays in the history.
func (c *call) unseal() error {
	k, reason, err := c.caseArg()
	if err != nil {
		return err
	}
	if reason = shorten(bot.Clean(reason), 600); len([]rune(reason)) < leastReason {
		return c.usage()
	}
	t, err := c.tipArg(k)
	if err != nil {
		return err
	}
	text, err := c.sealedOf(t)
	if err != nil {
		return err
	}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) { // the answer and its record, or neither
		if err := c.tx.Enqueue(bot.Message{Person: c.staff.ID, Text: text}); err != nil {
			if ignoreMissing(err) == nil {
				return bot.Event{}, bot.Refuse("identity.write_first", "name", c.staff.Name)
			}
			return bot.Event{}, err
		}
		k.Changed = c.tx.Now()
		return bot.Event{Action: bot.ActUnsealed, Detail: t.Ticket, Text: reason}, nil
	})
}

// leastReason is how many characters a reason for opening an identity has at least.
const leastReason = 10

func (c *call) sealedOf(t bot.Tip) (string, error) {
	if t.Reporter == "" {
		return "", bot.Refuse("identity.gone", "ticket", t.Ticket)
	}
	address, _, err := c.tx.Identity(t.Reporter)
	if errors.Is(err, bot.ErrNotFound) {
		return "", bot.Refuse("identity.gone", "ticket", t.Ticket)
	}
	if err != nil {
		return "", err
	}
	d, err := c.tx.Details(t.ID)
	if ignoreMissing(err) != nil {
		return "", err
	}
	none := c.Text.Text("identity.not_given")
	if d.Name == "" {
		d.Name = none
	}
	if d.Address == "" {
		d.Address = none
	}
	return c.Text.Text("identity.opened", "ticket", t.Ticket, "name", d.Name, "address", d.Address, "chat", address.String()), nil
}

// mirror answers /cermin: how cases about each side of the election were handled, for the desk to see
// whether it treats all alike: of the newest, for each is opened. It ranks nobody: sides stand in the order of the ballot.
func (c *call) mirror() error {
	const look = 200
	type tally struct {
		n     int
		hours []float64
	}
	reported, benefits := map[string]*tally{}, map[string]*tally{}
	add := func(m map[string]*tally, side string, k bot.Case) {
		if side == "" {
			return
		}
		if m[side] == nil {
			m[side] = &tally{}
		}
		m[side].n++
		if !k.Finished.IsZero() {
			m[side].hours = append(m[side].hours, k.Finished.Sub(k.Opened).Hours())
		}
	}
	n := 0
	for k, err := range c.tx.Mirrored() {
		if err != nil {
			return err
		}
		if n == look {
			break
		}
		n++
		add(reported, k.Reported, k)
		add(benefits, k.Benefits, k)
	}
	lines := func(m map[string]*tally) string {
		var out []string
		for _, side := range c.allSides() {
			t := m[side.Code]
			if t == nil {
				t = &tally{}
			}
			if t.n == 0 {
				out = append(out, c.Text.Text("mirror.line_none", "code", side.Code, "name", side.Name))
				continue
			}
			out = append(out, c.Text.Text("mirror.line", "code", side.Code, "name", side.Name, "count", t.n, "finished", len(t.hours), "hours", locales.Marked(c.medianHours(t.hours))))
		}
		return strings.Join(out, "\n")
	}
	if n == 0 || len(c.allSides()) == 0 {
		return c.reply("mirror.none")
	}
	return c.reply("mirror.list", "reported", locales.Marked(lines(reported)), "benefits", locales.Marked(lines(benefits)), "count", n)
}

func (c *call) medianHours(h []float64) string {
	if len(h) == 0 {
		return c.Text.Text("mirror.no_time")
	}
	slices.Sort(h)
	return c.Text.Text("mirror.hours", "hours", fmt.Sprintf("%.0f", h[len(h)/2]))
}

// allSides are the sides of the elections, in the order of the ballot.
func (r *Router) allSides() []bot.Side {
	var all []bot.Side
	for _, e := range r.Elections {
		for _, s := range e.SidesIn("") {
			if !slices.ContainsFunc(all, func(o bot.Side) bool { return o.Code == s.Code }) {
				all = append(all, s)
			}
		}
	}
	return all
}

func (r *Router) sidesIn(region string) []bot.Side {
	var all []bot.Side
	for _, e := range r.Elections {
		all = append(all, e.SidesIn(region)...)
	}
	return all
}

func (r *Router) knownSide(region, code string) bool {
	return slices.ContainsFunc(r.sidesIn(region), func(s bot.Side) bool { return s.Code == code })
}

func (r *Router) sideCodes(region string) string {
	var codes []string
	for _, s := range r.sidesIn(region) {
		if line := s.Code + " " + s.Name; !slices.Contains(codes, line) {
			codes = append(codes, line)
		}
	}
	return strings.Join(codes, "; ")
}
