import assert from "node:assert/strict";
import { UsageError } from "../exit.ts";
import { withLog } from "./test_log.ts";

Deno.test("the log is exported as it stands, without what holds secrets unless asked for", async () => {
  await withLog({}, async (chappe) => {
    await chappe("account", "create", "acme");
    await chappe("suppression", "add", "ann@example.net", "--account=demo");
    await chappe("suppression", "add", "bob@example.net", "--account=acme");
    const all = await chappe("log", "export");
    assert.deepEqual(
      all.map((e: Record<string, unknown>) => [e["type"], e["account"], e["recipient"]]),
      [
        ["suppression.added", "demo", "ann@example.net"],
        ["suppression.added", "acme", "bob@example.net"],
      ],
    );
    const [first, second] = all;
    assert(first.seq < second.seq && first.index === 0 && first.recorded > 0);

    assert.deepEqual(await chappe("log", "export", "--account=acme"), [second]);
    const settings = await chappe("log", "export", "--family=settings", "--family=suppression");
    assert(settings.some((e: { type: string }) => e.type === "settings.account-created"));
    assert(settings.some((e: { type: string }) => e.type === "suppression.added"));
    const later = new Date(Date.now() + 60_000).toISOString();
    assert.deepEqual(await chappe("log", "export", `--since=${later}`), []);
    await assert.rejects(chappe("log", "export", "--since=yesterday"), UsageError);
    await assert.rejects(chappe("log", "export", "--family=mail"), UsageError);
  });
});
