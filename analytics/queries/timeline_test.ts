import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { eventsGrid } from "../export/events.ts";
import { loaded } from "../testing/loaded.ts";
import { accepted, click, MESSAGE } from "../testing/one_message.ts";
import { BadQueryError } from "./port.ts";

Deno.test("of many hits the first are told, each judged by all, and that there are more", async () => {
  await using clickhouse = await startTestClickHouse();
  const first = Array.from({ length: 103 }, () => click(0, 0, "https://example.org/"));
  const twice = first[7]!;
  const second = Array.from({ length: 100 }, () => click(1, 0, "https://example.org/"));
  const soon = [0, 1, 2].map((link) =>
    click(2, link, `https://a.example/${link}`, undefined, link)
  );
  const queries = await loaded(clickhouse.client, [
    accepted(),
    ...first.slice(0, 9),
    twice,
    ...first.slice(9),
    ...second,
    ...soon,
  ]);
  const told = async (most?: number) => {
    const { recipients } = (await queries.message("demo", MESSAGE, most))!;
    return recipients.map(({ events, hasMoreHits }) => ({ events, hasMoreHits }));
  };
  const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
  const [a, b, c] = await told();
  const [start, ...hits] = a!.events;
  assert.equal(start!.type, "message.accepted");
  assert.deepEqual(ids(hits), ids(first.slice(0, 100)));
  assert.deepEqual(ids(b!.events.slice(1)), ids(second));
  assert.deepEqual([a!.hasMoreHits, b!.hasMoreHits, c!.hasMoreHits], [true, false, false]);
  assert.deepEqual(c!.events.slice(1).map(({ data }) => data["actor"]), Array(3).fill("scanner"));

  const [all, ...others] = await told(1000);
  assert.deepEqual([ids(all!.events.slice(1)), all!.hasMoreHits], [ids(first), false]);
  const { items } = await queries.hits("demo", { message: MESSAGE }, { sort: "at", limit: 1000 });
  const judged = new Map(items.map(({ id, actor, reason }) => [id, [actor, reason]]));
  for (const { events } of [all!, ...others]) {
    for (const { id, data } of events.slice(1)) {
      assert.deepEqual([data["actor"], data["reason"]], judged.get(id));
    }
  }
});

Deno.test("a file of events that would be too many is refused, and says where they all are", async () => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, [accepted(), click(0, 0, "https://a.example/")]);
  const few = { message: (account: string, id: string) => queries.message(account, id, 0) };
  await assert.rejects(eventsGrid(few, "demo", MESSAGE), (error) => {
    assert(error instanceof BadQueryError);
    return /export `hits`/.test(error.message);
  });
  assert.equal(await eventsGrid(few, "nobody", MESSAGE), null);
});
