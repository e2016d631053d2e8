// A page that asks for a part of itself again and again must not take anything out of somebody's hands: it waits while a
// field of the part is being filled in, and what was folded out stays so.

type Asking = CustomEvent<{ elt: Element }>;

const fields = "input, select, textarea";

// startPolling guards the parts that ask for themselves.
export function startPolling(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = (event as Asking).detail.elt;
    const at = document.activeElement;
    if (part.matches("[hx-trigger^=every]") && at?.matches(fields) && part.contains(at)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse } = (event as CustomEvent<{ target: Element; serverResponse: string }>).detail;
    const folds = [...target.querySelectorAll<HTMLDetailsElement>("details[id]")];
    if (folds.length === 0 || !serverResponse) return;
    const open = new Map(folds.map((d) => [d.id, d.open]));
    document.addEventListener(
      "htmx:afterSwap",
      () => {
        for (const [id, was] of open) {
          const fold = document.getElementById(id);
          if (fold instanceof HTMLDetailsElement) fold.open = was;
        }
      },
      { once: true },
    );
  });
}
