/** On what a message was read. */
import type { TechnicalKey } from "./analyses.ts";

/** Of a hit `h`, SQL; empty where it is not known. */
export const READING_SQL: Readonly<Record<TechnicalKey, string>> = {
  os: "h.os",
  osVersion: "trim(concat(h.os, ' ', h.os_version))",
  browser: "h.browser",
  browserVersion: "trim(concat(h.browser, ' ', h.browser_version))",
  // One maker's devices go by their names, the many others' by the maker's (seed: iPhone, iPad, HUAWEI).
  device: "if(h.brand = 'Apple' AND h.model != '', h.model, h.brand)",
  deviceType: "h.device_type",
  model: "trim(concat(h.brand, ' ', h.model))",
  support: "h.support",
  mailClient: "h.mail_client",
  language: "h.language",
};

/** Those that days are counted by together. With versions and models hardly two copies are alike. */
export const READING_PARTS = [
  "os",
  "browser",
  "device",
  "deviceType",
  "support",
  "mailClient",
] as const satisfies readonly TechnicalKey[];
