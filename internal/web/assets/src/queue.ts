// Scans on their way to the server: one after the other in the order of the trigger, none dropped. While the network
// or the server fails, the first one is sent again with the same key, so it counts once however often it arrives.

export interface Pull {
  url: string; // "": a scan, which belongs to the screen that is open when its turn comes
  body: Record<string, string>; // key, and code or action
}

export interface Answer {
  status: number;
  html: string;
}

export interface Listener {
  answered(pull: Pull, answer: Answer, waiting: number): void | Promise<void>;
  trouble(waiting: number): void;
  changed(waiting: number): void;
}

const patience = 10_000; // ms for one answer
const longest = 5_000; // ms between two tries
const stubborn = 3; // tries of a request that the server cannot digest

export class Queue {
  private readonly waiting: Pull[] = [];
  private running = false;
  private wake: () => void = () => {};
  private keep: ((pulls: Pull[]) => void) | undefined; // once this page is left

  constructor(
    private readonly listener: Listener,
    private readonly open: () => string, // where the open screen takes scans
    private readonly send: (p: Pull) => Promise<Answer> = post,
  ) {
    window.addEventListener("online", () => this.wake());
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting.length > 0 && !this.keep) event.preventDefault();
    });
  }

  get length(): number {
    return this.waiting.length;
  }

  push(pull: Pull): void {
    this.waiting.push(pull);
    this.listener.changed(this.waiting.length);
    if (this.keep) this.keep(this.waiting);
    else void this.run();
  }

  /** Sends nothing more from this page: what waits, and whatever still comes, is given to keep for the next one. */
  leave(keep: (pulls: Pull[]) => void): void {
    this.keep = keep;
    keep(this.waiting);
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (let pull = this.waiting[0]; pull && !this.keep; pull = this.waiting[0]) {
        pull.url ||= this.open();
        const answer = await this.insist(pull);
        this.waiting.shift();
        this.listener.changed(this.waiting.length);
        await this.listener.answered(pull, answer, this.waiting.length);
      }
    } finally {
      this.running = false;
    }
  }

  private async insist(pull: Pull): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.send(pull);
        if (!passing(answer.status) && !(answer.status >= 500 && attempt < stubborn)) return answer;
      } catch {
        // no answer at all: the network, or a server that is just starting
      }
      this.listener.trouble(this.waiting.length);
      await this.pause(Math.min(longest, 250 * 2 ** Math.min(attempt, 5)));
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

// Answers that a later try will better.
function passing(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

async function post(pull: Pull): Promise<Answer> {
  const response = await fetch(pull.url, {
    method: "POST",
    body: new URLSearchParams(pull.body),
    headers: { "X-Tote-Part": "screen" },
    signal: AbortSignal.timeout(patience),
  });
  return { status: response.status, html: await response.text() };
}
