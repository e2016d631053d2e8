package studio_test

import (
	"strings"
	"testing"

	"tote/internal/studio"
)

func jobs() []studio.Job {
	one := func(document, line, product, detail string) studio.Job {
		return studio.Job{Ref: document + "." + line, Document: document, Product: product, Detail: detail, Asks: "Uploaded Images"}
	}
	return []studio.Job{
		one("O-1023", "1", "Yellow Portrait", "LivingRoom,Full"),
		one("O-1023", "2", "Yellow Portrait", "Kitchen,Half"),
		one("O-1024", "1", "Müller’s Café / Sign", ""),
		one("O-1025", "1", "Mug", ""),
		one("O-10", "1", "Mug", ""),
	}
}

func TestFilesFindTheirLines(t *testing.T) {
	for name, want := range map[string]string{
		// the rule of the trade, exactly
		"1023 - Yellow Portrait - 1, LivingRoom,Full - Uploaded Images.png": "matched O-1023.1",
		"1023 - Yellow Portrait - 1, LivingRoom,Full - Uploaded Images":     "matched O-1023.1",
		"1023 - Yellow Portrait - 2, Kitchen,Half - Uploaded Images.tif":    "matched O-1023.2",
		"1025 - Mug - 1 - Uploaded Images.jpeg":                             "matched O-1025.1",
		"1024 - Müller’s Café - Sign - 1 - Uploaded Images.png":             "matched O-1024.1",
		"1024 - Mu\u0308ller’s Cafe\u0301 - Sign - 1 - Uploaded Images.png": "matched O-1024.1",
		"C:\\art\\1025 - Mug - 1 - Uploaded Images.png":                     "matched O-1025.1",
		"../../1025 - Mug - 1 - Uploaded Images.png":                        "matched O-1025.1",
		"\u202e1025 - Mug - 1 - Uploaded Images.png":                        "matched O-1025.1",
		"1023 artwork":     "unknown", // two lines of it wait
		"1023 artwork.png": "unknown",
		// forgivingly
		"1023 - yellow portrait - 1, livingroom,full - uploaded images (1).png": "guessed O-1023.1",
		"1023_-_Yellow_Portrait_-_2,_Kitchen,Half_-_Uploaded_Images_v3.png":     "guessed O-1023.2",
		"1023-2.png":                 "guessed O-1023.2",
		"1023_1 final.png":           "guessed O-1023.1",
		"O-1023.2 eyes done.png":     "guessed O-1023.2",
		"1025 artwork.png":           "guessed O-1025.1",
		"mug for 1025.png":           "guessed O-1025.1",
		"1025-2.png":                 "unknown", // no such line waits
		"1023-3.png":                 "unknown",
		"11025.png":                  "unknown",
		"10250.png":                  "unknown",
		"10.png":                     "guessed O-10.1",
		"IMG_0815.JPG":               "unknown",
		"Yellow Portrait.png":        "unknown",
		"😀.png":                      "unknown",
		"":                           "unknown",
		".png":                       "unknown",
		"..":                         "unknown",
		strings.Repeat("1023 ", 999): "unknown",
	} {
		m := studio.Find(name, jobs())
		got := string(m.How)
		if m.Job >= 0 {
			got += " " + jobs()[m.Job].Ref
		}
		if got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	if m := studio.Find("1023 artwork", jobs()); len(m.Near) != 2 || m.Near[0] != 0 || m.Near[1] != 1 {
		t.Errorf("the nearest lines of 1023 artwork are %v", m.Near)
	}
	if m := studio.Find("Yellow Portrait Kitchen.png", jobs()); len(m.Near) == 0 || m.Near[0] != 1 {
		t.Errorf("the nearest is %v, want the one in the kitchen", m.Near)
	}
}

func TestEveryJobIsFoundByItsOwnName(t *testing.T) {
	for i, j := range jobs() {
		for _, ending := range []string{"", ".png", ".JPG", ".tiff"} {
			if m := studio.Find(j.FileName()+ending, jobs()); m.How != studio.Matched || m.Job != i {
				t.Errorf("%q: %+v", j.FileName()+ending, m)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{"1023 artwork", "1023-2 (1).png", "\x00", "((((((1)", "v1 v2 v3", "O-1023.2", "\u202e", strings.Repeat("a.", 500)} {
		f.Add(seed)
	}
	list := jobs()
	f.Fuzz(func(t *testing.T, name string) {
		m := studio.Find(name, list)
		if m.Job >= len(list) || (m.Job < 0) != (m.How == studio.Unknown) {
			t.Errorf("%q: %+v", name, m)
		}
	})
}
