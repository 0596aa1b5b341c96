package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"awassiber/bot"
	"awassiber/locales"
)

// command is one thing the desk can type. The table of commands is the single place where a
// command's name, right and code meet; help is generated from it, with usage, meaning and example
// under help.<name> in locales/.
type command struct {
	name    string
	aliases []string
	needs   bot.Permission
	run     func(*call) error
	// anywhere: also answered in groups that are not the coordinators'.
	anywhere bool
}

// deskCommands is the table, in the order help shows it.
func deskCommands() []command {
	return []command{
		{name: "kasus", aliases: []string{"daftar", "antri"}, needs: bot.MayRead, run: (*call).list},
		{name: "lihat", aliases: []string{"buka_kasus", "detail"}, needs: bot.MayRead, run: (*call).show},
		{name: "ambil", needs: bot.MayWork, run: (*call).take},
		{name: "lepas", needs: bot.MayWork, run: (*call).release},
		{name: "tugaskan", aliases: []string{"tugas"}, needs: bot.MayWork, run: (*call).assign},
		{name: "jenis", aliases: []string{"kategori"}, needs: bot.MayWork, run: (*call).sort},
		{name: "wilayah", needs: bot.MayWork, run: (*call).place},
		{name: "pihak", needs: bot.MayWork, run: (*call).sides},
		{name: "catat", aliases: []string{"catatan"}, needs: bot.MayWork, run: (*call).note},
		{name: "tanya", needs: bot.MayWork, run: (*call).inquire},
		{name: "putus", aliases: []string{"putuskan"}, needs: bot.MayDecide, run: (*call).propose},
		{name: "setuju", needs: bot.MayDecide, run: (*call).approve},
		{name: "tolak", needs: bot.MayDecide, run: (*call).reject},
		{name: "ralat", needs: bot.MayDecide, run: (*call).correct},
		{name: "darurat", needs: bot.MayOverride, run: (*call).override},
		{name: "rujuk", needs: bot.MayRefer, run: (*call).refer},
		{name: "diterima", needs: bot.MayRefer, run: (*call).received},
		{name: "kembali", needs: bot.MayRefer, run: (*call).returned},
		{name: "gabung", needs: bot.MayWork, run: (*call).merge},
		{name: "pisah", needs: bot.MayWork, run: (*call).split},
		{name: "tutup", needs: bot.MayWork, run: (*call).shut},
		{name: "buka", needs: bot.MayWork, run: (*call).reopen},
		{name: "cari", needs: bot.MayRead, run: (*call).find},
		{name: "riwayat", needs: bot.MayRead, run: (*call).history},
		{name: "tenggat", needs: bot.MayRead, run: (*call).deadlines},
		{name: "fase", needs: bot.MayRead, run: (*call).phase},
		{name: "cermin", needs: bot.MayRead, run: (*call).mirror},
		{name: "identitas", needs: bot.MayOpen, run: (*call).unseal},
		{name: "organisasi", aliases: []string{"lembaga"}, needs: bot.MayRead, run: (*call).organisations},
		{name: "anggota", needs: bot.MayStaff, run: (*call).members},
		{name: "insiden", needs: bot.MayHold, run: (*call).incident},
		{name: "ringkasan", aliases: []string{"rekap"}, needs: bot.MayRead, run: (*call).summary},
		{name: "antrean", aliases: []string{"antrian"}, needs: bot.MayRead, run: (*call).queues},
		{name: "petugas", needs: bot.MayStaff, run: (*call).staffing},
		{name: "tahan", needs: bot.MayHold, run: (*call).hold},
		{name: "lanjut", aliases: []string{"lanjutkan"}, needs: bot.MayHold, run: (*call).resume},
		{name: "bantuan", aliases: []string{"help", "start", "menu"}, needs: bot.MayAsk, run: (*call).help, anywhere: true},
		{name: "alamat", needs: bot.MayAsk, run: (*call).address, anywhere: true},
	}
}

// call is one command being carried out.
type call struct {
	*Router
	tx    bot.Tx
	u     bot.Update
	cmd   command
	args  string
	staff bot.Staff
	group bot.Address
	desk  bool // group is the coordinators' group
}

