package fakewa

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/socket"
	"google.golang.org/protobuf/proto"
)

// The client really checks whom it speaks to: with another root it refuses this server.
func TestClientChecksTheRoot(t *testing.T) {
	s := start(t, Options{})
	h := newClient(t, s, must(s.Device(t.Context(), newStore(t)))(t), nil)
	whatsmeow.WACertPubKey[0] ^= 1
	defer TrustRoot()
	if err := h.Connect(); err == nil || !strings.Contains(err.Error(), "cert") {
		t.Errorf("connected with %v", err)
	}
}

// dialRaw speaks to the server without any library above WebSocket.
func dialRaw(t *testing.T, s *Server) *websocket.Conn {
	t.Helper()
	ws, _, err := websocket.Dial(within(t), "ws://"+s.Addr()+"/ws/chat", nil)
	ok(t, err)
	t.Cleanup(func() { _ = ws.CloseNow() })
	return ws
}

func frame(data []byte) []byte {
	return append([]byte{byte(len(data) >> 16), byte(len(data) >> 8), byte(len(data))}, data...)
}

func TestNonsenseIsHungUpOn(t *testing.T) {
	s := start(t, Options{})
	hello := must(proto.Marshal(&waWa6.HandshakeMessage{ClientHello: &waWa6.HandshakeMessage_ClientHello{Ephemeral: make([]byte, 32)}}))(t)
	for name, first := range map[string][]byte{
		"no header":       []byte("GET / HTTP/1.1\r\n\r\n"),
		"other version":   {'W', 'A', 1, 1, 0, 0, 0},
		"empty frame":     slices.Concat(socket.WAConnHeader, frame(nil)),
		"no protobuf":     slices.Concat(socket.WAConnHeader, frame([]byte{0xff, 0xff})),
		"short key":       slices.Concat(socket.WAConnHeader, frame([]byte{18, 3, 10, 1, 7})),
		"key of order 1":  slices.Concat(socket.WAConnHeader, frame(hello)),
		"text in between": append(slices.Clone(socket.WAConnHeader), "hello"...),
	} {
		t.Run(name, func(t *testing.T) {
			ws := dialRaw(t, s)
			ok(t, ws.Write(within(t), websocket.MessageBinary, first))
			if name == "text in between" {
				ok(t, ws.Write(within(t), websocket.MessageText, []byte("x")))
			}
			if _, _, err := ws.Read(within(t)); err == nil || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("read %v", err)
			}
		})
	}
	// A finish that was not made with the keys of the hello.
	key := must(ecdh.X25519().GenerateKey(rand.Reader))(t)
	hello = must(proto.Marshal(&waWa6.HandshakeMessage{ClientHello: &waWa6.HandshakeMessage_ClientHello{Ephemeral: key.PublicKey().Bytes()}}))(t)
	finish := must(proto.Marshal(&waWa6.HandshakeMessage{ClientFinish: &waWa6.HandshakeMessage_ClientFinish{Static: make([]byte, 48), Payload: make([]byte, 48)}}))(t)
	ws := dialRaw(t, s)
	ok(t, ws.Write(within(t), websocket.MessageBinary, slices.Concat(socket.WAConnHeader, frame(hello))))
	if _, _, err := ws.Read(within(t)); err != nil {
		t.Fatal(err)
	}
	ok(t, ws.Write(within(t), websocket.MessageBinary, frame(finish)))
	if _, _, err := ws.Read(within(t)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read %v", err)
	}
	if s.Logins() != 0 {
		t.Error("nonsense logged in")
	}
}

// Frames may come in any pieces.
func TestHandshakeInPieces(t *testing.T) {
	s := start(t, Options{})
	ws := dialRaw(t, s)
	key := must(ecdh.X25519().GenerateKey(rand.Reader))(t)
	hello := must(proto.Marshal(&waWa6.HandshakeMessage{ClientHello: &waWa6.HandshakeMessage_ClientHello{Ephemeral: key.PublicKey().Bytes()}}))(t)
	for _, b := range slices.Concat(socket.WAConnHeader, frame(hello)) {
		ok(t, ws.Write(within(t), websocket.MessageBinary, []byte{b}))
	}
	_, r, err := ws.Reader(within(t))
	ok(t, err)
	raw := must(io.ReadAll(r))(t)
	var reply waWa6.HandshakeMessage
	ok(t, proto.Unmarshal(raw[3:], &reply))
	if len(reply.GetServerHello().GetEphemeral()) != 32 || len(reply.GetServerHello().GetStatic()) != 48 {
		t.Errorf("server hello %v", &reply)
	}
}

func TestClosedServer(t *testing.T) {
	s := must(Start(Options{}))(t)
	ok(t, s.Close())
	if err := s.WaitActive(within(t)); !errors.Is(err, ErrClosed) {
		t.Errorf("waited on a closed server: %v", err)
	}
	if _, err := s.Person("warga1").Say("halo"); !errors.Is(err, ErrNoDevice) {
		t.Errorf("said without a device: %v", err)
	}
}
