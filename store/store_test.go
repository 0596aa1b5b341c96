package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"awassiber/bot"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	url := "bolt:" + filepath.Join(dir, "awas.db")
	if there, err := Exists(url); there || err != nil {
		t.Fatal(there, err)
	}
	keys, _, err := seal.LoadOrCreate(filepath.Join(dir, "key"), true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(url, bolt.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(t.Context(), func(tx bot.Tx) error { return tx.SetHold(true) }); err != nil {
		t.Fatal(err)
	}
	if there, err := Exists(url); !there || err != nil {
		t.Fatal(there, err)
	}
	if _, err := Open(url, bolt.Options{Keys: keys}); !errors.Is(err, bot.ErrInUse) {
		t.Fatalf("second opener: %v", err)
	}
}

func TestBadURL(t *testing.T) {
	for url, want := range map[string]string{
		"":                            "bolt:PATH",
		"bolt:":                       "bolt:PATH",
		"data/awas.db":                "bolt:PATH",
		"sqlite:x":                    "bolt:PATH",
		"postgres://u:sandi@host/db":  "not in this version",
		"postgresql:///db?user=sandi": "not in this version",
	} {
		if _, err := Exists(url); !errors.Is(err, ErrURL) {
			t.Errorf("Exists(%q): %v", url, err)
		}
		_, err := Open(url, bolt.Options{})
		if !errors.Is(err, ErrURL) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "sandi") {
			t.Errorf("Open(%q): %v", url, err)
		}
	}
}