// desk handles the coordinators' group: commands and buttons; talk among people is not for the bot.
func (r *Router) desk(tx bot.Tx, u bot.Update) error {
	switch u.Kind {
	case bot.KindPress:
		return r.deskPress(tx, u)
	case bot.KindMessage:
		if words := plainWords(u.Message.Text); u.Network == bot.WhatsApp && number(words) && u.Message.ReplyTo != nil {
			return r.deskNumber(tx, u, atoi(words))
		}
		return r.deskCommand(tx, u, false)
	}
	return nil
}

// otherGroup is silent but for the few commands known anywhere.
func (r *Router) otherGroup(tx bot.Tx, u bot.Update) error {
	if u.Kind != bot.KindMessage {
		return nil
	}
	return r.deskCommand(tx, u, true)
}

// answersIn reports whether a command is answered in a group that is not the desk: one known anywhere, from
// somebody of the desk, in an organisation's own group, or where the bot was called by its name. A group that nobody registered
// hears nothing that was not asked of this very bot.
func (r *Router) answersIn(tx bot.Tx, group bot.Address, cmd command, typed Call, staff bot.Staff) (bool, error) {
	switch {
	case !cmd.anywhere:
		return false, nil
	case staff.May(bot.MayRead) || typed.To != "":
		return true, nil
	}
	channels, err := tx.Channels()
	return slices.ContainsFunc(channels, func(c bot.Channel) bool { return c.Group == group }), err
}

func (r *Router) deskCommand(tx bot.Tx, u bot.Update, elsewhere bool) error {
	typed, is := ParseCall(u.Message.Text, r.Self(u.Network))
	if !is || u.Message.Forward != nil {
		return nil
	}
	staff, err := r.staffOf(tx, u.From)
	if err != nil {
		return err
	}
	cmd, known := r.command(typed.Name)
	c := &call{Router: r, tx: tx, u: u, cmd: cmd, args: typed.Args, staff: staff, group: u.Chat, desk: !elsewhere}
	if elsewhere {
		if answers, err := r.answersIn(tx, u.Chat, cmd, typed, staff); err != nil || !known || !answers {
			return err
		}
	}
	switch {
	case !known && (staff.May(bot.MayRead) || typed.To != ""):
		return c.reply("desk.unknown_command", "typed", typed.Name)
	case !known:
		return nil // a command for another bot, from somebody with no business here
	case !staff.May(cmd.needs):
		return c.reply("desk.not_allowed_"+string(cmd.needs), "name", staff.Name)
	}
	return c.finish(cmd.run(c))
}

// finish answers a refusal; any other error goes to the inbox, which tries again.
func (c *call) finish(err error) error {
	var refusal *bot.UserError
	if errors.As(err, &refusal) {
		return c.replyText(c.Text.Refusal(refusal))
	}
	return err
}

func (r *Router) command(name string) (command, bool) {
	for _, c := range r.commands {
		if c.name == name {
			return c, true
		}
		for _, a := range c.aliases {
			if a == name {
				return c, true
			}
		}
	}
	return command{}, false
}

// staffOf is who somebody is at the desk. A registered person's name follows their network's.
func (r *Router) staffOf(tx bot.Tx, p bot.Person) (bot.Staff, error) {
	role, known, err := r.role(tx, p.ID)
	if err != nil {
		return bot.Staff{}, err
	}
	name := shorten(bot.Clean(p.Name), 60)
	if name == "" {
		name = known.Name
	}
	if role == bot.Officer && known.Name != name {
		known.Name = name
		if err := tx.PutCoordinator(known); err != nil {
			return bot.Staff{}, err
		}
	}
	custodian := slices.ContainsFunc(r.Custodians, func(a bot.Address) bool { return tx.Pseudonym(a) == p.ID })
	return bot.Staff{ID: p.ID, Name: name, Role: role, Custodian: custodian, Regions: known.Regions}, nil
}

func (c *call) reply(key string, args ...any) error {
	return c.replyText(c.Text.Text(key, args...))
}

func (c *call) replyText(text string) error {
	m := bot.Message{To: c.group}
	if c.u.Message != nil {
		m.ReplyTo = c.u.Message.ID
	}
	return enqueueParts(c.tx, m, text)
}

// usage refuses a command that lacks something, with its usage and an example.
func (c *call) usage() error {
	key := "help." + c.cmd.name
	return bot.Refuse("desk.usage", "usage", locales.Marked(c.Text.Text(key+".usage")), "example", locales.Marked(c.Text.Text(key+".example")))
}

