/**
 * What ua-parser-js 1.0.41 does not know or gets wrong, in its own form: patterns, and what their
 * groups are. They stand before its own.
 */

const APPLE = ["vendor", "Apple"] as const;
const MOBILE = ["type", "mobile"] as const;
const TABLET = ["type", "tablet"] as const;

export const EXTENSIONS = {
  os: [
    // Agents with two spaces, or cut off before AppleWebKit.
    [/\(ip(?:hone|ad|od)[^)]*?\bos\s+([\d_]+)/i],
    [["version", /_/g, "."], ["name", "iOS"]],
    // CFNetwork is of iOS and of macOS: only the latter says what processor it runs on.
    [
      /\bcfnetwork\/[\d.]+ darwin\/[\d.]+ \((?:x86_64|i386|arm64)/i,
      /^(?:mail|outlook)\/[\d.]+ .*\bdarwin\//i,
    ],
    [["name", "Mac OS"]],
    // Amazon's browser on Android where it asks for pages as a desktop would.
    [/\blinux; u;[^)]*\) .*\bsilk\//i],
    [["name", "Android"]],
  ],
  device: [
    [/\((ipad)\b/i],
    ["model", APPLE, TABLET],
    [/\((ip(?:hone|od))\b/i],
    ["model", APPLE, MOBILE],
    // Browsers that leave the build out, and its semicolon in.
    [/\bandroid [\d.]+; ([^;()]+); ?\).+ mobile\b/i],
    ["model", MOBILE],
  ],
};
