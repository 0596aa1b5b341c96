package handlers

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/locales"
)

// Texts are sealed, so that a search opens each case it looks at, and everybody waits while it does: it goes
// through the newest cases in slices of searchSlice, each a transaction of its own, down to searchDepth.
const (
	searchSlice = 150
	searchDepth = 10_000
	searchMost  = 10
)

// quest is a search on its way. It lives in the name of a timer: "find/<reply to>/<read>/<found>/<words>".
type quest struct {
	reply bot.MessageID
	read  int
	found []string // numbers of cases
	words string
}

func (q quest) name() string {
	return fmt.Sprintf("find/%s/%d/%s/%s", url.PathEscape(string(q.reply)), q.read, strings.Join(q.found, ","), url.PathEscape(q.words))
}

// questOf reads what name wrote.
func questOf(name string) (quest, error) {
	f := strings.Split(name, "/")
	if len(f) != 5 {
		return quest{}, errors.New("no search in a timer's name")
	}
	reply, err1 := url.PathUnescape(f[1])
	words, err2 := url.PathUnescape(f[4])
	read, err3 := strconv.Atoi(f[2])
	q := quest{reply: bot.MessageID(reply), read: read, words: words}
	if f[3] != "" {
		q.found = strings.Split(f[3], ",")
	}
	return q, errors.Join(err1, err2, err3)
}

// find answers /cari kata.
func (c *call) find() error {
	words := shorten(bot.Clean(strings.TrimSpace(c.args)), 200)
	if words == "" {
		return c.usage()
	}
	q := quest{words: words}
	if c.u.Message != nil {
		q.reply = c.u.Message.ID
	}
	return c.seek(c.tx, q, 0)
}

// seekOn goes on with a search.
func (r *Router) seekOn(tx bot.Tx, t bot.Timer) error {
	q, err := questOf(t.Name)
	if err != nil {
		return err
	}
	return r.seek(tx, q, t.Case)
}

// seek looks through the next slice, from before a case, and answers once it is over.
func (r *Router) seek(tx bot.Tx, q quest, before bot.CaseID) error {
	want := strings.Fields(plainWords(q.words))
	n, more := 0, false
	for k, err := range tx.Recent(before) {
		if err != nil {
			return err
		}
		if more = n == searchSlice; more || len(q.found) == searchMost {
			break
		}
		n, before = n+1, k.ID
		if mentions(k, want) {
			q.found = append(q.found, strconv.FormatUint(uint64(k.ID), 10))
		}
	}
	q.read += n
	if more && len(q.found) < searchMost && q.read < searchDepth {
		return tx.SetTimer(bot.Timer{Name: q.name(), Due: tx.Now(), Case: before})
	}
	return r.tellFound(tx, q)
}

func (r *Router) tellFound(tx bot.Tx, q quest) error {
	var lines []string
	for _, number := range q.found {
		id, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		k, err := tx.Case(bot.CaseID(id))
		if err != nil {
			return err
		}
		lines = append(lines, r.caseLine(k))
	}
	text := r.Text.Text("desk.find_none", "words", shorten(q.words, 60), "depth", q.read)
	if len(lines) > 0 {
		text = r.Text.Text("desk.find", "list", locales.Marked(strings.Join(lines, "\n")), "words", shorten(q.words, 60), "depth", q.read)
	}
	for _, part := range bot.Split(text, partLimit) {
		if err := r.toDesk(tx, bot.Message{ReplyTo: q.reply, Text: part}); err != nil {
			return err
		}
	}
	return nil
}

// search yields those of the newest depth cases of a status that contain every word, newest first.
func (r *Router) search(tx bot.Tx, words string, in bot.Status, depth int, yield func(bot.Case) bool) error {
	want := strings.Fields(plainWords(words))
	read := 0
	for c, err := range tx.Cases(in, true) {
		if err != nil {
			return err
		}
		if read++; read > depth {
			return nil
		}
		if mentions(c, want) && !yield(c) {
			return nil
		}
	}
	return nil
}

func mentions(c bot.Case, want []string) bool {
	if len(want) == 0 {
		return false
	}
	text := c.Ticket + " " + c.Excerpt + " " + c.Reason
	if c.Verdict != nil {
		text += " " + c.Verdict.Explanation
	}
	text = plainWords(text)
	for _, w := range want {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// historyMost is how many lines of a case's history are shown at once.
const historyMost = 100

// history answers /riwayat N [<nomor]: the last lines, or those before a line; and those of the cases that
// were merged into it, as far as there is room.
func (c *call) history() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	before := bot.EventID(0)
	if word, _ := cutWord(rest); word != "" {
		n, err := strconv.ParseUint(strings.TrimPrefix(word, "<"), 10, 64)
		if err != nil || n == 0 {
			return c.usage()
		}
		before = bot.EventID(n)
	}
	lines, next, err := c.historyLines(k.ID, before, historyMost)
	if err != nil {
		return err
	}
	for _, id := range k.Holds {
		if before != 0 || len(lines) >= historyMost {
			break
		}
		part, err := c.tx.Case(id)
		if err != nil {
			return err
		}
		more, _, err := c.historyLines(id, 0, historyMost-len(lines))
		if err != nil {
			return err
		}
		lines = append(append(lines, "", c.Text.Text("desk.history_of", "ticket", part.Ticket)), more...)
	}
	if next != 0 {
		earlier := c.Text.Text("desk.history_more", "seq", strconv.FormatUint(uint64(k.ID), 10), "line", strconv.FormatUint(uint64(next), 10))
		lines = append([]string{earlier}, lines...)
	}
	return c.reply("desk.history", "ticket", k.Ticket, "list", locales.Marked(strings.Join(lines, "\n")))
}

// historyLines are the last lines of a history before an event, oldest first; next is the first of them if
// there are earlier ones.
func (c *call) historyLines(id bot.CaseID, before bot.EventID, most int) (lines []string, next bot.EventID, err error) {
	first := bot.EventID(0)
	for e, err := range c.tx.HistoryBefore(id, before) {
		if err != nil {
			return nil, 0, err
		}
		if len(lines) == most {
			next = first
			break
		}
		lines, first = append(lines, c.eventLine(e)), e.ID
	}
	slices.Reverse(lines)
	return lines, next, nil
}
