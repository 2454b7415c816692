/** Reads the User-Agent Client Hints that Chromium sends unasked (wicg.github.io/ua-client-hints). */
import { HINTED_BROWSERS, HINTED_SYSTEMS } from "./data/names.ts";

export interface Hinted {
  browser: string;
  browserVersion: string;
  os: string;
  /** Null where no hint says. */
  isMobile: boolean | null;
}

const BRAND = /"([^"\\]{1,64})";\s*v="([\d.]{1,32})"/g;

/** Texts are empty where no hint says, or says a brand or platform that is not known. */
export function hinted(hints: Readonly<Record<string, string>>): Hinted {
  let browser = "";
  let browserVersion = "";
  for (const [, brand, version] of (hints["sec-ch-ua"] ?? "").matchAll(BRAND)) {
    const name = Object.hasOwn(HINTED_BROWSERS, brand!) ? HINTED_BROWSERS[brand!]! : "";
    if (name !== "") [browser, browserVersion] = [name, version!];
  }
  const platform = /^"([^"]*)"$/.exec(hints["sec-ch-ua-platform"] ?? "")?.[1] ?? "";
  const mobile = hints["sec-ch-ua-mobile"];
  return {
    browser,
    browserVersion,
    os: Object.hasOwn(HINTED_SYSTEMS, platform) ? HINTED_SYSTEMS[platform]! : "",
    isMobile: mobile === "?1" ? true : mobile === "?0" ? false : null,
  };
}
