// Package store opens the state of the program by its URL. What a store must do is bot.Store and
// bot.Tx; store/storetest holds every store to it.
package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"awassiber/bot"
	"awassiber/store/bolt"
)

// ErrURL: the store's URL is not one this version can open.
var ErrURL = errors.New("bad store URL")

// Store is what the program needs of a store besides transactions.
type Store interface {
	bot.Store
	// Backup writes a consistent copy while work goes on. progress may be nil; it is told bytes.
	Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error
	// Verify reads everything and tells what does not fit. progress may be nil; it is told rows.
	Verify(ctx context.Context, progress func(done, total int64)) (bolt.Report, error)
	// Panics is how many transactions panicked.
	Panics() int64
	Close() error
}

// Open opens or makes the store at a URL: "bolt:PATH" for one bbolt file. Errors are ErrURL and
// those of bolt.Open.
func Open(url string, o bolt.Options) (Store, error) {
	path, err := Path(url)
	if err != nil {
		return nil, err
	}
	return bolt.Open(path, o)
}

// Exists reports whether there is a store at a URL already, whose key must not be made anew.
func Exists(url string) (bool, error) {
	path, err := Path(url)
	if err != nil {
		return false, err
	}
	return bolt.Exists(path)
}

// Path returns the file of a "bolt:PATH" URL.
func Path(url string) (string, error) {
	scheme, path, _ := strings.Cut(url, ":")
	switch {
	case scheme == "postgres" || scheme == "postgresql":
		return "", fmt.Errorf("%w: postgres is not in this version", ErrURL) // the URL may hold a password
	case scheme != "bolt" || path == "":
		return "", fmt.Errorf("%w: it must be bolt:PATH", ErrURL)
	}
	return path, nil
}
