/**
 * Counters, gauges and histograms of one process. A snapshot is plain JSON, so that the console can
 * gather those of all processes and print them in the Prometheus text format.
 */

export interface Sample {
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  labels: Record<string, string>;
  value: number;
  /** For histograms: cumulative counts by upper bound ("le", seconds), ascending; `value` is the sum. */
  buckets?: [le: string, count: number][];
}

export type LabelledValue = readonly [labels: Record<string, string>, value: number];

export interface Metrics {
  /** Adds to a counter: a total that only grows. Name ends in `_total`. */
  count(name: string, help: string, amount?: number, labels?: Record<string, string>): void;
  /** Reads a gauge when asked for. */
  gauge(name: string, help: string, read: () => number, labels?: Record<string, string>): void;
  /** Reads several gauges of one name when asked for: those that there are then, by their labels. */
  gauges(name: string, help: string, read: () => readonly LabelledValue[]): void;
  /** Notes a duration in seconds. Name ends in `_seconds`. */
  observe(name: string, help: string, seconds: number, labels?: Record<string, string>): void;
  snapshot(): Sample[];
}

const BOUNDS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, Infinity];

export function createMetrics(): Metrics {
  const samples = new Map<string, Sample>();
  const gauges: { name: string; help: string; read: () => readonly LabelledValue[] }[] = [];

  function sample(
    type: "counter" | "histogram",
    name: string,
    help: string,
    labels: Record<string, string>,
  ): Sample {
    const key = name + JSON.stringify(labels);
    let found = samples.get(key);
    if (found === undefined) samples.set(key, found = { name, type, help, labels, value: 0 });
    return found;
  }

  return {
    count(name, help, amount = 1, labels = {}) {
      sample("counter", name, help, labels).value += amount;
    },
    gauge(name, help, read, labels = {}) {
      gauges.push({ name, help, read: () => [[labels, read()]] });
    },
    gauges(name, help, read) {
      gauges.push({ name, help, read });
    },
    observe(name, help, seconds, labels = {}) {
      const s = sample("histogram", name, help, labels);
      s.buckets ??= BOUNDS.map((bound) => [bound === Infinity ? "+Inf" : String(bound), 0]);
      s.value += seconds;
      BOUNDS.forEach((bound, i) => {
        if (seconds <= bound) s.buckets![i]![1]++;
      });
    },
    snapshot: () => [
      ...samples.values(),
      ...gauges.flatMap(({ name, help, read }) =>
        read().map(([labels, value]): Sample => ({ name, type: "gauge", help, labels, value }))
      ),
    ],
  };
}

/**
 * The samples of several processes. What more than one of them has under the same name and labels
 * gets the process's id as a label: a series may stand there once only.
 */
export function toldApart(
  processes: readonly { readonly pid: number; readonly samples: readonly Sample[] }[],
): Sample[] {
  const series = (s: Sample) => s.name + labelText(s.labels);
  const owners = Map.groupBy(processes.flatMap(({ samples }) => samples), series);
  return processes.flatMap(({ pid, samples }) =>
    samples.map((s) =>
      owners.get(series(s))!.length === 1 ? s : { ...s, labels: { ...s.labels, pid: `${pid}` } }
    )
  );
}

/** Prometheus text format 0.0.4. */
export function formatMetrics(samples: readonly Sample[]): string {
  const byName = Map.groupBy(samples, (s) => s.name);
  let text = "";
  for (const [name, group] of byName) {
    text += `# HELP ${name} ${group[0]!.help}\n# TYPE ${name} ${group[0]!.type}\n`;
    for (const s of group) {
      if (s.buckets === undefined) {
        text += `${name}${labelText(s.labels)} ${s.value}\n`;
        continue;
      }
      for (const [le, count] of s.buckets) {
        text += `${name}_bucket${labelText({ ...s.labels, le })} ${count}\n`;
      }
      text += `${name}_sum${labelText(s.labels)} ${s.value}\n`;
      text += `${name}_count${labelText(s.labels)} ${s.buckets.at(-1)![1]}\n`;
    }
  }
  return text;
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([k, v]) =>
    `${k}="${v.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
