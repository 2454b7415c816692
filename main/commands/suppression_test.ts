import assert from "node:assert/strict";
import { UsageError } from "../exit.ts";
import { refused, withLog } from "./test_log.ts";

Deno.test("suppressions are added, imported, exported and taken back; consents too", async () => {
  await withLog({}, async (chappe, { events }) => {
    const on = "--account=demo";
    await chappe("suppression", "add", "Ann@Example.net", on, "--note=asked, by phone");
    const file = await Deno.makeTempFile({ suffix: ".csv" });
    await Deno.writeTextFile(
      file,
      "email,reason\nbob@example.net,complaint\nnobody\nBob@example.net,\n",
    );
    const report = await chappe("suppression", "import", file, on);
    assert.deepEqual([report.added, report.duplicates, report.refused], [1, 1, 1]);
    const list = await chappe("suppression", "list", on, "--limit=1");
    assert.deepEqual([list.length, list[0].recipient, list[0].reason], [
      1,
      "bob@example.net",
      "complaint",
    ]);

    const exported = await chappe("suppression", "export", on);
    assert.deepEqual(exported.map((e: Record<string, string>) => [e["recipient"], e["note"]]), [
      ["ann@example.net", "asked, by phone"],
      ["bob@example.net", null],
    ]);
    await chappe("suppression", "remove", "ann@example.net", on);
    await assert.rejects(
      chappe("suppression", "remove", "ann@example.net", on),
      refused("unknown", /not on the list/),
    );
    await assert.rejects(
      chappe("suppression", "add", "x@example.net", "--account=nobody"),
      refused("unknown", /no account/),
    );
    await assert.rejects(
      chappe("suppression", "add", "x", on),
      refused("invalid", /not an address/),
    );
    await assert.rejects(chappe("suppression", "list", on, "--limit=all"), UsageError);
    await Deno.remove(file);

    const { recipient, tracked } = await chappe("consent", "withdraw", "Ann@example.net", on);
    assert.deepEqual([recipient, tracked], ["ann@example.net", false]);
    await chappe("consent", "give", "ann@example.net", on);
    const tags: string[] = [];
    for await (const commit of events.read({ families: ["consent"] })) {
      for (const e of commit.events) if ("tag" in e.data) tags.push(e.data.tag);
    }
    assert.equal(tags.length, 2);
    assert.equal(tags[0], tags[1]);
  });
});
