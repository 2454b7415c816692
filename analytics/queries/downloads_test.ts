import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { loaded } from "../testing/loaded.ts";
import { accepted, click, MESSAGE, NOTES, PDF } from "../testing/one_message.ts";

Deno.test("downloads are the copies from which people fetched a file, and stand in the hot zones", async () => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, [
    accepted(),
    click(0, 2, PDF),
    click(0, 2, PDF),
    click(1, 2, PDF),
    click(2, 2, PDF, "SkypeUriPreview"),
    click(1, 3, NOTES),
    click(1, 0, "https://example.org/"),
  ]);
  const { files } = (await queries.message("demo", MESSAGE))!;
  assert.deepEqual(files.map(({ name, downloads }) => [name, downloads]), [
    ["Price list.pdf", 2],
    ["été & Co.txt", 1],
    ["unread.zip", 0],
  ]);
  const { links } = await queries.heat("demo", { message: MESSAGE });
  assert.deepEqual(links, [
    { position: 0, url: "https://example.org/", recipients: 1, clicks: 1, machineClicks: 0 },
    { position: 2, url: PDF, recipients: 2, clicks: 3, machineClicks: 1 },
    { position: 3, url: NOTES, recipients: 1, clicks: 1, machineClicks: 0 },
  ]);
  assert.equal(await queries.message("other", MESSAGE), null);
});
