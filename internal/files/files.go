// Package files keeps photos and artwork by the hash of their content, in one directory.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"tote/internal/fault"
)

// Hash names a file by its content: the SHA-256 as 64 lower-case hexadecimal digits.
type Hash string

// Store is a directory of files. A file is written once, whole, and never changed, so a store may be copied or
// shared at any moment.
type Store struct{ dir string }

// In keeps files in dir, which is made with the first of them.
func In(dir string) *Store { return &Store{dir: dir} }

// Put keeps data and names it. The same data has the same name and is kept once.
func (s *Store) Put(data []byte) (hash Hash, err error) {
	defer fault.Wrap(&err, "files.Put(%d bytes)", len(data))
	sum := sha256.Sum256(data)
	hash = Hash(hex.EncodeToString(sum[:]))
	path := s.path(hash)
	if _, err := os.Stat(path); err == nil {
		return hash, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return "", err
	}
	return hash, write(path, data)
}

// write makes the file appear under its name only when all of it is on the disk.
func write(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Get is the content of a file. One that the disk has changed since is an error: nothing is made of it.
func (s *Store) Get(hash Hash) ([]byte, error) {
	f, err := s.open(hash)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != string(hash) {
		return nil, fault.New(fault.Other, "files: %s is damaged on the disk", hash)
	}
	return data, nil
}

func (s *Store) open(hash Hash) (*os.File, error) {
	if !hash.valid() {
		return nil, fault.New(fault.NotFound, "There is no such file.")
	}
	f, err := os.Open(s.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "There is no such file.")
	}
	return f, err
}

// path is built from the hash alone: what a user sends never names a path.
func (s *Store) path(hash Hash) string {
	return filepath.Join(s.dir, string(hash[:2]), string(hash[2:]))
}

func (h Hash) valid() bool {
	raw, err := hex.DecodeString(string(h))
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == string(h)
}
