// Package handlers is what the bot does when spoken to. It decides and writes decisions: it has a
// [bot.Tx] and read-only lookups, and reaches neither network nor disk. Every sentence it says is a
// key of locales/.
//
// Invariants: a handler either changes everything it tells of or nothing; it compares the desired
// with the present state, so that the same press twice changes nothing and says so; a right is
// asked for at one place, [bot.May]. A refusal ([bot.UserError]) is answered here and is not an
// error to the inbox.
package handlers

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/gazetteer"
	"awassiber/locales"
)

// Places reads and names areas; *gazetteer.Gazetteer is one.
type Places interface {
	Resolve(answer string) gazetteer.Match
	Regencies() []gazetteer.Area
	Name(code string) string
	Short(code string) string
}

// Config is what the handlers know of their installation.
type Config struct {
	Text   *locales.Printer
	Places Places
	Zone   calendar.Zone
	// Group is the coordinators' group; zero while none is configured. Cases are kept all the same
	// and /kasus shows them, but no cards are posted.
	Group  bot.Address
	Admins []bot.Address
	// Custodians may open a sealed identity; they may be anything else besides.
	Custodians []bot.Address
	// Elections, Promises and Routing are the rules: what runs when, how long anything may take, and
	// whose matter a category is where.
	Elections bot.Elections
	Promises  bot.Promises
	Routing   bot.Routing
	// Quiet is how long a sender must be silent before their messages become one tip.
	Quiet time.Duration
	// Idle is after how long an unanswered question no longer claims the next message.
	Idle time.Duration
	// Prefix begins every ticket number.
	Prefix string
	// Operator is who runs the bot, as citizens read it. Province names where.
	Operator string
	Province string
	// Contact is how to reach the supervisor officially; may be empty.
	Contact string
	// Retention ends the keeping of what was sent, counted from when a case was finished.
	Retention Retention
	// FileCap is the largest file the network lets us download, in bytes.
	FileCap int64
	// Self tells the bot's own user name on a network, empty if unknown.
	Self func(bot.Network) string
	// Summary composes the digest of what happened since the last one.
	Summary func(bot.Tx) (string, error)
	// Spread is the pause between two senders on WhatsApp who are told the same outcome of a case: one
	// text to many people at once is what numbers are banned for. 0: none.
	Spread time.Duration
	// Silent reports until when a network wants nothing said to persons, zero if it may be; nil: always.
	Silent func(bot.Network) time.Time
	// Random is the source of invitation codes.
	Random io.Reader
}

// Router hands each update to whom it concerns.
type Router struct {
	Config
	commands []command
}

// New makes the router. Config is used as given; every field but Contact and Group must be set.
func New(c Config) *Router {
	r := &Router{Config: c}
	r.commands = deskCommands()
	return r
}

// Handle is the inbox's handler: it does everything one update asks for, in its transaction.
func (r *Router) Handle(tx bot.Tx, u bot.Update) error {
	switch u.Kind {
	case bot.KindTimer:
		return r.timer(tx, *u.Timer, u.Recognised)
	case bot.KindRecognised:
		return r.lateRecognised(tx, *u.Recognised)
	case bot.KindFetched:
		return r.fetched(tx, *u.Fetched)
	case bot.KindFailed:
		return r.failed(tx, *u.Failed)
	case bot.KindNotice:
		return r.notice(tx, u.Network, *u.Notice)
	case bot.KindMoved:
		return r.moved(tx, u)
	case bot.KindJoined:
		return r.joined(tx, u)
	}
	if u.From.ID == "" {
		return nil // an anonymous group admin or a channel: nobody we could know
	}
	if u.Private {
		return r.private(tx, u)
	}
	desk, err := r.isDesk(tx, u.Chat)
	if err != nil {
		return err
	}
	if desk {
		return r.desk(tx, u)
	}
	return r.otherGroup(tx, u)
}

// isDesk reports whether chat is the coordinators' group, also after it became another chat.
func (r *Router) isDesk(tx bot.Tx, chat bot.Address) (bool, error) {
	group, err := r.group(tx)
	return !group.IsZero() && group == chat, err
}

// group is where the coordinators' group is now; zero if none is configured.
func (r *Router) group(tx bot.Tx) (bot.Address, error) {
	if r.Group.IsZero() {
		return bot.Address{}, nil
	}
	return tx.ResolveAddress(r.Group)
}

// toDesk enqueues a message to the coordinators' group, if there is one.
func (r *Router) toDesk(tx bot.Tx, m bot.Message) error {
	group, err := r.group(tx)
	if err != nil || group.IsZero() {
		return err
	}
	m.To = group
	if group.Network == bot.WhatsApp && m.Case != 0 && m.Key == "" && m.Edit == "" && m.File == nil {
		c, err := tx.Case(m.Case)
		if ignoreMissing(err) != nil {
			return err
		}
		if l := c.Leases(); len(l) > 0 {
			m.Mention = l[0].Holder // who works on it should hear; on Telegram the group's own notices do that
		}
	}
	return tx.Enqueue(m)
}

// tell enqueues a plain text to a person's private chat.
func (r *Router) tell(tx bot.Tx, to bot.PersonID, key string, args ...any) error {
	return enqueueParts(tx, bot.Message{Person: to}, r.Text.Text(key, args...))
}

// partLimit is the longest text sent as one message, in UTF-16 units (Bot API: 4096).
const partLimit = 4096

