package bolt

import (
	"context"
	"fmt"
	"io"

	"go.etcd.io/bbolt"
)

// Backup writes a copy of the file as it is now, while other transactions go on. The copy opens
// with the same key file. progress, if not nil, is told bytes written and in all.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	return s.read(func(bt *bbolt.Tx) error {
		out := &meter{ctx: ctx, w: w, total: bt.Size(), tell: progress}
		if _, err := bt.WriteTo(out); err != nil {
			if ctx.Err() != nil { // bbolt does not wrap the writer's error
				return ctx.Err()
			}
			return fmt.Errorf("backup: %w", err)
		}
		return nil
	})
}

// meter is a writer that counts and can be stopped.
type meter struct {
	ctx         context.Context
	w           io.Writer
	done, total int64
	tell        func(done, total int64)
}

func (m *meter) Write(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.w.Write(p)
	m.done += int64(n)
	if m.tell != nil {
		m.tell(m.done, m.total)
	}
	return n, err
}
