/** Clients that only hold their place are cut, and never keep a good one out. */
import assert from "node:assert/strict";
import { Wire } from "../smtp/test_wire.ts";
import { accepted, cert, start, type TestServer, until } from "./test_support.ts";

const MESSAGE = "From: news@example.com\r\nSubject: Hello\r\n\r\nBody";
/** A minute in half a second. */
const QUICK = { idle: 60_000, message: 60_000, stranger: 500, line: 500, window: 500 };

/** Writes a byte now and then, for as long as the server takes it; gives the last reply. */
async function dribble(wire: Wire, bytes: string): Promise<string | null> {
  let at = 0;
  const timer = setInterval(() => {
    wire.write(bytes[at++ % bytes.length]!).catch(() => clearInterval(timer));
  }, 50);
  try {
    let last: string | null = null;
    for (let reply = await wire.reply(); reply !== null; reply = await wire.reply()) last = reply;
    return last;
  } finally {
    clearInterval(timer);
    wire.close();
  }
}

async function inData(server: TestServer): Promise<Wire> {
  const wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com>", 250);
  await wire.ask("RCPT TO:<someone@example.net>", 250);
  await wire.ask("DATA", 354);
  return wire;
}

const many = <T>(n: number, make: () => Promise<T>) => Promise.all(Array.from({ length: n }, make));

Deno.test("hundreds of dribbling clients are cut, each in its way, while a good one is served", async () => {
  await using server = await start({ patience: QUICK, maxConnectionsPerClient: 1000 });
  using good = await server.logIn();
  const cut = [
    ...(await many(150, server.connect)).map((wire) => dribble(wire, "NOOP ")),
    ...(await many(50, server.connect)).map(async (wire) => {
      const last = await wire.reply();
      return await wire.reply() ?? last;
    }),
    ...(await many(50, server.logIn)).map((wire) => dribble(wire, "NOOP and so on, without end ")),
    ...(await many(50, () => inData(server))).map((wire) => dribble(wire, "dribbling a message ")),
  ];
  let sent = 0;
  const all = Promise.all(cut);
  const serving = (async () => {
    while (server.connections() > 1) {
      await good.send(MESSAGE);
      sent++;
    }
  })();
  for (const last of await all) assert.match(last!, /^(421 4\.4\.2|220 )/);
  await serving;
  assert.ok(sent > 0);
  assert.equal(accepted(server).length, sent);
  await good.ask("NOOP", 250);
});

Deno.test("a TLS handshake that never ends is cut as well", async () => {
  await using server = await start({ patience: QUICK, listener: { tls: "implicit" } });
  const wires = await many(100, server.connect);
  // The first bytes of a TLS record that promises more.
  for (const wire of wires) await wire.write(Uint8Array.of(22, 3, 1, 2, 0, 1));
  const timer = setInterval(() => wires.forEach((wire) => wire.write("\0").catch(() => {})), 50);
  await Promise.all(wires.map((wire) => wire.reply()));
  clearInterval(timer);
  for (const wire of wires) wire.close();
  await until(() => server.connections() === 0);
  using good = await Wire.connectTls(server.address.port, cert);
  await good.expect(220);
});

Deno.test("when strangers hold all places, a newcomer gets the place of the slowest", async () => {
  const clock = { at: Date.now() };
  await using server = await start({ maxConnections: 20, now: () => clock.at });
  using first = await server.logIn();
  const strangers = await many(19, server.connect);
  for (const wire of strangers) await wire.expect(220);
  using early = await server.connect();
  await early.expect("421 4.7.0 Too many connections");
  clock.at += 6_000;
  await strangers[0]!.ask("NOOP", 250);
  using good = await server.logIn();
  await good.send(MESSAGE);
  await strangers[1]!.expect("421 4.4.2 Idle too long while others wait");
  await strangers[0]!.ask("NOOP", 250);
  await first.send(MESSAGE);
  for (const wire of strangers) wire.close();
});
