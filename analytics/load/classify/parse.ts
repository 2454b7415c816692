/** What a User-Agent says of device, system and browser, in our names. */
import { UAParser } from "ua-parser-js";
import { EXTENSIONS } from "./data/extensions.ts";
import { BRANDS, BROWSERS, DESKTOPS, DEVICE_TYPES, SYSTEMS } from "./data/names.ts";
import { makerOf } from "./maker.ts";

/** One piece of what the parser found. */
interface Piece {
  name?: string;
  version?: string;
  vendor?: string;
  model?: string;
  type?: string;
}

const parser = new UAParser(EXTENSIONS);

/** Texts are empty where the agent does not say. */
export interface Parsed {
  deviceType: string;
  brand: string;
  model: string;
  os: string;
  osVersion: string;
  browser: string;
  browserVersion: string;
}

/** The parser reads the first 500 characters. */
export function parse(userAgent: string): Parsed {
  parser.setUA(userAgent);
  const os: Piece = parser.getOS();
  const browser: Piece = parser.getBrowser();
  const device: Piece = parser.getDevice();
  const parsed = {
    deviceType: called(device.type, DEVICE_TYPES),
    brand: called(device.vendor, BRANDS),
    model: device.model ?? "",
    os: called(os.name, SYSTEMS),
    osVersion: os.version ?? "",
    browser: called(browser.name, BROWSERS),
    browserVersion: browser.version ?? "",
  };
  thaw(parsed, userAgent);
  settle(parsed);
  return parsed;
}

/** Versions that browsers froze say nothing: what is not known is left empty. */
function thaw(parsed: Parsed, userAgent: string): void {
  // Every macOS since 10.15 (WebKit, Chromium and Firefox alike).
  if (parsed.os === "macOS" && /^10\.15(\.7)?$/.test(parsed.osVersion)) parsed.osVersion = "";
  // Every Android and every model (Chromium's reduced User-Agent).
  if (parsed.model === "K") {
    parsed.model = "";
    parsed.osVersion = "";
  }
  // Safari 26 stopped at iOS 18, and has the version of the system it comes with.
  const safari = /\bVersion\/((?:2[6-9]|[3-9]\d)[\d.]*) Mobile\//.exec(userAgent);
  if (parsed.os === "iOS" && safari !== null) parsed.osVersion = safari[1]!;
}

/** Makes system and device agree. */
function settle(parsed: Parsed): void {
  if (parsed.os === "iOS") {
    parsed.brand = "Apple";
    parsed.deviceType ||= "mobile";
  } else if (parsed.os === "macOS") {
    parsed.brand = "Apple";
    parsed.deviceType = "desktop";
  } else if (parsed.os === "Android") {
    parsed.brand ||= called(makerOf(parsed.model), BRANDS);
    // Huawei stopped at Android 12; Honor, sold in 2020, kept its way of naming models.
    if (parsed.brand === "HUAWEI" && parseInt(parsed.osVersion) > 12) parsed.brand = "Honor";
  } else if (DESKTOPS.has(parsed.os) && (parsed.os !== "Linux" || parsed.deviceType === "")) {
    parsed.deviceType = "desktop";
  }
}

function called(name: string | undefined, names: Readonly<Record<string, string>>): string {
  return name === undefined ? "" : Object.hasOwn(names, name) ? names[name]! : name;
}
