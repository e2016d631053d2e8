// The hot-keys of the bench. A scanner types too, so a key is one only when it stands alone: its character came into an
// empty scan field and nothing followed for longer than any scanner hesitates within a code. With Alt it counts at once.
// A button says its key in data-hotkey; with data-alt it is meant with Alt alone, because such a character may begin
// what is typed here. Only a bench has a keyboard and shows its keys: the screen is asked at each key, for a scan may have
// brought the bench in place of another one.

const hiccup = 400; // ms; as long as the scan field waits for a scanner that falters
const spare = 50; // ms more, for characters that a busy page has not been told of yet

export function startHotkeys(): void {
  const field = document.querySelector<HTMLInputElement>("form[data-scan] input[data-code]");
  if (!field) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0; // when something was typed or sent last

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    last = event.timeStamp;
    const key = field.value;
    const alone = event instanceof InputEvent && event.inputType === "insertText" && event.data === key;
    if (!alone || key.length !== 1 || !buttonOf(key)) return;
    const press = () => {
      if (field.value !== key) return;
      clear(field);
      buttonOf(key)?.click();
    };
    timer = setTimeout(() => {
      timer = setTimeout(press, spare);
    }, hiccup);
  });

  // Before the field hears of it: it is empty only as long as nothing is typed.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing || event.repeat) return;
    if (event.altKey) {
      const button = buttonOf(keyOf(event), true);
      if (button) event.preventDefault();
      button?.click();
      return;
    }
    const before = last;
    if (event.key === "Enter") last = event.timeStamp; // some scanners end a code with two
    const active = document.activeElement;
    if ((event.key !== "Enter" && event.key !== "Escape") || (active !== field && active !== document.body)) return;
    if (field.value !== "") {
      if (event.key === "Escape") clear(field);
      return;
    }
    if (event.timeStamp - before > hiccup) buttonOf(event.key)?.click();
  }, true);
}

// Some keyboards make another character of a key that is pressed with Alt.
function keyOf(event: KeyboardEvent): string {
  const bare = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
  return /^[a-z0-9]$/i.test(event.key) || !bare ? event.key : bare;
}

function buttonOf(key: string, alt = false): HTMLElement | undefined {
  const found = document.querySelector<HTMLElement>(`.screen:has(.bench-side) [data-hotkey="${CSS.escape(key.toLowerCase())}"]`);
  return found && (alt || found.dataset["alt"] === undefined) ? found : undefined;
}

// The field is told, so that the next scan begins with a clean count.
function clear(field: HTMLInputElement): void {
  field.value = "";
  field.dispatchEvent(new Event("input"));
}
