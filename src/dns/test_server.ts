/** For tests: a real name server on loopback, with zones as data. */
import dgram from "node:dgram";
import net, { type AddressInfo } from "node:net";
import { once } from "node:events";
import { decodeName, encodeName } from "./name.ts";
import { TYPE } from "./message.ts";
import type { Server } from "./exchange.ts";

type Rr =
  | { type: "A"; value: string; ttl?: number }
  | { type: "CNAME"; value: string; ttl?: number }
  | { type: "AAAA"; value: Uint8Array; ttl?: number }
  | { type: "MX"; preference: number; value: string; ttl?: number }
  /** Each item is one string of the record, at most 255 octets. */
  | { type: "TXT"; value: string | readonly string[]; ttl?: number };

/** What a name answers with; names that are not there do not exist. */
export type Zone =
  & { records?: Rr[] }
  & (
    | { rcode?: number; silent?: false; truncated?: boolean; garbage?: boolean }
    | { silent: true }
  );

export interface TestDns extends AsyncDisposable {
  readonly server: Server;
  /** Names asked for over UDP and TCP, in order: `udp MX example.org`. */
  readonly asked: string[];
}

export async function startTestDns(zones: Record<string, Zone>): Promise<TestDns> {
  const asked: string[] = [];
  // UDP and TCP on the same number: take a TCP port and try UDP there, until both are had.
  for (;;) {
    const tcp = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (chunk) => {
        const response = answer((chunk as Uint8Array).subarray(2), "tcp");
        if (response === null) return;
        socket.write(
          Buffer.concat([Uint8Array.of(response.length >> 8, response.length), response]),
        );
      });
    });
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const { port } = tcp.address() as AddressInfo;
    const udp = dgram.createSocket("udp4");
    const bound = Promise.withResolvers<boolean>();
    udp.on("error", () => bound.resolve(false));
    udp.bind(port, "127.0.0.1", () => bound.resolve(true));
    udp.on("message", (bytes, from) => {
      const response = answer(bytes, "udp");
      if (response !== null) udp.send(response, from.port, from.address);
    });
    if (!(await bound.promise)) {
      tcp.close();
      continue;
    }
    return {
      server: { host: "127.0.0.1", port },
      asked,
      async [Symbol.asyncDispose]() {
        udp.close();
        await new Promise((resolve) => tcp.close(resolve));
      },
    };
  }

  function answer(query: Uint8Array, transport: "udp" | "tcp"): Uint8Array | null {
    const { name, end } = decodeName(query, 12);
    const type = query[end]! << 8 | query[end + 1]!;
    const typeName = Object.entries(TYPE).find(([, n]) => n === type)?.[0] ?? String(type);
    asked.push(`${transport} ${typeName} ${name}`);
    const zone = zones[name] ?? { rcode: 3 };
    if (zone.silent) return null;
    if (zone.garbage) return Uint8Array.of(1, 2, 3);
    const records = (zone.records ?? []).filter((r) => r.type === typeName || r.type === "CNAME");
    const cut = zone.truncated === true && transport === "udp";
    const head = new Uint8Array(12);
    head.set(query.subarray(0, 2));
    head.set(
      [0x81 | (cut ? 2 : 0), 0x80 | (zone.rcode ?? 0), 0, 1, 0, cut ? 0 : records.length],
      2,
    );
    if (records.length === 0) head[9] = 1;
    const body = cut ? [] : records.map(encodeRecord);
    if (records.length === 0) body.push(soa());
    return Buffer.concat([head, query.subarray(12, end + 4), ...body]);
  }
}

function encodeRecord(rr: Rr): Uint8Array {
  return record(TYPE[rr.type], rr.ttl ?? 300, encodeData(rr));
}
function encodeData(rr: Rr): Uint8Array {
  switch (rr.type) {
    case "A":
      return Uint8Array.from(rr.value.split(".").map(Number));
    case "AAAA":
      return rr.value;
    case "CNAME":
      return encodeName(rr.value);
    case "MX":
      return Buffer.concat([
        Uint8Array.of(rr.preference >> 8, rr.preference),
        encodeName(rr.value),
      ]);
    case "TXT":
      return Buffer.concat(strings(rr.value).flatMap((s) => [Uint8Array.of(s.length), s]));
  }
}
/** A long value is cut into strings, as name servers do. */
function strings(value: string | readonly string[]): Buffer[] {
  const parts = typeof value === "string" ? value.match(/.{1,255}/gs) ?? [""] : value;
  return parts.map((part) => Buffer.from(part, "latin1"));
}
function soa(): Uint8Array {
  return record(TYPE.SOA, 120, Buffer.concat([encodeName(""), encodeName(""), new Uint8Array(20)]));
}
/** The owner is always the name asked for (a pointer to the question). */
function record(type: number, ttl: number, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  view.setUint16(0, 0xc00c);
  view.setUint16(2, type);
  view.setUint16(4, 1);
  view.setUint32(6, ttl);
  view.setUint16(10, data.length);
  return Buffer.concat([head, data]);
}
