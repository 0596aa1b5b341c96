package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store/sqlstore"
	waLog "go.mau.fi/whatsmeow/util/log"
	"modernc.org/sqlite" // registers the driver "sqlite" as well
	sqlite3 "modernc.org/sqlite/lib"

	"awassiber/bot"
)

// session is the file that links us to the phone.
type session struct {
	db        *sql.DB
	container *sqlstore.Container

	mu      sync.Mutex
	numbers map[string]bool // the phone numbers of awas_number
}

// mediaKept is how long we remember where a file came from. WhatsApp's servers forget it after about a
// month, the sender's phone when the sender deletes it.
const mediaKept = 60 * 24 * time.Hour

const ownTables = `
CREATE TABLE IF NOT EXISTS awas_media (ref TEXT PRIMARY KEY, chat TEXT NOT NULL, sender TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS awas_media_at ON awas_media (at);
CREATE TABLE IF NOT EXISTS awas_number (pn TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS awas_lock (one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER NOT NULL);`

// dataSource names the file for the driver. Durability is FULL, since a ratchet step that was lost makes
// the next message unreadable. The exclusive lock is taken by the first statement and ends with the
// process: two processes on one session would lock each other out of the network. What is deleted is
// overwritten.
func dataSource(path string, options url.Values) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: options.Encode()}).String()
}

func openSession(ctx context.Context, path string, log waLog.Logger) (*session, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("whatsapp: session file: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("whatsapp: session file: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("whatsapp: session file: %w", err)
	}
	db, err := sql.Open("sqlite", dataSource(path, url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(5000)", "locking_mode(EXCLUSIVE)", "foreign_keys(1)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(1)"}}))
	if err != nil {
		return nil, fmt.Errorf("whatsapp: session file: %w", err)
	}
	db.SetMaxOpenConns(1)
	s := &session{db: db, container: sqlstore.NewWithDB(db, "sqlite", log), numbers: map[string]bool{}}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// prepare brings the tables up to date and reads ours.
func (s *session) prepare(ctx context.Context) error {
	if _, err := s.db.ExecContext(ctx, ownTables); err != nil {
		return sessionError("session file", err)
	}
	if err := s.container.Upgrade(ctx); err != nil {
		return sessionError("session file", err)
	}
	rows, err := s.db.QueryContext(ctx, `SELECT pn FROM awas_number`)
	if err != nil {
		return sessionError("session file", err)
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		if err := rows.Scan(&number); err != nil {
			return sessionError("session file", err)
		}
		s.numbers[number] = true
	}
	return sessionError("session file", rows.Err())
}

// sessionError tells a file that another process holds from one that is broken.
func sessionError(what string, err error) error {
	var failure *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failure) && failure.Code()&0xff == sqlite3.SQLITE_BUSY:
		return fmt.Errorf("whatsapp: %s: %w", what, bot.ErrInUse)
	}
	return fmt.Errorf("whatsapp: %s: %w", what, err)
}

// byNumber reports whether a person is known by this phone number.
func (s *session) byNumber(number string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.numbers[number]
}

// keepNumber remembers that a person is known by this phone number.
func (s *session) keepNumber(ctx context.Context, number string) error {
	if s.byNumber(number) {
		return nil
	}
	if _, err := s.db.ExecContext(ctx, `INSERT OR IGNORE INTO awas_number (pn) VALUES (?)`, number); err != nil {
		return sessionError("remember a sender", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numbers[number] = true
	return nil
}

// lock is when the time-lock ends that was last noted; the zero time if there is none.
func (s *session) lock(ctx context.Context) (time.Time, error) {
	var until int64
	err := s.db.QueryRowContext(ctx, `SELECT until FROM awas_lock`).Scan(&until)
	if errors.Is(err, sql.ErrNoRows) || err == nil && until == 0 {
		return time.Time{}, nil
	}
	return time.Unix(until, 0), sessionError("read the time-lock", err)
}

// keepLock remembers a time-lock over a restart: the first message after it would only lengthen it. Zero
// is none.
func (s *session) keepLock(ctx context.Context, until time.Time) error {
	at := int64(0)
	if !until.IsZero() {
		at = until.Unix()
	}
	_, err := s.db.ExecContext(ctx, `INSERT OR REPLACE INTO awas_lock (one, until) VALUES (1, ?)`, at)
	return sessionError("remember the time-lock", err)
}

// origin is where a file came from, in the network's own words.
type origin struct{ chat, sender, id string }

// keepOrigin remembers where a file came from, and forgets what is too old.
func (s *session) keepOrigin(ctx context.Context, ref string, o origin, now time.Time) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM awas_media WHERE at < ?`, now.Add(-mediaKept).Unix()); err != nil {
		return sessionError("remember a file", err)
	}
	_, err := s.db.ExecContext(ctx, `INSERT OR REPLACE INTO awas_media (ref, chat, sender, id, at) VALUES (?, ?, ?, ?, ?)`,
		ref, o.chat, o.sender, o.id, now.Unix())
	return sessionError("remember a file", err)
}

// origin finds where a file came from; bot.ErrNotFound if it is forgotten.
func (s *session) origin(ctx context.Context, ref string) (o origin, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT chat, sender, id FROM awas_media WHERE ref = ?`, ref).Scan(&o.chat, &o.sender, &o.id)
	if errors.Is(err, sql.ErrNoRows) {
		return o, bot.ErrNotFound
	}
	return o, sessionError("find a file", err)
}

// Snapshot copies the session file to a path that must not exist yet, while everything goes on. The copy
// is complete in itself and readable by the owner only. After the phone ended the link, a copy from
// before does not bring it back if WhatsApp ended it; it does if only the file was lost.
func (c *Client) Snapshot(ctx context.Context, path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // an empty file is a target VACUUM takes
	if err != nil {
		return fmt.Errorf("whatsapp: snapshot: %w", err)
	}
	_, err = c.session.db.ExecContext(ctx, `VACUUM INTO ?`, path)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(sessionError("snapshot", err), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// Verify checks a copy of a session file: that SQLite finds it whole (PRAGMA integrity_check) and that it
// is a session. It writes nothing. A file that a running process holds is bot.ErrInUse.
func Verify(ctx context.Context, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("whatsapp: verify: %w", err)
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("whatsapp: verify: %w", err)
	}
	db, err := sql.Open("sqlite", dataSource(path, url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(100)"}}))
	if err != nil {
		return fmt.Errorf("whatsapp: verify: %w", err)
	}
	defer db.Close()
	var answer string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&answer); err != nil {
		return sessionError("verify", err)
	}
	if !strings.EqualFold(answer, "ok") {
		return errors.New("whatsapp: verify: the session file is damaged")
	}
	var version int
	if err := db.QueryRowContext(ctx, `SELECT version FROM whatsmeow_version`).Scan(&version); err != nil {
		return sessionError("verify: not a session file", err)
	}
	return nil
}
