package fakewa

import (
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/types"
)

// answer is the result of a query, and what to do after it has been sent.
type answer struct {
	content []node
	then    func() error
}

// queryError refuses a query (errors.go, IQError: code and text are compared together).
type queryError struct {
	code int
	text string
}

func (e *queryError) Error() string { return fmt.Sprintf("query refused: %d %s", e.code, e.text) }

func errNotFound() error  { return &queryError{404, "item-not-found"} }
func errForbidden() error { return &queryError{403, "forbidden"} }
func errBadRequest() error {
	return &queryError{400, "bad-request"}
}

// query answers an iq node; what this server does not know gets an empty result.
func (c *conn) query(n *node) error {
	if kind, _ := n.Attrs["type"].(string); kind == "result" || kind == "error" {
		return c.replied(n)
	}
	if d := c.srv.slowness(); d > 0 && !c.wait(d) {
		return c.ctx.Err()
	}
	from := types.ServerJID
	if to, ok := n.Attrs["to"].(types.JID); ok {
		from = to
	}
	reply := node{Tag: "iq", Attrs: attrs{"id": n.Attrs["id"], "from": from, "type": "result"}}
	a, err := c.answer(n)
	var refused *queryError
	switch {
	case errors.As(err, &refused):
		reply.Attrs["type"] = "error"
		reply.Content = []node{{Tag: "error", Attrs: attrs{"code": refused.code, "text": refused.text}}}
	case err != nil:
		return err
	case len(a.content) > 0:
		reply.Content = a.content
	}
	if err := c.send(reply); err != nil {
		return err
	}
	if a.then != nil {
		return a.then()
	}
	return nil
}

func (c *conn) answer(n *node) (answer, error) {
	space, _ := n.Attrs["xmlns"].(string)
	switch space {
	case "encrypt":
		content, err := c.srv.keyQuery(n)
		return answer{content: content}, err
	case "usync":
		return answer{content: c.srv.usync(n)}, nil
	case "passive":
		if _, active := n.GetOptionalChildByTag("active"); active {
			return answer{then: func() error { c.activate(); return nil }}, nil
		}
	case "w:g2":
		content, err := c.srv.groupQuery(n)
		return answer{content: content}, err
	case "w:m":
		return answer{content: []node{c.srv.media.offer()}}, nil
	case "md":
		return c.linkQuery(n)
	case "privacy":
		return answer{content: privacySettings(n)}, nil
	case "blocklist":
		return answer{content: []node{{Tag: "list", Attrs: attrs{"dhash": "0"}}}}, nil
	case "w:profile:picture":
		return answer{}, errNotFound()
	}
	return answer{}, nil
}

// privacySettings says that read receipts are on; MarkRead asks (privacysettings.go).
func privacySettings(n *node) []node {
	if n.Attrs["type"] != "get" {
		return nil
	}
	return []node{{Tag: "privacy", Content: []node{
		{Tag: "category", Attrs: attrs{"name": "readreceipts", "value": "all"}},
		{Tag: "category", Attrs: attrs{"name": "groupadd", "value": "all"}},
	}}}
}

// linkQuery is about the link of the device itself (client.go, Logout; pair-code.go;
// pair-passkey.go).
func (c *conn) linkQuery(n *node) (answer, error) {
	if _, out := n.GetOptionalChildByTag("remove-companion-device"); out {
		c.srv.update(func() { c.srv.linked = nil })
		return answer{}, nil // the client leaves by itself
	}
	if reg, ok := n.GetOptionalChildByTag("link_code_companion_reg"); ok {
		return c.codeStage(&reg)
	}
	return c.passkeyStage(n)
}
