package main

import (
	"context"
	"encoding/hex"
	"net"
	"net/http"
	"strings"

	"go.mau.fi/whatsmeow"
)

// loopbackWhatsApp is a stand-in for WhatsApp on this machine, for tests of the real program. The zero
// value is none.
type loopbackWhatsApp struct {
	address string   // host:port
	root    [32]byte // the key its certificates are signed with
}

// applyWhatsAppTest reads "host:port;rootkeyhex". Only a loopback address is taken: with a foreign root
// key the connection protects nothing.
func applyWhatsAppTest(c *Config, v string) error {
	if v == "" {
		return nil
	}
	address, key, _ := strings.Cut(v, ";")
	host, _, err := net.SplitHostPort(address)
	root, bad := hex.DecodeString(key)
	if err != nil || bad != nil || len(root) != len(c.WhatsAppTest.root) || !net.ParseIP(host).IsLoopback() {
		return usage("cli.bad.whatsapp_test")
	}
	c.WhatsAppTest = loopbackWhatsApp{address: address, root: [32]byte(root)}
	return nil
}

// client trusts the stand-in, in the whole process, and returns a client whose every connection ends
// there, in clear.
func (l loopbackWhatsApp) client() *http.Client {
	if whatsmeow.WACertPubKey != l.root { // a write would race with the reads of another client
		whatsmeow.WACertPubKey = l.root
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", l.address)
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial, DisableKeepAlives: true}}
}
