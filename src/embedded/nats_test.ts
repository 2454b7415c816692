import assert from "node:assert/strict";
import { DataDirError } from "./data_dir.ts";
import { EmbeddedError } from "./errors.ts";
import { startNats } from "./nats.ts";
import { connectStation, LogUnavailableError } from "../log/mod.ts";
import { SILENT } from "../runtime/mod.ts";
import { startTestNats, testNatsBinary } from "./test_nats.ts";

async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "chappe-nats-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function script(path: string, text: string): Promise<string> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

function connect(url: string) {
  return connectStation({ url, now: Date.now, logger: SILENT });
}

function isAlive(pid: number): Promise<boolean> {
  return Deno.readTextFile(`/proc/${pid}/stat`).then((s) => !s.includes(") Z "), () => false);
}

async function untilGone(pid: number): Promise<void> {
  while (await isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

Deno.test("it takes who knows the password, and nobody else", async () => {
  await using nats = await startTestNats();
  const station = await connect(nats.url);
  await station.close();
  const { host } = new URL(nats.url);
  for (let i = 0; i < 5; i++) {
    await assert.rejects(connect(`nats://chappe:guess@${host}`), LogUnavailableError);
  }
  await assert.rejects(connect(`nats://token@${host}`), LogUnavailableError);
  await assert.rejects(connect(`nats://${host}`), LogUnavailableError);
});

Deno.test("its configuration, which holds the password, is the owner's alone", async () => {
  await using dir = await tempDir();
  const nats = await startNats({ binary: await testNatsBinary(), dataDir: dir.path });
  await nats.stop();
  const { mode } = await Deno.stat(`${dir.path}/nats-server.conf`);
  assert.equal(mode! & 0o077, 0);
});

Deno.test("what was acknowledged is there after a kill and a restart at the same URL", async () => {
  await using nats = await startTestNats();
  const station = await connect(nats.url);
  const reference = await station.bodies.put(new TextEncoder().encode("kept"));
  await station.close();
  const pid = nats.pid;
  await nats.kill();
  assert.equal(await isAlive(pid), false);
  await nats.restart();
  const again = await connect(nats.url);
  assert.equal(new TextDecoder().decode(await again.bodies.get(reference)), "kept");
  await again.close();
});

Deno.test("it lives in a process group of its own and goes when asked", async () => {
  await using dir = await tempDir();
  const nats = await startNats({ binary: await testNatsBinary(), dataDir: dir.path });
  const group = (pid: number) => Deno.readTextFileSync(`/proc/${pid}/stat`).split(" ")[4];
  assert.notEqual(group(nats.pid), group(Deno.pid));
  await nats.stop();
  await nats.stop();
  await nats.exited;
  assert.equal(await isAlive(nats.pid), false);
});

Deno.test("it goes by itself when the platform was killed", async () => {
  await using dir = await tempDir();
  const module = JSON.stringify(import.meta.resolve("./nats.ts"));
  const options = JSON.stringify({ binary: await testNatsBinary(), dataDir: dir.path });
  const platform = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `const { startNats } = await import(${module});
       const { pid } = await startNats(${options});
       await Deno.stdout.write(new TextEncoder().encode(String(pid)));
       setInterval(() => {}, 1000);`,
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = platform.stdout.getReader();
  const pid = Number(new TextDecoder().decode((await reader.read()).value));
  assert.ok(await isAlive(pid));
  platform.kill("SIGKILL");
  await platform.status;
  await reader.cancel();
  await untilGone(pid);
});

Deno.test("one left behind on the same store is stopped first", async () => {
  await using dir = await tempDir();
  const options = { binary: await testNatsBinary(), dataDir: dir.path };
  await (await startNats(options)).stop();
  await Deno.remove(`${dir.path}/nats-server.pid`).catch(() => {});
  const left = new Deno.Command(options.binary, {
    args: ["-c", `${dir.path}/nats-server.conf`],
    stderr: "null",
  }).spawn();
  const pid = () => Deno.readTextFile(`${dir.path}/nats-server.pid`).catch(() => "");
  while (await pid() === "") await new Promise((resolve) => setTimeout(resolve, 20));
  const nats = await startNats(options);
  await left.status;
  assert.notEqual(nats.pid, left.pid);
  await nats.stop();
});

Deno.test("a pid file that names somebody else harms nobody", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/nats-server.pid`, String(Deno.pid));
  const nats = await startNats({ binary: await testNatsBinary(), dataDir: dir.path });
  await nats.stop();
});

Deno.test("a directory in use, or that cannot be written, is refused", async () => {
  await using dir = await tempDir();
  const binary = await testNatsBinary();
  const nats = await startNats({ binary, dataDir: dir.path });
  await assert.rejects(startNats({ binary, dataDir: dir.path }), DataDirError);
  assert.ok(await isAlive(nats.pid));
  await nats.stop();
  const file = `${dir.path}/file`;
  await Deno.writeTextFile(file, "");
  await assert.rejects(startNats({ binary, dataDir: `${file}/sub` }), DataDirError);
});

Deno.test("a binary that is too old, or none, is refused by name", async () => {
  await using dir = await tempDir();
  const dataDir = `${dir.path}/data`;
  const old = await script(`${dir.path}/old`, 'echo "nats-server: v2.9.10"');
  await assert.rejects(startNats({ binary: old, dataDir }), {
    name: "EmbeddedError",
    message: /old is nats-server 2\.9\.10; 2\.12\.0 or newer is needed/,
  });
  await assert.rejects(startNats({ binary: "/bin/true", dataDir }), {
    name: "EmbeddedError",
    message: /\/bin\/true does not run as a nats-server/,
  });
});

Deno.test("why it died at start is said in its own words, and the directory is free again", async () => {
  await using dir = await tempDir();
  const binary = await testNatsBinary();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  await assert.rejects(startNats({ binary, dataDir: dir.path, port }), {
    name: "EmbeddedError",
    message: /did not start; it said:[^]*address already in use/,
  });
  const mute = await script(`${dir.path}/mute`, '[ "$1" = --version ] && echo v2.15.1; exit 3');
  await assert.rejects(startNats({ binary: mute, dataDir: dir.path }), EmbeddedError);
  const nats = await startNats({ binary, dataDir: dir.path });
  await nats.stop();
});
