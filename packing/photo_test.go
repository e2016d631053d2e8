package packing_test

import (
	"fmt"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/scan"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking/picktest"
)

func picture(n int) files.Hash { return files.Hash(fmt.Sprintf("%064x", n)) }

func photograph(b *packtest.Bench, id packing.CartonID, n int) error {
	return packing.AddPhoto(ctx, b.Tx, id, picture(n), b.Staff, b.By("").At)
}

func TestAPhotoOfTheOpenCartonIsKept(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.Put("O-1", mugCode)
	all := cartons(t, b, "O-1")
	id := all[0].ID
	for _, n := range []int{1, 2, 1} {
		ok(t, photograph(b, id, n))
	}
	b.PackAll("O-1")
	ok(t, photograph(b, id, 3)) // closed already: the tape can be cut
	k, err := packing.CartonByID(ctx, b.Tx, id)
	ok(t, err)
	if got := strings.Join(k.Photos, " "); got != fmt.Sprint(picture(1), " ", picture(2), " ", picture(3)) {
		t.Errorf("photos: %s", got)
	}
	if list, err := packing.Photos(ctx, b.Tx, id); err != nil || len(list) != 3 || list[0].By == "" || list[0].At.IsZero() {
		t.Errorf("who took which: %+v %v", list, err)
	}
	for n := 4; n <= 6; n++ {
		ok(t, photograph(b, id, n))
	}
	if err := photograph(b, id, 7); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a seventh: %v", err)
	}
	if err := packing.AddPhoto(ctx, b.Tx, id, "", b.Staff, b.By("").At); len(fault.FieldsOf(err)) != 1 {
		t.Errorf("no photo: %v", err)
	}
	if err := photograph(b, 99, 1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no such carton: %v", err)
	}
	ok(t, packing.MarkShipped(ctx, b.Tx, id))
	if err := photograph(b, id, 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("one that has left: %v", err)
	}
}

// TestNoCartonIsClosedWithoutItsPhoto: a house that wants photos gets one of every carton, by weight or by confirmation.
func TestNoCartonIsClosedWithoutItsPhoto(t *testing.T) {
	b, mug, _ := shop(t)
	mustExec(t, b.Tx, `update warehouses set photo_first = true`)
	b.Pick("O-1", "T-1", picktest.Of(1, mug))
	step := b.Put("O-1", mugCode)
	if !strings.Contains(step.Next, "Take a photo") {
		t.Errorf("asks for %q", step.Next)
	}
	if step = b.Put("O-1", "1 kg"); step.Result != scan.Wrong || !strings.Contains(step.Message, "Take a photo") {
		t.Fatalf("closed without: %+v", step)
	}
	all := cartons(t, b, "O-1")
	ok(t, photograph(b, all[0].ID, 1))
	b.Put("O-1", fmt.Sprintf("%d g", all[0].ExpectedG))
	if k, err := packing.CartonByID(ctx, b.Tx, all[0].ID); err != nil || k.State != packing.Closed {
		t.Errorf("with its photo it is %s, %v", k.State, err)
	}
}
