// Looking at pictures by keyboard, and pins on a proof. Both forms work without.

export function startStudio(): void {
  startPictures();
  for (const frame of document.querySelectorAll<HTMLElement>("[data-pins]")) startPins(frame);
}

function startPictures(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-pictures]");
  if (!form) return;
  const boxes = [...form.querySelectorAll<HTMLInputElement>("input[name=refs]")];
  const button = (value: string) => form.querySelector<HTMLButtonElement>(`button[value=${value}]`);
  let at = -1;
  const go = (to: number) => {
    at = Math.max(0, Math.min(boxes.length - 1, to));
    boxes[at]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type=checkbox]), select, textarea")) return;
    const here = boxes.indexOf(target as HTMLInputElement);
    if (here >= 0) at = here;
    switch (event.key) {
      case "ArrowRight":
        go(at + 1);
        break;
      case "ArrowLeft":
        go(at - 1);
        break;
      case "ArrowDown":
        go(at + perRow(boxes));
        break;
      case "ArrowUp":
        go(at - perRow(boxes));
        break;
      case "a":
      case "A":
        button("good")?.click();
        break;
      case "r":
      case "R":
        form.querySelector<HTMLSelectElement>("select[name=reason]")?.focus();
        break;
      default:
        return;
    }
    event.preventDefault();
  });
  // A click with Shift ticks everything since the last one.
  let last = -1;
  boxes.forEach((box, n) =>
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) for (let k = Math.min(last, n); k <= Math.max(last, n); k++) boxes[k]!.checked = box.checked;
      last = n;
    }),
  );
}

function perRow(boxes: HTMLElement[]): number {
  const top = boxes[0]?.getBoundingClientRect().top;
  return Math.max(1, boxes.filter((box) => box.getBoundingClientRect().top === top).length);
}

// startPins lets the customer press on the picture and say what should be different there.
function startPins(frame: HTMLElement): void {
  const list = frame.parentElement?.querySelector<HTMLElement>("[data-pin-list]");
  if (!list) return;
  const proof = frame.dataset["pins"] ?? "1";
  frame.addEventListener("click", (event) => {
    const box = frame.getBoundingClientRect();
    const x = Math.round((1000 * (event.clientX - box.left)) / box.width);
    const y = Math.round((1000 * (event.clientY - box.top)) / box.height);
    if (x < 0 || y < 0 || x > 1000 || y > 1000) return;
    event.preventDefault();
    addPin(frame, list, proof, x, y);
  });
}

function addPin(frame: HTMLElement, list: HTMLElement, proof: string, x: number, y: number): void {
  const n = document.querySelectorAll("[data-pin]").length;
  const mark = document.createElement("span");
  mark.className = "proof-pin";
  mark.textContent = String(n + 1);
  mark.style.left = `${x / 10}%`;
  mark.style.top = `${y / 10}%`;
  frame.append(mark);

  const row = document.createElement("div");
  row.dataset["pin"] = String(n);
  row.className = "field";
  for (const [name, value] of [["proof", proof], ["x", String(x)], ["y", String(y)]] as const) {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = `pins.${n}.${name}`;
    hidden.value = value;
    row.append(hidden);
  }
  const label = document.createElement("label");
  const words = document.createElement("span");
  words.className = "label";
  words.textContent = `Pin ${n + 1}: what should be different here?`;
  const input = document.createElement("input");
  input.name = `pins.${n}.words`;
  input.maxLength = 500;
  label.append(words, input);
  row.append(label);
  list.append(row);
  input.focus();
}
