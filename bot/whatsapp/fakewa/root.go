package fakewa

import (
	"crypto/sha256"
	"fmt"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCert"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// rootPair is the key pair of the test root. Its private half follows from a phrase anybody can
// read: it protects nothing, and whoever trusts it must be a test.
func rootPair() *keys.KeyPair {
	seed := sha256.Sum256([]byte("fakewa: a root that must never be trusted outside a test"))
	seed[0] &= 248
	seed[31] = seed[31]&127 | 64
	return keys.NewKeyPairFromPrivateKey(seed)
}

// RootKey is the public key of the test root, the same in every process: what
// whatsmeow.WACertPubKey must be for the library to accept a [Server].
func RootKey() [32]byte { return *rootPair().Pub }

// TrustRoot makes the library in this process trust the test root, and nothing else. It writes a
// global of the library without a lock: call it once, before the first client connects.
func TrustRoot() { whatsmeow.WACertPubKey = RootKey() }

// chainAge is how long before and after its start a server's certificates are valid; the library
// compares with the real clock (handshake.go, checkCertValidity).
const chainAge = 24 * time.Hour

// certificates makes the chain the client checks (handshake.go, verifyServerCert): an intermediate
// signed by the root, and a leaf for static signed by the intermediate.
func certificates(static [32]byte) ([]byte, error) {
	const intermediateSerial, leafSerial = 1, 2
	intermediate := keys.NewKeyPair()
	first, err := certificate(rootPair(), whatsmeow.WACertIssuerSerial, intermediateSerial, intermediate.Pub[:])
	if err != nil {
		return nil, err
	}
	leaf, err := certificate(intermediate, intermediateSerial, leafSerial, static[:])
	if err != nil {
		return nil, err
	}
	return proto.Marshal(&waCert.CertChain{Intermediate: first, Leaf: leaf})
}

func certificate(issuer *keys.KeyPair, issuerSerial, serial uint32, key []byte) (*waCert.CertChain_NoiseCertificate, error) {
	now := time.Now()
	details, err := proto.Marshal(&waCert.CertChain_NoiseCertificate_Details{
		Serial:       proto.Uint32(serial),
		IssuerSerial: proto.Uint32(issuerSerial),
		Key:          key,
		NotBefore:    proto.Uint64(uint64(now.Add(-chainAge).Unix())),
		NotAfter:     proto.Uint64(uint64(now.Add(chainAge).Unix())),
	})
	if err != nil {
		return nil, fmt.Errorf("certificate details: %w", err)
	}
	signature := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*issuer.Priv), details)
	return &waCert.CertChain_NoiseCertificate{Details: details, Signature: signature[:]}, nil
}
