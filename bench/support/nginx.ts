/** nginx answering with its `empty_gif`, and what is below `/c/` with a redirect. */
import { freePort } from "../../test/support/platform.ts";
import { find } from "./tools.ts";

export interface NginxOptions {
  /** Processes that answer; "auto" is one for each core, as nginx is shipped. */
  workers: number | "auto";
  /** Whether it writes down who asked, as it does when nobody says otherwise. Nothing is fsynced. */
  isLogging: boolean;
  /** Where it redirects to. */
  target: string;
}

export async function startNginx(
  { workers, isLogging, target }: NginxOptions,
): Promise<{ port: number } & AsyncDisposable> {
  const port = freePort();
  const base = await Deno.makeTempDir({ prefix: "chappe-nginx-" });
  const body = `${base}/body`;
  await Deno.writeTextFile(
    `${base}/nginx.conf`,
    `daemon off;
worker_processes ${workers};
pid ${base}/nginx.pid;
error_log ${base}/error.log;
events { worker_connections 1024; }
http {
  access_log ${isLogging ? `${base}/access.log` : "off"};
  client_body_temp_path ${body}; proxy_temp_path ${body}; fastcgi_temp_path ${body};
  uwsgi_temp_path ${body}; scgi_temp_path ${body};
  server {
    listen 127.0.0.1:${port};
    location / { empty_gif; }
    location /c/ { return 302 ${target}; }
  }
}
`,
  );
  const child = new Deno.Command((await find("nginx"))!, {
    args: ["-p", base, "-e", `${base}/error.log`, "-c", `${base}/nginx.conf`],
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  await answering(port);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(base, { recursive: true });
    },
  };
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("nginx does not answer");
}
