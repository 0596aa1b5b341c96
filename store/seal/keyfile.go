package seal

import (
	"bufio"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"awassiber/bot"

	"filippo.io/age"
)

//go:embed keyheader.txt
var keyHeader string

// LoadOrCreate reads the key file at path. If there is none and mayCreate is true, it makes one,
// readable by its owner alone, and created is true: the operator must be told to keep a copy. A
// caller that has data already passes false, because a new key could not read them. An existing
// file is never overwritten. Errors of the file's content and its absence wrap bot.ErrKey.
func LoadOrCreate(path string, mayCreate bool) (k *Keyring, created bool, err error) {
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		k, err = parse(path, text)
		return k, false, err
	case !errors.Is(err, fs.ErrNotExist):
		return nil, false, fmt.Errorf("read key file: %w", err)
	case !mayCreate:
		return nil, false, fmt.Errorf("%w: there is no key file %s", bot.ErrKey, path)
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, false, fmt.Errorf("make key: %w", err)
	}
	err = writeNew(path, []byte(keyHeader+identity.String()+"\n"))
	if errors.Is(err, fs.ErrExist) { // another process was faster: theirs counts
		return LoadOrCreate(path, false)
	}
	if err != nil {
		return nil, false, fmt.Errorf("write key file: %w", err)
	}
	k, err = New(identity)
	return k, err == nil, err
}

// parse finds the one line that is neither empty nor a comment.
func parse(path string, text []byte) (*Keyring, error) {
	var identity *age.X25519Identity
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, err := age.ParseX25519Identity(line)
		if err != nil || identity != nil { // the parser's error may quote the secret
			return nil, fmt.Errorf("%w: %s does not hold exactly one AGE-SECRET-KEY-1 line", bot.ErrKey, path)
		}
		identity = id
	}
	if identity == nil || lines.Err() != nil {
		return nil, fmt.Errorf("%w: %s holds no AGE-SECRET-KEY-1 line", bot.ErrKey, path)
	}
	return New(identity)
}

// writeNew writes a file that is there whole or not at all after a crash. It fails with
// fs.ErrExist if path exists, which a rename would not notice.
func writeNew(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
