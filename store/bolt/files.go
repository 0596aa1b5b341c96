package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"

	"awassiber/bot"
	"awassiber/store/seal"
)

// What begins the keys of tKnown.
const (
	kindContent = 'f'
	kindUnique  = 'u'
)

// contentKey is the row of what is in a file, and begins the keys of its names.
func contentKey(sha256 string) []byte { return append([]byte{kindContent}, sha256...) }

func namesOf(sha256 string) []byte { return append(contentKey(sha256), 0) }

func uniqueKey(m seal.Mark) []byte { return append([]byte{kindUnique}, m[:]...) }

func (x *tx) fileMark(n bot.Network, unique string) seal.Mark {
	return x.s.keys.Mark("file", string(n), unique)
}

// FileUsed implements bot.FileTx. A file nobody refers to has no row.
func (x *tx) FileUsed(sha256 string, delta int) (int, error) {
	key := []byte(sha256)
	n := delta
	if v := x.bucket(tFile).Get(key); len(v) == 9 {
		n += int(binary.BigEndian.Uint64(v[1:]))
	}
	if n > 0 {
		return n, x.write(tFile, key, binary.BigEndian.AppendUint64([]byte{valueVersion}, uint64(n)))
	}
	if delta == 0 { // a question; what is known may come before the first reference
		return 0, nil
	}
	return 0, errors.Join(x.remove(tFile, key), x.ForgetFile(sha256))
}

// KnowFile implements bot.FileTx. What is known already is not written again: the same file comes a thousand
// times.
func (x *tx) KnowFile(a bot.Attachment) error {
	if a.SHA256 == "" {
		return errors.New("a file without content is not known")
	}
	row := bot.Attachment{SHA256: a.SHA256, Size: a.Size, MIME: a.MIME, State: bot.FileStored, Text: a.Text, Prints: a.Prints}
	old, err := x.KnownContent(a.SHA256)
	if err != nil && err != bot.ErrNotFound {
		return err
	}
	if err != nil || !sameContent(old, row) {
		if err := x.put(tKnown, contentKey(a.SHA256), nil, row); err != nil {
			return err
		}
	}
	if a.Unique == "" {
		return nil
	}
	m := x.fileMark(a.Network, a.Unique)
	var sha string
	switch err := x.get(tKnown, uniqueKey(m), &sha); {
	case err != nil && err != bot.ErrNotFound:
		return err
	case err == nil && sha == a.SHA256:
		return nil
	case err == nil: // the network gave the name to something else
		if err := x.remove(tKnown, append(namesOf(sha), m[:]...)); err != nil {
			return err
		}
	}
	return errors.Join(x.put(tKnown, uniqueKey(m), nil, a.SHA256), x.mark(tKnown, append(namesOf(a.SHA256), m[:]...)))
}

func sameContent(a, b bot.Attachment) bool {
	return a.Size == b.Size && a.MIME == b.MIME && a.Text == b.Text && bytes.Equal(a.Prints, b.Prints)
}

// KnownFile implements bot.FileTx.
func (x *tx) KnownFile(n bot.Network, unique string) (bot.Attachment, error) {
	if unique == "" {
		return bot.Attachment{}, bot.ErrNotFound
	}
	var sha string
	if err := x.get(tKnown, uniqueKey(x.fileMark(n, unique)), &sha); err != nil {
		return bot.Attachment{}, err
	}
	return x.KnownContent(sha)
}

// KnownContent implements bot.FileTx.
func (x *tx) KnownContent(sha256 string) (a bot.Attachment, err error) {
	err = x.get(tKnown, contentKey(sha256), &a)
	return a, err
}

// ForgetFile implements bot.FileTx.
func (x *tx) ForgetFile(sha256 string) error {
	names := namesOf(sha256)
	for k := range x.scan(tKnown, names, false) {
		key := bytes.Clone(k)
		if err := errors.Join(x.remove(tKnown, append([]byte{kindUnique}, key[len(names):]...)), x.remove(tKnown, key)); err != nil {
			return err
		}
	}
	return x.remove(tKnown, contentKey(sha256))
}
