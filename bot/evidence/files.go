package evidence

import (
	"io"
	"os"
)

// disk is what Store needs of a file system. It is a seam: tests make each step fail.
type disk interface {
	MkdirAll(dir string) error
	// Create opens a new file of a name nobody else has in dir, mode 0600.
	Create(dir string) (file, error)
	Rename(from, to string) error
	Remove(name string) error
	// SyncDir makes names created, renamed or removed in dir durable.
	SyncDir(dir string) error
}

// file is a file being written.
type file interface {
	io.WriteCloser
	Name() string
	Sync() error
}

// osDisk is the machine's file system.
type osDisk struct{}

func (osDisk) MkdirAll(dir string) error       { return os.MkdirAll(dir, 0o700) }
func (osDisk) Create(dir string) (file, error) { return os.CreateTemp(dir, "put-*") }
func (osDisk) Rename(from, to string) error    { return os.Rename(from, to) }
func (osDisk) Remove(name string) error        { return os.Remove(name) }

func (osDisk) SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}
