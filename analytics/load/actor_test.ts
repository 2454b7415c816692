import assert from "node:assert/strict";
import { actorOf } from "./actor.ts";
import { MACHINES } from "./actor_data.ts";

const SEEN = {
  "Mozilla/5.0": "apple-mpp",
  "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)":
    "gmail-proxy",
  "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html": "yahoo-proxy",
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)": "scanner",
  "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5": "scanner",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15": "human",
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0": "human",
  "": "unknown",
} as const;

for (const [userAgent, actor] of Object.entries(SEEN)) {
  Deno.test(`${userAgent || "no agent"} is ${actor}`, () => {
    assert.equal(actorOf({ userAgent }), actor);
  });
}

Deno.test("a proxy that fetches for a reader, and what is not known, count as human", () => {
  assert.deepEqual([...MACHINES], ["apple-mpp", "scanner"]);
});
