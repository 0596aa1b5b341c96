package fakewa

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// ErrNotPairing says that no client waits to be linked, or that the code is not one of this client.
var ErrNotPairing = errors.New("fakewa: no client offers this code")

// pairing is a client that waits to be linked, and what its registration says.
type pairing struct {
	conn    *conn
	refs    []string
	code    *codePairing    // nil until the client asks for a pairing code
	passkey *passkeyPairing // nil until the client is asked for a passkey
	account []byte          // the signed identity it was sent; nil before
	device  *linked
	jid     types.JID // given with pair-success
	lid     types.JID
}

// offerPairing sends six references for QR codes (qrchan.go: the first is shown for 60 s, the others
// for 20 s).
func (c *conn) offerPairing() error {
	device, err := registration(c.who)
	if err != nil {
		return err
	}
	p := &pairing{conn: c, device: device}
	var refs []node
	for range 6 {
		ref := "2@" + newMessageID()
		p.refs = append(p.refs, ref)
		refs = append(refs, node{Tag: "ref", Content: []byte(ref)})
	}
	c.srv.update(func() { c.srv.pairing = p })
	return c.send(node{Tag: "iq", Attrs: attrs{"from": types.ServerJID, "type": "set", "id": fmt.Sprint("pair", c.srv.next())},
		Content: []node{{Tag: "pair-device", Content: refs}}})
}

// registration reads the keys of an unlinked client (store/clientpayload.go, getRegistrationPayload).
func registration(who *shaken) (*linked, error) {
	d := who.payload.GetDevicePairingData()
	if len(d.GetERegid()) != 4 || len(d.GetEIdent()) != 32 || len(d.GetESkeyID()) != 3 ||
		len(d.GetESkeyVal()) != 32 || len(d.GetESkeySig()) != 64 {
		return nil, errors.New("registration without its keys")
	}
	signed := keys.PreKey{KeyID: binary.BigEndian.Uint32(append([]byte{0}, d.GetESkeyID()...))}
	signed.Pub, signed.Signature = (*[32]byte)(d.GetESkeyVal()), (*[64]byte)(d.GetESkeySig())
	identity := ecc.NewDjbECPublicKey([32]byte(d.GetEIdent()))
	if !ecc.VerifySignature(identity, append([]byte{ecc.DjbType}, d.GetESkeyVal()...), *signed.Signature) {
		return nil, errors.New("registration with a wrongly signed prekey")
	}
	return &linked{
		static: who.static, registration: binary.BigEndian.Uint32(d.GetERegid()),
		identity: [32]byte(d.GetEIdent()), signed: signed,
	}, nil
}

// Scan lets the account's phone scan the text of a QR code the client shows, which links the device,
// or has the client asked for a passkey first ([Options].Passkey)
// (pair.go, makeQRData: reference, noise key, identity key, ADV secret, kind of client).
func (s *Server) Scan(qr string) error {
	_, data, ok := strings.Cut(qr, "#")
	fields := strings.Split(data, ",")
	if !ok || len(fields) != 5 {
		return fmt.Errorf("fakewa: not a code of a linked device: %d fields", len(fields))
	}
	var parts [3][]byte
	for i := range parts {
		var err error
		if parts[i], err = base64.StdEncoding.DecodeString(fields[i+1]); err != nil || len(parts[i]) != 32 {
			return fmt.Errorf("fakewa: field %d of the code is no key", i+1)
		}
	}
	s.mu.Lock()
	p := s.pairing
	s.mu.Unlock()
	if p == nil || !slices.Contains(p.refs, fields[0]) ||
		string(parts[0]) != string(p.device.static[:]) || string(parts[1]) != string(p.device.identity[:]) {
		return ErrNotPairing
	}
	if s.opt.Passkey {
		return s.askPasskey(p, parts[2])
	}
	return s.pairSuccess(p, parts[2])
}

// pairSuccess tells the client that it is linked (pair.go, handlePair): the account's signature over
// its identity, authenticated with the ADV secret, and its addresses.
func (s *Server) pairSuccess(p *pairing, advSecret []byte) error {
	account, err := s.owner.vouch(p.device.identity[:], 1)
	if err != nil {
		return err
	}
	account.DeviceSignature = nil
	details, err := proto.Marshal(account)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, advSecret)
	mac.Write(details)
	container, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: details, HMAC: mac.Sum(nil)})
	if err != nil {
		return err
	}
	jid, lid := s.newAddresses()
	s.update(func() { p.account, p.jid, p.lid = account.Details, jid, lid })
	return p.conn.send(node{Tag: "iq", Attrs: attrs{
		"from": types.ServerJID, "type": "set", "id": fmt.Sprint("pair", s.next()), "t": time.Now().Unix(),
	}, Content: []node{{Tag: "pair-success", Content: []node{
		{Tag: "device-identity", Content: container},
		{Tag: "device", Attrs: attrs{"jid": jid, "lid": lid}},
		{Tag: "platform", Attrs: attrs{"name": "fakewa"}},
	}}}})
}

// replied takes the client's answer to a query of the server: the device's own signature ends the
// pairing, and the client is told to come again (connectionevents.go: code 515).
func (c *conn) replied(n *node) error {
	signed, ok := n.GetOptionalChildByTag("pair-device-sign", "device-identity")
	if !ok {
		return nil
	}
	s := c.srv
	s.mu.Lock()
	p := s.pairing
	s.mu.Unlock()
	raw, _ := signed.Content.([]byte)
	if p == nil || p.conn != c || p.account == nil || !s.signedByDevice(p, raw) {
		return errors.New("pairing without a valid signature of the device")
	}
	p.device.jid, p.device.lid = p.jid, p.lid
	s.link(p.device)
	s.update(func() { s.pairing = nil })
	// No more than this: the client leaves by itself when it has handled it.
	s.update(func() { c.parting = true })
	return c.send(node{Tag: "stream:error", Attrs: attrs{"code": "515"}})
}

// signedByDevice checks the device's signature over its identity (pair.go, generateDeviceSignature).
func (s *Server) signedByDevice(p *pairing, raw []byte) bool {
	account := &waAdv.ADVSignedDeviceIdentity{}
	if proto.Unmarshal(raw, account) != nil || len(account.GetDeviceSignature()) != 64 || string(account.GetDetails()) != string(p.account) {
		return false
	}
	message := slices.Concat(whatsmeow.AdvDeviceSignaturePrefix, p.account, p.device.identity[:], s.owner.device.IdentityKey.Pub[:])
	return ecc.VerifySignature(ecc.NewDjbECPublicKey(p.device.identity), message, [64]byte(account.GetDeviceSignature()))
}
