package whatsapp

import (
	"context"
	"errors"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"

	"awassiber/bot"
)

// Sweep removes from the session file what it keeps about people whom known does not know: whoever had
// their data erased, whose time is over, or who merely wrote in a group. It reports how many there were.
//
// Only who was unknown at the sweep before as well is forgotten, for somebody may be writing at this
// moment. Gone are chosen name, number, the link between number and hidden identity, what was said to them
// and kept for their phone to ask for again, secrets of messages, and where files came from. What stays is
// in docs/threats.md: the keys of the session with their phone, without which their next message could not
// be read.
func (c *Client) Sweep(ctx context.Context, known func(context.Context, []bot.Address) ([]bool, error)) (forgotten int, err error) {
	c.sweep.Lock()
	defer c.sweep.Unlock()
	people, err := c.session.people(ctx)
	if err != nil {
		return 0, err
	}
	var names []string
	var asked []bot.Address
	for name, ids := range people {
		if slices.ContainsFunc(ids, func(id string) bool { j, err := types.ParseJID(id); return err == nil && c.own(j) }) {
			continue
		}
		for _, id := range ids {
			names, asked = append(names, name), append(asked, bot.Address{Network: bot.WhatsApp, Chat: id})
		}
	}
	answers, err := known(ctx, asked)
	if err != nil || len(answers) != len(asked) {
		return 0, errors.Join(err, ctx.Err())
	}
	strangers := map[string]bool{}
	for _, name := range names {
		strangers[name] = true
	}
	for i, yes := range answers {
		if yes {
			delete(strangers, names[i])
		}
	}
	var gone []string
	for name := range strangers {
		if c.strangers[name] {
			gone = append(gone, people[name]...)
			forgotten++
		}
	}
	c.strangers = strangers
	if forgotten == 0 {
		return 0, nil
	}
	return forgotten, c.session.forget(ctx, gone)
}

// identities lists every person the file names, as the network writes them. Rows of sessions and keys are
// not among them: they stay.
const identities = `
SELECT their_jid FROM whatsmeow_contacts UNION SELECT their_jid FROM whatsmeow_privacy_tokens
UNION SELECT chat_jid FROM whatsmeow_chat_settings UNION SELECT chat_jid FROM whatsmeow_retry_buffer
UNION SELECT chat_jid FROM whatsmeow_message_secrets UNION SELECT sender_jid FROM whatsmeow_message_secrets
UNION SELECT chat FROM awas_media UNION SELECT sender FROM awas_media
UNION SELECT pn || '@s.whatsapp.net' FROM awas_number
UNION SELECT lid || '@lid' FROM whatsmeow_lid_map UNION SELECT pn || '@s.whatsapp.net' FROM whatsmeow_lid_map`

// people groups the identities in the file by person: under the hidden one, or the number if that is all.
func (s *session) people(ctx context.Context) (map[string][]string, error) {
	hidden := map[string]string{} // number to hidden identity
	err := s.rows(ctx, `SELECT pn || '@s.whatsapp.net', lid || '@lid' FROM whatsmeow_lid_map`, func(scan func(...any) error) error {
		var number, lid string
		if err := scan(&number, &lid); err != nil {
			return err
		}
		hidden[number] = lid
		return nil
	})
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	err = s.rows(ctx, identities, func(scan func(...any) error) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		j, err := types.ParseJID(id)
		if err != nil || j.User == "" || j.Server != types.HiddenUserServer && j.Server != types.DefaultUserServer {
			return nil // a group, a channel, or the network itself
		}
		id = j.ToNonAD().String()
		name := id
		if lid := hidden[id]; lid != "" {
			name = lid
		}
		found[name] = append(found[name], id)
		return nil
	})
	return found, err
}

// rows hands each row of a query to read.
func (s *session) rows(ctx context.Context, query string, read func(scan func(...any) error) error) error {
	rows, err := s.db.QueryContext(ctx, query)
	if err != nil {
		return sessionError("look through", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows.Scan); err != nil {
			return sessionError("look through", err)
		}
	}
	return sessionError("look through", rows.Err())
}

// erasures remove an identity, ?1, and its devices, ?2: "user:*@lid".
func erasures() []string {
	return []string{
		`DELETE FROM whatsmeow_contacts WHERE their_jid = ?1 OR their_jid GLOB ?2`,
		`DELETE FROM whatsmeow_privacy_tokens WHERE their_jid = ?1 OR their_jid GLOB ?2`,
		`DELETE FROM whatsmeow_chat_settings WHERE chat_jid = ?1 OR chat_jid GLOB ?2`,
		`DELETE FROM whatsmeow_retry_buffer WHERE chat_jid = ?1 OR chat_jid GLOB ?2`,
		`DELETE FROM whatsmeow_message_secrets WHERE chat_jid = ?1 OR sender_jid = ?1 OR chat_jid GLOB ?2 OR sender_jid GLOB ?2`,
		`DELETE FROM awas_media WHERE chat = ?1 OR sender = ?1 OR chat GLOB ?2 OR sender GLOB ?2`,
		`DELETE FROM whatsmeow_lid_map WHERE lid || '@lid' = ?1 OR pn || '@s.whatsapp.net' = ?1 OR ?2 IS NULL`,
		`DELETE FROM awas_number WHERE pn || '@s.whatsapp.net' = ?1 OR ?2 IS NULL`,
	}
}

// forget removes all rows about identities, and what of them stands in the log of the file.
func (s *session) forget(ctx context.Context, ids []string) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return sessionError("forget", err)
	}
	defer tx.Rollback() // nothing after a commit
	for _, id := range ids {
		user, server, _ := strings.Cut(id, "@")
		for _, statement := range erasures() {
			if _, err := tx.ExecContext(ctx, statement, id, user+":*@"+server); err != nil {
				return sessionError("forget", err)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return sessionError("forget", err)
	}
	s.mu.Lock()
	for _, id := range ids {
		if number, is := strings.CutSuffix(id, "@"+types.DefaultUserServer); is {
			delete(s.numbers, number)
		}
	}
	s.mu.Unlock()
	_, err = s.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return sessionError("forget", err)
}
