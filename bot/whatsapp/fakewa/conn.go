package fakewa

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/socket"
)

type (
	node  = waBinary.Node
	attrs = waBinary.Attrs
)

const (
	handshakeTime = 20 * time.Second // the library's own limit: NoiseHandshakeResponseTimeout
	writeTime     = 10 * time.Second
)

// errHangUp ends a connection in good order, after what was written has been read.
var errHangUp = errors.New("hang up")

// conn is one connection of the client. Reading is done by its own goroutine alone.
type conn struct {
	srv    *Server
	ws     *websocket.Conn
	stream net.Conn // the messages as a stream of bytes
	cancel context.CancelFunc
	ctx    context.Context
	who    *shaken
	reads  uint32

	writing sync.Mutex
	writes  uint32

	// Guarded by srv.mu.
	active  bool   // the client takes messages
	parting bool   // the last word is said
	cursor  uint64 // the next queue number to send
	flying  int    // sent on this connection, not acknowledged
}

func (s *Server) serveChat(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	}
	defer s.tasks.Done()
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	c := &conn{srv: s, ws: ws}
	c.ctx, c.cancel = context.WithCancel(s.ctx)
	defer c.cancel()
	c.stream = websocket.NetConn(c.ctx, ws, websocket.MessageBinary)
	err = c.run()
	s.leave(c)
	s.opt.Log.Debug("connection ended", "err", err)
	if errors.Is(err, errHangUp) {
		_ = ws.Close(websocket.StatusNormalClosure, "")
	}
	c.drop()
}

// enter counts one more task, unless the server is closed.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.tasks.Add(1)
	return true
}

func (s *Server) leave(c *conn) {
	s.update(func() {
		if s.conn == c {
			s.conn = nil
		}
	})
}

// run speaks with one client until it leaves, or must.
func (c *conn) run() error {
	if err := c.shake(); err != nil {
		return err
	}
	if err := c.welcome(); err != nil {
		return err
	}
	for {
		n, err := c.receive()
		if err != nil {
			return err
		}
		c.srv.opt.Log.Debug("from client", "tag", n.Tag, "id", n.Attrs["id"])
		if err := c.handle(n); err != nil {
			return err
		}
	}
}

func (c *conn) shake() error {
	if err := c.stream.SetDeadline(time.Now().Add(handshakeTime)); err != nil {
		return err
	}
	header := make([]byte, len(socket.WAConnHeader))
	if _, err := io.ReadFull(c.stream, header); err != nil {
		return err
	}
	if string(header) != string(socket.WAConnHeader) {
		return fmt.Errorf("connection header %x", header)
	}
	who, err := c.srv.id.handshake(c)
	if err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	c.who = who
	return c.stream.SetDeadline(time.Time{})
}

// drop ends the connection without a word, as a lost network does.
func (c *conn) drop() {
	c.cancel()
	_ = c.ws.CloseNow()
}

// readFrame reads 3 bytes of length and the frame; the length is at most 2^24-1 by its form
// (socket/framesocket.go).
func (c *conn) readFrame() ([]byte, error) {
	var length [socket.FrameLengthSize]byte
	if _, err := io.ReadFull(c.stream, length[:]); err != nil {
		return nil, err
	}
	frame := make([]byte, int(length[0])<<16|int(length[1])<<8|int(length[2]))
	_, err := io.ReadFull(c.stream, frame)
	return frame, err
}

func (c *conn) writeFrame(data []byte) error {
	if len(data) >= socket.FrameMaxSize {
		return socket.ErrFrameTooLarge
	}
	frame := append([]byte{byte(len(data) >> 16), byte(len(data) >> 8), byte(len(data))}, data...)
	ctx, cancel := context.WithTimeout(c.ctx, writeTime)
	defer cancel()
	return c.ws.Write(ctx, websocket.MessageBinary, frame)
}

func (c *conn) receive() (*node, error) {
	frame, err := c.readFrame()
	if err != nil {
		return nil, err
	}
	plain, err := c.who.fromClient.Open(frame[:0], nonce(c.reads), frame, nil)
	if err != nil {
		return nil, fmt.Errorf("frame %d: %w", c.reads, err)
	}
	c.reads++
	if len(plain) == 0 {
		return nil, errors.New("empty frame")
	}
	unpacked, err := waBinary.Unpack(plain)
	if err != nil {
		return nil, err
	}
	return waBinary.Unmarshal(unpacked)
}

// send writes one node; nodes are written whole and in the order of the calls.
func (c *conn) send(n node) error {
	plain, err := waBinary.Marshal(n)
	if err != nil {
		return fmt.Errorf("node %s: %w", n.Tag, err)
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	sealed := c.who.toClient.Seal(nil, nonce(c.writes), plain, nil)
	c.writes++
	return c.writeFrame(sealed)
}
