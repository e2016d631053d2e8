package web_test

import (
	"context"
	"testing"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
)

// TestLook goes through the shell's pages as they are first seen: every one without a finding of axe-core, none wider
// than a handheld. Its pictures are for people to look at.
func TestLook(t *testing.T) {
	var ada staff.Member
	site := webtest.Serve(t, web.NewWithJob, func(d *web.Deps) {
		d.Personas = func(context.Context, pg.Querier) ([]web.Persona, error) {
			return []web.Persona{
				{Name: "Ada Obi", Does: "picks and packs", Badge: ada.Badge, PIN: webtest.PIN},
				{Name: "Milo Brandt", Does: "manages the warehouse", Badge: "S-ABCDEFGHIJ", PIN: "5820"},
			}, nil
		}
	})
	ada = site.Member(t, "Ada Obi", staff.Admin)
	site.Station(t, "K-1", "Pack bench 1", "packing")
	b := site.Browser(t)
	seen := func(name string) {
		t.Helper()
		if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s is %d pixels wide", name, wide)
		}
		b.Accessible()
		b.Shot(name + "-360")
		b.Dark(true)
		b.Accessible()
		b.Shot(name + "-360-dark")
		b.Size(1280, 800)
		b.Shot(name + "-1280-dark")
		b.Dark(false)
		b.Shot(name + "-1280")
		b.Size(360, 640)
	}
	b.Go("/sign-in")
	seen("sign-in")
	b.Scan(ada.Badge)
	b.Until(`document.activeElement?.id === "pin"`)
	seen("pin")
	b.Click("#pin")
	b.Scan(webtest.PIN)
	b.At("/sign-in/station")
	seen("station")
	b.Scan("K-1")
	b.At("/menu")
	seen("menu")
	b.Go("/nowhere")
	seen("nowhere")
	b.Go("/job/7")
	seen("job")
	b.Scan("MUG")
	b.Sees(".last", "1 of 5")
	seen("job-right")
	b.Scan("RED")
	b.Sees(".last", "This is Red mug")
	seen("job-wrong")
	b.Scan("MAYBE")
	b.Sees(".last", "Two items")
	seen("job-decide")
	b.Click(".answers button")
	b.Sees(".last", "2 of 5")
	b.Click(".thumb summary")
	b.Sees(".problems", "Damaged")
	seen("job-problem")
}

// TestGallery looks at the parts of pages of every audience, on a handheld, on a phone and on a desk.
func TestGallery(t *testing.T) {
	site := webtest.Serve(t, web.NewWithJob)
	b := site.Browser(t)
	b.SignIn(site.Member(t, "Ada Obi", staff.Manager), "")
	for _, name := range []string{"list", "order", "form", "empty", "menu", "journey"} {
		b.Go("/gallery/" + name)
		for _, dark := range []bool{false, true} {
			b.Dark(dark)
			look := map[bool]string{true: "-dark"}[dark]
			b.Accessible()
			if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
				t.Errorf("%s is %d pixels wide", name, wide)
			}
			b.Shot("gallery-" + name + "-360" + look)
			b.Size(1280, 800)
			b.Accessible()
			b.Shot("gallery-" + name + "-1280" + look)
			b.Size(360, 640)
		}
	}
}
