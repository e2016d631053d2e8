// The scanning screen: scans go through the queue, each answer replaces the parts of the screen around the field.
// The field itself is never replaced, so it keeps its focus and no character is lost between two scans.

import { holdFocus, keyboardToggle, watchField } from "./field";
import { newKey } from "./key";
import { keepFor, kept, notTaken } from "./kept";
import { type Answer, type Pull, Queue } from "./queue";
import { type Kind, signal } from "./signal";

const kinds = new Set<string>(["right", "wrong", "decide", "done", "trouble"]);

/** Runs every form with a scan field; those without a screen around them are submitted as they are. */
export function startScanning(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-scan]");
  const field = form?.querySelector<HTMLInputElement>("input[data-code]");
  const early = kept();
  if (!form || !field) {
    notTaken(early);
    return;
  }

  holdFocus(field);
  const keyboard = form.querySelector<HTMLButtonElement>("button[data-keyboard]");
  if (keyboard) keyboardToggle(field, keyboard);

  const take = form.dataset["scan"] === "queue" ? queued(form) : submitted(form, field);
  watchField(field, take);
  const camera = form.querySelector<HTMLButtonElement>("button[data-camera]");
  if (camera) {
    camera.hidden = false;
    camera.addEventListener("click", async () => (await import("./camera")).toggleCamera(form, take));
  }
  if (form.dataset["scan"] === "queue") early.forEach(take);
  else if (early[0] !== undefined) {
    keepFor("", early.slice(1));
    take(early[0]);
  }
}

function submitted(form: HTMLFormElement, field: HTMLInputElement): (code: string) => void {
  return (code) => {
    field.value = code;
    const key = form.elements.namedItem("key");
    if (key instanceof HTMLInputElement) key.value = newKey();
    form.submit();
  };
}

function queued(form: HTMLFormElement): (code: string) => void {
  const screen = document.querySelector<HTMLElement>("[data-screen]")!;
  const banner = document.querySelector<HTMLElement>("[data-trouble]")!;
  const count = document.querySelector<HTMLElement>("[data-waiting]")!;

  const queue = new Queue({
    changed(waiting) {
      count.textContent = waiting > 1 ? `${waiting} scans on their way` : "";
    },
    trouble(waiting) {
      if (banner.hidden) signal("trouble");
      banner.hidden = false;
      banner.querySelector("[data-kept]")!.textContent =
        waiting === 1 ? "Your scan is kept and sent again." : `Your ${waiting} scans are kept and sent again.`;
    },
    async answered(pull, answer, waiting) {
      banner.hidden = true;
      const next = await show(screen, form, pull, answer, waiting);
      if (next === undefined) return;
      queue.leave((pulls) => keepFor(next, pulls.flatMap((p) => (p.url === "" ? [p.body["code"] ?? ""] : []))));
      location.assign(next);
    },
  }, () => form.action);

  // Buttons of the screen (answers, problems, undo) travel in the same queue as the scans before them. A button means the
  // screen it was seen on; a scan means the screen that the scans before it lead to.
  document.addEventListener("submit", (event) => {
    const other = event.target as HTMLFormElement;
    if (!other.matches("form[data-act]")) return;
    event.preventDefault();
    const data = Object.fromEntries(new FormData(other, event.submitter)) as Record<string, string>;
    other.closest("details")?.removeAttribute("open");
    queue.push({ url: form.action, body: { ...data, key: newKey() } });
  });
  document.addEventListener("click", (event) => {
    if (!event.isTrusted) return; // the field is clicked by holdFocus too
    for (const sheet of document.querySelectorAll("details[open]:not([data-stays])")) {
      if (!sheet.contains(event.target as Node)) sheet.removeAttribute("open");
    }
  });
  return (code) => queue.push({ url: "", body: { code, key: newKey() } });
}

