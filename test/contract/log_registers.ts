/** Contract: whoever changes a register has seen what stands there, whatever node it was written on. */
import assert from "node:assert/strict";
import { LogUnavailableError } from "@chappe/src/log";
import type { LogUnderTest } from "./log_contract.ts";
import { eventually } from "./log_support.ts";

export const registers = {
  async "a register holds what was written last, and tells its revision"(log: LogUnderTest) {
    const { registers } = await log.open();
    const other = (await log.open()).registers;
    assert.equal(await registers.read("a.b"), null);
    const first = await registers.write("a.b", { held: { "é\n": "1" } }, 0);
    assert.deepEqual(await other.read("a.b"), { value: { held: { "é\n": "1" } }, revision: first });
    const second = await other.write("a.b", null, first!);
    assert.deepEqual(await registers.read("a.b"), { value: null, revision: second });
    assert.equal(await registers.read("a"), null);
    for (const key of ["", "a..b", "a b", "*", "a.>", ".a"]) {
      await assert.rejects(registers.read(key), RangeError);
      await assert.rejects(registers.write(key, 0, 0), RangeError);
    }
  },

  async "who has not seen what stands there writes nothing"(log: LogUnderTest) {
    const { registers } = await log.open();
    const first = await registers.write("key", 1, 0);
    assert.equal(await registers.write("key", 2, 0), null);
    const second = await registers.write("key", 2, first!);
    assert.equal(await registers.write("key", 3, first!), null);
    assert.equal(await registers.write("nothing.there", 3, second!), null);
    assert.deepEqual(await registers.read("key"), { value: 2, revision: second });
  },

  async "of many at once, over several nodes, one writes; none is lost"(log: LogUnderTest) {
    const nodes = await Promise.all([log.open(), log.open(), log.open()]);
    const raise = async (node: number) => {
      const { registers } = nodes[node]!;
      for (;;) {
        const { value, revision } = await registers.read("key") ?? { value: 0, revision: 0 };
        if (await registers.write("key", Number(value) + 1, revision) !== null) return;
      }
    };
    await Promise.all(Array.from({ length: 30 }, (_, i) => raise(i % 3)));
    assert.equal((await nodes[0]!.registers.read("key"))?.value, 30);
  },

  async "what was written is there after a crash; meanwhile nothing is promised"(
    log: LogUnderTest,
  ) {
    const station = await log.open({ appendTimeoutMs: 1000 });
    const { registers } = station;
    const revision = await registers.write("key", "written", 0);
    await log.crash();
    await eventually(() => !station.connected());
    await assert.rejects(registers.write("key", "never", revision!), LogUnavailableError);
    await assert.rejects(registers.read("key"), LogUnavailableError);
    await log.restart();
    await eventually(() => station.connected());
    assert.deepEqual(await registers.read("key"), { value: "written", revision });
  },
};
