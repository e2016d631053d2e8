// Many files at once: dropped or chosen, they are sent one after the other, with a bar that says how far. Without script
// the form sends them all in one go.

export function startUploads(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-upload]");
  const input = form?.querySelector<HTMLInputElement>("input[type=file]");
  if (!form || !input) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form, [...(input.files ?? [])]);
  });
  input.addEventListener("change", () => void send(form, [...(input.files ?? [])]));
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    void send(form, [...(event.dataTransfer?.files ?? [])]);
  });
}

async function send(form: HTMLFormElement, files: File[]): Promise<void> {
  const bar = form.querySelector("progress");
  const says = form.querySelector<HTMLElement>(".upload-says");
  if (!bar || !says || files.length === 0 || form.dataset["busy"]) return;
  form.dataset["busy"] = "yes";
  bar.hidden = false;
  bar.max = files.length;
  const failed: string[] = [];
  for (const [n, file] of files.entries()) {
    bar.value = n;
    says.textContent = `Sending ${n + 1} of ${files.length}: ${file.name}`;
    if (!(await sendOne(form.action, file))) failed.push(file.name);
  }
  bar.value = files.length;
  delete form.dataset["busy"];
  if (failed.length === 0) {
    location.assign("/studio/uploads#files");
    location.reload();
    return;
  }
  says.textContent = `Not sent: ${failed.join(", ")}. Choose them again. The others are here after you load the page again.`;
}

async function sendOne(action: string, file: File): Promise<boolean> {
  const body = new FormData();
  body.append("files", file);
  for (let tries = 0; tries < 3; tries++) {
    try {
      const answer = await fetch(action, { method: "POST", body, headers: { accept: "text/html" } });
      if (answer.ok) return true;
      if (answer.status < 500) return false;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000 * (tries + 1)));
    }
  }
  return false;
}
