package handlers

import (
	"errors"
	"fmt"

	"awassiber/bot"
)

// joined tells the admins, once for each group, that somebody added the bot to a group that is not the
// desk. In the group itself the bot stays silent: nobody there asked for it.
func (r *Router) joined(tx bot.Tx, u bot.Update) error {
	desk, err := r.isDesk(tx, u.Chat)
	if err != nil || desk {
		return err
	}
	title := bot.Clean(u.Title)
	if title == "" {
		title = r.Text.Text("origin.unnamed")
	}
	return r.toAdmins(tx, bot.Key("joined/"+u.Chat.String()), r.Text.Text("notice.joined",
		"group", shorten(title, 80), "address", u.Chat.String()))
}

// toAdmins enqueues a text to every admin's private chat; under a key that was used before it does
// nothing. On WhatsApp only those have it who once wrote to the bot: a number that writes first to a
// stranger is soon lost.
func (r *Router) toAdmins(tx bot.Tx, key bot.Key, text string) error {
	for i, a := range r.Admins {
		if a.Network == bot.WhatsApp {
			_, _, err := tx.Identity(tx.Pseudonym(a))
			if errors.Is(err, bot.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
		}
		m := bot.Message{To: a, Text: text}
		if key != "" {
			m.Key = bot.Key(fmt.Sprintf("%s/%d", key, i))
		}
		if err := tx.Enqueue(m); err != nil {
			return err
		}
	}
	return nil
}
