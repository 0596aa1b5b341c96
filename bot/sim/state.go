package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
)

// Files in Options.Dir.
const (
	plainFile  = "latihan.json"
	sealedFile = "latihan.sealed"
	idFile     = "latihan.id" // message ids up to this number may be in use
	idBlock    = 1000
)

// saved is the form of the transcript on disk.
type saved struct {
	Version int           `json:"version"`
	Offset  time.Duration `json:"offset"`
	Now     time.Time     `json:"now"`
	LastID  uint64        `json:"last_id"`
	Rev     uint64        `json:"rev"`
	Group   bot.Address   `json:"group"`
	People  []Person      `json:"people"`
	Chats   []*chat       `json:"chats"`

	Moved   map[string]string `json:"moved,omitempty"`
	Blocked map[string]bool   `json:"blocked,omitempty"`
	Docs    map[string][]byte `json:"docs,omitempty"`
	Pending []bot.Update      `json:"pending,omitempty"`
}

const savedVersion = 1

func (n *Network) file() string {
	if n.sealer != nil {
		return filepath.Join(n.dir, sealedFile)
	}
	return filepath.Join(n.dir, plainFile)
}

// save writes the transcript if anything changed since it was last written.
func (n *Network) save() error {
	if n.dir == "" {
		return nil
	}
	n.saving.Lock()
	defer n.saving.Unlock()
	n.mu.Lock()
	if !n.dirty {
		n.mu.Unlock()
		return nil
	}
	data, err := json.Marshal(n.snapshot())
	n.dirty = false
	n.mu.Unlock()
	if err == nil {
		if n.sealer != nil {
			data = n.sealer.Seal(data)
		}
		err = replace(n.file(), data)
	}
	if err != nil {
		n.mu.Lock()
		n.dirty = true
		n.mu.Unlock()
		return fmt.Errorf("save training network: %w", err)
	}
	return nil
}

// snapshot must be called with mu held, and encoded before it is let go.
func (n *Network) snapshot() saved {
	s := saved{
		Version: savedVersion, LastID: n.lastID, Rev: n.rev, Group: n.group, People: n.people,
		Moved: n.moved, Blocked: n.blocked, Docs: n.docs, Pending: n.pending,
	}
	s.Offset, s.Now = n.clock.position()
	for _, c := range n.chats {
		s.Chats = append(s.Chats, c)
	}
	slices.SortFunc(s.Chats, func(a, b *chat) int { return strings.Compare(a.Chat, b.Chat) })
	return s
}

// load continues from the file, if there is one.
func (n *Network) load() error {
	if n.dir == "" {
		return nil
	}
	if err := os.MkdirAll(n.dir, 0o700); err != nil {
		return err
	}
	data, err := os.ReadFile(n.file())
	if errors.Is(err, fs.ErrNotExist) {
		return n.loadReserved()
	}
	if err != nil {
		return err
	}
	var s saved
	if n.sealer != nil {
		data, err = n.sealer.Open(data)
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err == nil && s.Version != savedVersion {
		err = fmt.Errorf("version %d", s.Version)
	}
	if err != nil {
		n.log.Warn("training network: saved chats unreadable, put aside", "err", err)
		if err := os.Rename(n.file(), n.file()+".unreadable"); err != nil {
			return err
		}
		return n.loadReserved()
	}
	n.resume(s)
	return n.loadReserved()
}

func (n *Network) resume(s saved) {
	n.clock.restore(s.Offset, s.Now)
	n.lastID, n.rev, n.pending = s.LastID, s.Rev, s.Pending
	for _, p := range s.People {
		if _, known := n.person(p.Address); !known {
			n.people = append(n.people, p)
		}
	}
	for _, c := range s.Chats {
		n.chats[c.Chat] = c
	}
	if s.Moved != nil {
		n.moved = s.Moved
	}
	if s.Blocked != nil {
		n.blocked = s.Blocked
	}
	if s.Docs != nil {
		n.docs = s.Docs
	}
	n.group.Chat = n.current(n.group.Chat)
}

// loadReserved makes sure that ids handed out before a crash are not used again. After a clean
// stop the file says exactly what the transcript says, and numbering goes on without a gap.
func (n *Network) loadReserved() error {
	data, err := os.ReadFile(filepath.Join(n.dir, idFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	reserved, err := strconv.ParseUint(string(bytes.TrimSpace(data)), 10, 64)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(n.dir, idFile), err)
	}
	n.lastID = max(n.lastID, reserved)
	n.reserved = n.lastID
	return nil
}

// reserve writes down up to which number message ids may be in use. mu is held.
func (n *Network) reserve() error {
	if n.dir == "" {
		return nil
	}
	return replace(filepath.Join(n.dir, idFile), strconv.AppendUint(nil, n.reserved, 10))
}

// replace writes a file so that a crash leaves the old or the new one, whole.
func replace(name string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".tmp*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), name); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
