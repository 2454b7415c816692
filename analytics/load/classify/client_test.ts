import assert from "node:assert/strict";
import { clientOf } from "./client.ts";

const CHROME_ANDROID =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/124.0.0.0 Mobile Safari/537.36";

Deno.test("Apple Mail is WebKit without the name of a browser", () => {
  const agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 " +
    "(KHTML, like Gecko) Mobile/15E148";
  assert.deepEqual({ ...clientOf(agent, {}) }, {
    deviceType: "mobile",
    brand: "Apple",
    model: "iPhone",
    os: "iOS",
    osVersion: "17.4",
    browser: "AppleWebKit",
    browserVersion: "605.1.15",
    mailClient: "Apple Mail",
    support: "mobile",
  });
  assert.equal(clientOf(`${agent} Safari/604.1`, {}).mailClient, "");
});

Deno.test("a webmail is known by where the hit is referred from", () => {
  const { mailClient, support, os } = clientOf(CHROME_ANDROID, { referer: "mail02.orange.fr" });
  assert.deepEqual([mailClient, support, os], ["Orange", "webmail", "Android"]);
  assert.equal(clientOf(CHROME_ANDROID, { referer: "zimbra.ville.example" }).mailClient, "Zimbra");
  assert.equal(clientOf(CHROME_ANDROID, { referer: "notmail.google.com.example" }).mailClient, "");
});

Deno.test("client hints say what a frozen agent leaves out", () => {
  const hints = {
    "sec-ch-ua": `"Chromium";v="124", "Microsoft Edge";v="124", "Not-A.Brand";v="99"`,
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": `"Android"`,
  };
  const { browser, deviceType, support, model } = clientOf(CHROME_ANDROID, hints);
  assert.deepEqual([browser, deviceType, support, model], ["Edge", "tablet", "tablet", ""]);
});

Deno.test("a phone that the agent names by its model is no other device, whatever hints say", () => {
  // A browser's tools that play a phone send the hints of the desk with the first request of a new tab.
  const desk = {
    "sec-ch-ua": `"Chromium";v="140", "Not-A.Brand";v="99"`,
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": `"Linux"`,
  };
  const phones = {
    "Pixel 7":
      "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    "iPhone":
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  };
  for (const [model, agent] of Object.entries(phones)) {
    const bare = clientOf(agent, {});
    assert.deepEqual([bare.model, bare.support], [model, "mobile"]);
    assert.deepEqual(clientOf(agent, desk), bare);
  }
});

Deno.test("what a proxy claims to run on is not said of the reader", () => {
  const agent =
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
  const { os, browser, mailClient, support } = clientOf(agent, {});
  assert.deepEqual([os, browser, mailClient, support], ["", "", "Gmail", "webmail"]);
});

Deno.test("no agent, no client: not even the one this runs in", () => {
  assert.deepEqual([...new Set(Object.values(clientOf("", {})))], [""]);
});
