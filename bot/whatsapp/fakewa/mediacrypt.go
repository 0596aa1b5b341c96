package fakewa

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow"
)

// macSize is how much of the HMAC follows a media ciphertext (download.go, mediaHMACLength).
const macSize = 10

// sealed is media as it lies on the host, and what the message says about it.
type sealed struct {
	data              []byte // ciphertext and MAC
	key, sum, sealSum []byte
}

// mediaKeys expands a media key (download.go, getMediaKeys).
func mediaKeys(key []byte, kind whatsmeow.MediaType) (iv, cipherKey, macKey []byte, err error) {
	out, err := hkdf.Key(sha256.New, key, nil, string(kind), 112)
	if err != nil {
		return nil, nil, nil, err
	}
	return out[:16], out[16:48], out[48:80], nil
}

// sealMedia encrypts media under a new key: AES-256-CBC with PKCS #7 padding, then 10 bytes of
// HMAC-SHA-256 over initial vector and ciphertext (upload.go, Upload).
func sealMedia(plain []byte, kind whatsmeow.MediaType) (*sealed, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	iv, cipherKey, macKey, err := mediaKeys(key, kind)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(cipherKey)
	if err != nil {
		return nil, err
	}
	n := aes.BlockSize - len(plain)%aes.BlockSize
	text := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	data := append(text, mediaMAC(macKey, iv, text)...)
	sum, sealSum := sha256.Sum256(plain), sha256.Sum256(data)
	return &sealed{data: data, key: key, sum: sum[:], sealSum: sealSum[:]}, nil
}

// openMedia is the reverse.
func openMedia(data, key []byte, kind whatsmeow.MediaType) ([]byte, error) {
	iv, cipherKey, macKey, err := mediaKeys(key, kind)
	if err != nil {
		return nil, err
	}
	if len(data) < macSize+aes.BlockSize || (len(data)-macSize)%aes.BlockSize != 0 {
		return nil, fmt.Errorf("fakewa: media of %d bytes", len(data))
	}
	text, mac := data[:len(data)-macSize], data[len(data)-macSize:]
	if !hmac.Equal(mac, mediaMAC(macKey, iv, text)) {
		return nil, errors.New("fakewa: media with a wrong authentication code")
	}
	block, err := aes.NewCipher(cipherKey)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(text))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, text)
	n := int(plain[len(plain)-1])
	if n == 0 || n > aes.BlockSize {
		return nil, errors.New("fakewa: media with a wrong padding")
	}
	return plain[:len(plain)-n], nil
}

func mediaMAC(key, iv, text []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(iv)
	h.Write(text)
	return h.Sum(nil)[:macSize]
}
