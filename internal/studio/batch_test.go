package studio_test

import (
	"fmt"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/studio"
)

func TestABatchIsShownBeforeItIsStored(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	h.must(studio.SetArtist(ctx, h.tx, h.Warehouse, h.ben, nil, true, h.Staff, h.at)) // all of it is Anna's
	var refs []string
	for range 4 {
		ref, _ := h.toArtist()
		refs = append(refs, ref)
	}
	id, err := studio.OpenBatch(ctx, h.tx, h.anna, h.at)
	h.must(err)
	put := func(f studio.File, refused string) { h.must(studio.Put(ctx, h.tx, id, f, refused, h.anna)) }
	put(file("1023 - Yellow Portrait - 1, LivingRoom,Full - Uploaded Images.png", 2400, 3600), "")
	put(file("1024 front.png", 2400, 3600), "")
	put(file("1025-1.png", 2400, 3600), "")
	put(file("1025-1 back.png", 2400, 3600), "")
	put(file("holiday.png", 2400, 3600), "")
	put(studio.File{Name: "virus.exe"}, "This is not a picture that can be used.")
	put(file("1024 front.png", 2400, 3600), "") // sent twice: once
	again, err := studio.OpenBatch(ctx, h.tx, h.anna, h.at)
	h.must(err)
	b, err := studio.ReadBatch(ctx, h.tx, h.Warehouse, again, h.anna)
	h.must(err)
	var got []string
	var chosen []studio.Chosen
	for _, f := range b.Files {
		ref := ""
		if f.Job >= 0 {
			ref = b.Jobs[f.Job].Ref
		}
		got = append(got, fmt.Sprint(f.How, " ", ref, f.Fault))
		if f.Fault == "" {
			chosen = append(chosen, studio.Chosen{Number: f.Number, Ref: ref})
		}
	}
	want := "[matched O-1023.1 guessed O-1024.1 guessed O-1025.1 guessed O-1025.1 unknown  unknown This is not a picture that can be used.]"
	if fmt.Sprint(got) != want {
		t.Errorf("shown is\n%v, want\n%v", got, want)
	}
	h.is(refs[0], studio.Art) // nothing is stored yet
	_, err = studio.ReadBatch(ctx, h.tx, h.Warehouse, id, h.ben)
	h.refused(err, fault.NotFound, "no such upload")

	_, err = studio.Store(ctx, h.tx, h.Warehouse, id, []studio.Chosen{{Number: 5, Ref: ""}}, h.anna, h.at)
	h.refused(err, fault.Invalid, "lines: No file is matched")
	_, err = studio.Store(ctx, h.tx, h.Warehouse, id, append(chosen, studio.Chosen{Number: 6, Ref: refs[3]}), h.anna, h.at)
	h.refused(err, fault.Invalid, "virus.exe cannot be used")
	h.is(refs[0], studio.Art)

	n, err := studio.Store(ctx, h.tx, h.Warehouse, id, chosen, h.anna, h.at)
	h.must(err)
	if n != 4 {
		t.Errorf("%d files stored, want 4", n)
	}
	h.is(refs[0], studio.ArtControl)
	if v := h.is(refs[2], studio.ArtControl); len(v.Current()) != 2 || v.Current()[1].Name != "1025-1 back.png" {
		t.Errorf("the proofs are %v", v.Current())
	}
	h.is(refs[3], studio.Art)
	_, err = studio.Store(ctx, h.tx, h.Warehouse, id, chosen, h.anna, h.at)
	h.refused(err, fault.Conflict, "stored already")
	next, err := studio.OpenBatch(ctx, h.tx, h.anna, h.at)
	h.must(err)
	if next == id {
		t.Error("a stored batch is opened again")
	}
	h.lawful()
}

func TestWhatDoesNotFitThePrintIsSaid(t *testing.T) {
	j := studio.Job{PrintWidth: 200, PrintHeight: 300, LeastPPI: 150, GoodPPI: 300}
	for want, f := range map[string]studio.File{
		"[]": file("good", 2400, 3600), "[203 PPI]": file("few", 1600, 2400), "[33 % cropped]": file("square", 3600, 3600), "[lies across the print]": file("across", 3600, 2400)} {
		if got := fmt.Sprint(j.Warnings(f)); got != want {
			t.Errorf("%s: %s, want %s", f.Name, got, want)
		}
	}
	if says := j.TooFew(file("tiny", 400, 600)); says != "tiny has 50 pixels per inch at 200 × 300 mm; 150 are needed." || j.TooFew(file("good", 2400, 3600)) != "" {
		t.Errorf("a tiny file: %q", says)
	}
	if got := (studio.Job{LeastPPI: 150, GoodPPI: 300}).Warnings(file("x", 10, 20)); got != nil {
		t.Errorf("a print without a size: %v", got)
	}
}

func TestABatchTakesTwoHundredFiles(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	id, err := studio.OpenBatch(ctx, h.tx, h.anna, h.at)
	h.must(err)
	for i := range studio.MostFiles {
		h.must(studio.Put(ctx, h.tx, id, file(fmt.Sprint(i, ".png"), 2400, 3600), "", h.anna))
	}
	h.refused(studio.Put(ctx, h.tx, id, file("more.png", 2400, 3600), "", h.anna), fault.Conflict, "Up to 200 files")
	h.must(studio.Drop(ctx, h.tx, id, []int64{7, 8}, h.anna))
	b, err := studio.ReadBatch(ctx, h.tx, h.Warehouse, id, h.anna)
	h.must(err)
	if len(b.Files) != 198 {
		t.Errorf("%d files are left", len(b.Files))
	}
	h.must(studio.Drop(ctx, h.tx, id, nil, h.anna))
	h.refused(studio.Drop(ctx, h.tx, id, nil, h.ben), fault.NotFound, "no such upload")
}
