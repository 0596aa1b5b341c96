package handlers

import (
	"errors"
	"strings"

	"awassiber/bot"
)

// private handles what happens in a person's own chat with the bot: a citizen's dialogue. Menu
// words come first, then the question that is open, then intake: whatever is left is a tip.
func (r *Router) private(tx bot.Tx, u bot.Update) error {
	d, err := tx.Dialogue(u.From.ID)
	if err != nil {
		return err
	}
	v := visit{Router: r, tx: tx, u: u, d: d}
	if d.Person == "" {
		if err := v.firstTime(); err != nil {
			return err
		}
	}
	switch u.Kind {
	case bot.KindPress:
		err = v.press()
	case bot.KindEdit:
		err = v.edited()
	case bot.KindRevoked:
		err = v.revoked()
	case bot.KindMessage:
		err = v.message()
	default:
		return nil
	}
	var refusal *bot.UserError
	if errors.As(err, &refusal) {
		return tx.Enqueue(bot.Message{Person: u.From.ID, Text: r.Text.Refusal(refusal)})
	}
	return err
}

// visit is one private update being handled: the router, the transaction, what came, and where
// the person stands in conversation.
type visit struct {
	*Router
	tx bot.Tx
	u  bot.Update
	d  bot.Dialogue
}

// say answers the person.
func (v *visit) say(key string, args ...any) error {
	return v.tell(v.tx, v.u.From.ID, key, args...)
}

// save stores where the person now stands.
func (v *visit) save() error {
	v.d.Person = v.u.From.ID
	return v.tx.PutDialogue(v.d)
}

func (v *visit) message() error {
	m := v.u.Message
	switch m.Unsupported {
	case "":
	case bot.UnsupportedService, "bot":
		return nil
	case "view_once", "unreadable":
		return v.say("citizen.unsupported_" + m.Unsupported)
	default:
		return v.say("citizen.unsupported")
	}
	if m.ReplyTo != nil && m.ReplyTo.Key != "" && !v.isMenu(m) {
		if handled, err := v.quotedAnswer(m); err != nil || handled {
			return err
		}
	}
	if v.reporting() && !v.isMenu(m) {
		if handled, err := v.reportStep(m); err != nil || handled {
			return err
		}
	}
	if t, asked, err := v.inquiryTip(); err != nil || asked && !v.isMenu(m) {
		return errors.Join(err, v.answerInquiry(t))
	}
	if m.Forward != nil || len(m.Files) > 0 || m.Location != nil {
		return v.intake()
	}
	if value, ok := v.saidChoice(m.Text); ok { // "resmi", where that is one of the choices
		return v.pressedAnswer(value)
	}
	word, rest, ok := menuWord(m.Text)
	if ok && (word != "cek" || len(m.Links) == 0) { // a link to be checked is a tip
		return v.menu(word, rest)
	}
	if name := v.strayCommand(m.Text); name != "" {
		_, known := v.command(name)
		switch {
		case name == "alamat": // whoever sets up the bot cannot know what their network calls them
			return v.address()
		case known:
			return v.say("desk.only_in_group", "typed", name)
		}
		return v.say("desk.unknown_command", "typed", name)
	}
	gathering, err := v.gathering()
	if err != nil {
		return err
	}
	words := plainWords(m.Text)
	switch {
	case v.d.Question == questionMenu && number(words), v.d.Question == askErase:
		return v.answer(m.Text)
	case gathering:
		return v.intake()
	case isGreeting(words):
		return v.welcome(words)
	case v.d.Question != "":
		return v.answer(m.Text)
	}
	return v.unasked()
}

// address tells a person what their network calls them, which is how an admin is named in the settings.
func (v *visit) address() error {
	own, _, err := v.tx.Identity(v.u.From.ID)
	if err != nil {
		return err
	}
	return v.say("citizen.address", "address", own.String())
}

// unasked handles a text that no question waits for. It is a tip, unless it is a pleasantry, an
// emoji, or a number for a list that is no longer open: then the menu shows what can be chosen.
func (v *visit) unasked() error {
	switch words := plainWords(v.u.Message.Text); {
	case isCourtesy(words):
		return v.say("citizen.courtesy")
	case words == "" && len(v.u.Message.Links) == 0:
		return v.say("citizen.unsupported")
	case number(words):
		return v.welcome("")
	}
	return v.intake()
}

// strayCommand is the name of a command that does nothing in a private chat: one of the desk's, or a
// lone word after a slash. Neither is a tip. Empty if the text is something else.
func (v *visit) strayCommand(text string) string {
	typed, is := ParseCall(text, v.Self(v.u.Network))
	if _, known := v.command(typed.Name); is && typed.Slash && (known || typed.Args == "") {
		return typed.Name
	}
	return ""
}

