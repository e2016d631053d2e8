// A camera sees one code many times a second. The gate lets a code pass after two equal reads and then holds the same
// code back until it has been out of the picture for the cooldown; other codes pass at once. Scanners never come here:
// two pulls of their trigger are two scans.

const cooldown = 1_500; // ms
const pair = 1_000; // ms within which the second equal read must come

export class Gate {
  private readonly once = new Map<string, number>(); // code → its first read
  private readonly passed = new Map<string, number>(); // code → last time in the picture

  see(code: string, now: number): "take" | "duplicate" | "wait" {
    const last = this.passed.get(code);
    if (last !== undefined && now - last < cooldown) {
      this.passed.set(code, now);
      return "duplicate";
    }
    const first = this.once.get(code);
    if (first === undefined || now - first > pair) {
      this.once.set(code, now);
      return "wait";
    }
    this.once.delete(code);
    this.passed.set(code, now);
    return "take";
  }
}
