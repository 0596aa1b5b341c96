package handlers

import (
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// recordLink keeps since when a network is down, for /antrean and the digest, and puts it into the audit
// trail when it is over. What is known already is not recorded again.
func recordLink(tx bot.Tx, net bot.Network, n bot.Notice) error {
	if n.Link == "" {
		return nil
	}
	name := bot.DownName(net)
	down, err := tx.Cursor(name)
	if err != nil || down.Slot.IsZero() == (n.Link == bot.LinkUp) {
		return err
	}
	if n.Link == bot.LinkDown {
		return tx.PutCursor(name, bot.Cursor{Slot: n.Since.UTC()})
	}
	_, err = tx.Append(bot.Event{Action: bot.ActOutage, Detail: string(net), Text: down.Slot.Format(time.RFC3339)})
	if err != nil {
		return err
	}
	return tx.PutCursor(name, bot.Cursor{})
}

// outages names the networks that are down, a line each.
func (c *call) outages() (string, error) {
	var lines []string
	for _, n := range bot.Networks() {
		down, err := c.tx.Cursor(bot.DownName(n))
		if err != nil {
			return "", err
		}
		if !down.Slot.IsZero() {
			lines = append(lines, c.Text.Text("desk.queues_down", "network", locales.Marked(c.Text.Text("network."+string(n))),
				"time", calendar.Moment(down.Slot, c.Zone), "age", locales.Marked(c.age(down.Slot))))
		}
	}
	return strings.Join(lines, "\n"), nil
}
