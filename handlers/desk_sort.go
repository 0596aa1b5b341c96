package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"awassiber/bot"
)

// sort answers /jenis N [kode …]: with codes or typical words it sets the desk's categories; without,
// it shows them with buttons. A category of violations brings the case on the violation track, a hoax
// on the hoax track.
func (c *call) sort() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	if rest == "" {
		return c.offerCategories(k)
	}
	list, unknown := bot.ParseCategories(rest)
	if len(list) == 0 || len(unknown) > 0 {
		typed := strings.Join(append(unknown, rest)[:1], "")
		return bot.Refuse("desk.bad_category", "typed", shorten(bot.Clean(typed), 40), "codes", categoryCodes())
	}
	return c.apply(k, c.sorting(list))
}

func categoryCodes() string {
	var codes []string
	for _, cat := range bot.Categories() {
		codes = append(codes, string(cat))
	}
	return strings.Join(codes, ", ")
}

func joinCodes(list []bot.Category) string {
	var codes []string
	for _, cat := range list {
		codes = append(codes, string(cat))
	}
	return strings.Join(codes, ",")
}

func (c *call) sorting(list []bot.Category) func(*bot.Case) (bot.Event, error) {
	return func(k *bot.Case) (bot.Event, error) {
		if slices.Equal(k.Categories, list) {
			return bot.Event{}, bot.ErrUnchanged
		}
		k.Categories, k.Changed = list, c.tx.Now()
		for _, cat := range list {
			track := bot.TrackViolation
			if cat == bot.HoaxContent {
				track = bot.TrackHoax
			}
			if err := k.Sort(track, c.tx.Now()); err != nil && !errors.Is(err, bot.ErrUnchanged) {
				return bot.Event{}, err
			}
		}
		if k.Urgent() {
			if err := c.urgent(c.tx, *k); err != nil {
				return bot.Event{}, err
			}
		}
		if k.On(bot.TrackViolation) {
			if err := c.reportClocks(k); err != nil {
				return bot.Event{}, err
			}
		}
		return bot.Event{Action: bot.ActSorted, Detail: joinCodes(list)}, nil
	}
}

// offerCategories shows the categories as buttons, those already chosen marked: a press adds or
// removes one.
func (c *call) offerCategories(k bot.Case) error {
	m := bot.Message{To: c.group, Text: c.Text.Text("desk.choose_category", "ticket", k.Ticket), Buttons: c.categoryButtons(k), Case: k.ID, Key: c.choiceKey("jenis", k)}
	if c.u.Message != nil {
		m.ReplyTo = c.u.Message.ID
	}
	return c.tx.Enqueue(m)
}

// chosen marks a category that a case has.
const chosen = "✓ "

// choiceKey names a message with choices, so that a number in reply to it is understood.
func (c *call) choiceKey(what string, k bot.Case) bot.Key {
	return bot.Key(fmt.Sprintf("choice/%s/%d/%s", what, k.ID, c.u.ID))
}

func (r *Router) categoryButtons(k bot.Case) [][]bot.Button {
	var rows [][]bot.Button
	for i, cat := range bot.Categories() {
		label := r.Text.Text("category." + string(cat))
		if slices.Contains(k.Categories, cat) {
			label = chosen + label
		}
		if i%2 == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], bot.Button{Label: label, Data: fmt.Sprintf("k:%d:cat-%s", k.ID, cat)})
	}
	return rows
}

// toggle adds a category or removes it.
func (c *call) toggle(k *bot.Case, cat bot.Category) (bot.Event, error) {
	list := slices.Clone(k.Categories)
	if i := slices.Index(list, cat); i >= 0 {
		list = slices.Delete(list, i, i+1)
	} else {
		list = append(list, cat)
	}
	return c.sorting(list)(k)
}

// place answers /wilayah N [nama].
func (c *call) place() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	if rest == "" {
		return c.offerRegions(k)
	}
	region, err := c.regionArg(rest)
	if err != nil {
		return err
	}
	return c.apply(k, c.placing(region))
}

func (c *call) placing(region string) func(*bot.Case) (bot.Event, error) {
	return func(k *bot.Case) (bot.Event, error) {
		if k.Region == region && !k.SenderRegion {
			return bot.Event{}, bot.ErrUnchanged
		}
		k.Region, k.SenderRegion, k.Changed = region, false, c.tx.Now()
		return bot.Event{Action: bot.ActPlaced, Detail: region}, nil
	}
}

func (c *call) offerRegions(k bot.Case) error {
	m := bot.Message{To: c.group, Text: c.Text.Text("desk.choose_area", "ticket", k.Ticket), Buttons: c.regionButtons(k), Case: k.ID, Key: c.choiceKey("wilayah", k)}
	if c.u.Message != nil {
		m.ReplyTo = c.u.Message.ID
	}
	return c.tx.Enqueue(m)
}

func (r *Router) regionButtons(k bot.Case) [][]bot.Button {
	var rows [][]bot.Button
	for i, a := range r.Places.Regencies() {
		if i%2 == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], bot.Button{Label: r.Places.Short(a.Code), Data: fmt.Sprintf("k:%d:area-%s", k.ID, a.Code)})
	}
	return rows
}

// sides answers /pihak N dilaporkan [diuntungkan]: codes of the election's sides, "-" for none. For
// /cermin alone; nothing public ever shows or ranks them.
func (c *call) sides() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	f := strings.Fields(rest)
	if len(f) == 0 || len(f) > 2 {
		return c.usage()
	}
	for i, code := range f {
		if code == "-" {
			f[i] = ""
		} else if !c.knownSide(k.Region, code) {
			return bot.Refuse("desk.bad_side", "typed", shorten(bot.Clean(code), 20), "sides", c.sideCodes(k.Region))
		}
	}
	f = append(f, "")
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		if k.Reported == f[0] && k.Benefits == f[1] {
			return bot.Event{}, bot.ErrUnchanged
		}
		k.Reported, k.Benefits, k.Changed = f[0], f[1], c.tx.Now()
		return bot.Event{Action: bot.ActSided}, nil
	})
}
