// A photo is sent as soon as it is taken, beside the page: who scans on meanwhile loses nothing. Without script, and
// where sending fails, the form sends it and shows the answer.

export function startPhotos(): void {
  document.addEventListener("change", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-photo]");
    if (form) void send(form);
  });
}

async function send(form: HTMLFormElement): Promise<void> {
  if (form.dataset["busy"]) return;
  form.dataset["busy"] = "yes";
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => undefined);
  const page = response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : undefined;
  const fresh = page?.querySelector("[data-photos]");
  const shown = document.querySelector("[data-photos]");
  if (!page || !fresh || !shown) {
    form.submit();
    return;
  }
  shown.replaceWith(fresh);
  for (const part of ["card", "last"]) {
    const old = document.querySelector(`[data-part=${part}]`);
    const next = page.querySelector(`[data-part=${part}]`);
    if (!old || !next) continue;
    old.className = next.className;
    old.replaceChildren(...next.childNodes);
  }
}