// help lists what the asker may do, or explains one command. In other groups nobody has a desk.
func (c *call) help() error {
	if !c.desk || !c.staff.May(bot.MayRead) {
		return c.reply("desk.help_public", "operator", c.Operator)
	}
	word, _ := cutWord(c.args)
	if word = strings.TrimLeft(strings.ToLower(word), "/!"); word != "" {
		cmd, known := c.command(word)
		if !known || !c.staff.May(cmd.needs) {
			return bot.Refuse("desk.unknown_command", "typed", shorten(bot.Clean(word), maxName))
		}
		key := "help." + cmd.name
		return c.reply("desk.help_one", "usage", locales.Marked(c.Text.Text(key+".usage")),
			"about", locales.Marked(c.Text.Text(key+".about")), "example", locales.Marked(c.Text.Text(key+".example")))
	}
	var lines []string
	for _, cmd := range c.commands {
		if c.staff.May(cmd.needs) {
			key := "help." + cmd.name
			lines = append(lines, c.Text.Text("desk.help_line",
				"usage", locales.Marked(c.Text.Text(key+".usage")), "about", locales.Marked(c.Text.Text(key+".about"))))
		}
	}
	return c.reply("desk.help", "list", locales.Marked(strings.Join(lines, "\n")))
}

// address tells a group's address, which is what the configuration wants for the desk.
func (c *call) address() error {
	return c.reply("desk.address", "address", c.group.String())
}

// caseArg finds the case a command is about: a number at the head of the arguments, or, without
// one, the case whose card the command replies to. It returns what follows the number.
func (c *call) caseArg() (bot.Case, string, error) {
	word, rest := cutWord(c.args)
	id, ok, err := c.number(word)
	if err != nil {
		return bot.Case{}, "", err
	}
	replied, found, err := c.repliedCase()
	if err != nil {
		return bot.Case{}, "", err
	}
	if ok && found && number(word) && bot.CaseID(id) != replied.ID {
		// "2 saksi" below the card of 5
		return bot.Case{}, "", bot.Refuse("desk.which_case", "typed", word, "ticket", replied.Ticket)
	}
	switch {
	case !ok && found:
		return replied, c.args, nil
	case !ok && word == "":
		return bot.Case{}, "", c.usage()
	case !ok:
		return bot.Case{}, "", bot.Refuse("desk.bad_number", "typed", shorten(bot.Clean(word), 40))
	}
	k, err := c.caseOf(id)
	if errors.Is(err, bot.ErrNotFound) {
		return k, "", bot.Refuse("desk.no_such_case", "typed", shorten(bot.Clean(word), 40))
	}
	return k, rest, err
}

// number reads a ticket or its short sequence. A ticket with a slip in it is a refusal.
func (c *call) number(word string) (bot.TipID, bool, error) {
	id, err := bot.ParseTicket(c.Prefix, word)
	switch {
	case errors.Is(err, bot.TicketCheck):
		return 0, false, bot.Refuse("desk.check_character", "typed", shorten(bot.Clean(word), 40))
	case err != nil:
		return 0, false, nil
	}
	return id, true, nil
}

// caseOf finds a case by the number of any of its tips.
func (c *call) caseOf(id bot.TipID) (bot.Case, error) {
	t, err := c.tx.Tip(id)
	if err != nil {
		return bot.Case{}, err
	}
	if t.Case == 0 {
		return bot.Case{}, fmt.Errorf("tip %d is still being gathered: %w", id, bot.ErrNotFound)
	}
	return c.tx.Case(t.Case)
}

// repliedCase is the case whose card the command replies to, if it does.
func (c *call) repliedCase() (bot.Case, bool, error) {
	if c.u.Message == nil || c.u.Message.ReplyTo == nil {
		return bot.Case{}, false, nil
	}
	key, err := c.tx.KeyOf(bot.MessageRef{Chat: c.group, ID: c.u.Message.ReplyTo.ID})
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Case{}, false, nil
	}
	if err != nil {
		return bot.Case{}, false, err
	}
	id, ok := caseOfCard(key)
	if !ok {
		return bot.Case{}, false, nil
	}
	k, err := c.tx.Case(id)
	return k, err == nil, ignoreMissing(err)
}

// CommandNames lists the desk's commands in the order of help, for a network's menu of commands.
func CommandNames() []string {
	var names []string
	for _, c := range deskCommands() {
		names = append(names, c.name)
	}
	return names
}
