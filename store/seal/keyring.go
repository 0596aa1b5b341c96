package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"sync"

	"awassiber/bot"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"
)

// ErrSealed: a sealed value does not open. It was cut, changed, moved to another place, or sealed
// with another key.
var ErrSealed = errors.New("sealed value does not open")

// generation stands in front of every value sealed with the present keys.
const generation = 1

// Overhead is how many bytes a sealed value is longer than the plain one.
const Overhead = 1 + chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

// MarkSize is the length of a Mark in bytes.
const MarkSize = 16

// A Mark is a keyed hash: equal for equal things, meaningless without the key file.
type Mark [MarkSize]byte

// Keyring holds the keys derived from one key file. It is safe for concurrent use; the zero value
// is not usable, see LoadOrCreate and New.
type Keyring struct {
	identity *age.X25519Identity
	people   *hasher
	marks    *hasher

	mu    sync.RWMutex
	boxes map[string]*Box
}

// New derives a Keyring from an age identity.
func New(identity *age.X25519Identity) (*Keyring, error) {
	k := &Keyring{identity: identity, boxes: map[string]*Box{}}
	for purpose, h := range map[string]**hasher{"pseudonym": &k.people, "mark": &k.marks} {
		key, err := k.derive(purpose)
		if err != nil {
			return nil, err
		}
		*h = newHasher(key)
	}
	return k, nil
}

// Age returns the identity, for files and backups.
func (k *Keyring) Age() *age.X25519Identity { return k.identity }

// Box returns the Box of a purpose, always the same one. It panics only if the purpose is longer
// than HKDF allows, which a constant is not.
func (k *Keyring) Box(purpose string) *Box {
	k.mu.RLock()
	b := k.boxes[purpose]
	k.mu.RUnlock()
	if b != nil {
		return b
	}
	key, err := k.derive("seal/" + purpose)
	if err != nil {
		panic(err)
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic(err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.boxes[purpose] == nil {
		k.boxes[purpose] = &Box{aead: aead}
	}
	return k.boxes[purpose]
}

// Seal encrypts plain for a purpose. aad must be given again to Open: it binds the value to its place.
func (k *Keyring) Seal(purpose string, aad, plain []byte) []byte {
	return k.Box(purpose).Seal(make([]byte, 0, len(plain)+Overhead), aad, plain)
}

// Open returns what Seal was given, or ErrSealed.
func (k *Keyring) Open(purpose string, aad, sealed []byte) ([]byte, error) {
	return k.Box(purpose).Open(nil, aad, sealed)
}

// Pseudonym is the person behind a private chat's address: 26 characters of a–z and 2–7.
func (k *Keyring) Pseudonym(a bot.Address) bot.PersonID {
	m := k.people.sum(string(a.Network), a.Chat)
	return bot.PersonID(base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding).EncodeToString(m[:]))
}

// Mark hashes parts under a purpose. Different divisions into parts give different marks.
func (k *Keyring) Mark(purpose string, parts ...string) Mark {
	return k.marks.sum(purpose, parts...)
}

func (k *Keyring) derive(purpose string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, []byte(k.identity.String()), nil, "awassiber/1/"+purpose, chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return key, nil
}

// Box seals and opens for one purpose. It is safe for concurrent use.
type Box struct{ aead cipher.AEAD }

// Seal appends the sealed form of plain to dst: generation, random nonce, ciphertext and tag.
func (b *Box) Seal(dst, aad, plain []byte) []byte {
	dst = append(dst, generation)
	at := len(dst)
	var nonce [chacha20poly1305.NonceSizeX]byte
	dst = append(dst, nonce[:]...)
	rand.Read(dst[at:]) // never fails (crypto/rand)
	return b.aead.Seal(dst, dst[at:], plain, aad)
}

// Open appends the plain form of sealed to dst, or returns ErrSealed.
func (b *Box) Open(dst, aad, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead || sealed[0] != generation {
		return nil, ErrSealed
	}
	nonce, text := sealed[1:1+chacha20poly1305.NonceSizeX], sealed[1+chacha20poly1305.NonceSizeX:]
	plain, err := b.aead.Open(dst, nonce, text, aad)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
