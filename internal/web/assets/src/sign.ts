// A place to sign: what a finger draws goes with the form as a PNG. Without script there is the photo.

// startSigning shows every place to sign, also in parts of a page that come later.
export function startSigning(): void {
  prepare();
  new MutationObserver(prepare).observe(document.body, { childList: true, subtree: true });
}

function prepare(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-sign]:not([data-ready])")) sign(place);
}

function sign(place: HTMLElement): void {
  const canvas = place.querySelector("canvas");
  const field = place.querySelector<HTMLInputElement>("input[name=signature]");
  const pen = canvas?.getContext("2d");
  if (!canvas || !field || !pen) return;
  place.dataset.ready = "yes";
  place.hidden = false;
  const clear = (): void => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  };
  // What was signed in a form that was refused stands there again, unless somebody signs anew meanwhile.
  const again = (drawn: string): void => {
    const picture = new Image();
    picture.onload = () => {
      if (field.value === drawn) pen.drawImage(picture, 0, 0);
    };
    picture.onerror = clear;
    picture.src = field.value = drawn;
  };
  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const kept = field.value;
  clear();
  if (kept !== "") again(kept);
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => (field.value = canvas.toDataURL("image/png")));
  place.querySelector("button")?.addEventListener("click", clear);
}
