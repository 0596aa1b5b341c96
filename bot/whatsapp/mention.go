package whatsapp

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"

	"awassiber/bot"
)

// mentionWait is how long looking up the members may delay a message.
const mentionWait = 5 * time.Second

// mention puts a member's name before a text of a group, so that their phone rings. The text carries what
// identifies them, in whose place the apps show the name they know; it names nobody where the person is not
// found, for a message without a mention is better than none.
func (c *Client) mention(ctx context.Context, group types.JID, who bot.PersonID, p *part, quoted *waE2E.ContextInfo) *waE2E.ContextInfo {
	if group.Server != types.GroupServer || p.file || c.config.Pseudonym == nil {
		return quoted
	}
	member, ok := c.member(ctx, group, who)
	if !ok {
		return quoted
	}
	if quoted == nil {
		quoted = &waE2E.ContextInfo{}
	}
	quoted.MentionedJID = []string{member.String()}
	p.text = "@" + member.User + " " + p.text
	return quoted
}

// member finds a person among the members of a group, under either of their identities.
func (c *Client) member(ctx context.Context, group types.JID, who bot.PersonID) (types.JID, bool) {
	ctx, cancel := context.WithTimeout(ctx, mentionWait)
	defer cancel()
	info, err := c.waClient().GetGroupInfo(ctx, group)
	if err != nil {
		c.config.Log.Warn("whatsapp: nobody is mentioned", "kind", kind(err))
		return types.JID{}, false
	}
	for _, m := range info.Participants {
		for _, j := range []types.JID{m.JID, m.LID, m.PhoneNumber} {
			if j.User != "" && c.config.Pseudonym(address(j)) == who {
				return m.JID.ToNonAD(), true
			}
		}
	}
	return types.JID{}, false
}
