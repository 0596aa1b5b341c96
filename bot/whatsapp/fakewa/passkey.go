package fakewa

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// passkeyPairing is a pairing that a passkey must confirm (pair-passkey.go), as far as it has come.
type passkeyPairing struct {
	oldSecret []byte // the ADV secret in the QR code: proves that the client is the one scanned
	challenge []byte
	ref       string
	identity  []byte // the client's ephemeral identity as sent, and read
	companion *waCompanionReg.CompanionEphemeralIdentity
	commit    []byte // the hash the client committed to
	ephemeral *ecdh.PrivateKey
	opened    bool // the nonce fits the commitment
}

// askPasskey asks the client for an assertion of the account's passkey instead of linking it.
func (s *Server) askPasskey(p *pairing, secret []byte) error {
	challenge := make([]byte, 32)
	_, _ = rand.Read(challenge) // never fails
	k := &passkeyPairing{oldSecret: secret, challenge: challenge, ref: "2@" + newMessageID()}
	s.update(func() { p.passkey = k })
	options, err := json.Marshal(map[string]any{
		"challenge": base64.RawURLEncoding.EncodeToString(challenge), "timeout": 60_000,
		"rpId": "whatsapp.com", "userVerification": "required",
		"allowCredentials": []any{map[string]any{"id": "ZmFrZXdh", "type": "public-key", "transports": []string{"internal"}}},
	})
	if err != nil {
		return err
	}
	return p.conn.send(serverNotice(fmt.Sprint("passkey", s.next()), "passkey_prologue_request",
		node{Tag: "passkey_request_options", Content: options}))
}

// passkeyStage answers the client's steps, and anything else with an empty result.
func (c *conn) passkeyStage(n *node) (answer, error) {
	c.srv.mu.Lock()
	p := c.srv.pairing
	c.srv.mu.Unlock()
	if p == nil || p.conn != c || p.passkey == nil {
		return answer{}, nil
	}
	for _, child := range n.GetChildren() {
		content, _ := child.Content.([]byte)
		switch child.Tag {
		case "ref":
			return answer{content: []node{{Tag: "ref", Content: []byte(p.passkey.ref)}}}, nil
		case "passkey_prologue":
			return c.passkeyPrologue(p, &child)
		case "companion_nonce":
			return answer{}, p.passkey.open(content)
		case "encrypted_pairing_request":
			return c.passkeyRequest(p, content)
		}
	}
	return answer{}, nil
}

// passkeyPrologue takes the assertion. This server has no public key to check its signature with: it
// must answer the challenge and come from the client whose code was scanned.
func (c *conn) passkeyPrologue(p *pairing, n *node) (answer, error) {
	k := p.passkey
	payload, _ := n.GetChildByTag("prologue_payload").Content.([]byte)
	proof, _ := n.GetChildByTag("pairing_handoff_proof").Content.([]byte)
	assertion, _ := n.GetChildByTag("webauthn_assertion").Content.([]byte)
	key, err := hkdf.Key(sha256.New, k.oldSecret, nil, "shortcake-passkey-handoff-v1", 32)
	if err != nil {
		return answer{}, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(payload)
	var prologue waCompanionReg.ProloguePayload
	k.companion = &waCompanionReg.CompanionEphemeralIdentity{}
	if !hmac.Equal(proof, mac.Sum(nil)) || !k.answered(assertion) || proto.Unmarshal(payload, &prologue) != nil ||
		proto.Unmarshal(prologue.GetCompanionEphemeralIdentity(), k.companion) != nil || k.companion.GetRef() != k.ref {
		return answer{}, errBadRequest()
	}
	k.identity, k.commit = prologue.GetCompanionEphemeralIdentity(), prologue.GetCommitment().GetHash()
	if k.ephemeral, err = ecdh.X25519().GenerateKey(rand.Reader); err != nil {
		return answer{}, err
	}
	nonce := make([]byte, 32)
	_, _ = rand.Read(nonce) // never fails
	own, err := proto.Marshal(&waCompanionReg.PrimaryEphemeralIdentity{PublicKey: k.ephemeral.PublicKey().Bytes(), Nonce: nonce})
	if err != nil {
		return answer{}, err
	}
	return answer{then: func() error {
		return c.send(serverNotice(fmt.Sprint("passkey", c.srv.next()), "crsc_continuation",
			node{Tag: "primary_ephemeral_identity", Content: own}))
	}}, nil
}

// answered says whether the assertion's client data hold the challenge (W3C Web Authentication,
// section 5.8.1).
func (k *passkeyPairing) answered(assertion []byte) bool {
	var response types.WebAuthnResponse
	var data struct {
		Challenge string `json:"challenge"`
	}
	return json.Unmarshal(assertion, &response) == nil &&
		json.Unmarshal(response.Response.ClientDataJSON, &data) == nil &&
		data.Challenge == base64.RawURLEncoding.EncodeToString(k.challenge)
}

// open checks the client's nonce against what it committed to.
func (k *passkeyPairing) open(nonce []byte) error {
	sum := sha256.Sum256(append(append([]byte{}, k.identity...), nonce...))
	if k.opened = k.commit != nil && hmac.Equal(sum[:], k.commit); !k.opened {
		return errBadRequest()
	}
	return nil
}

// passkeyRequest opens the client's request to be linked and links it.
func (c *conn) passkeyRequest(p *pairing, raw []byte) (answer, error) {
	k := p.passkey
	var wrapped waCompanionReg.EncryptedPairingRequest
	if !k.opened || proto.Unmarshal(raw, &wrapped) != nil || len(wrapped.GetIV()) != 12 {
		return answer{}, errBadRequest()
	}
	shared, err := agree(k.ephemeral, k.companion.GetPublicKey())
	if err != nil {
		return answer{}, errBadRequest()
	}
	salt := fmt.Sprintf("Companion Pairing %d with ref %s", k.companion.GetDeviceType(), k.ref)
	key, err := hkdf.Key(sha256.New, shared, []byte(salt), "Pairing Information Encryption Key", 32)
	if err != nil {
		return answer{}, err
	}
	aead, err := gcm(key)
	if err != nil {
		return answer{}, err
	}
	var request waCompanionReg.PairingRequest
	plain, err := aead.Open(nil, wrapped.GetIV(), wrapped.GetEncryptedPayload(), nil)
	if err != nil || proto.Unmarshal(plain, &request) != nil ||
		string(request.GetCompanionIdentityKey()) != string(p.device.identity[:]) ||
		string(request.GetCompanionPublicKey()) != string(p.device.static[:]) {
		return answer{}, errBadRequest()
	}
	return answer{then: func() error { return c.srv.pairSuccess(p, request.GetAdvSecret()) }}, nil
}