// enqueueParts enqueues a text as the messages it needs, so that each has its own place under the
// networks' limits and is not sent again for the failure of another.
func enqueueParts(tx bot.Tx, m bot.Message, text string) error {
	for _, part := range bot.Split(text, partLimit) {
		m.Text = part
		if err := tx.Enqueue(m); err != nil {
			return err
		}
	}
	return nil
}

// timer does what a fired timer was set for. Its name says what: "quiet/17". found is what was looked up for it.
func (r *Router) timer(tx bot.Tx, t bot.Timer, found *bot.Recognition) error {
	switch kind, _, _ := strings.Cut(t.Name, "/"); kind {
	case "quiet":
		return r.quietOver(tx, t.Tip, found)
	case "count":
		return r.countDue(tx, t.Case)
	case "tell":
		return r.tellOne(tx, t.Tip)
	case "added":
		return r.addedOver(tx, t.Tip)
	case "identity":
		return r.identityOver(tx, t)
	case "person":
		return forgetIfDone(tx, t.Person)
	case "content":
		return r.contentOver(tx, t)
	case "lease":
		return r.leaseDue(tx, t.Case)
	case "spread":
		return r.spreadOn(tx, t)
	case "merge":
		return r.mergeOn(tx, t.Case)
	case "inquire":
		return r.inquireOn(tx, t.Tip)
	case "inquiry":
		return r.inquiryOver(tx, t.Tip)
	case "find":
		return r.seekOn(tx, t)
	case "clock":
		return r.clockDue(tx, t.Case)
	case firstAnswerTimer:
		return r.firstDue(tx)
	case dayTimer:
		return r.dayDue(tx)
	case incidentTimer:
		return r.incidentDue(tx)
	default:
		return fmt.Errorf("no handler for timer kind %q", kind)
	}
}

// moved follows a group that became another chat. Waiting messages follow by themselves. Whether it
// was the desk is asked afterwards: where a failed send told of the move, the outbox has recorded it.
func (r *Router) moved(tx bot.Tx, u bot.Update) error {
	if err := tx.Moved(u.Chat, u.MovedTo); err != nil {
		return err
	}
	desk, err := r.isDesk(tx, u.MovedTo)
	if err != nil || !desk {
		return err
	}
	return r.toDesk(tx, bot.Message{
		Key:  bot.Key("moved/" + string(u.ID)),
		Text: r.Text.Text("desk.moved"),
	})
}

// failed tells the desk that something will never arrive.
func (r *Router) failed(tx bot.Tx, f bot.Failed) error {
	if f.Case == 0 {
		return nil // an answer outside any case: counted by the outbox, nothing for the desk to do
	}
	c, err := tx.Case(f.Case)
	if err != nil {
		return ignoreMissing(err)
	}
	text := r.Text.Text("desk.undelivered", "ticket", c.Ticket, "reason", locales.Marked(r.reason(f.Reason)))
	if !f.To.IsZero() {
		if text, err = r.groupUnreached(tx, c, f); err != nil {
			return err
		}
	}
	return r.toDesk(tx, bot.Message{Text: text, Case: c.ID})
}

// groupUnreached says which organisation's group did not get what was meant for it.
func (r *Router) groupUnreached(tx bot.Tx, c bot.Case, f bot.Failed) (string, error) {
	channels, err := tx.Channels()
	if err != nil {
		return "", err
	}
	name, reason := f.To.String(), r.reason(f.Reason)
	if f.Reason == "blocked" {
		reason = r.Text.Text("reason.removed")
	}
	for _, ch := range channels {
		if ch.Group == f.To {
			name = r.organisationName(ch.Organisation)
		}
	}
	return r.Text.Text("desk.undelivered_group", "ticket", c.Ticket, "name", name, "reason", locales.Marked(reason)), nil
}

// reason puts a machine word for a failure into words, if there are any.
func (r *Router) reason(word string) string {
	if key := "reason." + word; r.Text.Has(key) {
		return r.Text.Text(key)
	}
	return r.Text.Text("reason.other", "word", word)
}

// notice tells every admin, in private, and the desk what the program has to say about itself.
func (r *Router) notice(tx bot.Tx, net bot.Network, n bot.Notice) error {
	if err := recordLink(tx, net, n); err != nil {
		return err
	}
	args := make([]any, 0, 2*len(n.Args))
	for k, v := range n.Args {
		args = append(args, k, v)
	}
	text := r.Text.Text(n.Key, args...)
	if err := r.toAdmins(tx, "", text); err != nil {
		return err
	}
	if n.Key == noticeDesk {
		return nil // the desk is what cannot be reached
	}
	return r.toDesk(tx, bot.Message{Text: text})
}

// noticeDesk is the notice that the coordinators' group refuses what is sent to it.
const noticeDesk = "notice.desk_unreachable"

// role is what a person may do at the desk.
func (r *Router) role(tx bot.Tx, p bot.PersonID) (bot.Role, bot.Coordinator, error) {
	c, err := tx.Coordinator(p)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Public, c, err
	}
	for _, a := range r.Admins {
		if tx.Pseudonym(a) == p {
			c.ID, c.Role = p, bot.Admin
		}
	}
	return c.Role, c, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	return err
}

// ticket writes a tip's number.
func (r *Router) ticket(t bot.Tip) string {
	return bot.Ticket{Prefix: r.Prefix, Year: t.Started.In(r.Zone.Location).Year(), Seq: t.ID}.String()
}
