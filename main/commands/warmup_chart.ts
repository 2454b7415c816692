/** A simulated warm-up as a table with bars, or as data for a chart. */
import type { Flow, Simulation } from "@chappe/src/sending";

const WIDTH = 40;
const BARS = { dedicated: "█", overflow: "▒", waiting: "·" } as const;

export function simulationLines({ days, warmOn, carriesAllFrom }: Simulation): string[] {
  const most = Math.max(1, ...days.map((day) => day.dedicated + day.overflow + day.waiting));
  const rows = days.map((day, i) => {
    const ofCalendar = [...new Set(day.addresses.map(({ day }) => day ?? "warm"))].join(", ");
    const caps = day.addresses.map(({ cap }) => cap);
    const cap = caps.some((one) => one === null) ? "-" : figure(sum(caps as number[]));
    const numbers = [day.arrived, day.dedicated, day.overflow, day.waiting].map(figure);
    return [`${i + 1}`, day.date, ofCalendar, cap, ...numbers, bar(day, most)];
  });
  const head = ["", "date", "day", "cap", "arrived", "dedicated", "overflow", "waiting", ""]
    .map((name) => name.toUpperCase());
  const lost = days.reduce((total, { givenUp }) => total + givenUp, 0);
  const longest = Math.max(...days.map(({ longestWaitMs }) => longestWaitMs));
  return [
    ...aligned([head, ...rows]),
    "",
    `${BARS.dedicated} dedicated  ${BARS.overflow} overflow  ${BARS.waiting} waiting`,
    carriesAllFrom === null
      ? "The dedicated addresses do not carry all within this time."
      : `From ${carriesAllFrom} on the dedicated addresses carry all.`,
    warmOn === null ? "The warm-up is not over within this time." : `Warm on ${warmOn}.`,
    ...longest === 0 ? [] : [`The longest wait: ${figure(Math.round(longest / 60_000))} minutes.`],
    ...lost === 0 ? [] : [`Given up after three days: ${figure(lost)}.`],
    ...decisions(days),
  ];
}

/** What was decided other than to go on; of days with the same reason one after the other, the first. */
function decisions(days: Simulation["days"]): string[] {
  const told: { from: string; until: string; words: string }[] = [];
  for (const { date, addresses } of days) {
    const [words] = addresses.map(({ words }) => words ?? "")
      .filter((words) => words !== "" && !/ follows: |^Warm: /.test(words));
    if (words === undefined) continue;
    const last = told.at(-1);
    if (last !== undefined && reasonOf(last.words) === reasonOf(words)) last.until = date;
    else told.push({ from: date, until: date, words });
  }
  if (told.length === 0) return [];
  const lines = told.map(({ from, until, words }) =>
    `${from}  ${words}${from === until ? "" : ` And so on until ${until}.`}`
  );
  return ["", "Days that did not go on:", ...lines];
}

const reasonOf = (words: string) => words.replaceAll(/[\d.]+/g, "");

export function csvOf({ days, hours }: Simulation, per: "days" | "hours"): string[] {
  const columns = "arrived,dedicated,overflow,waiting";
  const cells = ({ arrived, dedicated, overflow, waiting }: Flow) =>
    [arrived, dedicated, overflow, waiting].join(",");
  return per === "days" ? [`date,${columns}`, ...days.map((day) => `${day.date},${cells(day)}`)] : [
    `at,${columns}`,
    ...hours.map((hour) => `${new Date(hour.at).toISOString()},${cells(hour)}`),
  ];
}

/** An hour a line: what was taken of what is allowed. */
export function hourChart(taken: readonly number[], allowed: readonly number[]): string[] {
  const most = Math.max(1, ...allowed);
  return aligned(taken.map((count, hour) => {
    const full = Math.round(allowed[hour]! / most * WIDTH);
    const filled = Math.min(full, Math.round(count / most * WIDTH));
    return [
      `${String(hour).padStart(2, "0")}h`,
      `${figure(count)} of ${figure(allowed[hour]!)}`,
      BARS.dedicated.repeat(filled) + BARS.waiting.repeat(full - filled),
    ];
  }));
}

function bar(day: Flow, most: number): string {
  let done = 0;
  let drawn = 0;
  let text = "";
  for (const what of ["dedicated", "overflow", "waiting"] as const) {
    done += day[what];
    const until = Math.round(done / most * WIDTH);
    text += BARS[what].repeat(until - drawn);
    drawn = until;
  }
  return text;
}

/** Numbers to the right; the last column as it is. */
function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => i === row.length - 1 ? cell : cell.padStart(widths[i]!)).join("  ")
      .trimEnd()
  );
}

const figure = (n: number) => n.toLocaleString("en-GB");
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
