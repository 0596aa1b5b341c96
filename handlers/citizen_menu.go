package handlers

import (
	"fmt"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/locales"
)

// questionMenu is open after the menu was shown: a bare number then chooses from it.
const questionMenu = "menu"

// menu does what a menu word asks for.
func (v *visit) menu(word, rest string) error {
	switch word {
	case "menu":
		if code, ok := strings.CutPrefix(rest, invitePrefix); ok {
			return v.acceptInvite(code)
		}
		return v.welcome("")
	case "lapor":
		return v.newTip(rest)
	case "cek":
		return v.check(rest)
	case "status":
		return v.status()
	case "resmi":
		return v.official(rest)
	case "privasi":
		return v.say("citizen.privacy", "operator", v.Operator,
			"identity_days", int(v.Retention.Identity/day), "content_days", int(v.Retention.Content/day))
	case "dataku":
		return v.export()
	case "hapus data":
		return v.askErase()
	case "batal":
		return v.cancel()
	case "bantuan":
		return v.say("citizen.help", "idle", int(v.Idle.Minutes()))
	case "petugas":
		return v.callStaff()
	case "beda":
		return v.differs(true)
	case "anggota":
		return v.joinOrganisation(rest)
	}
	return nil
}

func (v *visit) contact() string {
	if v.Contact == "" {
		return v.Text.Text("citizen.no_contact")
	}
	return bot.Clean(v.Contact)
}

// welcome greets and shows the menu. A question that is open stays open: only the numbers of the
// menu are not offered then, so that "1" keeps its meaning.
func (v *visit) welcome(greeting string) error {
	salam := v.Text.Text("citizen.hello")
	if strings.HasPrefix(greeting, "ass") || strings.HasPrefix(greeting, "asal") || strings.HasPrefix(greeting, "asl") || strings.HasPrefix(greeting, "ask") {
		salam = v.Text.Text("citizen.salam")
	}
	m := bot.Message{
		Person:  v.u.From.ID,
		Text:    v.Text.Text("citizen.welcome", "hello", locales.Marked(salam), "operator", v.Operator, "province", v.Province),
		Buttons: v.menuButtons(),
	}
	if err := v.tx.Enqueue(m); err != nil {
		return err
	}
	if v.d.Question != "" && v.d.Question != questionMenu {
		return v.say("citizen.still_asking")
	}
	v.d.Question, v.d.Options, v.d.Asked = questionMenu, menuChoices(), v.tx.Now()
	return v.save()
}

// menuButtons are labelled with the number a person can type instead.
func (v *visit) menuButtons() [][]bot.Button {
	var rows [][]bot.Button
	for i, w := range menuChoices() {
		b := bot.Button{
			Label: strconv.Itoa(i+1) + " " + v.Text.Text("menu."+strings.ReplaceAll(w, " ", "_")),
			Data:  "w:" + w,
		}
		if i%2 == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], b)
	}
	return rows
}

// press handles a button in a private chat. What it carries came from a client and is checked like
// typed text.
func (v *visit) press() error {
	p := v.u.Press
	if err := v.tx.Enqueue(bot.Message{Person: v.u.From.ID, Answer: p.ID}); err != nil {
		return err
	}
	kind, value, _ := strings.Cut(p.Data, ":")
	switch kind {
	case "w":
		if w := knownWord(value); w != "" {
			return v.menu(w, "")
		}
	case "a":
		return v.pressedAnswer(value)
	}
	return v.say("citizen.old_button")
}

// newTip ends what is open and, if words follow LAPOR, begins a tip with them.
func (v *visit) newTip(rest string) error {
	if err := v.closeOpen(); err != nil {
		return err
	}
	if rest != "" {
		return v.intake()
	}
	if err := v.save(); err != nil {
		return err
	}
	return v.say("citizen.send_it")
}

// closeOpen ends the open dialogue; a burst still being gathered becomes a case at once.
func (v *visit) closeOpen() error {
	open, err := v.gathering()
	if err != nil {
		return err
	}
	if open {
		over := bot.Timer{Name: quietName(v.d.Tip), Due: v.tx.Now(), Tip: v.d.Tip, Person: v.u.From.ID}
		if err := v.tx.SetTimer(over); err != nil {
			return err
		}
	}
	v.d = bot.Dialogue{Person: v.u.From.ID}
	return nil
}

// cancel ends the open question. What was received stays received, and the person is told so.
func (v *visit) cancel() error {
	open, err := v.gathering()
	if err != nil {
		return err
	}
	if open {
		return v.say("citizen.cancel_gathering")
	}
	if t, asked, err := v.inquiryTip(); err != nil || asked {
		if err != nil {
			return err
		}
		return v.declineInquiry(t)
	}
	was := v.d.Question
	v.d = bot.Dialogue{}
	if err := v.save(); err != nil {
		return err
	}
	switch was {
	case "", questionMenu:
		return v.say("citizen.nothing_open")
	case askErase:
		return v.say("citizen.erase_kept")
	}
	return v.say("citizen.cancelled")
}

// callStaff tells the desk that somebody wants a person, once an hour for a ticket. The desk sees
// the ticket, never who it is; nor does the key tell, which outlives an erasure.
func (v *visit) callStaff() error {
	ticket, tip := v.Text.Text("desk.no_ticket"), bot.TipID(0)
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		ticket, tip = v.ticket(t), t.ID
		break
	}
	key := fmt.Sprintf("petugas/%d/%s", tip, v.tx.Now().UTC().Format("2006-01-02T15"))
	if tip == 0 {
		key = "petugas/" + string(v.u.ID) // nothing tells such callers apart
	}
	err := v.toDesk(v.tx, bot.Message{Key: bot.Key(key), Text: v.Text.Text("desk.wants_staff", "ticket", locales.Marked(ticket))})
	if err != nil {
		return err
	}
	return v.say("citizen.staff_called", "contact", locales.Marked(v.contact()))
}

// MenuWords lists what a citizen can type, for a network's menu of commands.
func MenuWords() []string { return menuChoices() }
