import assert from "node:assert/strict";
import { DataDirError, openDataDir } from "./data_dir.ts";

async function withDir(use: (path: string) => Promise<void>) {
  const path = await Deno.makeTempDir();
  try {
    await use(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("one process at a time owns a data directory, and the message names it", () =>
  withDir(async (path) => {
    const first = await openDataDir(`${path}/deep/data`);
    await assert.rejects(
      openDataDir(`${path}/deep/data`),
      (error: Error) =>
        error instanceof DataDirError && error.message.includes(`in use by process ${Deno.pid}`) &&
        error.message.includes("CHAPPE_DATA"),
    );
    first.close();
    (await openDataDir(`${path}/deep/data`)).close();
  }));

Deno.test("a directory that cannot be written to is refused in words", () =>
  withDir(async (path) => {
    await Deno.writeTextFile(`${path}/file`, "");
    await assert.rejects(openDataDir(`${path}/file/data`), /cannot be written to.*CHAPPE_DATA/s);
  }));

Deno.test("a secret is made once and stays, for the owner only", () =>
  withDir(async (path) => {
    const dir = await openDataDir(path);
    const secret = await dir.secret("master.key", () => new Uint8Array([1, 2, 3]));
    assert.deepEqual(await dir.secret("master.key", () => new Uint8Array([9])), secret);
    assert.equal((await Deno.stat(dir.file("master.key"))).mode! & 0o777, 0o600);
    dir.close();
  }));
