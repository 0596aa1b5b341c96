package handlers

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// propose answers /putus N RATING penjelasan [tautan [tanggal]]. Nothing is published: another
// coordinator has to agree.
func (c *call) propose() error { return c.proposing((*bot.Case).Propose) }

// correct answers /ralat N RATING penjelasan [tautan [tanggal]].
func (c *call) correct() error { return c.proposing((*bot.Case).Correct) }

func (c *call) proposing(how func(*bot.Case, bot.Verdict, bot.Staff, time.Time) error) error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	v, err := c.verdict(rest)
	if err != nil {
		return err
	}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		err := how(k, v, c.staff, c.tx.Now())
		return bot.Event{Action: bot.ActProposed, Detail: string(v.Rating), Text: v.Explanation, Link: v.Link}, err
	})
}

// approve answers /setuju N.
func (c *call) approve() error {
	k, _, err := c.caseArg()
	if err != nil {
		return err
	}
	return c.apply(k, c.approving)
}

// approving publishes a proposal and tells everybody who sent the case.
func (c *call) approving(k *bot.Case) (bot.Event, error) {
	if err := k.Approve(c.staff, c.tx.Now()); err != nil {
		return bot.Event{}, err
	}
	return published(k), c.pushVerdict(*k)
}

func published(k *bot.Case) bot.Event {
	v := k.Verdict
	return bot.Event{Action: bot.ActDecided, Detail: string(v.Rating), Text: v.Explanation, Link: v.Link}
}

// reject answers /tolak N alasan.
func (c *call) reject() error {
	k, reason, err := c.caseArg()
	if err != nil {
		return err
	}
	if reason == "" {
		return c.usage()
	}
	reason = shorten(bot.Clean(reason), 600)
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		now := c.tx.Now()
		return bot.Event{Action: bot.ActRejected, Text: reason}, k.Reject(c.staff, now.Add(c.Promises.Lease.Within), now)
	})
}

// override answers /darurat N alasan: an admin publishes a proposal alone. It is marked for ever and
// stands in the digest.
func (c *call) override() error {
	k, reason, err := c.caseArg()
	if err != nil {
		return err
	}
	if reason == "" {
		return c.usage()
	}
	reason = shorten(bot.Clean(reason), 600)
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		if err := k.Override(reason, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		e := published(k)
		e.Case, e.Actor, e.Name = k.ID, c.staff.ID, c.staff.Name
		if _, err := c.tx.Append(e); err != nil {
			return bot.Event{}, err
		}
		return bot.Event{Action: bot.ActOverrode, Text: reason}, c.pushVerdict(*k)
	})
}

// verdict reads what follows the number: rating, explanation, and the fact check it quotes.
func (c *call) verdict(rest string) (bot.Verdict, error) {
	if rest == "" {
		return bot.Verdict{}, c.usage()
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
		return bot.Verdict{}, bot.Refuse("desk.bad_rating", "typed", shorten(bot.Clean(word), 40), "ratings", ratingWords())
	}
	text, link, err := splitLink(rest)
	if err != nil {
		return bot.Verdict{}, err
	}
	v := bot.Verdict{Rating: rating, Link: link, Publisher: publisher(link)}
	if link != "" {
		if text, v.Checked, err = c.checkedOn(text, rest, link); err != nil {
			return bot.Verdict{}, err
		}
	}
	if v.Explanation = shorten(bot.Clean(text), 1500); v.Explanation == "" {
		return bot.Verdict{}, c.usage()
	}
	return v, nil
}

// checkedOn finds the day of a fact check: typed behind its link, or part of its address, as most
// publishers have it. Zero if neither.
func (c *call) checkedOn(text, rest, link string) (string, time.Time, error) {
	_, tail, _ := strings.Cut(rest, link)
	if tail == rest { // the link was completed by us
		_, tail, _ = strings.Cut(rest, strings.TrimPrefix(link, "https://"))
	}
	tail = strings.Trim(strings.TrimSpace(tail), "().,;")
	if tail != "" {
		guess, ok := calendar.Parse(tail, c.tx.Now(), c.Zone)
		switch {
		case ok && guess.Future:
			return "", time.Time{}, bot.Refuse("desk.future", "day", calendar.Day(guess.Day))
		case ok:
			return strings.TrimSpace(strings.TrimSuffix(strings.TrimRight(text, "().,; "), tail)), guess.Day, nil
		case guess.Reason == calendar.Impossible:
			return "", time.Time{}, bot.Refuse("desk.bad_day", "typed", shorten(bot.Clean(tail), 40))
		}
	}
	return text, dayInLink(link, c.Zone.Location, c.tx.Now()), nil
}

// dayInLink reads a day out of an address: /2024/10/01/ or /20241001.
func dayInLink(link string, zone *time.Location, now time.Time) time.Time {
	m := regexp.MustCompile(`/(20\d\d)[/-]?(\d\d)[/-]?(\d\d)(?:\D|$)`).FindStringSubmatch(link)
	if m == nil {
		return time.Time{}
	}
	day, err := time.ParseInLocation("20060102", m[1]+m[2]+m[3], zone)
	if err != nil || day.After(now) {
		return time.Time{}
	}
	return day
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

// bareAddress reports whether a word is a web address without its scheme: with a path, or with www in front.
func bareAddress(word string) bool {
	return regexp.MustCompile(`^(www\..+|[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}/\S+)$`).MatchString(word)
}

// splitLink takes the first web address out of a text, without the sentence's punctuation around
// it. Something that looks like one and is not is a refusal: a verdict must not carry a link that
// opens nothing.
func splitLink(s string) (text, link string, err error) {
	for word := range strings.FieldsSeq(s) {
		word = strings.TrimRight(strings.TrimLeft(word, `("'<“`), `.,;:!?)"'>”`)
		lower := strings.ToLower(word)
		bare := !strings.Contains(lower, "://") && bareAddress(lower) // as people copy it
		if !bare && !strings.Contains(lower, "://") {
			continue
		}
		link = word
		if bare {
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

// pushVerdict tells every group the case was posted to, and everybody who sent it.
func (c *call) pushVerdict(k bot.Case) error {
	if err := c.tellGroups(k, k.Told); err != nil {
		return err
	}
	return c.tellSenders(c.tx, k)
}

// tellGroups tells groups that the case was posted to the verdict that is now in force.
func (c *call) tellGroups(k bot.Case, groups []bot.Address) error {
	key := "organisation.verdict"
	if k.Verdict.Version > 1 {
		key = "organisation.verdict_again"
	}
	for _, group := range groups {
		m := bot.Message{
			Key: bot.Key(fmt.Sprintf("verdict/%d/%d/%s", k.ID, k.Verdict.Version, group)), To: group, Case: k.ID,
			Text: c.Text.Text(key, "ticket", k.Ticket, "verdict", locales.Marked(c.verdictLines(*k.Verdict))),
		}
		if err := c.tx.Enqueue(m); err != nil {
			return err
		}
	}
	return nil
}
