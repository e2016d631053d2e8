// The scan field of a keyboard-wedge scanner: always focused, and clever enough to know a scan from typing.
//
// Only the field's value is read, never key codes: scanners send digits from any block of any layout. Enter or Tab
// ends a code. A scanner without a suffix is recognised by its speed: when the whole value came in one burst and
// 50 ms of silence follow, the code is complete. Slow characters are typing and wait for Enter. A scanner that has
// shown a suffix is trusted to send it again, so a hiccup of the device does not cut its codes in two.

const silence = 50; // ms without a character that end a burst
const hiccup = 400; // the same for a scanner that is known to send a suffix
const shortest = 3; // characters: "T-1"
const late = 15; // ms behind its time: the page was busy, and characters wait in line behind the timer
const pace = 30; // ms per character; no hand is as fast over three characters

const GS = "\u001d";

/** Calls take with every code that the field receives, in order, and clears the field at once. */
export function watchField(field: HTMLInputElement, take: (code: string) => void): void {
  let first = 0; // when the present burst began
  let last = -Infinity; // its last character
  let burst = 0; // characters of the present burst
  let known = ""; // the value after the last event
  let timer: ReturnType<typeof setTimeout> | undefined;

  let suffix = remembered();

  const end = () => {
    clearTimeout(timer);
    const code = field.value.trim();
    field.value = known = "";
    burst = 0;
    if (code !== "") take(code);
  };

  // Whether the whole value came in one burst, faster than any hand.
  const swift = () =>
    burst >= shortest && burst === [...field.value].length && last - first <= pace * (burst - 1);

  // Ends a code after so much silence. A timer that comes late proves no silence: it listens once more.
  const listen = (pause: number) => {
    const due = performance.now() + pause;
    timer = setTimeout(() => {
      if (!swift()) return;
      if (performance.now() - due > late) listen(silence);
      else end();
    }, pause);
  };

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    const added = [...field.value].length - [...known].length;
    known = field.value;
    if (burst === 0 || event.timeStamp - last > (suffix ? hiccup : silence)) { // what was sent is no part of the next code
      burst = 0;
      first = event.timeStamp;
    }
    last = event.timeStamp;
    burst = added > 0 ? burst + added : 0;
    listen(suffix ? hiccup : silence);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" || (event.key === "Tab" && field.value !== "")) {
      event.preventDefault();
      if (!suffix && swift()) {
        suffix = true;
        remember();
      }
      end();
    } else if (event.ctrlKey && event.key === "]") {
      event.preventDefault(); // how many wedges send the group separator of a GS1 code
      field.setRangeText(GS, field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
      field.dispatchEvent(new Event("input"));
    }
  });

  field.form?.addEventListener("submit", (event) => {
    if (field.value.trim() === "") event.preventDefault();
  });
}

const noted = "suffix"; // in the storage of this device

// Whether the scanner of this device has shown a suffix before, on whatever page.
function remembered(): boolean {
  try {
    return localStorage.getItem(noted) !== null;
  } catch {
    return false; // storage is closed to us
  }
}

function remember(): void {
  try {
    localStorage.setItem(noted, "1");
  } catch {
    // it is learned again on the next page
  }
}

/** Keeps the field focused as long as nobody uses another input. */
export function holdFocus(field: HTMLInputElement): void {
  let tabbed = false;
  const grab = () => {
    if (document.activeElement === field || inUse(document.activeElement, field)) return;
    field.focus({ preventScroll: true });
    field.click(); // focus alone does not wake every scanner's input method
  };
  document.addEventListener("keydown", (event) => {
    tabbed = event.key === "Tab";
    // A scanner's first character must never be lost on a button that was tapped before.
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key !== " " || document.activeElement === document.body) grab();
    }
  }, true);
  field.addEventListener("blur", () => {
    if (!tabbed) setTimeout(grab, 0);
  });
  document.addEventListener("click", (event) => {
    if (event.target !== field && event.detail > 0) setTimeout(grab, 0);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) grab();
  });
  window.addEventListener("pageshow", grab);
  grab();
}

function inUse(element: Element | null, field: HTMLInputElement): boolean {
  if (element === null || element === field) return false;
  return element.matches("input:not([type=hidden], [type=file]), select, textarea, [contenteditable]");
}

/** The button that opens and closes the keyboard on the screen; it stays closed unless asked for. */
export function keyboardToggle(field: HTMLInputElement, button: HTMLButtonElement): void {
  button.hidden = false;
  field.inputMode = "none";
  button.addEventListener("click", () => {
    const open = field.inputMode === "none";
    field.inputMode = open ? "text" : "none";
    button.setAttribute("aria-pressed", String(open));
    field.blur(); // a keyboard opens only when the field gains focus
    field.focus();
  });
}
