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
	switch u.Kind {
	case bot.KindPress:
		err = v.press()
	case bot.KindEdit:
		err = v.edited()
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
	case "service", "bot":
		return nil
	default:
		return v.say("citizen.unsupported")
	}
	bare := m.Forward == nil && len(m.Files) == 0 && m.Location == nil
	if !bare {
		return v.intake()
	}
	if word, rest, ok := menuWord(m.Text); ok {
		return v.menu(word, rest)
	}
	gathering, err := v.gathering()
	if err != nil || gathering {
		return errors.Join(err, v.intakeIf(gathering))
	}
	switch words := plainWords(m.Text); {
	case isGreeting(words):
		return v.welcome(words)
	case v.d.Question != "":
		return v.answer(m.Text)
	case isCourtesy(words):
		return v.say("citizen.courtesy")
	case words == "" && len(m.Links) == 0:
		return v.say("citizen.unsupported") // nothing but emoji or dots
	}
	return v.intake()
}

// intakeIf is intake while a burst is open; it exists so that message reads as one decision.
func (v *visit) intakeIf(open bool) error {
	if !open {
		return nil
	}
	return v.intake()
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
	{"cek"},
	{"status", "tiket"},
	{"resmi"},
	{"privasi"},
	{"dataku", "data ku", "data saya"},
	{"hapus data", "hapusdata", "hapus_data"},
	{"batal"},
	{"bantuan", "help", "tolong"},
	{"petugas"},
}

// menuChoices are the words behind the numbers of the menu, from 1.
func menuChoices() []string {
	return []string{"lapor", "cek", "status", "resmi", "privasi", "dataku", "hapus data", "bantuan", "petugas"}
}

// menuWord recognises a menu word. LAPOR, CEK and STATUS may be followed by more, and /start by
// the code of an invitation; the other words must stand alone, so that a sentence beginning with
// "batal" or "resmi" stays a tip.
func menuWord(text string) (word, rest string, ok bool) {
	if call, is := ParseCall(text, ""); is {
		head := call.Name
		if call.Args != "" && knownWord(plainWords(head+" "+call.Args)) != "" {
			return knownWord(plainWords(head + " " + call.Args)), "", true // /hapus data
		}
		if w := knownWord(strings.ReplaceAll(head, "_", " ")); w != "" {
			return w, call.Args, true
		}
		return "", "", false
	}
	if w := knownWord(plainWords(text)); w != "" {
		return w, "", true
	}
	head, rest := cutWord(text)
	switch w := knownWord(plainWords(head)); {
	case w == "cek" && !strings.Contains(rest, "\n") && len(strings.Fields(rest)) <= 4:
		return w, rest, true
	case w == "lapor" && rest != "":
		return w, rest, true
	case w == "menu" && strings.HasPrefix(rest, invitePrefix):
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
