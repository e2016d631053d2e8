package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"tote/packing/boxes"
)

// planBoxes is "tote plan boxes". A question is
//
//	{"id": "17", "boxes": [{"name": "S", "inner": [230, 300, 240], "empty_weight": 160, "max_weight": 15000}],
//	 "items": [{"id": "mug", "quantity": 2, "size": [90, 90, 110], "weight": 340}]}
//
// in whole millimetres and grams. An item may be "upright": its third size stays the height, and may go "alone": each
// unit in a carton of its own. A box without "max_weight" carries anything. The answer is
//
//	{"id": "17", "cartons": [{"box": "S", "items": [{"id": "mug", "at": [0, 0, 0], "size": [90, 90, 110]}, …]}]}
//
// every unit where it lies, in an order in which they can be laid in. What is larger or heavier than every box is a
// carton of its own, whose box is null; items without "size" are in none and are named in "unsized".
type planBoxes struct {
	Effort int  `env:"TOTE_PLAN_EFFORT" default:"100" help:"How long to look at a question whose best answer is not proven, in milliseconds or about that; the same effort has the same answer."`
	Bound  bool `env:"TOTE_PLAN_BOUND" help:"Say with each plan how many cartons there are at least."`
}

// Run answers standard input.
func (p planBoxes) Run(ctx context.Context) error {
	if p.Effort < 1 || p.Effort > 1_000_000 {
		return fmt.Errorf("effort is 1 to 1000000")
	}
	return answerLines(ctx, os.Stdin, os.Stdout, os.Stderr, p.answer)
}

// boxesAnswer is a packing as it is written.
type boxesAnswer struct {
	ID      json.RawMessage   `json:"id"`
	Bound   *int              `json:"bound,omitempty"`
	Cartons []cartonAnswer    `json:"cartons"`
	Unsized []json.RawMessage `json:"unsized,omitempty"`
}

type cartonAnswer struct {
	Box   *string      `json:"box"`
	Items []unitAnswer `json:"items"`
}

type unitAnswer struct {
	ID   json.RawMessage `json:"id"`
	At   [3]int          `json:"at"`
	Size boxes.Size      `json:"size"`
}

// answer is that to one line. The id is what was read of it, also when the rest is wrong.
func (p planBoxes) answer(line []byte) (id json.RawMessage, answer any, err error) {
	f, id, err := readFields(line)
	if err != nil {
		return id, nil, err
	}
	types, err := f.boxes()
	if err != nil {
		return id, nil, err
	}
	items, ids, err := f.items()
	if err != nil {
		return id, nil, err
	}
	packed, err := boxes.Fit(types, items, p.Effort)
	if err != nil {
		return id, nil, err
	}
	a := boxesAnswer{ID: id, Cartons: make([]cartonAnswer, 0, len(packed.Cartons))}
	if p.Bound {
		a.Bound = &packed.Bound
	}
	for _, c := range packed.Cartons {
		var said cartonAnswer
		if c.Box >= 0 {
			said.Box = &types[c.Box].Name
		}
		for _, u := range c.Placed {
			said.Items = append(said.Items, unitAnswer{ids[u.Item], u.At, u.Size})
		}
		a.Cartons = append(a.Cartons, said)
	}
	for _, i := range packed.Unsized {
		a.Unsized = append(a.Unsized, ids[i])
	}
	return id, a, nil
}

// boxes reads the types of boxes.
func (f fields) boxes() (types []boxes.Box, err error) {
	each, err := f.objects("boxes", `[{"name": "S", "inner": [230, 300, 240], "empty_weight": 160, "max_weight": 15000}]`)
	if err != nil {
		return nil, err
	}
	for i, of := range each {
		var b boxes.Box
		err := of.read("name", `"S"`, &b.Name)
		if err == nil {
			b.Inner, err = of.size("inner")
		}
		if err == nil {
			b.Empty, err = of.whole("empty_weight", 0, 0)
		}
		if err == nil {
			b.Max, err = of.whole("max_weight", 1, 0)
		}
		if err != nil {
			return nil, fmt.Errorf("boxes[%d]: %w", i, err)
		}
		types = append(types, b)
	}
	return types, nil
}

// items reads the items, and their ids as they were written.
func (f fields) items() (items []boxes.Item, ids []json.RawMessage, err error) {
	each, err := f.objects("items", `[{"id": "mug", "quantity": 2, "size": [90, 90, 110], "weight": 340}]`)
	if err != nil {
		return nil, nil, err
	}
	for i, of := range each {
		item, err := of.item()
		if err != nil {
			return nil, nil, fmt.Errorf("items[%d]: %w", i, err)
		}
		id := of["id"]
		if id == nil {
			id = json.RawMessage("null")
		}
		items, ids = append(items, item), append(ids, id)
	}
	return items, ids, nil
}

func (f fields) item() (i boxes.Item, err error) {
	if i.Quantity, err = f.whole("quantity", 0, 1); err != nil {
		return i, err
	}
	if i.Weight, err = f.whole("weight", 0, 0); err != nil {
		return i, err
	}
	if f.has("size") {
		if i.Size, err = f.size("size"); err != nil {
			return i, err
		}
	}
	for name, into := range map[string]*bool{"upright": &i.Up[2], "alone": &i.Alone} {
		if f.has(name) {
			if err := f.read(name, "true", into); err != nil {
				return i, err
			}
		}
	}
	return i, nil
}

func (f fields) has(name string) bool {
	raw, ok := f[name]
	return ok && string(raw) != "null"
}

// objects reads a list of objects, in each of which a field may be only once.
func (f fields) objects(name, like string) (all []fields, err error) {
	var raw []json.RawMessage
	if err := f.read(name, like, &raw); err != nil {
		return nil, err
	}
	for i, text := range raw {
		of, _, err := readFields(text)
		if err != nil {
			return nil, fmt.Errorf("%s[%d] is not like %s", name, i, like[1:len(like)-1])
		}
		all = append(all, of)
	}
	return all, nil
}

func (f fields) size(name string) (s boxes.Size, err error) {
	const like = "[230, 300, 240]"
	var numbers []json.Number
	if err := f.read(name, like, &numbers); err != nil {
		return s, err
	}
	if len(numbers) != 3 {
		return s, fmt.Errorf("%q is not like %s", name, like)
	}
	for i, n := range numbers {
		if s[i], err = wholeNumber(name, n, 0); err != nil {
			return s, err
		}
	}
	return s, nil
}

// whole reads a whole number that may be missing.
func (f fields) whole(name string, least, missing int) (int, error) {
	if !f.has(name) {
		return missing, nil
	}
	var n json.Number
	if err := f.read(name, "160", &n); err != nil {
		return 0, err
	}
	return wholeNumber(name, n, least)
}

func wholeNumber(name string, text json.Number, least int) (int, error) {
	d, err := parseDecimal(text.String())
	n, ok := d.whole()
	if err != nil || !ok || n < least {
		return 0, fmt.Errorf("%q is %s: it is a whole number, at least %d", name, short(text.String()), least)
	}
	return n, nil
}
