/** JSON Lines: an object for each row, times in ISO 8601. */
import type { MakeWriter } from "./writer.ts";

const utf8 = new TextEncoder();

export const jsonl: MakeWriter = (_name, columns) => ({
  rows(rows) {
    let text = "";
    for (const row of rows) {
      const entries = columns.map(({ name, type }, i) => {
        const value = row[i]!;
        const shown = type === "time" && value !== null
          ? new Date(value as number).toISOString()
          : value;
        return [name, shown];
      });
      text += JSON.stringify(Object.fromEntries(entries)) + "\n";
    }
    return utf8.encode(text);
  },
  end: () => new Uint8Array(),
});
