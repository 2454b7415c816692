/** The edge on a real workerd: bundled as for deployment, with the configuration that is deployed. */
import workerd from "workerd";
import { freePort } from "./platform.ts";

const root = new URL("../../", import.meta.url).pathname;

/** Under Deno the package's export stands one deeper than its types say. */
const binary = typeof workerd === "string" ? workerd : (workerd as { default: string }).default;

export interface TestWorker extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  readonly pid: number;
}

/** @param env INTAKE_URL, EDGE_SECRET and CLIENT_ADDRESS_HEADER */
export async function startWorker(env: Record<string, string>): Promise<TestWorker> {
  const folder = await Deno.makeTempDir({ prefix: "chappe-workerd-" });
  await Deno.copyFile(`${root}deploy/workerd/edge.capnp`, `${folder}/edge.capnp`);
  const bundling = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "browser", "--minify"],
      ...["-o", `${folder}/edge.js`, `${root}edge-tracking/entries/workerd.ts`],
    ],
    cwd: root,
    stderr: "piped",
  }).output();
  if (!bundling.success) throw new Error(new TextDecoder().decode(bundling.stderr));
  const port = freePort();
  const child = new Deno.Command(binary, {
    args: ["serve", `${folder}/edge.capnp`, "--socket-addr", `http=127.0.0.1:${port}`],
    env,
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  await listening(port);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("workerd does not listen");
}
