/** Copies on several nodes that die at any step: what goes, and what of the allowance is used. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { hourCap } from "./allowance.ts";
import { LEDGER, Ledger } from "./ledger.ts";
import type { Quota } from "./quota.ts";
import { createReserver, type Reserver } from "./reserve.ts";
import { createSheets, type Registers } from "./sheets.ts";
import { memoryRegisters, nothingBefore } from "./test_registers.ts";
import { HOUR, hourOf } from "./time.ts";

const NOON = Date.UTC(2026, 10, 22, 12, 30);
const NODES = 3;

function quotaOf(key: string, allowed: number): Quota {
  const until = NOON + HOUR / 2;
  return { key, limit: allowed, hourly: allowed, until, nextAt: until };
}

interface Node {
  reserver: Reserver;
  alive: boolean;
  /** Copies in hand. */
  readonly hand: Map<string, Promise<void>>;
  /** Notes that are on their way, up to what they allow. */
  noting: number;
}
interface Copy {
  readonly id: string;
  /** Others may have had it. */
  back: boolean;
}

/**
 * A queue and nodes that share nothing but registers. Each step of a copy is a turn of its own, so
 * that whatever dies or stalls does it between any two of them; a dead node hears no more answers.
 */
function platform(quotas: readonly Quota[], turns: readonly number[]) {
  let asked = 0;
  /** Every answer is waited for differently long. */
  const turn = async () => {
    for (let i = turns[asked++ % turns.length]!; i > 0; i--) await Promise.resolve();
  };
  const memory = memoryRegisters(turn);
  const queue: Copy[] = [];
  const done = new Set<string>();
  const sent: string[] = [];
  let failing = 0;
  let doubting = 0;
  let named = 0;

  function start(): Node {
    const node: Node = { alive: true, hand: new Map(), noting: 0, reserver: null! };
    const dead = () => new Promise<never>(() => {});
    const ask = async <T>(question: () => Promise<T>) => {
      if (!node.alive) return await dead();
      const answer = await question();
      if (!node.alive) return await dead();
      if (failing > 0 && failing-- > 0) throw new Error("the answer was lost");
      return answer;
    };
    const sheets = createSheets({
      registers: {
        read: (key) => ask(() => memory.registers.read(key)),
        async write(key, value, revision) {
          const written = await ask(() => memory.registers.write(key, value, revision));
          return doubting > 0 && doubting-- > 0 ? null : written;
        },
      },
      before: nothingBefore,
    });
    node.reserver = createReserver({
      ledger: new Ledger(),
      sheets,
      node: `n${named++}`,
      now: () => NOON,
    });
    return node;
  }
  const nodes = Array.from({ length: NODES }, start);

  async function deliver(node: Node, copy: Copy): Promise<void> {
    if (copy.back) await node.reserver.cameBack(quotas, copy.id);
    const place = await node.reserver.reserve(quotas, copy.id);
    await turn();
    if (place !== null && copy.id.endsWith("0") && !copy.back) {
      // No connection was had.
      await place.unused();
      throw new Error("put back");
    }
    node.noting++;
    try {
      if (place?.note && !await place.note()) return;
      if (!node.alive) return;
      if (place !== null) sent.push(copy.id);
    } finally {
      node.noting--;
    }
    await turn();
    // The outcome is in the log, and the job is done.
    if (node.alive) done.add(copy.id);
  }

  function begin(n: number): void {
    const copy = queue.shift();
    if (copy === undefined || done.has(copy.id)) return;
    const node = nodes[n]!;
    // It has it in hand already.
    if (node.hand.has(copy.id)) return void queue.push(copy);
    const over = (done: boolean) => {
      node.hand.delete(copy.id);
      if (!done && node.alive) queue.push({ ...copy, back: true });
    };
    node.hand.set(copy.id, deliver(node, copy).then(() => over(true), () => over(false)));
  }
  const comeBack = (node: Node) =>
    queue.push(...[...node.hand.keys()].map((id) => ({ id, back: true })));

  return {
    memory,
    sent,
    done,
    queue,
    begin,
    add: (id: string) => queue.push({ id, back: false }),
    /** Dies; where `honest`, not while a note is on its way. */
    kill(n: number, honest: boolean) {
      const node = nodes[n]!;
      if (honest && node.noting > 0) return;
      node.alive = false;
      comeBack(node);
      nodes[n] = start();
    },
    /** Takes so long that its jobs go to others as well. */
    stall: (n: number) => void comeBack(nodes[n]!),
    lose: () => void (failing = 1),
    /** A write seems to be somebody else's, and is one's own. */
    doubt: () => void (doubting = 1),
    release: (n: number) => nodes[n]!.reserver.release(true).catch(() => {}),
    /** All that is in the queue is done. */
    async finish() {
      for (let n = 0; queue.length > 0 || nodes.some(({ hand }) => hand.size > 0); n++) {
        begin(n % NODES);
        await Promise.race([turn(), ...nodes.flatMap(({ hand }) => [...hand.values()])]);
      }
    },
  };
}

