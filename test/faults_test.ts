/** What users see when something is wrong at start, or goes away while running. */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import { links, received } from "./support/mailbox.ts";
import { eventually, freePort, type Platform, startPlatform } from "./support/platform.ts";
import { BROWSER } from "./support/readers.ts";
import { suspend } from "./support/suspend.ts";

/** Starts a platform that is expected not to come up, and gives what it said. */
async function startFailing(env: Record<string, string>): Promise<string> {
  try {
    const platform = await startPlatform(env);
    await platform.remove();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it came up");
}

function mailer(platform: Platform) {
  return nodemailer.createTransport({
    host: "127.0.0.1",
    port: platform.submission.port,
    auth: { user: "demo", pass: "demo" },
    ignoreTLS: true,
  });
}
const mail = {
  from: "hello@example.com",
  to: "you@example.net",
  subject: "Hi",
  html: '<p><a href="https://example.org/">Hi</a></p>',
};

Deno.test("an unknown variable is refused by its name, before anything starts", async () => {
  const said = await startFailing({ CHAPPE_SUBMISSION_LISTN: "127.0.0.1:2525" });
  assert.match(said, /code 2/);
  assert.match(said, /CHAPPE_SUBMISSION_LISTN: unknown variable/);
});

Deno.test("a taken port is named, with the variable that moves it", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const said = await startFailing({ CHAPPE_SUBMISSION_LISTEN: `127.0.0.1:${taken.addr.port}` });
    assert.match(
      said,
      new RegExp(`127.0.0.1:${taken.addr.port} is taken.*CHAPPE_SUBMISSION_LISTEN`),
    );
  } finally {
    taken.close();
  }
});

Deno.test("a role alone says that it needs the log", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("../main.ts", import.meta.url).pathname, "edge"],
    stderr: "piped",
  }).output();
  assert.equal(code, 1);
  assert.match(new TextDecoder().decode(stderr), /CHAPPE_NATS_URL/);
});

Deno.test("faults of a running platform", async (t) => {
  const platform = await startPlatform();
  try {
    await t.step("its data directory is refused to a second one", async () => {
      const said = await startFailing({ CHAPPE_DATA: `${platform.data}/data` });
      assert.match(said, /in use by process \d+.*CHAPPE_DATA/s);
    });

    await t.step("it is healthy, and its metrics read as Prometheus text", async () => {
      assert.equal((await fetch(`${platform.console}/healthz`)).status, 200);
      assert.equal((await fetch(`${platform.console}/readyz`)).status, 200);
      const metrics = await (await fetch(`${platform.console}/metrics`)).text();
      assert.match(metrics, /^# TYPE chappe_process_resident_bytes gauge$/m);
      assert.match(metrics, /process="delivery"/);
    });

    await t.step(
      "with the log away mail is refused for now, never lost, then flows again",
      async () => {
        const pid = await platform.natsPid();
        await suspend(pid);
        const started = Date.now();
        await assert.rejects(
          mailer(platform).sendMail(mail),
          (error: { responseCode?: number }) =>
            (error.responseCode ?? 0) >= 400 && error.responseCode! < 500,
        );
        assert(Date.now() - started < 15_000, "the answer came too late");
        const ready = await fetch(`${platform.console}/readyz`);
        assert.equal(ready.status, 503);
        assert.match(await ready.text(), /the log does not answer/);
        Deno.kill(pid, "SIGKILL");
        await eventually("mail is taken in again", () => mailer(platform).sendMail(mail));
      },
    );
  } finally {
    await platform.remove();
  }
});

Deno.test("with ClickHouse away mail and tracking go on, and the loader catches up", async () => {
  // The embedded engine cannot go away by itself, so this platform is told of a server that is not
  // there, and started again with the embedded one.
  const port = freePort();
  let platform = await startPlatform({ CHAPPE_CLICKHOUSE_URL: `http://127.0.0.1:${port}` });
  try {
    const sent = await mailer(platform).sendMail(mail);
    assert.match(sent.response, /^250 2\.0\.0 queued/);
    const link = links(await received(platform, mail.to), "c")[0]!;
    const click = await fetch(link, { headers: BROWSER, redirect: "manual" });
    assert.equal(click.headers.get("location"), "https://example.org/");
    const ready = await fetch(`${platform.console}/readyz`);
    assert.equal(ready.status, 503);
    assert.match(await ready.text(), /clickhouse/i);
    await platform.stop();
    platform = await startPlatform({}, platform);
    await eventually("the numbers of before", async () => {
      const { total } = await (await platform.api("/stats")).json() as {
        total: { sent: number; delivered: number; clicked: number };
      };
      return total.sent === 1 && total.delivered === 1 && total.clicked === 1;
    });
  } finally {
    await platform.remove();
  }
});
