package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
)

// bench opens the scanning job of the tests, signed in.
func bench(t *testing.T, job string, flags ...chromedp.ExecAllocatorOption) (*webtest.Site, *webtest.Browser) {
	t.Helper()
	site := webtest.Serve(t, web.NewWithJob)
	b := site.Browser(t, flags...)
	b.SignIn(site.Member(t, "Ada Obi", staff.Picker), "")
	b.Go(job)
	return site, b
}

// TestBurstEndsAfterSilence (M1): a scanner without a suffix, and no tap anywhere.
func TestBurstEndsAfterSilence(t *testing.T) {
	_, b := bench(t, "/job/7")
	b.Burst("MUG-1", 4, 0)
	b.Sees(".last", "+1 Blue mug (MUG-1), 1 of 5.")
	b.Burst("MUG-2", 4, 0)
	b.Sees(".last", "+1 Blue mug (MUG-2), 2 of 5.")
}

// A page that is busy for a moment while a scan comes in does not cut the code in two: the characters wait in line behind
// the timer that would end the code.
func TestABusyPageDoesNotCutAScan(t *testing.T) {
	site, b := bench(t, "/job/7")
	webtest.Eval[bool](b, `new Promise((done) => {
		const field = document.querySelector("[data-code]");
		const start = performance.now();
		const come = (text, at) => {
			for (const letter of text) {
				field.value += letter;
				const event = new Event("input");
				Object.defineProperty(event, "timeStamp", { value: start + (at += 5) });
				field.dispatchEvent(event);
			}
		};
		come("MUG", 0);
		setTimeout(() => { come("-7", 15); done(true); }, 450);
		while (performance.now() < start + 600) ; // busy
	})`)
	b.Sees(".last", "(MUG-7)")
	if diff := cmp.Diff([]string{"MUG-7"}, raws(t, site, "7")); diff != "" {
		t.Error(diff)
	}
}

// TestSlowTypingWaitsForEnter (M1): what a hand types is never taken for a scan.
func TestSlowTypingWaitsForEnter(t *testing.T) {
	site, b := bench(t, "/job/7")
	b.Burst("MUG-9", 90, 300)
	if got := webtest.Eval[string](b, `document.querySelector("[data-code]").value`); got != "MUG-9" {
		t.Fatalf("the field holds %q, want what was typed", got)
	}
	if got := raws(t, site, "7"); len(got) != 0 {
		t.Fatalf("typing sent %q", got)
	}
	b.Type("\r")
	b.Sees(".last", "(MUG-9)")
}

// TestSuffixes (M1): Enter and Tab end a code; an empty Enter, as scanners with two suffixes send it, does nothing.
func TestSuffixes(t *testing.T) {
	site, b := bench(t, "/job/7")
	b.Scan("MUG-1")
	b.Sees(".last", "1 of 5")
	b.Type("\r")
	b.Burst("MUG-2", 0, 0)
	b.Type("\t")
	b.Sees(".last", "2 of 5")
	if diff := cmp.Diff([]string{"MUG-1", "MUG-2"}, raws(t, site, "7")); diff != "" {
		t.Error(diff)
	}
}

// TestFieldKeepsFocus (M1, M2): after an answer, after a tap on a button, after a tap on nothing; and a scan made while
// a button has the focus is not lost. The keyboard on the screen opens only when asked for.
func TestFieldKeepsFocus(t *testing.T) {
	_, b := bench(t, "/job/7")
	focused := `document.activeElement === document.querySelector("[data-code]")`
	b.Until(focused)
	b.Scan("MUG")
	b.Sees(".last", "1 of 5")
	b.Until(focused)
	b.Click(".thumb summary")
	b.Until(focused)
	b.Click("h1")
	b.Until(focused)
	b.Type("\t") // away by the keyboard, as those without a mouse do: that is respected until somebody scans
	b.Until(`document.activeElement?.matches("button, a, summary")`)
	b.Type("MUG\r")
	b.Sees(".last", "2 of 5")

	if mode := webtest.Eval[string](b, `document.querySelector("[data-code]").inputMode`); mode != "none" {
		t.Errorf("inputmode is %q, so the keyboard opens by itself", mode)
	}
	b.Click("[data-keyboard]")
	b.Until(`document.querySelector("[data-code]").inputMode === "text"`)
	b.Until(focused)
}

// TestSeparatorByControlKey (M7's way in): many wedges type GS as Ctrl+].
func TestSeparatorByControlKey(t *testing.T) {
	site, b := bench(t, "/job/7")
	webtest.Eval[bool](b, `(() => {
		const field = document.querySelector("[data-code]");
		const type = (text) => document.execCommand("insertText", false, text);
		type("10ABC");
		field.dispatchEvent(new KeyboardEvent("keydown", { key: "]", ctrlKey: true, bubbles: true, cancelable: true }));
		type("21XY");
		return true;
	})()`)
	b.Type("\r")
	b.Sees(".last", "This is Red mug")
	if diff := cmp.Diff([]string{"10ABC\x1d21XY"}, raws(t, site, "7")); diff != "" {
		t.Error(diff)
	}
}

