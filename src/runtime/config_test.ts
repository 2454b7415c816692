import assert from "node:assert/strict";
import { ConfigError, readConfig } from "./config.ts";
import { listen } from "./config_values.ts";

const noFiles = () => {
  throw new Error("no such file");
};
function problemsOf(env: Record<string, string>, readFile: (path: string) => string = noFiles) {
  try {
    readConfig(env, readFile);
  } catch (error) {
    assert(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

Deno.test("an empty environment is the sandbox on loopback", () => {
  const config = readConfig({ HOME: "/root" }, noFiles);
  assert.deepEqual(config.delivery, { kind: "sandbox" });
  assert.deepEqual(config.submission, [{ hostname: "127.0.0.1", port: 2525, tls: "optional" }]);
  assert.equal(config.trackingUrl, "http://127.0.0.1:8081");
});

Deno.test("an unknown CHAPPE_ variable is refused by its name", () => {
  const problems = problemsOf({ CHAPPE_SUBMISION_LISTEN: ":25" });
  assert.equal(problems.length, 1);
  assert.match(problems[0]!, /^CHAPPE_SUBMISION_LISTEN: unknown variable/);
});

Deno.test("every wrong value is named at once, with what was expected", () => {
  const problems = problemsOf({
    CHAPPE_CONSOLE_LISTEN: "8080",
    CHAPPE_DELIVERY: "everywhere",
    CHAPPE_TRACKING_URL: "ftp://t.example.com",
    CHAPPE_NATS_REPLICAS: "0",
    CHAPPE_SUBMISSION_TRUSTED: "10.0.0.0/8",
    CHAPPE_TLS_CERT: "/cert.pem",
  });
  const names = problems.map((p) => p.split(":")[0]);
  assert.deepEqual(names.sort(), [
    "CHAPPE_CONSOLE_LISTEN",
    "CHAPPE_DELIVERY",
    "CHAPPE_NATS_REPLICAS",
    "CHAPPE_SUBMISSION_TRUSTED",
    "CHAPPE_TLS_CERT and CHAPPE_TLS_KEY go together",
    "CHAPPE_TRACKING_URL",
  ]);
});

Deno.test("secrets come from a file as well, but not from both", () => {
  const config = readConfig({ CHAPPE_NATS_URL_FILE: "/run/nats" }, () => "nats://u:p@h:4222\n");
  assert.equal(config.natsUrl, "nats://u:p@h:4222");
  assert.match(
    problemsOf({ CHAPPE_NATS_URL_FILE: "/x", CHAPPE_NATS_URL: "y" }, () => "z")[0]!,
    /both set/,
  );
  assert.match(problemsOf({ CHAPPE_MASTER_KEY_FILE: "/missing" })[0]!, /cannot read \/missing/);
});

Deno.test("outside the sandbox, certificate and master key must be given", () => {
  const names = problemsOf({ CHAPPE_DELIVERY: "relay:127.0.0.1:25" }).join("\n");
  assert.match(names, /CHAPPE_TLS_CERT/);
  assert.match(names, /CHAPPE_MASTER_KEY/);
});

Deno.test("listen addresses", () => {
  assert.deepEqual(listen("[::1]:25"), { hostname: "::1", port: 25 });
  assert.deepEqual(listen(":25"), { hostname: "0.0.0.0", port: 25 });
  assert.throws(() => listen("localhost:99999"), /host:port/);
});

Deno.test("early retries: the standard's, none, or minutes of one's own", () => {
  const early = (value: string | undefined) =>
    readConfig(value === undefined ? {} : { CHAPPE_RETRY_EARLY: value }, noFiles).retryEarly;
  assert.equal(early(undefined), null);
  assert.deepEqual(early(""), []);
  assert.deepEqual(early("1, 0.5,30"), [1, 0.5, 30]);
  for (const wrong of ["5,x", "0", "-1", "Infinity", "5 15"]) {
    assert.match(problemsOf({ CHAPPE_RETRY_EARLY: wrong })[0]!, /CHAPPE_RETRY_EARLY: expected min/);
  }
});

Deno.test("the postmaster is an address, and not one whose mail would come back to us", () => {
  const { postmaster } = readConfig({ CHAPPE_POSTMASTER: "ops@example.com" }, noFiles);
  assert.equal(postmaster, "ops@example.com");
  assert.match(problemsOf({ CHAPPE_POSTMASTER: "ops" })[0]!, /expected an address/);
  assert.match(
    problemsOf({ CHAPPE_POSTMASTER: "ops@B.example", CHAPPE_RETURN_DOMAIN: "b.example" })[0]!,
    /CHAPPE_RETURN_DOMAIN/,
  );
});

Deno.test("senders may connect in several places, each with its own TLS", () => {
  const submission = (env: Record<string, string>) => readConfig(env, noFiles).submission;
  assert.deepEqual(
    submission({
      CHAPPE_SUBMISSION_LISTEN:
        "127.0.0.1:2525, starttls://:587,tls://[::]:465,clear://10.0.0.1:25",
    }),
    [
      { hostname: "127.0.0.1", port: 2525, tls: "optional" },
      { hostname: "0.0.0.0", port: 587, tls: "starttls" },
      { hostname: "::", port: 465, tls: "implicit" },
      { hostname: "10.0.0.1", port: 25, tls: "optional" },
    ],
  );
  assert.equal(submission({ CHAPPE_SUBMISSION_TLS: "required" })[0]!.tls, "starttls");
  for (const bad of ["ssl://:465", "tls://", ",", ":587,:x"]) {
    const problems = problemsOf({ CHAPPE_SUBMISSION_LISTEN: bad });
    assert.match(problems[0]!, /^CHAPPE_SUBMISSION_LISTEN: expected/, bad);
  }
});

Deno.test("outside the sandbox clear text is taken only where a listener says so", () => {
  const outside = {
    CHAPPE_DELIVERY: "internet",
    CHAPPE_TLS_CERT: "/c",
    CHAPPE_TLS_KEY: "/k",
    CHAPPE_MASTER_KEY: "m",
  };
  const tls = (text: string) =>
    readConfig({ ...outside, CHAPPE_SUBMISSION_LISTEN: text }, noFiles).submission.map((l) =>
      l.tls
    );
  assert.deepEqual(tls(""), ["starttls"]);
  assert.deepEqual(tls(":587,tls://:465,clear://127.0.0.1:2500"), [
    "starttls",
    "implicit",
    "optional",
  ]);
});

Deno.test("block lists: zones, none, or not said", () => {
  const lists = (value?: string) =>
    readConfig(value === undefined ? {} : { CHAPPE_DNSBL: value }, noFiles).blockLists;
  assert.equal(lists(), null);
  assert.deepEqual(lists("off"), []);
  assert.deepEqual(lists("zen.spamhaus.org, BL.example"), ["zen.spamhaus.org", "bl.example"]);
  assert.throws(() => lists("not a zone"), ConfigError);
});
