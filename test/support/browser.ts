/** A real browser for tests: Chromium or Chrome as the system has it. */
import { type Browser, chromium } from "playwright-core";

async function findBrowser(): Promise<string | null> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const path = `${folder}/${name}`;
      if (await Deno.stat(path).then((s) => s.isFile, () => false)) return path;
    }
  }
  return null;
}

const executablePath = await findBrowser();
/** Tests that need a browser are left out where there is none. */
export const hasBrowser = executablePath !== null;
if (!hasBrowser) {
  console.warn("No Chromium on this machine: pages are not tried (apt-get install chromium)");
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath!,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
