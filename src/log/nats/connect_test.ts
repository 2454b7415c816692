/** What answers at a NATS URL may be anything. */
import assert from "node:assert/strict";
import { testNatsBinary } from "../../embedded/mod.ts";
import { makeCertificate, SILENT } from "../../runtime/mod.ts";
import { connectStation, LogUnavailableError } from "../mod.ts";

function connectTo(port: number) {
  return connectStation({ url: `nats://127.0.0.1:${port}`, now: Date.now, logger: SILENT });
}

/** A server that does this with each connection. */
function serve(each: (connection: Deno.Conn) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    for await (const connection of listener) {
      await each(connection);
      connection.close();
    }
  })();
  return { port: (listener.addr as Deno.NetAddr).port, [Symbol.dispose]: () => listener.close() };
}

const say = (text: string) => async (connection: Deno.Conn) => {
  await connection.write(new TextEncoder().encode(text));
};

Deno.test("nobody there", async () => {
  const { port } = serveNobody();
  await assert.rejects(connectTo(port), LogUnavailableError);
});

function serveNobody() {
  using server = serve(() => Promise.resolve());
  return { port: server.port };
}

for (
  const [name, each] of Object.entries({
    "a server that hangs up": () => Promise.resolve(),
    "a server of another protocol": say("220 mail.example ESMTP\r\n"),
    "half a greeting": say('INFO {"server_id":'),
    "a greeting that is no JSON": say("INFO nonsense\r\n"),
    "a greeting and no more": say('INFO {"server_id":"x","version":"2.15.1","proto":1}\r\n'),
    "a refusal": say('INFO {"version":"2.15.1","proto":1}\r\n-ERR \'Authorization Violation\'\r\n'),
  })
) {
  Deno.test(name, async () => {
    using server = serve(each);
    await assert.rejects(connectTo(server.port), LogUnavailableError);
  });
}

Deno.test("a server whose certificate nobody vouches for", async () => {
  const dir = await Deno.makeTempDir({ prefix: "chappe-tls-" });
  const { cert, key } = await makeCertificate({ names: ["127.0.0.1"], now: Date.now(), days: 1 });
  await Deno.writeTextFile(`${dir}/cert.pem`, cert);
  await Deno.writeTextFile(`${dir}/key.pem`, key);
  const config = {
    listen: "127.0.0.1:-1",
    ports_file_dir: dir,
    tls: { cert_file: `${dir}/cert.pem`, key_file: `${dir}/key.pem` },
  };
  await Deno.writeTextFile(`${dir}/nats.conf`, JSON.stringify(config));
  const server = new Deno.Command(await testNatsBinary(), {
    args: ["-c", `${dir}/nats.conf`],
    stderr: "null",
  }).spawn();
  const ports = () => Deno.readTextFile(`${dir}/nats-server_${server.pid}.ports`).catch(() => "");
  while (await ports() === "") await new Promise((resolve) => setTimeout(resolve, 20));
  const port = Number(/:(\d+)"/.exec(await ports())![1]);
  await assert.rejects(connectTo(port), {
    name: "LogUnavailableError",
    message: /invalid peer certificate/,
  });
  server.kill();
  await server.status;
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a URL that is none is refused without repeating its secrets", async () => {
  await assert.rejects(
    connectStation({ url: "http://me:secret@host", now: Date.now, logger: SILENT }),
    (error) => error instanceof TypeError && !error.message.includes("secret"),
  );
});
