// The camera as a scanner, for a phone without one. zxing is served by Tote itself and runs in the page.

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";
import { Gate } from "./gate";
import { signal } from "./signal";

prepareZXingModule({ overrides: { locateFile: () => wasm } });

let stop: (() => void) | undefined;

/** Opens the picture below the field, or closes it. */
export async function toggleCamera(form: HTMLFormElement, take: (code: string) => void): Promise<void> {
  const view = form.querySelector<HTMLElement>("[data-view]")!;
  const note = view.querySelector<HTMLElement>("[data-note]")!;
  const video = view.querySelector("video")!;
  if (stop) {
    stop();
    stop = undefined;
    view.hidden = true;
    return;
  }
  view.hidden = false;
  if (!navigator.mediaDevices) {
    note.textContent = "The camera needs a secure connection (https). A scanner or the keyboard works without.";
    return;
  }
  try {
    note.textContent = "Hold the code in the picture.";
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    video.srcObject = stream;
    await video.play();
    stop = look(video, stream, note, take);
  } catch (error) {
    note.textContent = error instanceof DOMException && error.name === "NotAllowedError"
      ? "The browser does not let Tote use the camera. Allow it in the browser's settings for this page."
      : "No camera answers here. Use a scanner or the keyboard.";
  }
}

function look(
  video: HTMLVideoElement, stream: MediaStream, note: HTMLElement, take: (code: string) => void,
): () => void {
  const gate = new Gate();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  let on = true;
  const frame = async () => {
    if (!on) return;
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    if (canvas.width > 0) {
      context.drawImage(video, 0, 0);
      const found = await readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), {
        tryHarder: true,
        maxNumberOfSymbols: 4,
      });
      for (const result of found) {
        if (!result.isValid) continue;
        // The symbology identifier tells GS1 from plain text; the server reads it as a scanner's prefix.
        const code = result.contentType === "GS1" ? result.symbologyIdentifier + result.text : result.text;
        const verdict = gate.see(code, performance.now());
        if (verdict === "take") {
          note.textContent = `Read: ${result.text}`;
          take(code);
        } else if (verdict === "duplicate") {
          note.textContent = `Duplicate ignored: ${result.text}`;
        }
      }
    }
    if (on) requestAnimationFrame(() => void frame());
  };
  void frame().catch(() => {
    note.textContent = "The camera's reader could not start. Use a scanner or the keyboard.";
    signal("trouble");
  });
  return () => {
    on = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