// gathering reports whether the person's burst is still open.
func (v *visit) gathering() (bool, error) {
	if v.d.Tip == 0 {
		return false, nil
	}
	t, err := v.tx.Tip(v.d.Tip)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return t.Gathering(), err
}

// menuWords are what a citizen can type at any moment, with or without a slash, in any case. The
// first of a line is the word shown; the others are what people type for it.
var menuWords = [...][]string{
	{"menu", "start", "mulai"},
	{"lapor"},
	{"cek", "cek kabar"},
	{"status", "tiket", "status tiket"},
	{"resmi", "lapor resmi"},
	{"privasi"},
	{"dataku", "data ku", "data saya"},
	{"hapus data", "hapusdata", "hapus data saya", "hapus dataku"},
	{"batal"},
	{"bantuan", "help", "tolong"},
	{"petugas"},
	{"anggota"},
	{"beda", "bukan ini", "berbeda"},
}

// menuChoices are the words behind the numbers of the menu, from 1.
func menuChoices() []string {
	return []string{"lapor", "cek", "status", "resmi", "privasi", "dataku", "hapus data", "bantuan", "petugas"}
}

// menuWord recognises a menu word. LAPOR may be followed by a tip, CEK by a few words, STATUS by a
// ticket, RESMI by a ticket, MULAI and ANGGOTA by the code of an invitation; the other words must stand alone unless a slash
// makes them a command, so that a sentence beginning with "batal" or "resmi" stays a tip.
func menuWord(text string) (word, rest string, ok bool) {
	words := plainWords(text)
	if w := knownWord(words); w != "" {
		return w, "", true // also /hapus data
	}
	if n, label, ok := numberedLine(words); ok && n <= len(menuChoices()) && knownWord(label) == menuChoices()[n-1] {
		return menuChoices()[n-1], "", true
	}
	if typed, is := ParseCall(text, ""); is && typed.Slash {
		if w := knownWord(strings.ReplaceAll(typed.Name, "_", " ")); w != "" {
			return w, typed.Args, true
		}
		return "", "", false
	}
	head, rest := cutWord(text)
	switch w := knownWord(plainWords(head)); {
	case w == "cek" && !strings.Contains(rest, "\n") && len(strings.Fields(rest)) <= 4,
		w == "lapor" && rest != "",
		(w == "status" || w == "resmi") && len(strings.Fields(rest)) == 1 && strings.ContainsAny(rest, "0123456789"),
		w == "anggota" && len(rest) == inviteLength && len(strings.Fields(rest)) == 1,
		w == "menu" && strings.HasPrefix(rest, invitePrefix):
		return w, rest, true
	}
	return "", "", false
}

func knownWord(words string) string {
	for _, group := range menuWords {
		for _, w := range group {
			if words == w {
				return group[0]
			}
		}
	}
	return ""
}

// number reports whether words are a number of a list: one or two digits.
func number(words string) bool {
	return words != "" && len(words) <= 2 && strings.Trim(words, "0123456789") == ""
}

// numberedLine splits a whole line of a list that somebody typed or copied: "4 Lapor resmi". The number
// counts from 1.
func numberedLine(words string) (n int, label string, ok bool) {
	head, label, ok := strings.Cut(words, " ")
	return atoi(head), label, ok && number(head) && atoi(head) > 0
}

// isGreeting knows how people here open a chat (DOMAIN section 12): often with a bare P.
func isGreeting(words string) bool {
	switch words {
	case "p", "hai", "hi", "hallo", "halo", "hei", "hello", "test", "tes", "ping", "min", "admin",
		"halo min", "halo admin", "hai min", "assalamualaikum", "asalamualaikum", "assalamu alaikum",
		"ass wr wb", "assalamualaikum wr wb", "assalamualaikum warahmatullahi wabarakatuh", "aslm", "askum",
		"pagi", "siang", "sore", "malam", "selamat pagi", "selamat siang", "selamat sore", "selamat malam",
		"permisi", "kak", "bang", "pak", "bu":
		return true
	}
	return false
}

// isCourtesy knows words that close a conversation and are no tip.
func isCourtesy(words string) bool {
	switch words {
	case "terima kasih", "terimakasih", "makasih", "mokasih", "makasi", "tq", "thanks", "trims", "ok", "oke", "okay",
		"siap", "baik", "sip", "mantap", "ya", "iya", "sama sama", "terima kasih banyak", "makasih ya", "ok makasih",
		"oke makasih", "baik terima kasih", "ok terima kasih", "siap terima kasih":
		return true
	}
	return false
}
