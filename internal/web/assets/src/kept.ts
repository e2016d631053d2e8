// Scans that were made while another page was being opened: that page takes them.

const name = "kept scans"; // in the storage of this tab

/** Keeps codes for the page at a path, "" for whichever comes next. */
export function keepFor(path: string, codes: string[]): void {
  try {
    if (codes.length > 0) sessionStorage.setItem(name, JSON.stringify({ path, codes }));
  } catch {
    // storage is closed to us
  }
}

/** Takes the codes that were kept for this page. Those of a page that never came are named, and not used. */
export function kept(): string[] {
  try {
    const stored = sessionStorage.getItem(name);
    if (stored === null) return [];
    sessionStorage.removeItem(name);
    const { path, codes } = JSON.parse(stored) as { path: string; codes: string[] };
    if (path === "" || new URL(path, location.href).pathname === location.pathname) return codes;
    notTaken(codes);
  } catch {
    // storage is closed to us
  }
  return [];
}

/** Says that codes were scanned which this page has no use for. */
export function notTaken(codes: string[]): void {
  if (codes.length === 0) return;
  const note = document.createElement("p");
  note.className = "flash stop";
  note.role = "alert";
  note.textContent = `Not taken: ${codes.join(", ")}. Scan it again where it belongs.`;
  document.querySelector("main")?.prepend(note);
}
