import assert from "node:assert/strict";
import { EmbeddedError } from "./errors.ts";
import { findNats } from "./nats_binary.ts";

const HAS_APT = await exists("/usr/bin/apt-get") && await exists("/usr/bin/dpkg-deb");

/** A machine in a directory: its own `/etc`, an archive of packages, a cache, a directory on PATH. */
interface Machine extends AsyncDisposable {
  readonly dir: string;
  find(): Promise<string>;
  readonly progress: string[];
}

async function machine(etc: Record<string, string> = {}): Promise<Machine> {
  const dir = await Deno.makeTempDir({ prefix: "chappe-machine-" });
  const progress: string[] = [];
  for (const [path, text] of Object.entries(etc)) {
    await write(`${dir}/root/${path}`, text.replaceAll("$DIR", dir));
  }
  return {
    dir,
    progress,
    find: () =>
      findNats({
        path: `/nonexistent:${dir}/bin`,
        cacheDir: `${dir}/cache`,
        progress: (line) => progress.push(line),
        root: `${dir}/root`,
      }),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

async function write(path: string, text: string, mode = 0o644): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text, { mode });
}

/** Something that calls itself a nats-server of this version. */
function server(path: string, version: string): Promise<void> {
  return write(path, `#!/bin/sh\necho "nats-server: v${version}"\n`, 0o755);
}

/** An archive of one package in `dir/archive`, with real Debian tools. */
async function archive({ dir }: Machine, suite: string, component: string, version: string) {
  const arch = (await run("dpkg", ["--print-architecture"])).trim();
  const [packed, pool] = [`${dir}/build-${suite}`, `pool/nats-server_${version}_${arch}.deb`];
  await server(`${packed}/usr/sbin/nats-server`, version);
  const control = [
    "Package: nats-server",
    `Version: ${version}-1`,
    `Architecture: ${arch}`,
    "Maintainer: Nobody <nobody@example.org>",
    "Description: stands in for a server",
  ].join("\n");
  await write(`${packed}/DEBIAN/control`, control + "\n");
  await Deno.mkdir(`${dir}/archive/pool`, { recursive: true });
  await run("dpkg-deb", ["--root-owner-group", "-b", packed, `${dir}/archive/${pool}`]);
  const bytes = await Deno.readFile(`${dir}/archive/${pool}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const packages = `${control}\nFilename: ${pool}\nSize: ${bytes.length}\nSHA256: ${digest}\n`;
  const index = `${component}/binary-${arch}/Packages`;
  const indexDigest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(packages)),
  ).toHex();
  await write(`${dir}/archive/dists/${suite}/${index}`, packages);
  await write(
    `${dir}/archive/dists/${suite}/Release`,
    `Suite: ${suite}\nCodename: ${suite}\nArchitectures: ${arch}\nComponents: ${component}\n` +
      `SHA256:\n ${indexDigest} ${packages.length} ${index}\n`,
  );
}

async function run(command: string, args: string[]): Promise<string> {
  const output = await new Deno.Command(command, { args }).output();
  assert.ok(output.success, new TextDecoder().decode(output.stderr));
  return new TextDecoder().decode(output.stdout);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

const DEBIAN = {
  "etc/os-release": 'ID=debian\nVERSION_CODENAME="bookworm"\n',
  "etc/apt/sources.list.d/debian.sources":
    "Types: deb\nURIs: file:$DIR/archive\nSuites: bookworm\nComponents: main\nTrusted: yes\n",
};
const UBUNTU = {
  "etc/os-release": "ID=ubuntu\nVERSION_CODENAME=noble\n",
  "etc/apt/sources.list": "deb [trusted=yes] file:$DIR/archive noble main universe\n",
  "usr/share/distro-info/ubuntu.csv":
    "version,codename,series,created\n24.04,N,noble,2023\n26.10,P,plucky,2026\n",
};

Deno.test("one on PATH that is new enough is taken", async () => {
  await using m = await machine();
  await server(`${m.dir}/bin/nats-server`, "2.12.0");
  await server(`${m.dir}/cache/nats-server`, "2.15.1");
  assert.equal(await m.find(), `${m.dir}/bin/nats-server`);
});

Deno.test("one in the cache is taken where that on PATH is too old", async () => {
  await using m = await machine();
  await server(`${m.dir}/bin/nats-server`, "2.9.10");
  await server(`${m.dir}/cache/nats-server`, "2.15.1");
  assert.equal(await m.find(), `${m.dir}/cache/nats-server`);
  assert.deepEqual(m.progress, []);
});

Deno.test("where none can be had, the message says what was seen and what to do", async () => {
  await using m = await machine({ "etc/os-release": "ID=plan9\n" });
  await server(`${m.dir}/bin/nats-server`, "2.9.10");
  await assert.rejects(m.find(), (error) => {
    assert.ok(error instanceof EmbeddedError);
    assert.match(error.message, /bin\/nats-server is 2\.9\.10/);
    assert.match(error.message, /no archive of Debian or Ubuntu/);
    assert.match(error.message, /put it on PATH, or set CHAPPE_NATS_URL/);
    return true;
  });
});

Deno.test({
  name: "Debian: fetched from sid of the machine's own mirror, and kept",
  ignore: !HAS_APT,
  async fn() {
    await using m = await machine(DEBIAN);
    await archive(m, "sid", "main", "2.15.1");
    assert.equal(await m.find(), `${m.dir}/cache/nats-server`);
    assert.equal(m.progress.length, 2);
    assert.match(m.progress[0]!, /Debian \(sid\)/);
    assert.match(m.progress[1]!, /2\.15\.1 is kept in/);
    assert.deepEqual((await Array.fromAsync(Deno.readDir(`${m.dir}/cache`))).length, 1);
    await m.find();
    assert.equal(m.progress.length, 2);
  },
});

Deno.test({
  name: "two first starts at once do not disturb each other",
  ignore: !HAS_APT,
  async fn() {
    await using m = await machine(DEBIAN);
    await archive(m, "sid", "main", "2.15.1");
    const found = await Promise.all([m.find(), m.find(), m.find()]);
    assert.deepEqual(new Set(found), new Set([`${m.dir}/cache/nats-server`]));
  },
});

Deno.test({
  name: "Ubuntu: the newest suite that has one new enough",
  ignore: !HAS_APT,
  async fn() {
    await using m = await machine(UBUNTU);
    await archive(m, "plucky", "universe", "2.11.0");
    await archive(m, "noble", "universe", "2.12.3");
    assert.equal(await m.find(), `${m.dir}/cache/nats-server`);
    assert.match(m.progress.at(-1)!, /2\.12\.3/);
  },
});

Deno.test({
  name: "a mirror that has only old ones, or is away, is named in the message",
  ignore: !HAS_APT,
  async fn() {
    await using m = await machine(UBUNTU);
    await archive(m, "plucky", "universe", "2.11.0");
    await assert.rejects(m.find(), (error) => {
      assert.ok(error instanceof EmbeddedError);
      assert.match(error.message, /Ubuntu \(devel\): apt-get: /);
      assert.match(error.message, /Ubuntu \(plucky\): has only 2\.11\.0/);
      return true;
    });
    assert.deepEqual(await Array.fromAsync(Deno.readDir(`${m.dir}/cache`)), []);
  },
});
