// Keeps the regions of a page fresh without touching what the reader is doing.
import { morph } from "./morph.js";

/** `main[data-refresh]`: seconds between looks; its `[data-region]` elements are renewed. */
export function keepFresh(main) {
  const seconds = Number(main?.dataset.refresh);
  if (!seconds) return;
  let timer;
  const schedule = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(look, seconds * 1000);
  };

  async function look() {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      // The session ended: the page itself must go to the login.
      if (answer.redirected) return location.reload();
      if (answer.ok && getSelection().isCollapsed) renew(main, await answer.text());
    } catch {
      // The server is away for a moment; the next look may find it.
    }
    schedule();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
    else schedule();
  });
  schedule();
}

function renew(main, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  let changed = false;
  for (const region of main.querySelectorAll("[data-region]")) {
    const next = fresh.querySelector(`[data-region="${region.dataset.region}"]`);
    if (next && !next.isEqualNode(region)) changed = morph(region, next) || changed;
  }
  if (changed) signal();
}

/** The telegraph in the header moves its arms: something new arrived. */
function signal() {
  const logo = document.querySelector(".brand .logo");
  logo.dataset.signal = String((Number(logo.dataset.signal ?? 0) + 1) % 4);
}
