import assert from "node:assert/strict";
import { createMetrics, formatMetrics, toldApart } from "./metrics.ts";

Deno.test("counters, gauges and histograms in the Prometheus text format", () => {
  const metrics = createMetrics();
  metrics.count("mails_total", "Mails", 2, { kind: 'a "quoted"\nname' });
  metrics.count("mails_total", "Mails", 1, { kind: 'a "quoted"\nname' });
  metrics.gauge("held", "Held", () => 7);
  metrics.observe("took_seconds", "Time", 0.03);
  metrics.observe("took_seconds", "Time", 90);
  const text = formatMetrics(metrics.snapshot());
  assert.match(text, /^# TYPE mails_total counter\nmails_total{kind="a \\"quoted\\"\\nname"} 3$/m);
  assert.match(text, /^held 7$/m);
  const bounds = [...text.matchAll(/le="([^"]+)"} (\d)/g)].map((m) => `${m[1]}:${m[2]}`);
  assert.deepEqual(bounds.slice(2, 5), ["0.025:0", "0.1:1", "0.5:1"]);
  assert.equal(bounds.at(-1), "+Inf:2");
  assert.match(text, /^took_seconds_sum 90.03\ntook_seconds_count 2$/m);
});

Deno.test("gauges with labels are those that there are when asked", () => {
  const metrics = createMetrics();
  const values = new Map([["192.0.2.1", 1], ["192.0.2.2", 0]]);
  metrics.gauges("paused", "Paused", () => [...values].map(([address, n]) => [{ address }, n]));
  const text = () => formatMetrics(metrics.snapshot());
  assert.match(
    text(),
    /^# TYPE paused gauge\npaused{address="192.0.2.1"} 1\npaused{address="192.0.2.2"} 0$/m,
  );
  values.clear();
  assert.equal(text(), "");
});

Deno.test("what several processes count is told apart by process, all else stays as it is", () => {
  const one = createMetrics();
  const two = createMetrics();
  one.count("hits_total", "Hits", 1, { kind: "open" });
  two.count("hits_total", "Hits", 2, { kind: "open" });
  two.count("hits_total", "Hits", 3, { kind: "click" });
  const text = formatMetrics(toldApart([
    { pid: 11, samples: one.snapshot() },
    { pid: 12, samples: two.snapshot() },
  ]));
  assert.deepEqual(text.split("\n").slice(2, -1), [
    'hits_total{kind="open",pid="11"} 1',
    'hits_total{kind="open",pid="12"} 2',
    'hits_total{kind="click"} 3',
  ]);
});
