// What pages do beyond their HTML. Everything works without it, only less well.
import { keepFresh } from "./live.js";

const root = document.documentElement;

function remember(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
}

/** The server writes times in the zone it knows of; once it knows another, it writes them anew. */
function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone === root.dataset.zone) return;
  const told = document.cookie.includes(`chappe_zone=${encodeURIComponent(zone)}`);
  remember("chappe_zone", zone);
  if (!told && document.cookie.includes("chappe_zone=")) location.reload();
}

function switchTheme() {
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = dark ? "light" : "dark";
  root.dataset.theme = theme;
  document.querySelector('meta[name="color-scheme"]').content = theme;
  remember("chappe_theme", theme);
}

async function copy(button) {
  const text = button.textContent;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.copied;
  setTimeout(() => button.textContent = text, 1500);
}

/** Arrow keys go from row to row in lists of links. */
function moveInRows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = event.target.closest("[data-rows]");
  if (!step || !rows) return;
  const links = [...rows.querySelectorAll("[data-key] a:not([tabindex])")];
  const next = links[links.indexOf(event.target) + step];
  if (!links.includes(event.target) || !next) return;
  event.preventDefault();
  next.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.matches("[data-theme-toggle]")) switchTheme();
  if (button?.matches("[data-copy]")) copy(button);
});
document.addEventListener("keydown", moveInRows);

tellZone();
keepFresh(document.querySelector("main"));
