import assert from "node:assert/strict";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { messageDetail, NO_FIGURES } from "../test_data.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";

const ID = "019e0000-0000-7000-8000-000000000001";
const get = <T>(
  console: ReturnType<typeof createTestConsole>,
  path: string,
  key: string = KEYS.analyst,
) => send<T>(console, `GET ${path}`, undefined, { key });

Deno.test("the questions of analysts reach ClickHouse with their parameters, or those of old", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail({})];
  const scope = "from=2026-11-01&to=2026-11-22&campaign=spring";
  const within = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 22), campaign: "spring" };
  const questions: [string, unknown][] = [
    [`/stats/series?${scope}&interval=hour&groupBy=provider&lines=3`, {
      ...within,
      interval: "hour",
      groupBy: "provider",
      lines: 3,
    }],
    ["/stats/series", { interval: "day", lines: 10 }],
    [`/stats/bounces?${scope}&by=class,provider,class`, {
      ...within,
      groupBy: ["class", "provider"],
      limit: 100,
    }],
    [`/stats/technical?message=${ID}&rows=os,browser&columns=device&machines=true&count=hits`, {
      message: ID,
      rows: ["os", "browser"],
      columns: ["device"],
      hits: "both",
      count: "hits",
      machines: true,
    }],
    [`/hits?${scope}&kind=click&actor=human,scanner&sort=at&limit=2`, {
      filter: { ...within, kind: "click", actor: ["human", "scanner"] },
      page: { sort: "at", limit: 2, cursor: undefined },
    }],
    [`/stats/reactions?${scope}`, { ...within, unit: "hour", units: 72 }],
    [`/stats/sending-hours?timezone=Europe/Paris`, { timezone: "Europe/Paris" }],
    [`/stats?groupBy=domain&limit=5&message=${ID}`, { groupBy: "domain", limit: 5, message: ID }],
  ];
  for (const [path, question] of questions) {
    assert.equal((await get(console, path)).status, 200, path);
    assert.deepEqual(console.asked.pop(), { account: "demo", question });
  }
});

Deno.test("what they answer has the shape that the description says", async () => {
  const console = createTestConsole();
  const at = Date.UTC(2026, 10, 22);
  console.data.series = { items: [{ key: "gmail", points: [{ at, ...NO_FIGURES, sent: 2 }] }] };
  const series = await get<{ items: { points: { at: string; sent: number }[] }[] }>(
    console,
    "/stats/series",
  );
  assert.deepEqual(series.body.items[0]!.points[0], {
    ...NO_FIGURES,
    at: "2026-11-22T00:00:00.000Z",
    sent: 2,
  });
  console.data.technical = [{ row: ["iOS"], column: [], count: 3 }];
  const technical = await get(console, "/stats/technical?columns=device");
  assert.deepEqual(technical.body, {
    rows: ["os"],
    columns: ["device"],
    items: console.data.technical,
  });
  const hour = (hour: number, sent: number, opened: number) => ({
    weekday: 2,
    hour,
    sent,
    opened,
    clicked: 1,
  });
  console.data.sendingHours = [hour(8, 10, 5), hour(9, 10, 6), hour(10, 0, 0)];
  const hours = await get(console, "/stats/sending-hours");
  assert.deepEqual(hours.body, {
    items: [
      { ...hour(8, 10, 5), rates: { open: 0.5, click: 0.1 } },
      { ...hour(9, 10, 6), rates: { open: 0.6, click: 0.1 } },
      { ...hour(10, 0, 0), rates: { open: 0, click: 0 } },
    ],
    best: [{ weekday: 2, hour: 9 }, { weekday: 2, hour: 8 }],
  });
});

Deno.test("parameters that cannot be used are named", async () => {
  const console = createTestConsole();
  const cases = [
    ["/stats/series?groupBy=day", "groupBy"],
    ["/stats/series?lines=101", "lines"],
    ["/stats/bounces?by=class,weather", "by"],
    ["/stats/bounces?limit=0", "limit"],
    ["/stats/technical?rows=os&columns=shoe", "columns"],
    ["/stats/technical?machines=yes", "machines"],
    ["/stats/reactions?unit=month", "unit"],
    ["/stats?limit=10001", "limit"],
    [`/messages/${ID}/recipients?preset=lost`, "preset"],
    ["/campaigns/x/recipients?filter={", "filter"],
  ];
  for (const [path, parameter] of cases) {
    const { errors } = problemIn(await get(console, path!), 422);
    assert.equal(errors![0]!.parameter, parameter, path);
  }
});

