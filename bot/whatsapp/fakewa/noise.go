package fakewa

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/socket"
	"google.golang.org/protobuf/proto"
)

// symmetric is the symmetric state of the Noise Protocol Framework, revision 34, section 5.2, with
// WhatsApp's way of counting: the nonce is a 32-bit number in the last 4 of 12 bytes, and a mixed
// key starts again at zero (socket/noisehandshake.go).
type symmetric struct {
	hash, chain []byte
	aead        cipher.AEAD
	count       uint32
}

// newSymmetric starts the pattern with the connection header as prologue. The name of the pattern is
// 32 bytes long, hence it is the first hash and the first key itself.
func newSymmetric(prologue []byte) (*symmetric, error) {
	name := []byte(socket.NoiseStartPattern)
	aead, err := gcm(name)
	if err != nil {
		return nil, err
	}
	s := &symmetric{hash: name, chain: name, aead: aead}
	s.mixHash(prologue)
	return s, nil
}

func (s *symmetric) mixHash(data []byte) {
	h := sha256.New()
	h.Write(s.hash)
	h.Write(data)
	s.hash = h.Sum(nil)
}

func (s *symmetric) mixKey(private *ecdh.PrivateKey, public []byte) error {
	pub, err := ecdh.X25519().NewPublicKey(public)
	if err != nil {
		return err
	}
	secret, err := private.ECDH(pub)
	if err != nil {
		return err
	}
	chain, key, err := s.expand(secret)
	if err != nil {
		return err
	}
	s.chain, s.count = chain, 0
	s.aead, err = gcm(key)
	return err
}

func (s *symmetric) expand(secret []byte) (first, second []byte, err error) {
	out, err := hkdf.Key(sha256.New, secret, s.chain, "", 64)
	if err != nil {
		return nil, nil, err
	}
	return out[:32], out[32:], nil
}

func (s *symmetric) seal(plain []byte) []byte {
	sealed := s.aead.Seal(nil, nonce(s.count), plain, s.hash)
	s.count++
	s.mixHash(sealed)
	return sealed
}

func (s *symmetric) open(sealed []byte) ([]byte, error) {
	plain, err := s.aead.Open(nil, nonce(s.count), sealed, s.hash)
	if err != nil {
		return nil, err
	}
	s.count++
	s.mixHash(sealed)
	return plain, nil
}

// split gives the two transport keys, the client's writing key first (section 5.2, Split).
func (s *symmetric) split() (fromClient, toClient cipher.AEAD, err error) {
	first, second, err := s.expand(nil)
	if err != nil {
		return nil, nil, err
	}
	if fromClient, err = gcm(first); err != nil {
		return nil, nil, err
	}
	toClient, err = gcm(second)
	return fromClient, toClient, err
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func nonce(count uint32) []byte {
	n := make([]byte, 12)
	binary.BigEndian.PutUint32(n[8:], count)
	return n
}

// shaken is what a handshake leaves: who the client says it is, the key it proved, and the ciphers.
type shaken struct {
	payload              *waWa6.ClientPayload
	static               [32]byte
	fromClient, toClient cipher.AEAD
}

// framer exchanges the raw frames a handshake is made of.
type framer interface {
	readFrame() ([]byte, error)
	writeFrame([]byte) error
}

// identity is the server's long-term key with its certificate chain.
type identity struct {
	private *ecdh.PrivateKey
	chain   []byte
}

func newIdentity() (identity, error) {
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return identity{}, err
	}
	chain, err := certificates([32]byte(private.PublicKey().Bytes()))
	return identity{private: private, chain: chain}, err
}

// handshake answers a client's handshake (handshake.go, doHandshake, seen from the other end):
// e → e, ee, s, es, certificates → s, se, client payload.
func (id identity) handshake(f framer) (*shaken, error) {
	s, err := newSymmetric(socket.WAConnHeader)
	if err != nil {
		return nil, err
	}
	ephemeral, err := id.hello(f, s)
	if err != nil {
		return nil, err
	}
	return finish(f, s, ephemeral)
}

func (id identity) hello(f framer, s *symmetric) (*ecdh.PrivateKey, error) {
	msg, err := readHandshake(f)
	if err != nil {
		return nil, err
	}
	theirs := msg.GetClientHello().GetEphemeral()
	if len(theirs) != 32 {
		return nil, errors.New("client hello without an ephemeral key")
	}
	s.mixHash(theirs)
	ephemeral, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	s.mixHash(ephemeral.PublicKey().Bytes())
	if err := s.mixKey(ephemeral, theirs); err != nil {
		return nil, err
	}
	static := s.seal(id.private.PublicKey().Bytes())
	if err := s.mixKey(id.private, theirs); err != nil {
		return nil, err
	}
	reply, err := proto.Marshal(&waWa6.HandshakeMessage{ServerHello: &waWa6.HandshakeMessage_ServerHello{
		Ephemeral: ephemeral.PublicKey().Bytes(), Static: static, Payload: s.seal(id.chain),
	}})
	if err != nil {
		return nil, err
	}
	return ephemeral, f.writeFrame(reply)
}

func finish(f framer, s *symmetric, ephemeral *ecdh.PrivateKey) (*shaken, error) {
	msg, err := readHandshake(f)
	if err != nil {
		return nil, err
	}
	static, err := s.open(msg.GetClientFinish().GetStatic())
	if err != nil {
		return nil, fmt.Errorf("client static key: %w", err)
	}
	if len(static) != 32 {
		return nil, fmt.Errorf("client static key of %d bytes", len(static))
	}
	if err := s.mixKey(ephemeral, static); err != nil {
		return nil, err
	}
	raw, err := s.open(msg.GetClientFinish().GetPayload())
	if err != nil {
		return nil, fmt.Errorf("client payload: %w", err)
	}
	out := &shaken{payload: &waWa6.ClientPayload{}, static: [32]byte(static)}
	if err := proto.Unmarshal(raw, out.payload); err != nil {
		return nil, fmt.Errorf("client payload: %w", err)
	}
	out.fromClient, out.toClient, err = s.split()
	return out, err
}

func readHandshake(f framer) (*waWa6.HandshakeMessage, error) {
	raw, err := f.readFrame()
	if err != nil {
		return nil, err
	}
	msg := &waWa6.HandshakeMessage{}
	if err := proto.Unmarshal(raw, msg); err != nil {
		return nil, fmt.Errorf("handshake message: %w", err)
	}
	return msg, nil
}
