import assert from "node:assert/strict";
import { readSettings } from "@chappe/src/settings";
import { UsageError } from "../exit.ts";
import { refused, withLog } from "./test_log.ts";

const MESSAGE = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071";

Deno.test("links are disabled and enabled: of an account, a message, a mailing", async () => {
  await withLog({}, async (chappe) => {
    for (const scope of [[], [`--message=${MESSAGE}`], ["--mailing=spring"]]) {
      const words = ["--account=demo", ...scope];
      const off = await chappe("links", "disable", ...words, "--reason=stolen list");
      assert.equal(off.disabled, true);
      const [row, ...others] = await chappe("links", "list");
      assert.deepEqual(others, []);
      assert.deepEqual([row.account, row.scope, row.of], ["demo", off.scope, off.of]);
      assert.deepEqual([row.by, row.reason], ["platform", "stolen list"]);
      await chappe("links", "enable", ...words);
      assert.deepEqual(await chappe("links", "list", "--account=demo"), []);
      await assert.rejects(chappe("links", "enable", ...words), refused("unknown", /not disabled/));
    }
    const both = ["--account=demo", "--message=x", "--mailing=y", "--reason=z"];
    await assert.rejects(chappe("links", "disable", ...both), UsageError);
    const wrong = ["--account=demo", "--message=x", "--reason=z"];
    await assert.rejects(chappe("links", "disable", ...wrong), refused("invalid", /no message id/));
  });
});

Deno.test("token keys are rotated and retired; the one that signs is kept", async () => {
  await withLog({}, async (chappe, { events }) => {
    assert.deepEqual(await chappe("token-key", "rotate"), { key: 2 });
    const signing = async () =>
      (await chappe("token-key", "list")).map((
        k: { key: number; signs: boolean },
      ) => [k.key, k.signs]);
    assert.deepEqual(await signing(), [[1, false], [2, true]]);
    await assert.rejects(chappe("token-key", "retire", "2"), refused("forbidden", /rotate first/));
    await assert.rejects(chappe("token-key", "retire", "9"), refused("unknown", /no token key 9/));
    await assert.rejects(chappe("token-key", "retire", "all"), UsageError);
    assert.deepEqual(await chappe("token-key", "retire", "1"), { retired: 1 });
    const { state } = await readSettings(events);
    assert.notEqual(state.tokenKeys.get(1)?.retiredAt, null);
  });
});
