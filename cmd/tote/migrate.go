package main

import (
	"context"
	"fmt"
)

// migrate is "tote migrate".
type migrate struct{}

func (migrate) Run(ctx context.Context, c *cli) error {
	db, err := c.Database.migrated(ctx)
	if err != nil {
		return err
	}
	fmt.Println("The schema is up to date.")
	return db.Close()
}
