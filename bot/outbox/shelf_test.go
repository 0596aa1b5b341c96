package outbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"sync"

	"awassiber/bot"
)

// shelf is an evidence store in memory. refuse, if set, is what Put says.
type shelf struct {
	mu     sync.Mutex
	files  map[string][]byte
	refuse error
	fail   error // of Remove
}

func newShelf() *shelf { return &shelf{files: map[string][]byte{}} }

func (s *shelf) Put(_ context.Context, r io.Reader) (bot.Attachment, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return bot.Attachment{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return bot.Attachment{}, s.refuse
	}
	sha := hashOf(string(b))
	s.files[sha] = b
	return bot.Attachment{SHA256: sha, Size: int64(len(b)), MIME: "image/png", State: bot.FileStored}, nil
}

func (s *shelf) Has(sha string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.files[sha]
	return ok
}

func (s *shelf) Remove(sha string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	delete(s.files, sha)
	return nil
}

func (s *shelf) list() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for sha := range s.files {
		all = append(all, sha)
	}
	slices.Sort(all)
	return all
}

// fetcher gives Fetch the type the Outbox wants.
type fetcher struct{ n *network }

func (f fetcher) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	b, err := f.n.file(ctx, a)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func hashOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}
