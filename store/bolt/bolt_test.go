package bolt

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/store/seal"
	"awassiber/store/storetest"

	"filippo.io/age"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) bot.Store {
		return openChecked(t, filepath.Join(t.TempDir(), "awas.db"), newKeys(t), now)
	})
}

func newKeys(t testing.TB) *seal.Keyring {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	k, err := seal.New(id)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// openChecked opens a store whose file is verified when the test ends.
func openChecked(t testing.TB, path string, k *seal.Keyring, now func() time.Time) *Store {
	t.Helper()
	s, err := Open(path, Options{Keys: k, Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		verifyOK(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func verifyOK(t testing.TB, s *Store) Report {
	t.Helper()
	r, err := s.Verify(context.Background(), nil) // t.Context has ended in a cleanup
	if err != nil {
		t.Error(err)
	}
	for _, p := range r.Problems {
		t.Error(p)
	}
	return r
}
