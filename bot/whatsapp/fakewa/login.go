package fakewa

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// welcome decides on a client's payload (store/clientpayload.go): refuse, pair, or let in.
func (c *conn) welcome() error {
	if f := c.srv.refusal(); f != nil {
		return c.refuse(f)
	}
	payload := c.who.payload
	if payload.Username == nil {
		return c.offerPairing()
	}
	s := c.srv
	s.mu.Lock()
	l := s.linked
	s.mu.Unlock()
	if l == nil || payload.GetUsername() != l.jid.UserInt() ||
		payload.GetDevice() != uint32(l.jid.Device) || c.who.static != l.static {
		return c.refuse(&RefuseLogin{Code: 401})
	}
	var before *conn
	s.update(func() {
		before, s.conn = s.conn, c
		s.logins++
	})
	if before != nil {
		_ = before.part(streamConflict("replaced")) // an error ends it, too
	}
	return c.send(node{Tag: "success", Attrs: attrs{"t": time.Now().Unix(), "lid": l.lid}})
}

// refuse answers a login with a failure (connectionevents.go, handleConnectFailure).
func (c *conn) refuse(f *RefuseLogin) error {
	a := attrs{"reason": f.Code}
	if f.BanCode != 0 {
		a["code"], a["expire"] = f.BanCode, int(f.Expire.Seconds())
	}
	return c.part(node{Tag: "failure", Attrs: a})
}

const (
	partingID   = "parting"
	partingTime = 5 * time.Second
)

// part writes a last node and ends the connection when the client has handled it. The client closes
// nothing by itself, and forgets what is still in its queue when the connection ends (client.go,
// handlerQueueLoop); hence a notification follows, whose acknowledgement shows that its turn came.
func (c *conn) part(last node) error {
	c.srv.update(func() { c.parting, c.active = true, false })
	if err := c.send(last); err != nil {
		return err
	}
	if err := c.send(serverNotice(partingID, "server")); err != nil {
		return err
	}
	return c.stream.SetReadDeadline(time.Now().Add(partingTime))
}

func streamConflict(kind string) node {
	n := node{Tag: "stream:error", Content: []node{{Tag: "conflict", Attrs: attrs{"type": kind}}}}
	if kind == "device_removed" {
		n.Attrs = attrs{"code": "401"}
	}
	return n
}

// handle takes one node of a client that is logged in, or pairing.
func (c *conn) handle(n *node) error {
	c.srv.mu.Lock()
	parting := c.parting
	c.srv.mu.Unlock()
	if parting {
		if n.Tag == "ack" && n.Attrs["id"] == partingID {
			return errHangUp
		}
		return nil
	}
	switch n.Tag {
	case "iq":
		return c.query(n)
	case "message":
		return c.outgoing(n)
	case "receipt":
		return c.receipt(n)
	case "ack":
		id, _ := n.Attrs["id"].(string)
		class, _ := n.Attrs["class"].(string)
		c.settle(deliveryKey(class, n.Attrs["to"], n.Attrs["participant"], id), false)
	case "presence", "chatstate":
		c.srv.noteActivity(n)
	}
	return nil
}

// receipt handles the client's word about messages it got (receipt.go): handled, to be sent again in
// another form, or read by a human; and its request for media that is gone (mediaretry.go).
func (c *conn) receipt(n *node) error {
	kind, _ := n.Attrs["type"].(string)
	id, _ := n.Attrs["id"].(string)
	key := deliveryKey("message", n.Attrs["to"], n.Attrs["participant"], id)
	switch kind {
	case "", "inactive", "sender", "peer_msg":
		if c.srv.spend(func(f *faults) *int { return &f.loseReceipts }) {
			return nil
		}
		c.settle(key, true)
	case "retry":
		c.askedAgain(key, n)
	case "read", "read-self", "played":
		c.srv.noteActivity(n)
	case "server-error":
		return c.srv.mediaAskedAgain(id, n)
	}
	return nil
}

// wait lets d pass, or returns false when the connection ends before.
func (c *conn) wait(d time.Duration) bool {
	ctx, cancel := context.WithTimeout(c.ctx, d)
	defer cancel()
	<-ctx.Done()
	return c.ctx.Err() == nil
}

// serverNotice is a notification of the server itself.
func serverNotice(id, kind string, content ...node) node {
	return node{Tag: "notification", Attrs: attrs{
		"from": types.ServerJID, "id": id, "type": kind, "t": time.Now().Unix(),
	}, Content: content}
}
