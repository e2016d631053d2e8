// Right, wrong, decide and trouble differ by tone, by vibration and by a flash; the words and the icon are the page's.

export type Kind = "right" | "wrong" | "decide" | "done" | "trouble";

interface Tone {
  hertz: number;
  from: number; // seconds after now
  for: number;
  wave: OscillatorType;
}

const tones: Record<Kind, Tone[]> = {
  right: [{ hertz: 1760, from: 0, for: 0.09, wave: "sine" }],
  done: [
    { hertz: 1319, from: 0, for: 0.09, wave: "sine" },
    { hertz: 1568, from: 0.1, for: 0.09, wave: "sine" },
    { hertz: 2093, from: 0.2, for: 0.16, wave: "sine" },
  ],
  decide: [
    { hertz: 880, from: 0, for: 0.14, wave: "triangle" },
    { hertz: 587, from: 0.18, for: 0.18, wave: "triangle" },
  ],
  wrong: [{ hertz: 175, from: 0, for: 0.55, wave: "sawtooth" }],
  trouble: [
    { hertz: 330, from: 0, for: 0.1, wave: "square" },
    { hertz: 330, from: 0.18, for: 0.1, wave: "square" },
    { hertz: 330, from: 0.36, for: 0.1, wave: "square" },
  ],
};

const buzz: Record<Kind, number[]> = {
  right: [40],
  done: [40, 60, 40],
  decide: [80, 60, 80],
  wrong: [350],
  trouble: [60, 60, 60, 60, 60],
};

let audio: AudioContext | undefined;

/** Browsers allow sound after a first tap or key: every one of them unlocks it, "Start shift" above all. */
export function unlockSound(): void {
  const unlock = () => {
    audio ??= new AudioContext();
    void audio.resume();
  };
  for (const type of ["pointerdown", "keydown"]) window.addEventListener(type, unlock, { passive: true });
}

export function signal(kind: Kind): void {
  if (audio?.state === "running") for (const tone of tones[kind]) play(audio, tone);
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(buzz[kind]);
  flash(kind);
}

function play(audio: AudioContext, tone: Tone): void {
  const start = audio.currentTime + tone.from;
  const source = audio.createOscillator();
  const volume = audio.createGain();
  source.type = tone.wave;
  source.frequency.value = tone.hertz;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.5, start + 0.01); // no click at the edges
  volume.gain.setValueAtTime(0.5, start + tone.for - 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + tone.for);
  source.connect(volume).connect(audio.destination);
  source.start(start);
  source.stop(start + tone.for);
}

function flash(kind: Kind): void {
  const { body } = document;
  body.removeAttribute("data-flash");
  void body.offsetWidth; // restarts the animation when the same signal comes twice
  body.dataset["flash"] = kind;
}
