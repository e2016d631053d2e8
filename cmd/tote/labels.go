package main

import (
	"fmt"

	"tote/labels"
)

// papers is "tote labels".
type papers struct {
	Proof proof `cmd:"" help:"Write every kind of label and paper as PDF, with a list of what a scanner must read."`
}

// proof is "tote labels proof". It needs no database.
type proof struct {
	Dir string `required:"" placeholder:"DIR" help:"Directory to write into; it is made when it is not there."`
}

// Run writes the proof.
func (p proof) Run() error {
	if err := labels.WriteProof(p.Dir); err != nil {
		return err
	}
	fmt.Printf("Every paper for 203 and 300 dpi, and expected.json, are in %s.\n", p.Dir)
	return nil
}
