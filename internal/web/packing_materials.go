package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/packing"
)

// usedMaterials is what the form that closes a carton says of its materials, by SKU.
type usedMaterials struct {
	Carton int64             `form:"carton,max=18" label:"The carton"`
	Used   map[string]string `form:"used" label:"What was used"`
}

// sayUsed keeps what the packer typed, if this closes the carton that the page has shown. What cannot be right is told; nothing
// is closed then.
func sayUsed(c *fiber.Ctx, ctx context.Context, tx *sql.Tx, ref, code string) (wrong string, err error) {
	var f usedMaterials
	if _, err := decode(c, &f); err != nil {
		return fault.Message(err), nil
	}
	if len(f.Used) == 0 || !packing.Closes(code) {
		return "", nil
	}
	used := map[string]int64{}
	for sku, typed := range f.Used {
		if used[sku], err = strconv.ParseInt(strings.TrimSpace(typed), 10, 64); err != nil {
			return fmt.Sprintf("How many %s were used is a whole number; 0 if none was.", sku), nil
		}
	}
	err = packing.SayUsed(ctx, tx, ref, packing.CartonID(f.Carton), used)
	if fault.KindOf(err) == fault.Invalid {
		return fault.Message(err), nil
	}
	return "", err
}

// refusal is the bench as it is, with what was wrong.
func refusal(ctx context.Context, tx *sql.Tx, ref string, p pull, wrong string, err error) (scan.Step, error) {
	if err != nil {
		return scan.Step{}, err
	}
	return packing.Refuse(ctx, tx, ref, wrong, p.Scan)
}

// whyWords is who wants a material, in a sentence.
func whyWords(w packing.Why) string {
	of := w.Of
	if of == "" {
		of = "the customer"
	}
	if w.Note == "" {
		return "for " + of
	}
	return "for " + of + ": " + w.Note
}

// usedFact is what a carton was packed with, for its page.
func usedFact(u packing.Used) ui.Fact {
	words := fmt.Sprintf("%d × %s", u.Used, u.Name)
	if u.Short > 0 {
		words += fmt.Sprintf(" (the books were short of %d)", u.Short)
	}
	return ui.Fact{Word: "Packed with", Value: words}
}
