/** The language a page is shown in. */

export const LANGUAGES = ["en", "fr"] as const;
export type Language = typeof LANGUAGES[number];

/** The first of ours that Accept-Language (RFC 9110 §12.5.4) prefers; English when it names none. */
export function languageOf(acceptLanguage: string | undefined): Language {
  let best: Language = "en";
  let bestWeight = 0;
  for (const range of (acceptLanguage ?? "").slice(0, 512).split(",")) {
    const [tag, ...parameters] = range.trim().toLowerCase().split(/\s*;\s*/);
    const language = LANGUAGES.find((l) => tag === l || tag!.startsWith(`${l}-`));
    const weight = Number(parameters.find((p) => p.startsWith("q="))?.slice(2) ?? 1);
    if (language !== undefined && weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }
  return best;
}
