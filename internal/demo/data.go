package demo

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
)

//go:embed data/items.csv data/boxes.csv
var tables embed.FS

// A product is one real item: its size in millimetres, its weight in grams, and all that was ever ordered of it.
type product struct {
	id                    string // the source's hashed id
	width, length, height int
	weight                int
	ordered               int64
}

// A sale is one real order; lines keep their order and their repeats.
type sale struct {
	id    string
	lines []saleLine
}

type saleLine struct {
	product  int // index into dataset.products
	quantity int64
}

type box struct {
	name                                string
	outerWidth, outerLength, outerDepth int
	weight                              int
	innerWidth, innerLength, innerDepth int
	maxWeight                           int
}

type dataset struct {
	products []product // in the order of their first sale
	sales    []sale    // in the source's order
	boxes    []box
}

// load reads the embedded real orders. They are part of the program, so a bad row is a bug and an error.
func load() (dataset, error) {
	var d dataset
	if err := d.readSales(); err != nil {
		return dataset{}, err
	}
	if err := d.readBoxes(); err != nil {
		return dataset{}, err
	}
	return d, nil
}

func (d *dataset) readSales() error {
	index := map[string]int{}
	return eachRow("data/items.csv", 7, func(row []string, n []int) error {
		at, known := index[row[2]]
		if !known {
			at = len(d.products)
			index[row[2]] = at
			d.products = append(d.products, product{id: row[2], width: n[3], length: n[4], height: n[5], weight: n[6]})
		}
		d.products[at].ordered += int64(n[1])
		if len(d.sales) == 0 || d.sales[len(d.sales)-1].id != row[0] {
			d.sales = append(d.sales, sale{id: row[0]})
		}
		s := &d.sales[len(d.sales)-1]
		s.lines = append(s.lines, saleLine{product: at, quantity: int64(n[1])})
		return nil
	})
}

func (d *dataset) readBoxes() error {
	return eachRow("data/boxes.csv", 9, func(row []string, n []int) error {
		d.boxes = append(d.boxes, box{
			name:       row[0],
			outerWidth: n[1], outerLength: n[2], outerDepth: n[3], weight: n[4],
			innerWidth: n[5], innerLength: n[6], innerDepth: n[7], maxWeight: n[8],
		})
		return nil
	})
}

// eachRow hands over each row with its numeric columns converted; hashed ids and names come as 0 there.
func eachRow(name string, columns int, do func(row []string, n []int) error) error {
	raw, err := tables.ReadFile(name)
	if err != nil {
		return err
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, row := range rows {
		n := make([]int, len(row))
		for k, v := range row {
			n[k], _ = strconv.Atoi(v)
		}
		if err := do(row, n); err != nil {
			return fmt.Errorf("%s line %d: %w", name, i+1, err)
		}
	}
	return nil
}
