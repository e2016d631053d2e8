// Script makes the pages faster, not possible: every page works as a plain form without it.

import "htmx.org/dist/htmx.esm.js";
import { startBench } from "./bench";
import { startHotkeys } from "./hotkeys";
import { startPhotos } from "./photo";
import { startPolling } from "./poll";
import { startScanning } from "./screen";
import { unlockSound } from "./signal";
import { startSigning } from "./sign";
import { startStudio } from "./studio";
import { startUploads } from "./upload";

document.documentElement.classList.add("js");
unlockSound();
startScanning();
startPolling();
startSigning();
startStudio();
startUploads();
startPhotos();
startHotkeys();
if (document.querySelector("[data-screen]")) startBench();

// A button that only a browser can serve, such as printing, appears when there is script.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