// Shows an answer, and the screen that it leads to before any further scan is sent. Returns the address of a page
// that is none of these screens and has to be opened.
async function show(
  screen: HTMLElement, form: HTMLFormElement, pull: Pull, answer: Answer, waiting: number,
): Promise<string | undefined> {
  const fresh = parse(answer.html);
  const kind = fresh?.dataset["result"] ?? (answer.status < 300 ? "right" : "trouble");
  if (fresh) {
    swap(screen, form, pull.url === form.action ? fresh : onlySaid(fresh));
    comeBack(form);
  }
  if (kinds.has(kind)) signal(kind as Kind);
  if (answer.status === 401) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
  else if (answer.status === 409 && waiting === 0) await visit(screen, form, location.pathname, true);
  const next = fresh?.dataset["goto"];
  return next ? visit(screen, form, next, false) : undefined;
}

// What is left of the answer to a button of a screen that is gone: its words.
function onlySaid(fresh: HTMLElement): HTMLElement {
  const said = document.createElement("div");
  const last = fresh.querySelector("[data-part=last]");
  if (last) said.append(last);
  return said;
}

// Shows another scanning screen in place; what the last scan did stays visible. Any other page is to be opened.
async function visit(screen: HTMLElement, form: HTMLFormElement, path: string, same: boolean): Promise<string | undefined> {
  const response = await fetch(path, { headers: { "X-Tote-Part": "screen" } }).catch(() => undefined);
  const fresh = response?.ok ? parse(await response.text().catch(() => "")) : undefined;
  if (!fresh) return same ? undefined : path;
  fresh.querySelector("[data-part=last]")?.remove();
  unsay(fresh, screen.querySelector("[data-part=last] p")?.textContent ?? "");
  if (!same) history.pushState(null, "", path);
  swap(screen, form, fresh);
  return undefined;
}

// What stays large above the last scans is not said by the newest of them again: only its Undo is left, if it has one.
function unsay(fresh: HTMLElement, said: string): void {
  const newest = fresh.querySelector("[data-part=recent] li");
  const words = newest?.querySelector("p");
  if (!newest || !words || said === "" || words.textContent?.trim() !== said.trim()) return;
  if (newest.querySelector("form")) words.textContent = "This scan";
  else (newest.parentElement?.children.length === 1 ? newest.parentElement : newest).remove();
}

// The answer stands at the top, and the next scan belongs into the field, wherever somebody had scrolled or typed.
function comeBack(form: HTMLFormElement): void {
  scrollTo({ top: 0 });
  if (document.activeElement === null || document.activeElement === document.body) {
    form.querySelector<HTMLInputElement>("input[data-code]")?.focus({ preventScroll: true });
  }
}

function parse(html: string): HTMLElement | undefined {
  return new DOMParser().parseFromString(html, "text/html").querySelector<HTMLElement>("[data-screen]") ?? undefined;
}

function swap(screen: HTMLElement, form: HTMLFormElement, fresh: HTMLElement): void {
  for (const part of fresh.querySelectorAll<HTMLElement>("[data-part]")) {
    const old = screen.querySelector<HTMLElement>(`[data-part=${part.dataset["part"]}]`);
    if (!old) continue;
    const stays = [...old.querySelectorAll("[data-stays]:is([open], :checked)")].map((e) => e.id);
    old.className = part.className;
    old.replaceChildren(...part.childNodes);
    for (const id of stays) keep(old.querySelector(`#${CSS.escape(id)}`));
  }
  const field = form.querySelector<HTMLInputElement>("input[data-code]");
  const words = fresh.dataset["field"];
  if (field && words) {
    field.placeholder = words;
    field.ariaLabel = words;
  }
  if (fresh.dataset["action"]) form.action = fresh.dataset["action"];
  if (fresh.dataset["title"]) document.title = fresh.dataset["title"];
}

// What somebody unfolded stays so when the part around it is replaced.
function keep(element: Element | null): void {
  if (element instanceof HTMLDetailsElement) element.open = true;
  if (element instanceof HTMLInputElement) element.checked = true;
}

window.addEventListener("popstate", () => location.reload());