Deno.test("the recipients of a message and of a campaign, by presets, search and filter", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail({ campaign: "spring" })];
  const filter = { field: "domain", operator: "eq", value: "wanadoo.fr" };
  const asked = async (path: string) => {
    assert.equal((await get(console, path)).status, 200, path);
    return (console.asked.pop()!.question as { filter: unknown }).filter;
  };
  const engaged = { field: "opened", operator: "eq", value: true };
  assert.deepEqual(await asked(`/messages/${ID}/recipients`), { message: ID, where: undefined });
  assert.deepEqual(await asked(`/messages/${ID}/recipients?preset=engaged`), {
    message: ID,
    where: { and: [engaged] },
  });
  const text = encodeURIComponent(JSON.stringify(filter));
  const query = `preset=cancelled&search=soft%20b&filter=${text}`;
  assert.deepEqual(await asked(`/campaigns/spring/recipients?${query}`), {
    campaign: "spring",
    where: {
      and: [
        { field: "status", operator: "in", value: ["soft_bounced", "cancelled"] },
        filter,
        {
          or: [
            { field: "recipient", operator: "contains", value: "soft b" },
            { field: "status", operator: "in", value: ["soft_bounced"] },
          ],
        },
      ],
    },
  });
  for (const path of [`/messages/${ID}`, "/campaigns/spring"]) {
    problemIn(await get(console, `${path}/recipients`, OTHER_KEY), 404);
    problemIn(await get(console, `${path}/heatmap`, OTHER_KEY), 404);
  }
});

Deno.test("a message that a question names is the account's own, or not there", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail({})];
  const figures = ["series", "bounces", "technical", "reactions", "sending-hours"];
  const lists = ["hits", "stats", ...figures.map((name) => `stats/${name}`)];
  const files = ["hits", "stats", ...figures, "recipients", "heatmap", "events"];
  const paths = [
    ...lists.map((name) => `/${name}?message=`),
    ...files.map((name) => `/exports/${name}?format=csv&groupBy=day&message=`),
  ].map((path) => path.includes("/stats") ? path : path.replace("&groupBy=day", ""));
  for (const path of paths) {
    problemIn(await get(console, path + ID, OTHER_KEY), 404);
    problemIn(await get(console, `${path}nonsense`), 404);
    assert.equal((await get(console, path + ID.toUpperCase())).status, 200, path);
  }
  const order = { grid: "hits", parameters: { format: "csv", message: ID } };
  problemIn(await send(console, "POST /exports", order, { key: OTHER_KEY }), 404);
  assert.deepEqual(console.asked.filter(({ account }) => account !== "demo"), []);
});

Deno.test("hot zones: each link and block with its share; without the content, links clicked", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail({ campaign: "spring" })];
  const clicks = (clicks: number) => ({ recipients: 2, clicks, machineClicks: 1 });
  console.data.heat = {
    links: [{ position: 1, url: "https://e.example/2", ...clicks(3) }],
    blocks: [{ block: 0, ...clicks(3) }],
    total: clicks(4),
  };
  const link = {
    position: 1,
    url: "https://e.example/2",
    text: null,
    block: null,
    ...clicks(3),
    share: 0.75,
  };
  assert.deepEqual((await get(console, `/messages/${ID}/heatmap`)).body, {
    ...clicks(4),
    content: false,
    links: [link],
    blocks: [],
  });
  console.data.bodies["body-1"] = new TextEncoder().encode(
    "From: a@example.com\r\nContent-Type: text/html\r\n\r\n" +
      '<p>See <a href="https://e.example/1">one</a> <a href="https://e.example/2">two</a></p>',
  );
  const none = { recipients: 0, clicks: 0, machineClicks: 0, share: 0 };
  for (const path of [`/messages/${ID}`, "/campaigns/spring"]) {
    assert.deepEqual((await get(console, `${path}/heatmap`)).body, {
      ...clicks(4),
      content: true,
      links: [
        { position: 0, url: "https://e.example/1", text: "one", block: 0, ...none },
        { ...link, text: "two", block: 0 },
      ],
      blocks: [{ block: 0, element: "p", text: "See one two", ...clicks(3), share: 0.75 }],
    });
  }
  const scopes = console.asked.filter(({ question }) => "scope" in (question as object))
    .map(({ question }) => question);
  assert.deepEqual(scopes, [
    { scope: { message: ID }, blocks: undefined },
    { scope: { message: ID }, blocks: [0, 0] },
    { scope: { campaign: "spring" }, blocks: [0, 0] },
  ]);
});
