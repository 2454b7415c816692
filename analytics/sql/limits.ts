/** How much one query of an analyst may take. */

export interface Limits {
  /** s */
  readonly seconds: number;
  /** bytes */
  readonly memory: number;
  readonly resultRows: number;
  /** bytes, as the engine counts them */
  readonly resultBytes: number;
  /** On disk, for what does not fit into memory, bytes. */
  readonly disk: number;
}

export const LIMITS: Limits = {
  seconds: 30,
  memory: 512 * 2 ** 20,
  resultRows: 100_000,
  resultBytes: 64 * 2 ** 20,
  disk: 2 ** 30,
};

/** As settings of ClickHouse. */
export const settingsOf = (limits: Limits): Readonly<Record<string, number | string>> => ({
  max_execution_time: limits.seconds,
  max_memory_usage: limits.memory,
  max_result_rows: limits.resultRows,
  max_result_bytes: limits.resultBytes,
  max_temporary_data_on_disk_size_for_query: limits.disk,
  result_overflow_mode: "throw",
  timeout_overflow_mode: "throw",
  max_threads: 2,
});

/** `a = 1, b = 'c'` */
export const settingsText = (settings: Readonly<Record<string, number | string>>): string =>
  Object.entries(settings)
    .map(([name, to]) => `${name} = ${typeof to === "number" ? to : `'${to}'`}`)
    .join(", ");
