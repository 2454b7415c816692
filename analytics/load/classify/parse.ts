/** What a User-Agent says of device, system and browser, in our names. */
import { UAParser } from "ua-parser-js";
import { BRANDS, BROWSERS, DEVICE_TYPES, SYSTEMS } from "./data/names.ts";

/** One piece of what the parser found. */
interface Piece {
  name?: string;
  version?: string;
  vendor?: string;
  model?: string;
  type?: string;
}

const parser = new UAParser();

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
  return {
    deviceType: called(device.type, DEVICE_TYPES),
    brand: called(device.vendor, BRANDS),
    model: device.model ?? "",
    os: called(os.name, SYSTEMS),
    osVersion: os.version ?? "",
    browser: called(browser.name, BROWSERS),
    browserVersion: browser.version ?? "",
  };
}

function called(name: string | undefined, names: Readonly<Record<string, string>>): string {
  return name === undefined ? "" : Object.hasOwn(names, name) ? names[name]! : name;
}
