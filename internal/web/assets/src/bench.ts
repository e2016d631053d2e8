// The packing bench: papers on their way to a printer are asked after until they are there, and a browser that is its
// station's printer prints them by itself.

const every = 1000; // milliseconds between two questions

export function startBench(): void {
  setInterval(() => void askAgain(), every);
  setInterval(() => void printHere(), every);
}

// Replaces the papers by how they are now.
async function askAgain(): Promise<void> {
  const papers = document.querySelector<HTMLElement>("[data-again]");
  const path = papers?.dataset["again"];
  if (!papers || !path || document.hidden) return;
  const response = await fetch(path, { headers: { "X-Tote-Poll": "papers" } }).catch(() => undefined);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector<HTMLElement>("#papers");
  if (!fresh || !papers.isConnected) return;
  papers.replaceWith(fresh);
}

const begun = new Set<string>();

// Prints each paper that waits for this browser once, and says so.
async function printHere(): Promise<void> {
  for (const form of document.querySelectorAll<HTMLFormElement>("[data-auto-print] form[data-browser-print]")) {
    if (begun.has(form.action)) continue;
    begun.add(form.action);
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = form.dataset["browserPrint"]!;
    frame.addEventListener("load", () => frame.contentWindow?.print());
    document.body.append(frame);
    await fetch(form.action, { method: "POST", redirect: "manual" }).catch(() => undefined);
    const line = form.closest("li");
    form.remove();
    const chip = line?.querySelector(".chip");
    if (chip) {
      chip.className = "chip right";
      chip.textContent = "printed";
    }
  }
}
