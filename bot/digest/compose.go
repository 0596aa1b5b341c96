package digest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

const (
	// verdictLimit is how many verdicts a digest lists; people scroll no further on a phone.
	verdictLimit = 10
	// overrideLimit is how many verdicts without a second person it lists: they should be rare.
	overrideLimit = 5
	// messageLimit is the room of one message in UTF-16 units (Bot API, sendMessage).
	messageLimit = 4096
)

// Compose writes a report as one message. places names an area by its Kemendagri code. Where the
// verdicts do not fit, the first are listed and the number of the others is told.
func Compose(p *locales.Printer, places func(code string) string, zone calendar.Zone, r Report) string {
	c := composer{p: p, places: places, zone: zone, r: r}
	if r.Quiet() {
		return join("\n", c.quiet(), c.late(), c.outages())
	}
	fixed := []string{join("\n", c.title(), c.late(), c.counts()), c.overrides(), c.outages(), c.kinds(), c.areas(), c.waiting()}
	for n := min(len(r.Verdicts), verdictLimit); ; n-- {
		text := join("\n\n", append(slices.Clone(fixed), c.verdicts(n))...)
		if n == 0 || len(bot.Split(text, messageLimit)) == 1 {
			return text
		}
	}
}

type composer struct {
	p      *locales.Printer
	places func(code string) string
	zone   calendar.Zone
	r      Report
}

func (c composer) title() string {
	if c.r.Slot.IsZero() {
		return c.p.Text("digest.title_now", "time", calendar.Moment(c.r.To, c.zone))
	}
	return c.p.Text("digest.title", "day", calendar.Day(c.zone.In(c.r.Slot)))
}

// quiet is the whole digest of a period in which nothing happened: one line, which still says what
// waits, lest calm is taken for done.
func (c composer) quiet() string {
	waits := c.p.Text("digest.quiet_done")
	switch untaken, inWork := c.r.Waiting[bot.New], c.r.Waiting[bot.Taken]; {
	case untaken > 0:
		waits = c.p.Text("digest.quiet_untaken", "count", untaken, "ticket", c.r.Oldest.Ticket, "age", c.age())
	case inWork > 0:
		waits = c.p.Text("digest.quiet_in_work", "count", inWork)
	}
	return c.p.Text("digest.quiet", "title", locales.Marked(c.title()), "since", c.since(), "waits", locales.Marked(waits))
}

func (c composer) late() string {
	if !c.r.Late {
		return ""
	}
	return c.p.Text("digest.late", "due", calendar.Moment(c.r.Slot, c.zone), "now", calendar.Moment(c.r.To, c.zone))
}

func (c composer) since() string {
	if c.r.From.IsZero() {
		return c.p.Text("digest.since_start")
	}
	return c.p.Text("digest.since", "time", calendar.Moment(c.r.From, c.zone))
}

// outages says when a network was in trouble: who waited for an answer, and why little came in.
func (c composer) outages() string {
	var lines []string
	for _, o := range c.r.Outages {
		key := "digest.outage_over"
		args := []any{"network", locales.Marked(c.p.Text("network." + string(o.Network))), "from", calendar.Moment(o.From, c.zone)}
		if o.To.IsZero() {
			key = "digest.outage"
		} else {
			args = append(args, "to", calendar.Moment(o.To, c.zone))
		}
		lines = append(lines, c.p.Text(key, args...))
	}
	return join("\n", lines...)
}

// counts says what was done. What there may always be is told even when it is nought; what is
// rare only when it happened.
func (c composer) counts() string {
	rare := func(key string, n int) string {
		if n == 0 {
			return ""
		}
		return c.p.Text(key, "count", n)
	}
	return join("\n",
		c.p.Text("digest.period", "since", c.since()),
		c.p.Text("digest.new", "count", c.r.New),
		rare("digest.repeats", c.r.Repeats),
		c.p.Text("digest.taken", "count", c.r.Taken),
		c.p.Text("digest.resolved", "count", c.r.Resolved),
		rare("digest.referred", c.r.Referred),
		rare("digest.received", c.r.Received),
		rare("digest.closed", c.r.Closed),
		rare("digest.released", c.r.Released),
		rare("digest.reopened", c.r.Reopened),
	)
}

