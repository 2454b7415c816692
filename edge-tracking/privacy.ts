/** What is kept of a client's address: enough for a country and a provider, too little for a person. */

/**
 * An IPv4 address cut to /24, an IPv6 one to /48; an IPv4 address mapped into IPv6 (RFC 4291
 * §2.5.5.2) is one of IPv4. Empty for anything that is no address.
 */
export function truncateAddress(address: string): string {
  const colon = address.lastIndexOf(":");
  if (colon < 0) return truncate4(address);
  const zone = address.indexOf("%");
  const bare = zone < 0 ? address : address.slice(0, zone);
  if (bare.includes(".")) {
    return /^(0:0:0:0:0|:):ffff:[\d.]+$/i.test(bare) ? truncate4(bare.slice(colon + 1)) : "";
  }
  return truncate6(bare);
}

/** Four numbers without zeros before them: those some read as octal (RFC 6943 §3.1.1). */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

function truncate4(address: string): string {
  return IPV4.test(address) ? `${address.slice(0, address.lastIndexOf("."))}.0` : "";
}

function truncate6(address: string): string {
  const halves = address.split("::");
  if (halves.length > 2 || !/^[0-9a-f:]+$/i.test(address)) return "";
  const head = groups(halves[0]!);
  const tail = groups(halves[1] ?? "");
  if ([...head, ...tail].some((group) => group === "" || group.length > 4)) return "";
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return "";
  const whole = [...head, ...Array<string>(missing).fill("0"), ...tail];
  const kept = whole.slice(0, 3).map((group) => parseInt(group, 16).toString(16));
  while (kept.at(-1) === "0") kept.pop();
  return `${kept.join(":")}::`;
}

function groups(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
