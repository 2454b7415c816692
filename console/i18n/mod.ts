/** The languages of the pages, and which one a request wants. */
import { en, type Texts } from "./en.ts";
import { fr } from "./fr.ts";

export type { Texts } from "./en.ts";

export const TEXTS = { en, fr } satisfies Record<string, Texts>;
export type Lang = keyof typeof TEXTS;
export const LANGS = Object.keys(TEXTS) as Lang[];

export function isLang(value: string | undefined): value is Lang {
  return LANGS.includes(value as Lang);
}

/**
 * The best of our languages for an Accept-Language header (RFC 9110 §12.5.4), comparing primary
 * subtags only; English when none fits.
 */
export function negotiate(acceptLanguage: string | undefined): Lang {
  let best: { lang: Lang; q: number } = { lang: "en", q: 0 };
  for (const range of (acceptLanguage ?? "").split(",")) {
    const [tag = "", ...parameters] = range.trim().toLowerCase().split(";");
    const weight = parameters.find((p) => p.trim().startsWith("q="))?.trim().slice(2);
    const q = weight === undefined ? 1 : Number(weight);
    const primary = tag.split("-")[0];
    if (isLang(primary) && q > best.q) best = { lang: primary, q };
  }
  return best.lang;
}