// overrides tell which verdicts an admin published alone, and why: it stands above everything but the counts.
func (c composer) overrides() string {
	if len(c.r.Overrides) == 0 {
		return ""
	}
	lines := []string{c.p.Text("digest.overrides")}
	for i, o := range c.r.Overrides {
		if i == overrideLimit {
			lines = append(lines, c.p.Text("digest.overrides_more", "count", len(c.r.Overrides)-i))
			break
		}
		lines = append(lines, c.p.Text("digest.override", "ticket", o.Ticket, "name", o.Name, "reason", o.Reason))
	}
	return join("\n", lines...)
}

func (c composer) kinds() string {
	if c.r.New == 0 {
		return ""
	}
	lines := []string{c.p.Text("digest.kinds")}
	for _, k := range []struct {
		key string
		n   int
	}{
		{"digest.kind_hoax", c.r.Kinds.Hoax},
		{"digest.kind_violation", c.r.Kinds.Violation},
		{"digest.kind_both", c.r.Kinds.Both},
		{"digest.kind_unsure", c.r.Kinds.Unsure},
	} {
		if k.n > 0 {
			lines = append(lines, c.p.Text(k.key, "count", k.n))
		}
	}
	return join("\n", lines...)
}

// areas lists where the new cases are, most first, and last those of which nobody said where.
func (c composer) areas() string {
	type row struct {
		name string
		n    int
	}
	var rows []row
	for code, n := range c.r.Areas {
		if code != "" {
			rows = append(rows, row{c.places(code), n})
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.name, b.name))
	})
	var lines []string
	for _, a := range rows {
		lines = append(lines, c.p.Text("digest.area", "area", a.name, "count", a.n))
	}
	if n := c.r.Areas[""]; n > 0 {
		lines = append(lines, c.p.Text("digest.area_unknown", "count", n))
	}
	if len(lines) == 0 {
		return ""
	}
	return join("\n", append([]string{c.p.Text("digest.areas")}, lines...)...)
}

func (c composer) waiting() string {
	untaken := c.p.Text("digest.untaken", "count", c.r.Waiting[bot.New])
	if c.r.Oldest.Ticket != "" {
		untaken = join("\n", untaken, c.p.Text("digest.oldest", "ticket", c.r.Oldest.Ticket, "age", c.age()))
	}
	return join("\n",
		c.p.Text("digest.waiting"), untaken, c.p.Text("digest.in_work", "count", c.r.Waiting[bot.Taken]))
}

// verdicts lists the first n verdicts and says how many there are besides.
func (c composer) verdicts(n int) string {
	if len(c.r.Verdicts) == 0 {
		return ""
	}
	var parts []string
	for _, v := range c.r.Verdicts[:n] {
		parts = append(parts, c.verdict(v))
	}
	if rest := len(c.r.Verdicts) - n; rest > 0 {
		parts = append(parts, c.p.Text("digest.more", "count", rest))
	}
	return c.p.Text("digest.verdicts") + "\n" + join("\n\n", parts...)
}

func (c composer) verdict(v Verdict) string {
	head := "digest.verdict"
	if v.Corrected {
		head = "digest.verdict_corrected"
	}
	source := ""
	switch {
	case v.Link != "" && v.Publisher != "":
		source = c.p.Text("digest.source", "publisher", v.Publisher, "link", v.Link)
	case v.Link != "":
		source = bot.Clean(v.Link)
	}
	return join("\n",
		c.p.Text(head, "ticket", v.Ticket, "rating", c.p.Text("rating."+string(v.Rating))),
		bot.Clean(v.Explanation), source)
}

// age says how long the oldest untaken case has waited, in the unit people would use.
func (c composer) age() string {
	switch age := c.r.Oldest.Age; {
	case age >= 48*time.Hour:
		return c.p.Text("age.days", "n", int(age/(24*time.Hour)))
	case age >= time.Hour:
		return c.p.Text("age.hours", "n", int(age/time.Hour))
	default:
		return c.p.Text("age.minutes", "n", max(int(age/time.Minute), 1))
	}
}

// join puts the parts that are not empty together.
func join(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" }), sep)
}