// TestSignalsDiffer (M4): right, wrong and decide by tone, vibration, colour, icon and words.
func TestSignalsDiffer(t *testing.T) {
	_, b := bench(t, "/job/7")
	b.Before(`
		window.tones = []; window.buzzes = [];
		const start = OscillatorNode.prototype.start;
		OscillatorNode.prototype.start = function (at) { window.tones.push(this.frequency.value + " " + this.type); return start.call(this, at); };
		navigator.vibrate = (pattern) => { window.buzzes.push(String(pattern)); return true; };`)
	b.Go("/job/7")
	b.Type("MUG")
	b.Until(`document.querySelector("[data-code]").value !== "" || document.querySelector(".last").innerText !== ""`)
	b.Type("\r")
	b.Sees(".last", "1 of 5")
	seen := map[string]string{}
	for _, c := range []struct{ code, words, kind string }{
		{"MUG", "2 of 5", "right"}, {"RED", "This is Red mug", "wrong"}, {"MAYBE", "Two items", "decide"},
	} {
		webtest.Eval[bool](b, `(window.tones.length = 0, window.buzzes.length = 0, true)`)
		b.Scan(c.code)
		b.Sees(".last", c.words)
		b.Until(`window.tones.length > 0`)
		b.Until(fmt.Sprintf(`document.body.dataset.flash === %q && document.querySelector(".last").classList.contains(%q)`, c.kind, c.kind))
		look := webtest.Eval[string](b, `[window.tones, window.buzzes, getComputedStyle(document.querySelector(".last")).backgroundColor,
			document.querySelector(".last path").getAttribute("d"), document.querySelector(".last .unseen").textContent].join("|")`)
		for i, part := range strings.Split(look, "|") {
			name := []string{"tone", "vibration", "colour", "icon", "word"}[i]
			if part == "" {
				t.Errorf("%s has no %s", c.kind, name)
			}
			if other, taken := seen[name+part]; taken {
				t.Errorf("%s and %s have the same %s: %s", other, c.kind, name, part)
			}
			seen[name+part] = c.kind
		}
	}
}

// raws are the codes that were recorded for a job, in the order they arrived.
func raws(t *testing.T, site *webtest.Site, ref string) (list []string) {
	t.Helper()
	rows, err := site.DB.Query(`select raw from scans where ref = $1 order by id`, ref)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var raw string
		if err := rows.Scan(&raw); err != nil {
			t.Fatal(err)
		}
		list = append(list, raw)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestASuffixIsRememberedByTheDevice: a scanner that sent Enter once is trusted on every page, so a hiccup of the device
// cuts none of its codes in two.
func TestASuffixIsRememberedByTheDevice(t *testing.T) {
	site, b := bench(t, "/job/7")
	wedge := `(async (...parts) => {
		for (const [i, part] of parts.entries()) {
			if (i > 0) await new Promise((done) => setTimeout(done, 120));
			document.execCommand("insertText", false, part);
		}
		const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
		document.querySelector("[data-code]").dispatchEvent(enter);
		return true;
	})`
	webtest.Eval[bool](b, wedge+`("MUG-1")`)
	b.Sees(".last", "1 of 5")
	b.Go("/job/7")
	b.Until(`document.activeElement === document.querySelector("[data-code]")`)
	webtest.Eval[bool](b, wedge+`("MUG", "-22")`)
	b.Sees(".last", "(MUG-22)")
	if diff := cmp.Diff([]string{"MUG-1", "MUG-22"}, raws(t, site, "7")); diff != "" {
		t.Error(diff)
	}
}

// TestTheNextCodeBeginsAnew: a burst that follows a sent code within the pause that a scanner may make in a code is timed by
// itself, so it is no slow typing, and is sent without a suffix too.
func TestTheNextCodeBeginsAnew(t *testing.T) {
	site, b := bench(t, "/job/7")
	b.Until(`document.activeElement === document.querySelector("[data-code]")`)
	webtest.Eval[bool](b, `(() => {
		const stamp = Object.getOwnPropertyDescriptor(Event.prototype, "timeStamp");
		let now = performance.now() + 5000;
		Object.defineProperty(Event.prototype, "timeStamp", { configurable: true, get: () => now });
		const burst = (code) => { for (const c of code) { document.execCommand("insertText", false, c); now += 2; } };
		burst("MUG-1");
		document.querySelector("[data-code]").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
		now += 380;
		burst("MUG-2");
		Object.defineProperty(Event.prototype, "timeStamp", stamp);
		return true;
	})()`)
	b.Sees(".last", "2 of 5")
	if diff := cmp.Diff([]string{"MUG-1", "MUG-2"}, raws(t, site, "7")); diff != "" {
		t.Error(diff)
	}
}

// TestTheAnswerComesIntoSight: whoever had scrolled down to the list sees what the scan did.
func TestTheAnswerComesIntoSight(t *testing.T) {
	_, b := bench(t, "/job/7")
	b.Size(360, 640)
	webtest.Eval[bool](b, `(document.querySelector("[data-part=extra]").style.paddingTop = "2000px", scrollTo(0, 1500), true)`)
	b.Until(`scrollY > 1000`)
	b.Scan("MUG")
	b.Sees(".last", "1 of 5")
	b.Until(`scrollY === 0`)
}

// TestATapBesideTheProblemsClosesThem: the way out of a sheet is where everybody looks for it.
func TestATapBesideTheProblemsClosesThem(t *testing.T) {
	_, b := bench(t, "/job/7")
	b.Click(".thumb summary")
	b.Until(`document.activeElement === document.querySelector("[data-code]")`) // the field has taken its focus back
	b.Until(`document.querySelector(".thumb details").open`)
	b.Click("h1")
	b.Until(`!document.querySelector(".thumb details").open`)
}
