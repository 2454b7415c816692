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

function truncate4(address: string): string {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (parts === null) return "";
  const [a, b, c, d] = [Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4])];
  return a > 255 || b > 255 || c > 255 || d > 255 ? "" : `${a}.${b}.${c}.0`;
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
