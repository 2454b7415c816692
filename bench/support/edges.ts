/** The edge's processes of a platform, without the rest of it, on a log that is there. */
import { denoFlags, processesOn } from "../../main/roles.ts";
import { freePort } from "../../test/support/platform.ts";

const main = new URL("../../main.ts", import.meta.url).pathname;

export async function startEdges(
  natsUrl: string,
): Promise<{ port: number; masterKey: Uint8Array } & AsyncDisposable> {
  const port = freePort();
  const masterKey = crypto.getRandomValues(new Uint8Array(32));
  const processes = processesOn(Deno.build.os).filter((roles) => roles.includes("edge"));
  const children = processes.map((roles) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...denoFlags(roles, ""), main, "--supervised", ...roles],
      env: {
        CHAPPE_NATS_URL: natsUrl,
        CHAPPE_MASTER_KEY: masterKey.toHex(),
        CHAPPE_EDGE_LISTEN: `127.0.0.1:${port}`,
      },
      stdin: "piped",
      stdout: "piped",
    }).spawn()
  );
  await Promise.all(children.map(async ({ stdout }) => {
    const [watched, rest] = stdout.tee();
    rest.pipeTo(new WritableStream());
    let text = "";
    for await (const chunk of watched.pipeThrough(new TextDecoderStream())) {
      if ((text += chunk).includes('"event":"ready"')) return;
    }
    throw new Error(`the edge did not start: ${text}`);
  }));
  return {
    port,
    masterKey,
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGTERM");
      await Promise.all(children.map((child) => child.status));
    },
  };
}