const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant("begin"), node: fc.nat(NODES - 1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("pass"), node: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("kill"), node: fc.nat(NODES - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stall"), node: fc.nat(NODES - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose"), node: fc.nat(NODES - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("doubt"), node: fc.nat(NODES - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release"), node: fc.nat(NODES - 1) }) },
);
type Step = { do: string; node: number };
const turns = fc.array(fc.nat(6), { minLength: 1, maxLength: 20 });

async function run(p: ReturnType<typeof platform>, steps: readonly Step[], honest: boolean) {
  for (const { do: what, node } of steps) {
    if (what === "begin") p.begin(node);
    else if (what === "kill") p.kill(node, honest);
    else if (what === "stall") p.stall(node);
    else if (what === "lose") p.lose();
    else if (what === "doubt") p.doubt();
    else if (what === "release") void p.release(node);
    else for (let i = 0; i < node; i++) await Promise.resolve();
  }
  await p.finish();
}

Deno.test("whatever dies, stalls, is lost or comes back: no more go than the hour allows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(150, 220)),
      fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
      fc.array(step, { maxLength: 150 }),
      turns,
      async (allowed, share, steps, turns) => {
        const quotas = [quotaOf("all", allowed)];
        if (share !== null) quotas.push(quotaOf("google", share));
        const p = platform(quotas, turns);
        for (let i = 0; i < 60 + allowed; i++) p.add(`c${i}`);
        await run(p, steps, false);
        assert.ok(p.sent.length <= Math.min(allowed, share ?? Infinity), `${p.sent.length}`);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("nodes die at any step but a note's: the whole allowance goes, and not one more", async () => {
  const honest = step.filter(({ do: what }) => !["lose", "doubt", "stall"].includes(what));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.array(honest, { maxLength: 150 }),
      turns,
      async (allowed, steps, turns) => {
        const p = platform([quotaOf("all", allowed)], turns);
        for (let i = 0; i < 60; i++) p.add(`c${i}`);
        await run(p, steps, true);
        assert.equal(p.sent.length, allowed);
        assert.equal(p.done.size, 60);
        assert.equal(p.memory.sheet("all")!.gone, allowed);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("what a new sheet knows nothing of counts", async () => {
  const memory = memoryRegisters();
  const sheets = createSheets({ registers: memory.registers, before: () => Promise.resolve(2) });
  const reserver = createReserver({ ledger: new Ledger(), sheets, node: "n", now: () => NOON });
  const quotas = [quotaOf("all", hourCap(72, hourOf(NOON)))];
  assert.notEqual(await reserver.reserve(quotas, "a"), null);
  assert.equal(await reserver.reserve(quotas, "b"), null);
  assert.deepEqual(memory.taken(), [3]);
});

Deno.test("an hour that is over lets nothing go any more", async () => {
  const memory = memoryRegisters();
  const sheets = createSheets({ registers: memory.registers, before: nothingBefore });
  let at = NOON;
  const reserver = createReserver({ ledger: new Ledger(), sheets, node: "n", now: () => at });
  const place = await reserver.reserve([quotaOf("all", 2)], "a");
  at += HOUR / 2;
  assert.equal(await place!.note!(), false);
  assert.equal(memory.sheet("all")!.gone, 0);
});

Deno.test("what is given back is given back once, whatever the log seemed to say", async () => {
  const { registers, sheet } = memoryRegisters();
  let doubted = false;
  const doubting: Registers = {
    ...registers,
    async write(key, value, revision) {
      const written = await registers.write(key, value, revision);
      return doubted ? (doubted = false, null) : written;
    },
  };
  const sheets = createSheets({ registers: doubting, before: nothingBefore });
  const reserver = createReserver({ ledger: new Ledger(), sheets, node: "n", now: () => NOON });
  await reserver.reserve([quotaOf("all", 500)], "a");
  assert.equal(sheet("all")!.lent["n"], 10);
  doubted = true;
  await reserver.release(true);
  assert.equal(sheet("all")!.lent["n"], 1);
});

Deno.test("a sheet that was remembered is read again before it refuses", async () => {
  const { registers, sheet } = memoryRegisters();
  let at = NOON;
  const [one, other] = ["n", "m"].map((node) =>
    createReserver({
      ledger: new Ledger(),
      sheets: createSheets({ registers, before: nothingBefore }),
      node,
      now: () => at,
    })
  );
  const quotas = [quotaOf("all", 1)];
  const first = await one!.reserve(quotas, "a");
  assert.equal(await other!.reserve(quotas, "b"), null);
  await first!.unused();
  at += LEDGER.recheckMs;
  assert.notEqual(await other!.reserve(quotas, "b"), null);
  assert.deepEqual(Object.keys(sheet("all")!.held), ["b"]);
});
