package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	theirs "github.com/boombuler/barcode/qr"

	"tote/internal/fault"
)

// alphabets of texts, one for each mode and one of whatever is no plain letter.
var alphabets = map[mode]string{numeric: digits, alphanumeric: letters, octets: plain + "äß€漢\x00\xff"}

var plain = func() string {
	var b strings.Builder
	for c := ' '; c <= '~'; c++ {
		b.WriteRune(c)
	}
	return b.String()
}()

func random(r *rand.Rand, m mode, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabets[m][r.IntN(len(alphabets[m]))]
	}
	return string(text)
}

// misread reports that boombuler takes a sign for part of a number: it would draw another text.
func misread(text string) bool {
	for rest := text; rest != ""; {
		n := min(3, len(rest))
		if v, err := strconv.Atoi(rest[:n]); err != nil || v < 0 {
			return false
		}
		rest = rest[n:]
	}
	return strings.ContainsAny(text, "+-")
}

// same fails if a module differs from boombuler's.
func same(t *testing.T, text string) *Code {
	t.Helper()
	code, err := Encode(text)
	want, failed := theirs.Encode(text, theirs.M, theirs.Auto)
	if err != nil || failed != nil {
		t.Fatalf("%q: %v, theirs %v", text, err, failed)
	}
	if n := want.Bounds().Dx(); code.Size != n {
		t.Fatalf("%q is %d modules wide, theirs %d", text, code.Size, n)
	}
	for y := range code.Size {
		var row uint64
		for x := range code.Size {
			if r, _, _, _ := want.At(x, y).RGBA(); r == 0 {
				row |= bit(x)
			}
		}
		if row != code.Row(y) {
			t.Fatalf("%q: row %d is\n%064b, theirs\n%064b", text, y, code.Row(y), row)
		}
	}
	return code
}

// used is the mask that a symbol names beside its first eye, and its version.
func used(c *Code) (version, mask int) {
	named := 0
	for x := 2; x < 5; x++ {
		named <<= 1
		if c.Dark(x, 8) {
			named |= 1
		}
	}
	return (c.Size - 17) / 4, named ^ 0x5412>>10&7
}

// Every length in every mode, and thousands of random texts as short as those on labels, are drawn as boombuler draws
// them; all versions and masks come up.
func TestEveryModuleIsAsBoombulersEncoderHasIt(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(18004, 2015))
	seen, compared := map[string]bool{}, 0
	compare := func(text string) {
		if misread(text) {
			return
		}
		version, mask := used(same(t, text))
		seen[fmt.Sprint("version ", version)], seen[fmt.Sprint("mask ", mask)] = true, true
		compared++
	}
	for _, m := range []mode{numeric, alphanumeric, octets} {
		for n := range 251 {
			compare(random(r, m, n))
		}
		for range 500 {
			compare(random(r, m, 1+r.IntN(50)))
		}
	}
	for _, text := range []string{strings.Repeat("7", 604), strings.Repeat("A", 366), strings.Repeat("a", 251), strings.Repeat("\x00", 251)} {
		compare(text)
	}
	for _, text := range []string{"BEQ", "/02D/Y", "G:.", "S67R*KU"} { // one in a thousand: the balance of dark and light decides
		compare(text)
	}
	if len(seen) != len(versions)+8 || compared < 2200 {
		t.Errorf("%d texts were compared, of %v", compared, seen)
	}
}

func FuzzEncode(f *testing.F) {
	for _, text := range []string{"", "0", "01234567", "A-1", "https://tote.example/j/0000000000000001", "ÄÖÜ", "\xff", "12+", "-00", strings.Repeat("9", 250)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) <= 250 && !misread(text) {
			same(t, text)
		}
	})
}

// The example of the standard's annex I: the codewords of 01234567 in version 1-M.
func TestTheStandardsExample(t *testing.T) {
	v := &versions[0]
	var data stream
	data.add(int(numeric), 4)
	data.add(8, numeric.count(v))
	numeric.write(&data, "01234567")
	data.fill(v.data())
	got := v.interleave(data.bytes[:v.data()], generator(v.repair))
	want := []byte{0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11,
		0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55}
	if !bytes.Equal(got, want) {
		t.Errorf("the codewords are\n% x, want\n% x", got, want)
	}
}

// What boombuler would draw as another text, and a text of each version, is read by a decoder that is nobody's of us.
func TestADecoderReadsEveryVersion(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	texts := []string{"+12", "-0", "+12345+67", "123-00", "999+99"}
	for _, text := range texts {
		if !misread(text) {
			t.Errorf("boombuler reads %q as it is: compare it", text)
		}
	}
	for i := range versions {
		n := versions[i].data() - 4
		texts = append(texts, "x"+strings.ReplaceAll(random(r, alphanumeric, n), " ", "/"))
	}
	dir := t.TempDir()
	var files []string
	for i, text := range texts {
		code, err := Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, fmt.Sprintf("%02d.png", i))
		if err := os.WriteFile(file, picture(t, code), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	out, err := exec.Command("zbarimg", append([]string{"--raw", "-q", "-Sdisable", "-Sqrcode.enable"}, files...)...).Output()
	if got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"); err != nil || strings.Join(got, "\n") != strings.Join(texts, "\n") {
		t.Errorf("%v: zbar reads\n%s\nwant\n%s", err, out, strings.Join(texts, "\n"))
	}
}

// picture has four pixels for each module and white around them.
func picture(t *testing.T, c *Code) []byte {
	const scale, quiet = 4, 4
	side := (c.Size + 2*quiet) * scale
	p := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range c.Size * scale {
		for x := range c.Size * scale {
			if c.Dark(x/scale, y/scale) {
				p.SetColorIndex(x+quiet*scale, y+quiet*scale, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatDoesNotGoInIsRefused(t *testing.T) {
	for _, text := range []string{strings.Repeat("7", 605), strings.Repeat("A", 367), strings.Repeat("a", 252), strings.Repeat("a", 1<<20)} {
		if _, err := Encode(text); !errors.Is(err, fault.Invalid) {
			t.Errorf("%d times %c: %v, want fault.Invalid", len(text), text[0], err)
		}
	}
}

// BenchmarkEncode draws an address of a customer's page, beside the library that it is held to.
func BenchmarkEncode(b *testing.B) {
	const text = "https://tote.example/j/9e3779b97f4a7c15"
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Encode(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("boombuler", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := theirs.Encode(text, theirs.M, theirs.Auto); err != nil {
				b.Fatal(err)
			}
		}
	})
}
