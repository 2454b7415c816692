/** What names of the parser are called here: one name for one thing, whatever its version or form. */

export const BROWSERS: Readonly<Record<string, string>> = {
  "WebKit": "AppleWebKit",
  "Mobile Safari": "Safari",
  "Chrome Mobile": "Chrome",
  "Edge Mobile": "Edge",
  "IEMobile": "IE",
  "GSA": "Google",
};

export const SYSTEMS: Readonly<Record<string, string>> = {
  "Mac OS": "macOS",
  "android": "Android",
  "Slackware": "Linux",
  "Chromium OS": "Chrome OS",
  "Windows Mobile": "Windows Phone",
  "Windows Phone OS": "Windows Phone",
  "Ubuntu": "Linux",
  "Debian": "Linux",
  "Fedora": "Linux",
  "SUSE": "Linux",
  "openSUSE": "Linux",
  "Gentoo": "Linux",
  "Arch": "Linux",
  "CentOS": "Linux",
  "Red Hat": "Linux",
  "Mint": "Linux",
  "Manjaro": "Linux",
};

export const BRANDS: Readonly<Record<string, string>> = {
  "Huawei": "HUAWEI",
  "LGE": "LG",
  "Oppo": "OPPO",
  "realme": "Realme",
  "Redmi": "Xiaomi",
  "TCT (Alcatel)": "Alcatel",
  "htc": "HTC",
  "lenovo": "Lenovo",
  "LENOVO": "Lenovo",
  "Generic": "",
};

export const DESKTOPS: ReadonlySet<string> = new Set([
  "Windows",
  "macOS",
  "Linux",
  "Chrome OS",
  "FreeBSD",
  "OpenBSD",
  "NetBSD",
  "Solaris",
]);

export const DEVICE_TYPES: Readonly<Record<string, string>> = { "smarttv": "tv" };

/** Brands of Sec-CH-UA that say more than the User-Agent does. */
export const HINTED_BROWSERS: Readonly<Record<string, string>> = {
  "Google Chrome": "Chrome",
  "Microsoft Edge": "Edge",
  "Opera": "Opera",
  "Opera GX": "Opera GX",
  "Brave": "Brave",
  "Vivaldi": "Vivaldi",
  "Samsung Internet": "Samsung Internet",
  "DuckDuckGo": "DuckDuckGo",
  "YaBrowser": "Yandex",
  "Android WebView": "Chrome WebView",
};

/** Platforms of Sec-CH-UA-Platform. */
export const HINTED_SYSTEMS: Readonly<Record<string, string>> = {
  "Windows": "Windows",
  "macOS": "macOS",
  "Linux": "Linux",
  "Android": "Android",
  "Chrome OS": "Chrome OS",
  "Chromium OS": "Chrome OS",
  "iOS": "iOS",
};
