/** How one request wants its page: language, zone, theme, and who is looking. */
import type { User } from "@chappe/src/settings";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Env } from "../deps.ts";
import { isLang, type Lang, negotiate, TEXTS, type Texts } from "../i18n/mod.ts";
import { canonicalZone, type Format, formatFor } from "./format.ts";

/** Cookies that hold preferences; the page's script writes `zone` and `theme`. */
export const PREFERENCES = {
  lang: "chappe_lang",
  theme: "chappe_theme",
  zone: "chappe_zone",
} as const;

export interface View {
  readonly lang: Lang;
  readonly t: Texts;
  readonly zone: string;
  readonly format: Format;
  /** Null: as the system says. */
  readonly theme: "light" | "dark" | null;
  /** Null before login. */
  readonly user: User | null;
  /** Path and query of the page. */
  readonly here: string;
  readonly sandbox: boolean;
}

export function viewOf(c: Context<Env>, user: User | null, sandbox: boolean): View {
  const chosen = getCookie(c, PREFERENCES.lang);
  const lang = isLang(chosen) ? chosen : negotiate(c.req.header("accept-language"));
  const zone = canonicalZone(getCookie(c, PREFERENCES.zone));
  const theme = getCookie(c, PREFERENCES.theme);
  const url = new URL(c.req.url);
  return {
    lang,
    t: TEXTS[lang],
    zone,
    format: formatFor(lang, zone),
    theme: theme === "light" || theme === "dark" ? theme : null,
    user,
    here: url.pathname + url.search,
    sandbox,
  };
}

/** `path` if it leads to a page of ours, else "/": never an open redirect. */
export function localPath(path: unknown): string {
  if (typeof path !== "string" || !/^\/(?![/\\])/.test(path)) return "/";
  // Browsers drop tabs and line ends inside URLs, which could turn "/\t/host" into "//host".
  const url = new URL(path, "http://console.invalid");
  return url.host === "console.invalid" ? url.pathname + url.search : "/";
}
