package boxes

import (
	"bufio"
	"fmt"
	"os"
	"testing"
)

// container is one problem of the OR-Library: what goes into one box as full as it can be.
type container struct {
	name  string
	box   Box
	items []Item
}

// containers reads a file of them. In each line of an item its sizes are followed by whether they may stand up.
func containers(t testing.TB, file string, numbered bool) (all []container) {
	t.Helper()
	raw, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	words := bufio.NewScanner(raw)
	words.Split(bufio.ScanWords)
	number := func() (n int) {
		words.Scan()
		if _, err := fmt.Sscan(words.Text(), &n); err != nil {
			t.Fatal(file, err)
		}
		return n
	}
	for range number() {
		c := container{name: fmt.Sprintf("%s %d", file, number())}
		if numbered {
			number() // the seed it was made with
		}
		c.box.Inner = Size{number(), number(), number()}
		for range number() {
			i := Item{ID: fmt.Sprint(number())}
			for d := range 3 {
				i.Size[d] = number()
				i.Up[d] = number() == 1
			}
			i.Quantity = number()
			c.items = append(c.items, i)
		}
		all = append(all, c)
	}
	return all
}

// filled is how full the containers are on average, per cent, each of them proved.
func filled(t testing.TB, all []container, effort int) float64 {
	t.Helper()
	sum := 0.
	for _, c := range all {
		carton, err := Load(c.box, c.items, effort)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify([]Box{c.box}, c.items, carton); err != nil {
			t.Fatal(c.name, err)
		}
		packed := make([]int, len(c.items))
		for _, u := range carton.Placed {
			if packed[u.Item]++; packed[u.Item] > c.items[u.Item].Quantity {
				t.Fatal(c.name, "has more of an item than there is")
			}
		}
		sum += 100 - carton.Void(c.box)
	}
	return sum / float64(len(all))
}

// BoxPacker fills these 78.82 per cent, the best of the literature about 95.
func TestContainersAreFull(t *testing.T) {
	for set := 1; set <= 7; set++ {
		all := containers(t, fmt.Sprintf("thpack%d.txt", set), true)
		if full := filled(t, []container{all[0], all[50]}, 50); full < 90 {
			t.Errorf("BR%d: %.2f %%", set, full)
		}
	}
	if full := filled(t, containers(t, "thpack8.txt", false), 30); full < 68 {
		t.Errorf("Loh and Nee: %.2f %%, BoxPacker 64.44", full)
	}
}

func BenchmarkBR(b *testing.B) {
	for set := 1; set <= 7; set++ {
		b.Run(fmt.Sprint("BR", set), func(b *testing.B) {
			all := containers(b, fmt.Sprintf("thpack%d.txt", set), true)
			full := 0.
			for b.Loop() {
				full = filled(b, all, 200)
			}
			b.ReportMetric(full, "%fill")
		})
	}
	b.Run("LohNee", func(b *testing.B) {
		all := containers(b, "thpack8.txt", false)
		full := 0.
		for b.Loop() {
			full = filled(b, all, 200)
		}
		b.ReportMetric(full, "%fill")
	})
}
