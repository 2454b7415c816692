import assert from "node:assert/strict";
import { zonesOf } from "./zones.ts";

const none = { recipients: 0, clicks: 0, machineClicks: 0, share: 0 };
const link = (position: number, block: number | null) => ({
  ...none,
  position,
  block,
  url: "https://e.example/",
  text: "",
});
const block = (block: number) => ({ ...none, block, element: "p", text: "" });

Deno.test("links stand in their blocks, in the order of the mail", () => {
  const links = [link(0, null), link(1, 0), link(2, 1), link(3, 0), link(4, null), link(5, null)];
  const zones = zonesOf({ links, blocks: [block(0), block(1)] });
  assert.deepEqual(
    zones.map(({ block, links }) => [block?.block ?? null, links.map(({ position }) => position)]),
    [[null, [0]], [0, [1, 3]], [1, [2]], [null, [4, 5]]],
  );
  assert.deepEqual(zonesOf({ links: [], blocks: [] }), []);
});
