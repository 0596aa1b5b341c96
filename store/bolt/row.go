package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"awassiber/bot"
	"awassiber/store/seal"
)

// put stores v sealed. head stays readable, for what must be compared without opening the row.
func (t *txn) put(b table, key, head []byte, v any) error {
	plain, err := t.encode(v)
	if err != nil {
		return err
	}
	return t.putPlain(b, key, head, plain)
}

func (t *txn) putPlain(b table, key, head, plain []byte) error {
	if len(head) > 255 {
		return fmt.Errorf("write %s: head of %d bytes", t.s.names[b], len(head))
	}
	value := t.mem.arena.grab(2 + len(head) + len(plain) + seal.Overhead)
	value = append(value, valueVersion, byte(len(head)))
	value = append(value, head...)
	value = t.s.box.Seal(value, t.place(b, key, head), plain)
	return t.write(b, key, value)
}

// encode returns the JSON of v, valid until the next encode.
func (t *txn) encode(v any) ([]byte, error) {
	buf := &t.mem.json
	buf.Reset()
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// place is the additional data that binds a seal to where it is stored.
func (t *txn) place(b table, key, head []byte) []byte {
	a := append(t.mem.aad[:0], t.s.names[b]...)
	a = append(a, 0)
	a = binary.AppendUvarint(a, uint64(len(key)))
	a = append(a, key...)
	t.mem.aad = append(a, head...)
	return t.mem.aad
}

// get opens a row into v, or returns bot.ErrNotFound.
func (t *txn) get(b table, key []byte, v any) error {
	value := t.bucket(b).Get(key)
	if value == nil {
		return bot.ErrNotFound
	}
	return t.decode(b, key, value, v)
}

func (t *txn) decode(b table, key, value []byte, v any) error {
	plain, err := t.open(b, key, value)
	if err != nil {
		return err
	}
	if json.Unmarshal(plain, v) != nil { // its error may quote the row
		return errDamaged(b, t.s.names)
	}
	return nil
}

// open returns the plain bytes of a sealed row, valid until the next open.
func (t *txn) open(b table, key, value []byte) ([]byte, error) {
	head, err := t.head(b, value)
	if err != nil {
		return nil, err
	}
	return t.unseal(b, key, head, value[2+len(head):])
}

func (t *txn) unseal(b table, key, head, sealed []byte) ([]byte, error) {
	plain, err := t.s.box.Open(t.mem.plain[:0], t.place(b, key, head), sealed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.s.names[b], err)
	}
	t.mem.plain = plain
	return plain, nil
}

// head returns the readable head of a sealed row.
func (t *txn) head(b table, value []byte) ([]byte, error) {
	if len(value) < 2 || value[0] != valueVersion || len(value) < 2+int(value[1]) {
		return nil, errDamaged(b, t.s.names)
	}
	return value[2 : 2+int(value[1])], nil
}

// errDamage: a row does not have the form it must have.
var errDamage = errors.New("damaged row")

func errDamaged(b table, names [tables]string) error {
	return fmt.Errorf("%w in %s", errDamage, names[b])
}
