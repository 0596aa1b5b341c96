package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"awassiber/bot"
	"awassiber/bot/catalog"
	"awassiber/store/seal"
)

// newCatalog makes the index of what was sent before.
func (p *program) newCatalog() (*catalog.Catalog, error) {
	return catalog.New(p.store, catalog.Options{
		Path: filepath.Join(p.cfg.Data, "indeks.awas"), Sealer: indexSeal{p.keys}, Now: p.now, Log: p.log,
		Deliver: func(ctx context.Context, updates []bot.Update) error { return p.inbox.Deliver(ctx, updates) },
	})
}

// recognise looks up what a burst that ended is, before its transaction.
func (p *program) recognise(ctx context.Context, t bot.Timer) *bot.Recognition {
	if !strings.HasPrefix(t.Name, "quiet/") {
		return nil
	}
	return p.catalog.Recognise(ctx, t.Tip)
}

// followAll brings the index up to date, for scenarios.
func (p *program) followAll(ctx context.Context) error {
	for {
		if worked, err := p.catalog.CatchUp(ctx); err != nil || !worked {
			return err
		}
	}
}

// indexPart is a line of /readyz. Tips are taken while the index is read or built: what comes meanwhile is a case
// of its own, and looked up again afterwards.
func (p *program) indexPart() Part {
	return Part{Name: "index", Check: func() (bool, string) {
		s := p.catalog.State()
		switch {
		case s.Rebuilding:
			return true, fmt.Sprintf("building, %d %%", s.Percent)
		case s.Reading:
			return true, "reading"
		}
		return true, fmt.Sprintf("%d documents", s.Documents)
	}}
}

// indexSeal seals the index's snapshot.
type indexSeal struct{ *seal.Keyring }

const indexPurpose = "index"

// Seal seals a piece in its place.
func (s indexSeal) Seal(plain, place []byte) []byte {
	return s.Keyring.Seal(indexPurpose, place, plain)
}

// Open opens it, in no other place.
func (s indexSeal) Open(sealed, place []byte) ([]byte, error) {
	return s.Keyring.Open(indexPurpose, place, sealed)
}
