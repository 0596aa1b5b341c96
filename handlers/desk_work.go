package handlers

import (
	"errors"
	"net/url"
	"strings"

	"awassiber/bot"
	"awassiber/locales"
)

// take answers /ambil N.
func (c *call) take() error {
	return c.change(func(k *bot.Case) (bot.Event, error) {
		return bot.Event{Action: bot.ActTaken}, k.Take(c.staff, c.tx.Now())
	})
}

// release answers /lepas N.
func (c *call) release() error {
	return c.change(func(k *bot.Case) (bot.Event, error) {
		return bot.Event{Action: bot.ActReleased}, k.Release(c.staff, c.tx.Now())
	})
}

// reopen answers /buka N.
func (c *call) reopen() error {
	return c.change(func(k *bot.Case) (bot.Event, error) {
		return bot.Event{Action: bot.ActReopened}, k.Reopen(c.tx.Now())
	})
}

// change is what commands on one case share: find it, apply, record, answer.
func (c *call) change(apply func(*bot.Case) (bot.Event, error)) error {
	k, _, err := c.caseArg()
	if err != nil {
		return err
	}
	return c.apply(k, apply)
}

func (c *call) apply(k bot.Case, apply func(*bot.Case) (bot.Event, error)) error {
	e, err := apply(&k)
	if errors.Is(err, bot.ErrUnchanged) {
		return c.reply("desk.unchanged", "ticket", k.Ticket)
	}
	if err != nil {
		return err
	}
	e, err = c.commit(k, e)
	if err != nil {
		return err
	}
	return c.reply("desk.done", "ticket", k.Ticket, "line", locales.Marked(c.eventLine(e)))
}

// commit stores a changed case with its event and brings the card up to date.
func (c *call) commit(k bot.Case, e bot.Event) (bot.Event, error) {
	e.Case, e.Actor, e.Name = k.ID, c.staff.ID, c.staff.Name
	if err := c.tx.PutCase(k); err != nil {
		return e, err
	}
	e, err := c.tx.Append(e)
	if err != nil {
		return e, err
	}
	if err := c.retain(c.tx, k); err != nil {
		return e, err
	}
	return e, c.editCard(c.tx, k, &e)
}

// note answers /catat N …: a line for the desk's own eyes.
func (c *call) note() error {
	k, text, err := c.caseArg()
	if err != nil {
		return err
	}
	if text == "" {
		return c.usage()
	}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		k.Changed = c.tx.Now()
		return bot.Event{Action: bot.ActNoted, Text: shorten(bot.Clean(text), 2000)}, nil
	})
}

// decide answers /putus N RATING penjelasan [tautan] and tells everybody who sent the case.
func (c *call) decide() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	if rest == "" {
		return c.usage()
	}
	word, rest := cutWord(rest)
	rating, ok := bot.ParseRating(word)
	if next, after := cutWord(rest); !ok && next != "" { // "SEBAGIAN BENAR", typed with a space
		if rating, ok = bot.ParseRating(word + " " + next); ok {
			rest = after
		}
	} else if r2, two := bot.ParseRating(word + " " + next); ok && two {
		rating, rest = r2, after
	}
	if !ok {
		return bot.Refuse("desk.bad_rating", "typed", shorten(bot.Clean(word), 40), "ratings", ratingWords())
	}
	text, link, err := splitLink(rest)
	if err != nil {
		return err
	}
	if text == "" {
		return c.usage()
	}
	v := bot.Verdict{Rating: rating, Explanation: shorten(bot.Clean(text), 1500), Link: link, Publisher: publisher(link)}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		if err := k.Decide(v, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		return bot.Event{Action: bot.ActDecided, Detail: string(rating), Text: v.Explanation, Link: link}, c.tellSenders(c.tx, *k)
	})
}

func ratingWords() string {
	var words []string
	for _, r := range bot.Ratings() {
		words = append(words, string(r))
	}
	return strings.Join(words, ", ")
}

// maxLink is the longest address of a fact check, in bytes.
const maxLink = 500

// splitLink takes the first web address out of a text, without the sentence's punctuation around
// it. Something that looks like one and is not is a refusal: a verdict must not carry a link that
// opens nothing.
func splitLink(s string) (text, link string, err error) {
	for word := range strings.FieldsSeq(s) {
		word = strings.TrimRight(strings.TrimLeft(word, `("'<“`), `.,;:!?)"'>”`)
		lower := strings.ToLower(word)
		if !strings.Contains(lower, "://") && !strings.HasPrefix(lower, "www.") {
			continue
		}
		link = word
		if strings.HasPrefix(lower, "www.") {
			link = "https://" + word
		}
		u, err := url.Parse(link)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !strings.Contains(u.Hostname(), ".") || u.User != nil || len(link) > maxLink {
			return "", "", bot.Refuse("desk.bad_link", "typed", shorten(bot.Clean(word), 60))
		}
		text = strings.Replace(s, word, "", 1)
		return strings.TrimSpace(strings.ReplaceAll(text, "  ", " ")), u.String(), nil
	}
	return strings.TrimSpace(s), "", nil
}

// publisher is who published the fact check a link leads to: its host, as people know it.
func publisher(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// shut answers /tutup N alasan.
func (c *call) shut() error {
	k, reason, err := c.caseArg()
	if err != nil {
		return err
	}
	if reason == "" {
		return c.usage()
	}
	return c.apply(k, c.closing(shorten(bot.Clean(reason), 600), false))
}

// closing ends a case; unless it is spam, its senders hear that it was closed. The reason is the
// desk's own and stays there.
func (c *call) closing(reason string, spam bool) func(*bot.Case) (bot.Event, error) {
	return func(k *bot.Case) (bot.Event, error) {
		if err := k.Close(reason, spam, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		e := bot.Event{Action: bot.ActClosed, Text: reason}
		if spam {
			return bot.Event{Action: bot.ActClosed, Text: c.Text.Text("card.spam")}, nil
		}
		return e, c.tellSenders(c.tx, *k)
	}
}
