package fakewa

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ErrWrongCode says that the typed pairing code is not the one the client shows.
var ErrWrongCode = errors.New("fakewa: wrong pairing code")

// codePairing is a pairing by code under way; keys as in pair-code.go.
type codePairing struct {
	ref       string
	wrapped   []byte // the client's ephemeral key under the code
	ephemeral *ecdh.PrivateKey
	companion []byte // the client's ephemeral key, right if the code is
	done      chan error
}

// displayName is what the network accepts as the name of a linked client (pair-code.go, PairPhone).
func displayName(name string) bool {
	ok, _ := regexp.MatchString(`^[A-Za-z ]+ \([A-Za-z0-9 ]+\)$`, name)
	return ok
}

// codeStage answers the client's two steps of a pairing by code.
func (c *conn) codeStage(reg *node) (answer, error) {
	s := c.srv
	s.mu.Lock()
	p := s.pairing
	s.mu.Unlock()
	if p == nil || p.conn != c {
		return answer{}, errBadRequest()
	}
	if reg.Attrs["stage"] == "companion_finish" {
		return c.codeFinish(p, reg)
	}
	wrapped, _ := reg.GetChildByTag("link_code_pairing_wrapped_companion_ephemeral_pub").Content.([]byte)
	jid, _ := jidAttr(reg, "jid")
	if s.opt.Passkey || len(wrapped) != 80 || jid != s.owner.PN || !displayName(textContent(reg, "companion_platform_display")) {
		return answer{}, errBadRequest()
	}
	code := &codePairing{ref: "code" + newMessageID(), wrapped: wrapped, done: make(chan error, 1)}
	s.update(func() { p.code = code })
	return answer{content: []node{{Tag: "link_code_companion_reg", Content: []node{
		{Tag: "link_code_pairing_ref", Content: []byte(code.ref)},
	}}}}, nil
}

func textContent(n *node, tag string) string {
	switch v := n.GetChildByTag(tag).Content.(type) {
	case []byte:
		return string(v)
	case string:
		return v
	}
	return ""
}

// EnterCode lets the account's phone type the pairing code the client shows, with or without its
// dash, and returns when the client has answered: linked, or ErrWrongCode.
func (s *Server) EnterCode(ctx context.Context, code string) error {
	p, k := s.codePairing()
	if k == nil {
		return ErrNotPairing
	}
	code = strings.ToUpper(strings.ReplaceAll(code, "-", ""))
	companion, err := underCode(code, k.wrapped[:32], k.wrapped[32:48], k.wrapped[48:])
	if err != nil {
		return err
	}
	ephemeral, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	head := make([]byte, 48) // salt and initial vector
	_, _ = rand.Read(head)   // never fails
	own, err := underCode(code, head[:32], head[32:], ephemeral.PublicKey().Bytes())
	if err != nil {
		return err
	}
	s.update(func() { k.companion, k.ephemeral = companion, ephemeral })
	hello := serverNotice(fmt.Sprint("code", s.next()), "link_code_companion_reg", node{
		Tag: "link_code_companion_reg", Attrs: attrs{"stage": "primary_hello"}, Content: []node{
			{Tag: "link_code_pairing_wrapped_primary_ephemeral_pub", Content: slices.Concat(head, own)},
			{Tag: "primary_identity_pub", Content: s.owner.device.IdentityKey.Pub[:]},
			{Tag: "link_code_pairing_ref", Content: []byte(k.ref)},
		}})
	if err := p.conn.send(hello); err != nil {
		return err
	}
	select {
	case err := <-k.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-p.conn.ctx.Done():
		return ErrNotPairing
	}
}

func (s *Server) codePairing() (*pairing, *codePairing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pairing == nil {
		return nil, nil
	}
	return s.pairing, s.pairing.code
}

// underCode encrypts or decrypts (the same) under a key stretched from the code (pair-code.go: PBKDF2
// with 2<<16 rounds, AES-CTR).
func underCode(code string, salt, iv, data []byte) ([]byte, error) {
	key, err := pbkdf2.Key(sha256.New, code, salt, 2<<16, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	cipher.NewCTR(block, iv).XORKeyStream(out, data)
	return out, nil
}

// codeFinish opens what the client sends back; only with the right code can it be opened, and then
// both sides have the same ADV secret.
func (c *conn) codeFinish(p *pairing, reg *node) (answer, error) {
	_, code := c.srv.codePairing()
	if code == nil {
		return answer{}, errBadRequest()
	}
	c.srv.mu.Lock()
	k := *code
	c.srv.mu.Unlock()
	if k.ephemeral == nil {
		return answer{}, errBadRequest()
	}
	bundle, _ := reg.GetChildByTag("link_code_pairing_wrapped_key_bundle").Content.([]byte)
	secret, err := c.srv.advSecret(p, k, bundle)
	if err != nil {
		k.tell(ErrWrongCode)
		return answer{}, errBadRequest()
	}
	return answer{then: func() error {
		err := c.srv.pairSuccess(p, secret)
		k.tell(err)
		return err
	}}, nil
}

// tell answers EnterCode, once.
func (k codePairing) tell(err error) {
	select {
	case k.done <- err:
	default:
	}
}

func (s *Server) advSecret(p *pairing, k codePairing, bundle []byte) ([]byte, error) {
	if len(bundle) < 44 {
		return nil, ErrWrongCode
	}
	shared, err := agree(k.ephemeral, k.companion)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, shared, bundle[:32], "link_code_pairing_key_bundle_encryption_key", 32)
	if err != nil {
		return nil, err
	}
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, bundle[32:44], bundle[44:], nil)
	if err != nil || len(plain) != 96 || string(plain[:32]) != string(p.device.identity[:]) {
		return nil, ErrWrongCode
	}
	private, err := ecdh.X25519().NewPrivateKey(s.owner.device.IdentityKey.Priv[:])
	if err != nil {
		return nil, err
	}
	identities, err := agree(private, p.device.identity[:])
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, slices.Concat(shared, identities, plain[64:]), nil, "adv_secret", 32)
}

func agree(private *ecdh.PrivateKey, public []byte) ([]byte, error) {
	pub, err := ecdh.X25519().NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	return private.ECDH(pub)
}
